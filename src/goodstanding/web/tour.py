"""The tour: five steps that show somebody new what the desk is for, on whatever book there is."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# name of the address ("customer" is the one who most needs attention), place on the page, heading, sentence
STEPS: tuple[tuple[str, str, Any, Any], ...] = (
    (
        "today", "attention", _("Begin with who matters most"),
        _("Today puts first where most money waits longest, and says why. Every figure opens into its items."),
    ),
    (
        "customer", "standing", _("One page for one customer"),
        _("What they owe, what happened, whom to call and what is agreed: relation and receivable are one book."),
    ),
    (
        "receivables", "book", _("Who owes what, since when"),
        _("Open items by age, by customer, group or seller. Choose any past day above: the page shows what was true then."),
    ),
    (
        "customers", "book", _("Classes with reasons"),
        _("Each night sorts customers by worth and by how they pay. Ask a class why it was given; filter by any of them."),
    ),
    (
        "insight", "figures", _("Figures that show their working"),
        _("DSO, CEI and their like, month by month. Open a month to see the formula and what went into it."),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the frame shows it; `before` and `after` are addresses, "" at the ends."""

    step: int
    of: int
    heading: Any
    sentence: Any
    before: str
    after: str


def step(request: HttpRequest, places: list[str]) -> Step | None:
    """The step that the address is at. Steps to places that aren't the reader's are left out."""
    asked = request.GET.get("tour", "")
    steps = open_to(places)
    if not (asked.isascii() and asked.isdigit() and len(asked) == 1 and 1 <= int(asked) <= len(steps)):
        return None
    at, last = int(asked), len(steps)
    _name, _place, heading, sentence = steps[at - 1]
    return Step(
        at, last, heading, sentence,
        reverse("tour", args=[at - 1]) if at > 1 else "",
        reverse("tour", args=[at + 1]) if at < last else "",
    )  # fmt: skip


def open_to(places: list[str]) -> list[tuple[str, str, Any, Any]]:
    """The steps for somebody to whom these places are open."""
    return [each for each in STEPS if each[0] in places or (each[0] == "customer" and "customers" in places)]
