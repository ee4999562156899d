"""The findings of an experiment as they are written: rates, differences, and in plain words what they tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import format_decimal, format_percent
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from goodstanding.collections.rules.experiments import HOLDOUT, Finding
from goodstanding.collections.rules.intervals import BETTER, CANNOT_TELL, WORSE
from goodstanding.web.charts import Chart, Line
from goodstanding.web.frame import locale

VERDICTS = {BETTER: _("pays more often"), WORSE: _("pays less often"), CANNOT_TELL: _("cannot tell")}
WORDS = {"friendly": _("friendly"), "firm": _("firm"), "final": _("final")}  # a variant is a tone
TONES = {BETTER: "jade", WORSE: "red", CANNOT_TELL: "amber"}


@dataclass(frozen=True, slots=True)
class Row:
    """A variant as the table shows it. Empty texts: nobody counts yet, or it is the one compared with."""

    finding: Finding
    name: str
    rate: str
    between: str
    difference: str
    points: str
    verdict: str
    tone: str


def name_of(variant: str) -> str:
    """What people call a variant; the holdout is nobody's own name."""
    return gettext("Left alone (holdout)") if variant == HOLDOUT else str(WORDS.get(variant, variant))


def row(found: Finding) -> Row:
    """A finding written out."""
    rate, difference = found.rate, found.difference
    return Row(
        finding=found,
        name=name_of(found.variant),
        rate=_percent(rate.value) if rate else "",
        between=_span(_percent(rate.low), _percent(rate.high)) if rate else "",
        difference=_points(difference.value) if difference else "",
        points=_span(_points(difference.low), _points(difference.high)) if difference else "",
        verdict=str(VERDICTS[found.verdict]) if difference else "",
        tone=TONES[found.verdict] if difference else "",
    )


def sentence(found: Sequence[Finding]) -> str:
    """What the whole experiment tells, in a sentence: never more than its intervals do."""
    compared = [each for each in found if each.difference]
    if not compared:
        return gettext("Nothing can be told yet: the days of too few customers have passed.")
    told = [each for each in compared if each.verdict != CANNOT_TELL]
    if not told:
        return gettext(
            "So far this cannot tell whether any variant does better: every interval of a difference holds 0."
        )
    words = ngettext("{count} variant differs from the one compared with.", "{count} variants differ from the one compared with.", len(told))  # fmt: skip
    return words.format(count=len(told))


def chart(number: int, found: Sequence[Finding], days: int) -> Chart:
    """The rates with their bounds, variant by variant; only those where somebody counts."""
    rates = [(name_of(each.variant), each.rate) for each in found if each.rate]
    words = ngettext("Paid within {days} day", "Paid within {days} days", days).format(days=days)
    label = gettext("{title}, variant by variant, in percent, with the bounds of each rate.").format(title=words)
    return Chart(
        id=f"chart-experiment-{number}", kind="bar", title=words, label=label, head=gettext("Variant"),
        names=tuple(name for name, _rate in rates),
        lines=(
            _line(gettext("At least"), "age0", [rate.low for _name, rate in rates]),
            _line(gettext("Share that paid"), "jade", [rate.value for _name, rate in rates]),
            _line(gettext("At most"), "age0", [rate.high for _name, rate in rates]),
        ),
        unit="%", most=100,
    )  # fmt: skip


def _line(name: str, tone: str, shares: Sequence[float]) -> Line:
    return Line(name, tone, tuple(round(100 * share, 1) for share in shares), tuple(map(_percent, shares)))


def _percent(share: float) -> str:
    return str(format_percent(share, "0.0%", locale=locale()))


def _points(difference: float) -> str:
    """A difference of shares in points with its sign: +20.0, −3.8."""
    return str(format_decimal(100 * difference, "+0.0;-0.0", locale=locale())).replace("-", "−")


def _span(low: str, high: str) -> str:
    return gettext("{low} to {high}").format(low=low, high=high)
