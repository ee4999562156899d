"""The list of customers: search, filters by every fact and class, sorting, files."""

from collections.abc import Iterator
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
from goodstanding.parties.queries import choices
from goodstanding.reports.customers import CLASSES, FACTS, Line, Listing, class_labels, every, listing
from goodstanding.web import aging as shapes
from goodstanding.web import words
from goodstanding.web.downloads import answer
from goodstanding.web.frame import as_of
from goodstanding.web.pages.customers.forms import Question, read_question

COLUMNS = (
    ("code", _("Customer"), ""),
    ("", _("Class"), _("The classes of the last night: by value, and by how they pay.")),
    ("", _("Looked after by"), ""),
    ("open", _("Open"), shapes.HELP["total"]),
    ("past_due", _("Past due"), shapes.HELP["past_due"]),
    ("unapplied", _("Unapplied"), shapes.HELP["unapplied"]),
)
MONEY = ("open", "past_due", "unapplied")


@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """The list, the part of it that htmx asks for, or all of it as a file."""
    require(request.actor, "view_book")
    question = read_question(request.GET, as_of(request))
    if request.GET.get("format") in ("csv", "xlsx"):
        currency, lines = every(request.actor, question.wanted)
        return _download(request.GET["format"], currency, lines)
    found = listing(request.actor, question.wanted)
    part = "#book" if request.htmx and not request.htmx.boosted else ""
    context = _context(request, question, found) | {"part": part}
    return render(request, f"pages/customers/page.html{part}", context)


def _context(request: HttpRequest, question: Question, found: Listing) -> dict[str, Any]:
    filters = dict(question.wanted.filters)
    return {
        "found": found,
        "question": question,
        "text": question.wanted.text,
        "kept": question.params,
        "columns": [_column(question, *column) for column in COLUMNS],
        "rows": [_row(found, line) for line in found.lines],
        "tabs": [
            {"currency": code, "current": code == found.currency, "href": question.address(currency=code)}
            for code in found.currencies
        ],
        "fields": [_field(request, question, name, filters.get(name, "")) for name in FACTS]
        + [_class_field(question, name, filters.get(name, "")) for name in CLASSES],
        "filters": " · ".join(_said(name, value) for name, value in filters.items()),
        "bare": question.address(**dict.fromkeys((*FACTS, *CLASSES, "q"), "")),
        "unfiltered": question.address(**dict.fromkeys((*FACTS, *CLASSES), "")),
        "before": question.address(before=found.before) if found.before else "",
        "after": question.address(after=found.after) if found.after else "",
        "csv": question.address(format="csv", currency=found.currency),
        "xlsx": question.address(format="xlsx", currency=found.currency),
        "is_empty": not found.total and not filters and not question.wanted.text,
        "may_import": permits(request.actor.roles, "import_book"),
        "may_edit": permits(request.actor.roles, "edit_customer"),
    }


def _column(question: Question, key: str, label: Any, sentence: Any) -> dict[str, Any]:
    wanted = question.wanted
    on = bool(key) and wanted.sort == key
    down = not wanted.descending if on else key in ("open", "past_due")
    return {
        "key": key,
        "label": label,
        "help": sentence,
        "right": key in MONEY,
        "roomy": not key,
        "sorted": ("descending" if wanted.descending else "ascending") if on else "",
        "href": question.address(sort=key, order="down" if down else "up") if key else "",
    }


def _row(found: Listing, line: Line) -> dict[str, Any]:
    """A row, its figures with the address of what they are made of."""
    whole = {"as_of": found.night.isoformat() if found.night else "", "key": line.code, "currency": found.currency}
    each = (("", line.open), ("past_due", line.past_due), ("unapplied", line.unapplied))
    cells = []
    for part, value in each:
        query = urlencode({name: given for name, given in (whole | {"part": part}).items() if given})
        cells.append((value, f"{reverse('items')}?{query}" if value else ""))
    return {"line": line, "cells": cells}


def _field(request: HttpRequest, question: Question, name: str, value: str) -> dict[str, Any]:  # noqa: ARG001
    given = list(words.STATUSES) if name == "status" else choices(request.actor, name)
    options = [(each, str(words.STATUSES[each]) if name == "status" else each) for each in given]
    return {"name": name, "label": words.FACTS[name], "value": value, "options": options}


def _class_field(question: Question, name: str, value: str) -> dict[str, Any]:
    labels = class_labels(question.wanted.as_of).get(name, [])
    options = [(each, str(words.LABELS.get(each, each))) for each in labels]
    return {"name": name, "label": words.DIMENSIONS[name], "value": value, "options": options}


def _said(name: str, value: str) -> str:
    known = words.STATUSES if name == "status" else words.LABELS
    return str(known.get(value, value))


def _download(kind: str, currency: str, lines: Iterator[Line]) -> HttpResponse:
    header = [gettext(word) for word in ("Code", "Customer", "Status", "Kind", "Territory", "Account manager")]
    header += [gettext(word) for word in ("Currency", "Open", "Past due", "Unapplied")]
    rows = (
        [
            *(line.code, line.name, str(words.STATUSES[line.status]), line.kind, line.territory, line.account_manager),
            *(currency, *(decimal_text(each, currency) if currency else "" for each in _money(line))),
        ]
        for line in lines
    )
    return answer(kind, "customers", header, rows, frozenset({7, 8, 9}))


def _money(line: Line) -> tuple[int, int, int]:
    return line.open, line.past_due, line.unapplied
