"""The words of Collections for what is stored as codes, and reasons as the reader reads them."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.collections.rules import saying
from goodstanding.collections.types import Reason
from goodstanding.reports.asking import Left
from goodstanding.web.templatetags.desk import amount, day
from goodstanding.web.words import LABELS

ACTIONS = {
    "remind": _("Remind"),
    "call": _("Call"),
    "visit": _("Visit"),
    "letter": _("Letter by post"),
    "hand_over": _("Hand over"),
    "keep": _("Keep our promise"),
    "withhold": _("Withheld"),
}
ICONS = {"remind": "mail", "call": "phone", "visit": "door", "letter": "sheet", "hand_over": "merge", "keep": "check"}
OUTCOMES = {
    "done": _("Done"),
    "reached": _("Reached"),
    "promised": _("Promised to pay"),
    "paid": _("Has paid"),
    "no_answer": _("No answer"),
    "dispute": _("Disputes it"),
    "refused": _("Refused"),
    "other": _("Something else"),
}
KEYS = {"done": "d", "reached": "e", "no_answer": "n", "refused": "u", "paid": "p"}  # in a row of the list
PERSONAL = ("reached", "no_answer", "paid", "dispute", "refused", "other")
OFFERED = {"call": PERSONAL, "visit": PERSONAL}  # what a step can end with, without a promise; others are done
STATES = {
    "open": _("To do"),
    "taken": _("Taken"),
    "snoozed": _("Put off"),
    "done": _("Done"),
}
# what the packaged strategy calls its steps and segments; a firm's own names are said as they were written
NAMES = {
    "those who pay on time": _("those who pay on time"),
    "valued and slow": _("valued and slow"),
    "everybody else": _("everybody else"),
    "friendly word": _("friendly word"),
    "firm letter": _("firm letter"),
    "final letter": _("final letter"),
    "hand over": _("hand over"),
    "call": _("call"),
    "visit": _("visit"),
    "rest": _("day of rest"),
}
CODES = {
    "dispute": _("In dispute"),
    "promise": _("Promised"),
    "own_promise": _("We owe them something"),
    "held": _("Held"),
    "unapplied": _("Money to be matched"),
    "small": _("Too little"),
    "pending": _("A message is on its way"),
    "status": _("On hold or closed"),
    "holdout": _("Drawn to get no letter"),
    "opted_out": _("May not be contacted"),
    "no_address": _("No address"),
    "birthday": _("Birthday"),
    "day_off": _("Day off"),
    "ceiling": _("Contacted often enough"),
}
LEFT = {  # why nothing is left to ask for
    "paid": _("Paid since it was decided"),
    "promise": _("Promised since it was decided"),
    "held": _("Held since it was decided"),
    "unapplied": _("Money came that would cover it"),
}
TONES = {"dispute": "red", "own_promise": "amber", "promise": "indigo", "unapplied": "indigo", "late": "amber"}


def named(name: str) -> str:
    """The name of a step, a segment or a day off; the program's own names in the reader's language."""
    return str(NAMES.get(name, name))


def said(reason: Reason) -> str:
    """A reason in the reader's language, money and days in their locale."""
    told = saying.params(reason, money=lambda minor, currency: f"{amount(minor, currency)} {currency}", day=day)
    if "label" in told:
        told["label"] = str(LABELS.get(told["label"], told["label"]))
    if "name" in told:
        told["name"] = named(told["name"])
    return gettext(reason.template).format(**told)


def chips(reasons: tuple[Reason, ...], place: str) -> list[dict[str, Any]]:
    """Reasons as chips; the gain's formula is told when asked. `place` makes their ids the page's only ones."""
    found = []
    for at, each in enumerate(reasons):
        if each.code == "gain":
            continue
        found.append({"words": said(each), "tone": TONES.get(each.code, ""), "id": f"{place}-{at}"})
    return found


def finished(outcome: str) -> str:
    """What is said when a piece of work has ended."""
    if outcome == "dispute":
        return gettext("It is written down. What was asked for is held until the dispute is settled.")
    return gettext("Finished: {outcome}.").format(outcome=OUTCOMES[outcome])


def since(decided: int, left: Left, currency: str) -> str:
    """What has changed since it was decided; "" when the same is asked for."""
    if left.why:
        return str(LEFT[left.why])
    if left.amount == decided:
        return ""
    return gettext("{amount} when it was decided").format(amount=f"{amount(decided, currency)} {currency}")


def formula(reasons: tuple[Reason, ...]) -> str:
    """How the gain comes about; "" where nothing is gained."""
    return next((said(each) for each in reasons if each.code == "gain"), "")
