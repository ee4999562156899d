"""Take back a touch that was written down by mistake."""

from dataclasses import replace
from datetime import datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.ledger import family
from goodstanding.relations import operations, queries
from goodstanding.relations.types import Touch


def withdraw_touch(*, actor: Actor, now: datetime, customer: str, touch: int, reason: str = "") -> Touch:
    """Withdraw a touch of a customer or of one merged into it: it counts no more. The same again changes nothing.

    NotFound for a touch not seen.
    """
    with acting("withdraw_touch", actor=actor, now=now) as audit:
        found = queries.touch(family(actor, customer), touch)
        if operations.withdraw(found, reason, by=actor.signature, at=now):
            audit(f"touch {found.customer} {found.id}", before={"by": found.by}, after={"withdrawn": reason or True})
        return replace(found, withdrawn_by=found.withdrawn_by or actor.signature)
