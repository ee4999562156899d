"""Insight: every figure of the last thirteen months, with its inputs when a month is opened."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from goodstanding.actions.base import require
from goodstanding.engine.formulas import EMPTY_BUCKET
from goodstanding.engine.metrics import Month
from goodstanding.engine.vintages import Vintage
from goodstanding.kernel.money import decimal_text
from goodstanding.reports.insight import Insight
from goodstanding.reports.insight import insight as report
from goodstanding.reports.maps import maps
from goodstanding.web.downloads import answer
from goodstanding.web.frame import AsOf, as_of
from goodstanding.web.pages.insight.charts import charts
from goodstanding.web.pages.insight.figures import MEANINGS, shown
from goodstanding.web.pages.insight.maps import tables

AGES = (0, 1, 2, 3, 6, 12)
INPUTS = (
    ("receivables", _("Receivables")),
    ("current", _("of which not yet due")),
    ("sales", _("Credit sales of the month")),
    ("sales_window", _("Credit sales of the 90 days before")),
)


@require_safe
def insight(request: HttpRequest) -> HttpResponse:
    """The page, or its months as a file."""
    require(request.actor, "view_insight")
    day = as_of(request)
    add_back = request.GET.get("add_back") == "1"
    found = report(request.actor, day.day, request.GET.get("currency", "").upper()[:3], add_back=add_back)
    if request.GET.get("format") in ("csv", "xlsx"):
        return _download(request.GET["format"], found)
    kept = day.param | {"currency": found.currency} | ({"add_back": "1"} if add_back else {})
    chosen = next((each for each in found.months if each.month == request.GET.get("month")), None)
    context = {
        "found": found,
        "add_back": add_back,
        "add_back_href": _address(kept | {"add_back": "" if add_back else "1"}),
        "tabs": [
            {"currency": code, "current": code == found.currency, "href": _address(kept | {"currency": code})}
            for code in found.currencies
        ],
        "meanings": MEANINGS,
        "rows": [_row(each, kept) for each in found.months],
        "opened": _opened(chosen, day) if chosen else None,
        "rolls": [
            {"roll": each, "rate": shown(each.rate, "share"), "empty": gettext(EMPTY_BUCKET)} for each in found.rolls
        ],
        "charts": charts(found.months, found.vintages),
        "maps": tables(maps(request.actor, day.day, found.currency)),
        "ages": AGES,
        "vintages": [_vintage(each) for each in found.vintages],
        "csv": _address(kept | {"format": "csv"}),
        "xlsx": _address(kept | {"format": "xlsx"}),
    }
    return render(request, "pages/insight/page.html", context)


def _address(params: dict[str, Any]) -> str:
    query = urlencode({name: value for name, value in params.items() if value})
    return reverse("insight") + (f"?{query}" if query else "")


def _row(month: Month, kept: dict[str, str]) -> dict[str, Any]:
    cells = [shown(month.figures.get(name), meaning.unit) for name, meaning in MEANINGS.items()]
    return {"month": month, "cells": cells, "href": _address(kept | {"month": month.month}) + "#month"}


def _opened(month: Month, day: AsOf) -> dict[str, Any]:
    """A month with the inputs of its figures, each with where its items are."""
    when = {} if month.month_end == day.today else {"as_of": month.month_end.isoformat()}
    items = reverse("receivables") + "?" + urlencode(when | {"currency": month.currency})
    return {
        "month": month,
        "inputs": [
            (label, getattr(month, name), items if name in ("receivables", "current") else "") for name, label in INPUTS
        ],
        "figures": [
            {"meaning": meaning, **shown(month.figures.get(name), meaning.unit)} for name, meaning in MEANINGS.items()
        ],
    }


def _vintage(found: Vintage) -> dict[str, Any]:
    """The share in cash at the ages of the columns, and what became of the rest by the day."""
    by_age = {share.age: share for share in found.ages}
    last = found.ages[-1]
    return {
        "month": found.month,
        "billed": found.billed,
        "cells": [shown(by_age[age].shares["cash"] if age in by_age else None, "share") for age in AGES],
        "rest": [shown(last.shares[name], "share") for name in ("cash", "open", "credited", "written_off")],
    }


def _download(kind: str, found: Insight) -> HttpResponse:
    header = [gettext("Month"), gettext("Currency"), *(str(label) for _name, label in INPUTS)]
    header += [str(meaning.name) for meaning in MEANINGS.values()]
    rows = (
        [
            *(month.month, month.currency),
            *(decimal_text(getattr(month, name), month.currency) for name, _label in INPUTS),
            *(_exact(month, name) for name in MEANINGS),
        ]
        for month in found.months
    )
    name = f"insight-{found.as_of.isoformat()}-{found.currency or 'none'}"
    return answer(kind, name, header, rows, frozenset(range(2, len(header))))


def _exact(month: Month, name: str) -> str:
    value = month.figures[name].rounded() if name in month.figures else None
    return "" if value is None else str(value)
