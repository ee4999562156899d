"""Two more ways of looking at what is open: by the month it falls due in, and how few owe how much."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from babel.numbers import format_decimal, format_percent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from goodstanding.actions.base import require
from goodstanding.kernel.money import decimal_text
from goodstanding.reports.aging_types import NO_KEY
from goodstanding.reports.desk import concentration, months
from goodstanding.reports.spread import Concentration, MonthRow, Months
from goodstanding.web.aging import part_words
from goodstanding.web.charts import Chart, line
from goodstanding.web.downloads import answer
from goodstanding.web.frame import as_of, locale
from goodstanding.web.pages.receivables.forms import BY, Question, no_label, read_question
from goodstanding.web.pages.receivables.ways import address, menus

PAGE = 50
LEAST_CURVE = 3  # holders from which a curve says something
HHI = _(
    "The sum of the squared shares, from near 0 (spread thin) to 10,000 (all owed by one); above 1,800 counts as high."
)


@require_safe
def by_month(request: HttpRequest) -> HttpResponse:
    """What is open by row and month due, or the same as a file."""
    require(request.actor, "view_book")
    question = read_question(request.GET, as_of(request))
    found = months(question.asked, request.actor, search=question.search)
    heads = [part_words(part, question.asked.limits) for part in found.columns]
    if request.GET.get("format") in ("csv", "xlsx"):
        return _months_file(request.GET["format"], question, found, heads)
    start = (question.page - 1) * PAGE if (question.page - 1) * PAGE < len(found.rows) else 0
    page = start // PAGE + 1
    rows = found.rows[start : start + PAGE]
    here = "receivables-months"
    context = menus(question, here, found.currency, found.currencies) | {
        "report": found.choices,
        "heads": heads,
        "rows": [_row(question, found, row) for row in rows],
        "footer": _cells(question, found, found.totals),
        "first": start + 1,
        "last": start + len(rows),
        "total": len(found.rows),
        "before": address(here, question.params | {"page": str(page - 1)}) if page > 1 else "",
        "after": address(here, question.params | {"page": str(page + 1)}) if start + PAGE < len(found.rows) else "",
    }
    return render(request, "pages/receivables/months.html", context)


def _row(question: Question, found: Months, row: MonthRow) -> dict[str, Any]:
    asked = question.asked
    return {
        "label": row.label or no_label(asked.by),
        "note": row.key if asked.by == "customer" else "",
        "href": _behind(question, found.currency, row.key),
        "cells": _cells(question, found, row),
    }


def _cells(question: Question, found: Months, row: MonthRow) -> list[tuple[int, str]]:
    parts = [("", row.total, row.items), *zip(found.columns, row.amounts, row.counts, strict=True)]
    return [(value, _behind(question, found.currency, row.key, part) if count else "") for part, value, count in parts]


def _behind(question: Question, currency: str, key: str, part: str = "") -> str:
    return address("items", question.params | {"currency": currency, "key": key, "part": part})


def _months_file(kind: str, question: Question, found: Months, heads: list[str]) -> HttpResponse:
    header = [gettext("Code"), str(BY[question.asked.by]), gettext("Currency"), gettext("Open"), *heads]
    rows = (
        [
            *("" if row.key == NO_KEY else row.key, row.label or no_label(question.asked.by), found.currency),
            *(decimal_text(amount, found.currency) for amount in (row.total, *row.amounts)),
        ]
        for row in found.rows
    )
    name = f"months-due-{question.asked.as_of.isoformat()}-{found.currency or 'none'}-by-{question.asked.by}"
    return answer(kind, name, header, rows, frozenset(range(3, len(header))))


@require_safe
def by_holder(request: HttpRequest) -> HttpResponse:
    """How much of what is owed is owed by few, or the same as a file."""
    require(request.actor, "view_book")
    question = read_question(request.GET, as_of(request))
    found = concentration(question.asked, request.actor, search=question.search)
    if request.GET.get("format") in ("csv", "xlsx"):
        return _holders_file(request.GET["format"], question, found)
    context = menus(question, "receivables-concentration", found.currency, found.currencies) | {
        "report": found.choices,
        "found": found,
        "tiles": list(_tiles(found)),
        "chart": _curve(found),
        "rows": [
            {"holder": each, "label": each.label or no_label(question.asked.by), "share": _percent(each.share),
             "note": each.key if question.asked.by == "customer" else "", "cumulative": _percent(each.cumulative),
             "href": _behind(question, found.currency, each.key),
             "past_due_href": _behind(question, found.currency, each.key, "past_due") if each.past_due else ""}
            for each in found.rows
        ],
    }  # fmt: skip
    return render(request, "pages/receivables/concentration.html", context)


def _percent(share: Fraction) -> str:
    return str(format_percent(round(share.numerator / share.denominator, 6), "0.0%", locale=locale()))


def _tiles(found: Concentration) -> Iterator[dict[str, Any]]:
    for n, share in found.tops:
        if n in (1, 5, 20):
            words = ngettext("The largest", "The {count} largest", n).format(count=n)
            yield {"label": words, "text": _percent(share), "help": gettext("Their part of everything owed.")}
    if found.hhi is not None and found.alike is not None:
        alike = round(float(found.alike), 1)
        note = gettext("as {count} of equal size").format(count=format_decimal(alike, locale=locale()))
        index = format_decimal(round(found.hhi * 10_000), locale=locale())
        yield {"label": gettext("Concentration index (HHI)"), "text": index, "help": HHI, "note": note}


def _curve(found: Concentration) -> Chart | None:
    """The cumulative share of the largest, one after the other."""
    if len(found.curve) < LEAST_CURVE:
        return None
    names = tuple(str(n) for n in range(1, len(found.curve) + 1))
    shares = line(
        gettext("Share of what is owed"),
        "indigo",
        [each * 100 for each in found.curve],
        [_percent(each) for each in found.curve],
    )
    label = gettext("Share of everything owed by the largest, added up from the first.")
    return Chart(
        "chart-curve", "line", gettext("Cumulative share"), label, gettext("Rank"), names, (shares,), unit="%", most=100
    )


def _holders_file(kind: str, question: Question, found: Concentration) -> HttpResponse:
    header = [gettext("Rank"), gettext("Code"), str(BY[question.asked.by]), gettext("Currency")]
    header += [gettext("Owed"), gettext("Past due"), gettext("Share"), gettext("Cumulative share")]
    rows = (
        [
            *(str(each.rank), "" if each.key == NO_KEY else each.key, each.label or no_label(question.asked.by)),
            *(found.currency, decimal_text(each.owed, found.currency), decimal_text(each.past_due, found.currency)),
            *(f"{round(share.numerator / share.denominator, 6):.6f}" for share in (each.share, each.cumulative)),
        ]
        for each in found.rows
    )
    name = f"concentration-{question.asked.as_of.isoformat()}-{found.currency or 'none'}-by-{question.asked.by}"
    return answer(kind, name, header, rows, frozenset({0, 4, 5, 6, 7}))
