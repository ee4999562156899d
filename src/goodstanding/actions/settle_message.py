"""What a person decides about a message: whether it went, that it goes again, or that it never will."""

from datetime import datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.rechecking import recheck
from goodstanding.actions.send_correspondence import went
from goodstanding.correspondence import operations, queries
from goodstanding.correspondence.rules.posting import check_line
from goodstanding.correspondence.types import Message, Why
from goodstanding.kernel.errors import N_, Refused

# what is decided → (states in which it may be, state afterwards, event)
WAYS = {
    "went": (("unknown",), "sent", "settled_went"),
    "again": (("unknown", "failed", "withheld", "bounced"), "queued", "settled_again"),
    "drop": (("unknown", "failed", "withheld", "bounced", "queued"), "cancelled", "settled_drop"),
    "posted": (("queued",), "sent", "posted"),
}
SAID = N_("{reason}")


def settle_message(*, actor: Actor, now: datetime, message: int, way: str, reason: str = "") -> Message:
    """Settle a message: "went", "again" (with the same Message-ID, checked again), "drop", or "posted" for paper.

    A letter that must not go any more, since it was paid, promised or disputed, is withheld instead of "posted".
    NotFound for a customer not seen; Refused "message_state" when it is no longer as the person saw it.
    """
    if way not in WAYS:
        raise Refused("unknown_value", N_("{field}: {value} is not known."), field="way", value=repr(way[:40]))
    states, state, kind = WAYS[way]
    text = check_line("reason", reason)
    with acting("settle_message", actor=actor, now=now) as audit:
        found = queries.message(actor, message)
        if way == "posted" and found.channel != "post":
            raise Refused("not_paper", N_("Only a letter on paper is posted by hand."))
        why = [Why(kind, SAID, {"reason": text})] if text else []
        if way == "posted" and (stop := not_for_the_post(actor, found, now)):
            state, kind, why = "withheld", "withheld", list(stop)
        operations.settle(message, states, state, kind, by=actor.signature, now=now, why=why)
        if state == "sent":
            went(found, now=now, by=actor.signature)
        audit(f"message {message}", {"state": found.state}, {"state": state, "way": way, "reason": text})
        return queries.message(actor, message)


def not_for_the_post(actor: Actor, message: Message, now: datetime) -> tuple[Why, ...]:
    """Why a letter must not be posted any more. The hour doesn't matter to paper: the post has hours of its own."""
    verdict = recheck(actor, message, now)
    return verdict.why if verdict.until is None else ()
