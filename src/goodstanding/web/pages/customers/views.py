"""The list of customers: search, filters by every fact and class, sorting, files."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.kernel.money import decimal_text
from goodstanding.reports.customers import (
    CLASSES,
    FACTS,
    FIGURES,
    UNTOLD,
    Line,
    Listing,
    choices,
    class_labels,
    every,
    listing,
)
from goodstanding.web import aging as shapes
from goodstanding.web import standing, words
from goodstanding.web.columns import choosable
from goodstanding.web.downloads import answer
from goodstanding.web.frame import as_of
from goodstanding.web.pages.customers.forms import NIGHTLY, TEXTS, Question, read_question
from goodstanding.web.pages.insight.figures import MEANINGS, written
from goodstanding.web.saved import WHOLE, menu, opening
from goodstanding.web.templatetags.desk import day, money

HEADS: dict[str, tuple[str, Any, Any]] = {  # the column's sorting, its name and its sentence
    "standing": ("standing", _("Standing"), standing.HELP),
    "class": ("", _("Class"), _("The classes of the last night: by value, and by how they pay.")),
    "kind": ("", words.FACTS["kind"], ""),
    "territory": ("", words.FACTS["territory"], ""),
    "account_manager": ("", _("Looked after by"), ""),
    "status": ("", words.FACTS["status"], ""),
    "terms": ("", words.FACTS["terms"], ""),
    "credit_limit": ("", words.FACTS["credit_limit"], ""),
    "since": ("since", words.FACTS["since"], ""),
    "open": ("open", _("Open"), shapes.HELP["total"]),
    "past_due": ("past_due", _("Past due"), shapes.HELP["past_due"]),
    "unapplied": ("unapplied", _("Unapplied"), shapes.HELP["unapplied"]),
    "dso": ("", MEANINGS["dso"].name, MEANINGS["dso"].sentence),
    "average_delay": ("", MEANINGS["average_delay"].name, MEANINGS["average_delay"].sentence),
    "on_time_share": ("", _("Paid on time"), _("The part of what fell due in 12 months that was paid by the day.")),
}
RIGHT = (*FIGURES, *NIGHTLY, "credit_limit")


@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """The list, the part of it that htmx asks for, or all of it as a file."""
    require(request.actor, "view_book")
    if (first := opening(request, "customers")) is not None:
        return first
    question = read_question(request.GET, as_of(request))
    if request.GET.get("format") in ("csv", "xlsx"):
        currency, lines = every(request.actor, question.wanted)
        return _download(request.GET["format"], currency, lines)
    found = listing(request.actor, question.wanted)
    part = "#book" if request.htmx and not request.htmx.boosted else ""
    context = _context(request, question, found) | {"part": part}
    return render(request, f"pages/customers/page.html{part}", context)


def _context(request: HttpRequest, question: Question, found: Listing) -> dict[str, Any]:
    filters, known = dict(question.wanted.filters), choices(request.actor)
    return {
        "found": found,
        "question": question,
        "text": question.wanted.text,
        "kept": question.params,
        "columns": [_column(question, "name", "name", _("Customer"), "")]
        + [_column(question, key, *HEADS[key]) for key in question.columns],
        "rows": [_row(found, line, question.columns) for line in found.lines],
        "saved": menu(request, "customers", question.params),
        "choosable": choosable({key: head[1] for key, head in HEADS.items()}, question.columns),
        "here": reverse("customers"),
        "has_standing": "standing" in question.columns,
        "has_class": "class" in question.columns,
        "may_assign": permits(request.actor.roles, "assign_customers"),
        "query": urlencode(question.params),
        "tabs": [
            {"currency": code, "current": code == found.currency, "href": question.address(currency=code)}
            for code in found.currencies
        ],
        "fields": [_field(known, name, filters.get(name, "")) for name in FACTS]
        + [_class_field(question, name, filters.get(name, "")) for name in CLASSES],
        "filters": " · ".join(_said(name, value) for name, value in filters.items()),
        "bare": question.address(**dict.fromkeys((*FACTS, *CLASSES, "q"), ""), view=WHOLE),
        "unfiltered": question.address(**dict.fromkeys((*FACTS, *CLASSES), ""), view=WHOLE),
        "before": question.address(before=found.before) if found.before else "",
        "after": question.address(after=found.after) if found.after else "",
        "csv": question.address(format="csv", currency=found.currency),
        "xlsx": question.address(format="xlsx", currency=found.currency),
        "is_empty": not found.total and not filters and not question.wanted.text,
        "may_import": permits(request.actor.roles, "import_book"),
        "may_edit": permits(request.actor.roles, "edit_customer"),
    }


def _column(question: Question, key: str, sort: str, label: Any, sentence: Any) -> dict[str, Any]:
    wanted = question.wanted
    on = bool(sort) and wanted.sort == sort
    down = not wanted.descending if on else sort in ("open", "past_due")
    return {
        "key": key,
        "label": label,
        "help": sentence,
        "right": key in RIGHT,
        "roomy": key in TEXTS,
        "sorted": ("descending" if wanted.descending else "ascending") if on else "",
        "href": question.address(sort=sort, order="down" if down else "up") if sort else "",
    }


def _row(found: Listing, line: Line, columns: tuple[str, ...]) -> dict[str, Any]:
    """A row: its texts, its amounts with the address of what they are made of, its figures of the night."""
    whole = {"as_of": found.night.isoformat() if found.night else "", "key": line.code, "currency": found.currency}
    cells = []
    for name in (name for name in FIGURES if name in columns):
        value = getattr(line, name)
        query = whole | {"part": "" if name == "open" else name}
        address = f"{reverse('items')}?{urlencode({k: v for k, v in query.items() if v})}"
        cells.append((value, address if value else ""))
    return {
        "line": line,
        "ring": standing.ring(line.stands, f"ring-{line.id}"),
        "texts": [(_text(line, name), name in RIGHT) for name in columns if name in TEXTS and name != "class"],
        "cells": cells,
        "figures": [_figure(line, name) for name in columns if name in NIGHTLY],
    }


def _text(line: Line, name: str) -> Any:
    if name == "status":
        return words.STATUSES[line.status]
    if name == "since":
        return day(line.since)
    if name == "credit_limit":
        return "" if line.credit_limit is None else money(line.credit_limit, line.own_currency)
    return getattr(line, name)


def _figure(line: Line, name: str) -> str:
    value = line.figures.get(name)
    return "" if value is None else written(Fraction(str(value)), "share" if name == "on_time_share" else "days")


def _field(known: dict[str, list[str]], name: str, value: str) -> dict[str, Any]:
    given = list(words.STATUSES) if name == "status" else known[name]
    options = [(each, str(words.STATUSES[each]) if name == "status" else each) for each in given]
    return {"name": name, "label": words.FACTS[name], "value": value, "options": options}


def _class_field(question: Question, name: str, value: str) -> dict[str, Any]:
    labels = class_labels(question.wanted.as_of).get(name, [])
    if value and value not in labels:
        labels = [value, *labels]  # the first quintiles of RFM, as Insight's map asks for
    options = [(each, str(words.LABELS.get(each, each))) for each in labels]
    return {"name": name, "label": words.DIMENSIONS[name], "value": value, "options": options}


def _said(name: str, value: str) -> str:
    known = words.STATUSES if name == "status" else words.LABELS
    return str(known.get(value, f"RFM {value}" if name == "rfm" else value))


def _download(kind: str, currency: str, lines: Iterator[Line]) -> HttpResponse:
    header = [gettext(word) for word in ("Code", "Customer", "Status", "Kind", "Territory", "Account manager")]
    header += [gettext(word) for word in ("Currency", "Open", "Past due", "Unapplied")]
    header += [str(HEADS[name][1]) for name in ("terms", "credit_limit", "since", *NIGHTLY, "standing")]
    rows = (
        [
            *(line.code, line.name, str(words.STATUSES[line.status]), line.kind, line.territory, line.account_manager),
            *(currency, *(decimal_text(each, currency) if currency else "" for each in _money(line))),
            *(line.terms, "" if line.credit_limit is None else decimal_text(line.credit_limit, line.own_currency)),
            *(line.since.isoformat() if line.since else "", *(str(line.figures.get(name) or "") for name in NIGHTLY)),
            "" if line.standing == UNTOLD else str(line.standing),
        ]
        for line in lines
    )
    return answer(kind, "customers", header, rows, frozenset({7, 8, 9, 11, 13, 14, 15, 16}))


def _money(line: Line) -> tuple[int, int, int]:
    return line.open, line.past_due, line.unapplied
