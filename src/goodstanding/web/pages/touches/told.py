"""Touches in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from goodstanding.relations.types import Touch

KINDS = {
    "visit": _("Visit"),
    "call": _("Call"),
    "letter": _("Letter"),
    "message": _("Message"),
    "delivery": _("Delivery"),
    "gift": _("Gift"),
    "greeting": _("Greeting"),
    "forum": _("Forum"),
}
PURPOSES = {"collect": _("to collect"), "care": _("to care"), "sell": _("to sell"), "serve": _("to serve")}
OUTCOMES = {
    "done": _("done"),
    "reached": _("reached"),
    "no_answer": _("no answer"),
    "wrong_person": _("wrong person"),
    "left_message": _("left a message"),
    "promised": _("promised to pay"),
    "paid": _("paid"),
    "dispute": _("disputes it"),
    "refused": _("refuses"),
    "bounced": _("came back"),
    "other": _("something else"),
}
TONES = {"promised": "jade", "paid": "jade", "reached": "jade", "dispute": "amber", "refused": "red", "bounced": "red"}
QUICK = (  # kind and outcome, as one choice of the menu
    ("visit:done", _("Visited them")),
    ("call:reached", _("Called: reached")),
    ("call:no_answer", _("Called: no answer")),
    ("call:left_message", _("Called: left a message")),
    ("letter:done", _("Sent a letter")),
    ("message:done", _("Sent a message")),
)


def row(touch: Touch) -> dict[str, Any]:
    """A touch as lists show it."""
    return {
        "touch": touch,
        "kind": KINDS[touch.kind],
        "outcome": OUTCOMES[touch.outcome],
        "tone": TONES.get(touch.outcome, ""),
        "purpose": PURPOSES[touch.purpose],
    }
