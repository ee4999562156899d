"""What each figure is: its name, its sentence, its formula, where the formula stands, and how it is written."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from babel.numbers import format_decimal, format_percent
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.engine.figures import Figure, Reason
from goodstanding.web.frame import locale


@dataclass(frozen=True, slots=True)
class Meaning:
    """A figure's words. `unit` is days, share (a part of one), percent (already times a hundred) or times."""

    name: Any
    sentence: Any
    formula: Any
    source: Any
    unit: str


CRF = "Credit Research Foundation"
STANDARD, OURS = _("standard formula"), _("our own rule")
MEANINGS: dict[str, Meaning] = {
    "dso": Meaning(
        _("DSO"), _("How many days of credit sales the receivables hold."),
        _("receivables ÷ credit sales of the 90 days before × 90"), CRF, "days"),
    "best_possible_dso": Meaning(
        _("Best possible DSO"), _("What DSO would be if nobody were late."),
        _("receivables not yet due ÷ credit sales of the 90 days before × 90"), CRF, "days"),
    "add": Meaning(
        _("ADD"), _("Average days delinquent: the days that lateness adds."), _("DSO − best possible DSO"), CRF, "days"),
    "dso_countback": Meaning(
        _("DSO by countback"), _("The receivables taken off the sales month by month, going back, counting the days."),
        _("days of the newest months whose net sales use up the receivables; the last counts in part"), STANDARD, "days"),
    "cei": Meaning(
        _("CEI"), _("Collection effectiveness: the part of what could be collected that was."),
        _("(opening + credit sales − closing) ÷ (opening + credit sales − closing not yet due) × 100"), STANDARD, "percent"),
    "average_delay": Meaning(
        _("Average delay"), _("Days late, weighted by amount; early counts against it, overdue items by the day measured."),
        _("Σ(amount × days late) ÷ Σ amount"), OURS, "days"),
    "late_rate": Meaning(
        _("Late rate"), _("Invoices settled in the month after their due day."),
        _("late invoices ÷ settled invoices"), OURS, "share"),
    "turnover": Meaning(
        _("Turnover"), _("How often the receivables turned over within twelve months."),
        _("credit sales of 12 months ÷ average receivables"), STANDARD, "times"),
    "bad_debt_to_sales": Meaning(
        _("Bad debt to sales"), _("What was lost of the sales of twelve months."),
        _("(write-offs − recoveries) ÷ credit sales"), STANDARD, "share"),
}  # fmt: skip


def shown(figure: Figure | None, unit: str) -> dict[str, Any]:
    """A figure as a cell: text, or a dash with the reason why there is none; notes as one sentence."""
    if figure is None:
        return {"text": "", "why": "", "notes": ""}
    if figure.value is None:
        return {"text": "", "why": _said(figure.why) if figure.why else "", "notes": ""}
    return {"text": written(figure.value, unit), "why": "", "notes": " ".join(map(_said, figure.notes))}


def written(value: Fraction, unit: str) -> str:
    """An exact figure in the reader's locale: 45.0, 33.3%."""
    exact = round(value, 6)
    number = exact.numerator / exact.denominator  # a ratio for reading, never money
    if unit == "share":
        return str(format_percent(number, "0.0%", locale=locale()))
    if unit == "percent":
        return str(format_decimal(number, "#,##0.0", locale=locale())) + "%"
    return str(format_decimal(number, "#,##0.00" if unit == "times" else "#,##0.0", locale=locale()))


def _said(reason: Reason) -> str:
    return gettext(reason.template).format(**reason.params)
