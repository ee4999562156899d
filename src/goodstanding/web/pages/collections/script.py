"""What to say on the phone or at the door: a few sentences with the customer's figures, by tone and how they pay."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext, ngettext

from goodstanding.collections.types import Decision
from goodstanding.reports.asking import Left
from goodstanding.web.templatetags.desk import amount, day


def lines(decision: Decision, left: Left, name: str, behaviour: str) -> Iterator[str]:
    """The sentences in order, with what may be asked for now; none when nothing may."""
    if left.why:
        return
    firm = settings.FIRM[0] if settings.FIRM else ""
    opening = gettext("Good day, this is {name} of {firm}. Do you have two minutes?")
    yield opening.format(name=name, firm=firm or "…").replace("..", ".")  # a firm may end with a full stop: Word & Co.
    total = f"{amount(left.amount, decision.currency)} {decision.currency}"
    about = ngettext(
        "I am calling about {count} item of {total}; it was due on {day}.",
        "I am calling about {count} items, together {total}; the oldest was due on {day}.",
        len(left.asked),
    )
    yield about.format(count=len(left.asked), total=total, day=day(min(each.due for each in left.asked)))
    if behaviour == "prompt":
        yield gettext(
            "You usually pay by the day, so I want to ask: did the invoice reach you, and was everything right with it?"
        )
    elif decision.tone == "friendly":
        yield gettext("Was everything right with the delivery and the invoice?")
    else:
        yield gettext("We wrote to you before. What stands in the way of paying?")
    if behaviour in ("slow", "late"):
        yield gettext("Would it help to pay in parts? Which days can you keep?")
    if decision.tone == "final":
        yield gettext("If we find no way together, I have to hand this over. I would much rather not.")
    yield gettext("Then I write down what you promise, and you hear nothing more about it until that day.")
