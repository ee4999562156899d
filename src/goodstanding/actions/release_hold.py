"""End a hold: the amount is asked for again."""

from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.ledger import name
from goodstanding.kernel.errors import N_, NotFound
from goodstanding.parties import queries as parties
from goodstanding.receivables import operations, queries
from goodstanding.receivables.types import Hold


def release_hold(*, actor: Actor, now: datetime, key: str, day: date, reason: str = "") -> Hold:
    """Release the hold of this key from `day` on. The same again changes nothing.

    Refused: "already_released", "before_item", "closed_period". NotFound for a hold not seen.
    """
    with acting("release_hold", actor=actor, now=now) as audit:
        owner = queries.customer_of_hold(key)
        if owner is None or not parties.visible(actor).filter(pk=owner).exists():
            raise NotFound("no_such_hold", N_("There is no hold {key}."), key=key)
        closed = operations.lock_shared()
        hold, repeated = operations.release_hold(key, day, reason, now=now, closed=closed)
        if not repeated:
            audit(name(hold.item), after={"hold": key, "released": day, "reason": reason})
        return hold
