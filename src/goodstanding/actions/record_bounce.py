"""A message came back: write down that it did not arrive, so that nothing builds on it."""

from datetime import datetime

from django.utils.timezone import localdate

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.send_correspondence import touch_key
from goodstanding.collections import operations as collections
from goodstanding.collections.types import DECISION
from goodstanding.correspondence import operations, queries
from goodstanding.correspondence.rules.posting import check_line
from goodstanding.correspondence.types import Message, Why
from goodstanding.kernel.errors import N_
from goodstanding.relations import queries as relations
from goodstanding.relations.operations import withdraw

CAME_BACK = N_("It came back: {reason}")


def record_bounce(*, actor: Actor, now: datetime, message_id: str, reason: str = "") -> Message:
    """Record a bounce by the Message-ID that it quotes. NotFound for a message not seen; again changes nothing.

    Refused "message_state" for a message that never went.
    """
    with acting("settle_message", actor=actor, now=now) as audit:
        found = queries.message_named(actor, message_id)
        if found.state == "bounced":
            return found
        touch = relations.find(touch_key(found.id))
        why = Why("bounced", CAME_BACK, {"reason": check_line("reason", reason) or "–"})
        operations.settle(
            found.id, ("sent", "unknown"), "bounced", "bounced", by=actor.signature, now=now, why=[why]
        )  # fmt: skip
        if touch is not None:  # nobody was reached
            withdraw(touch, "bounced", by=actor.signature, at=now)
        if found.source.startswith(DECISION):  # it was not delivered: the step is not completed, and is to be done
            decision = int(found.source.removeprefix(DECISION))
            if collections.undo(decision, localdate(now), "bounced", now=now):
                collections.note(decision, "reopened", by=actor.signature, now=now)
        audit(f"message {found.id}", {"state": found.state}, {"state": "bounced", "reason": reason})
        return queries.message(actor, found.id)
