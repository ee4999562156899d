"""A message came back: write down that it did not arrive."""

from datetime import datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.correspondence import operations, queries
from goodstanding.correspondence.rules.posting import check_line
from goodstanding.correspondence.types import Message, Why
from goodstanding.kernel.errors import N_

CAME_BACK = N_("It came back: {reason}")


def record_bounce(*, actor: Actor, now: datetime, message_id: str, reason: str = "") -> Message:
    """Record a bounce by the Message-ID that it quotes. NotFound for a message not seen; again changes nothing.

    Refused "message_state" for a message that never went.
    """
    with acting("settle_message", actor=actor, now=now) as audit:
        found = queries.message_named(actor, message_id)
        if found.state == "bounced":
            return found
        why = Why("bounced", CAME_BACK, {"reason": check_line("reason", reason) or "–"})
        operations.settle(
            found.id, ("sent", "unknown"), "bounced", "bounced", by=actor.signature, now=now, why=why
        )  # fmt: skip
        audit(f"message {found.id}", {"state": found.state}, {"state": "bounced", "reason": reason})
        return queries.message(actor, found.id)
