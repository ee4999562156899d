"""The charts of Insight, from the same figures as its tables."""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext

from goodstanding.engine.metrics import Month
from goodstanding.engine.vintages import Vintage
from goodstanding.web.charts import Chart, Line, line
from goodstanding.web.pages.insight.figures import MEANINGS, written

FAMILY = (("dso", "indigo", False), ("best_possible_dso", "jade", False), ("dso_countback", "amber", True))
BECAME = (("cash", "jade"), ("open", "age1"), ("credited", "indigo"), ("written_off", "cinnabar"))


def charts(months: Sequence[Month], vintages: Sequence[Vintage]) -> list[Chart]:
    """What the months and vintages (newest first) look like, the oldest on the left."""
    months, vintages = months[::-1], vintages[::-1]
    names = tuple(each.month for each in months)
    head = gettext("Month")
    return [
        Chart("chart-dso", "line", gettext("Days of sales outstanding"), gettext("DSO, best possible DSO and DSO by countback, month by month, in days."),
              head, names, tuple(_figures(months, *each) for each in FAMILY)),
        Chart("chart-cei", "line", gettext("Collection effectiveness"), gettext("CEI, month by month, in percent."),
              head, names, (_figures(months, "cei", "jade", dashed=False),), unit="%"),
        Chart("chart-vintages", "stack", gettext("What became of what was billed"),
              gettext("What became of everything billed in a month: in cash, open, credited, written off; in percent."),
              gettext("Billed in"), tuple(each.month for each in vintages), _became(vintages), unit="%", most=100),
    ]  # fmt: skip


def _figures(months: Sequence[Month], name: str, tone: str, dashed: bool) -> Line:
    found = [month.figures.get(name) for month in months]
    values = [each.value if each else None for each in found]
    texts = ["" if value is None else written(value, MEANINGS[name].unit) for value in values]
    return line(str(MEANINGS[name].name), tone, values, texts, dashed=dashed)


def _became(vintages: Sequence[Vintage]) -> tuple[Line, ...]:
    names = {
        "cash": gettext("In cash"),
        "open": gettext("Open"),
        "credited": gettext("Credited"),
        "written_off": gettext("Written off"),
    }
    lines = []
    for name, tone in BECAME:
        shares = [each.ages[-1].shares[name].value for each in vintages]
        values = [None if share is None else share * Fraction(100) for share in shares]
        lines.append(line(names[name], tone, values, ["" if s is None else written(s, "share") for s in shares]))
    return tuple(lines)
