"""A strategy as people read it: whom each segment is for, and its steps in order."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.collections.rules import saying
from goodstanding.collections.rules.writing import Fault
from goodstanding.collections.types import Reason, Segment, Step, Strategy
from goodstanding.web import words
from goodstanding.web.pages.collections.words import named
from goodstanding.web.templatetags.desk import amount, day

ACTIONS = {
    "remind": _("Remind"),
    "call": _("Call"),
    "visit": _("Visit"),
    "letter": _("Letter"),
    "hand_over": _("Hand over"),
    "withhold": _("Ask nothing"),
}
CHANNELS = {"email": _("by e-mail"), "post": _("by post"), "phone": _("by phone"), "person": _("in person")}
TONES = {"friendly": _("friendly"), "firm": _("firm"), "final": _("final")}
WHO = {"collector": _("Collector"), "credit_manager": _("Credit manager"), "account_manager": _("Account manager")}


@dataclass(frozen=True, slots=True)
class Rung:
    """A step in words."""

    step: Step
    name: str
    action: str
    channel: str
    tone: str
    who: str
    least: str


@dataclass(frozen=True, slots=True)
class Part:
    """A segment in words: whom it is for, and its steps."""

    name: str
    whom: tuple[str, ...]
    rungs: tuple[Rung, ...]


def ladder(strategy: Strategy) -> list[Part]:
    """The segments in the order in which they are tried."""
    return [Part(named(each.name), _whom(each), tuple(map(_rung, each.steps))) for each in strategy.segments]


def money(minor: int, currency: str) -> str:
    """An amount in a sentence."""
    return f"{amount(minor, currency)} {currency}"


def _rung(step: Step) -> Rung:
    return Rung(
        step=step,
        name=named(step.name),
        action=str(ACTIONS[step.action]),
        channel=str(CHANNELS[step.channel]),
        tone=str(TONES[step.tone]),
        who=str(WHO.get(step.who, step.who)),
        least=", ".join(money(least, currency) for currency, least in sorted(step.minimum.items())),
    )


def _whom(segment: Segment) -> tuple[str, ...]:
    named = (
        (gettext("Value"), sorted(segment.value)),
        (gettext("Payment behaviour"), [str(words.LABELS.get(each, each)) for each in sorted(segment.behaviour)]),
        (gettext("Kind"), sorted(segment.kind)),
        (gettext("Territory"), sorted(segment.territory)),
        (gettext("At least"), [money(least, code) for code, least in sorted(segment.minimum.items())]),
    )
    return tuple(f"{name}: {', '.join(values)}" for name, values in named if values)


def said(reason: Reason) -> str:
    """A reason in the reader's language."""

    def written(value: date) -> str:
        return day(value)

    return gettext(reason.template).format(**saying.params(reason, money, written))


def fault(found: Fault) -> str:
    """What is wrong at a line, in the reader's language."""
    return gettext(found.template).format(**dict(found.params))
