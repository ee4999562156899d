"""The Receivables page: aging as of any day, by any grouping, in one currency at a time."""

import re
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from goodstanding.actions.base import require
from goodstanding.kernel.errors import NotAllowed
from goodstanding.reports.aging_types import Asked, Figures, Report, Row, bucket_ends
from goodstanding.reports.desk import aging, newest_day
from goodstanding.web import aging as shapes
from goodstanding.web.columns import choosable
from goodstanding.web.frame import as_of
from goodstanding.web.pages.receivables.downloads import download
from goodstanding.web.pages.receivables.forms import BY, OPTIONAL, SHOW, Question, no_label, read_question
from goodstanding.web.pages.receivables.ways import ways
from goodstanding.web.saved import WHOLE, menu, opening
from goodstanding.web.templatetags.desk import bucket

PAGE = 50
MOST_BARS = 5  # buckets beside which a row still has room for its bar
PLACE = re.compile(r"([a-z0-9]{1,12})\.(up|down)\.([1-9][0-9]{0,5})")


@require_safe
def receivables(request: HttpRequest) -> HttpResponse:
    """The page, the part of it that htmx asks for, or the same as a file."""
    require(request.actor, "view_book")
    if (first := opening(request, "receivables")) is not None:
        return first
    question = read_question(request.GET, as_of(request))
    found = aging(question.asked, request.actor, search=question.search)
    if request.GET.get("format") in ("csv", "xlsx"):
        return download(request.GET["format"], question, found)
    context = _context(request, question, found)
    part = "#book" if request.htmx and not request.htmx.boosted else ""
    context["part"] = part
    return render(request, f"pages/receivables/page.html{part}", context)


def address(question: Question, **changes: str) -> str:
    """The address of this page with some parameters changed; empty ones go."""
    return _address("receivables", question.params | sorting(question) | changes)


def _address(name: str, params: dict[str, Any]) -> str:
    query = urlencode({key: value for key, value in params.items() if value})
    return reverse(name) + (f"?{query}" if query else "")


def sorting(question: Question) -> dict[str, str]:
    """How the table is sorted, when not as usual."""
    asked = question.asked
    usual = asked.sort == "total" and asked.descending
    return {} if usual else {"sort": asked.sort, "order": "down" if asked.descending else "up"}


def _place(question: Question) -> str:
    """Where in the table the reader was, so that the way back leads there: "held.down.2", or "" for its beginning."""
    order = "down" if question.asked.descending else "up"
    return f"{question.asked.sort}.{order}.{question.page}" if sorting(question) or question.page > 1 else ""


def way_back(question: Question, place: str) -> str:
    """The address of the table as it was left; a place that makes no sense leads to its beginning."""
    found = PLACE.fullmatch(place)
    sort, order, page = found.groups() if found else ("", "", "")
    return _address(
        "receivables", question.params | {"sort": sort, "order": order, "page": page if page != "1" else ""}
    )


def behind(question: Question, currency: str, *, key: str = "", part: str = "") -> str:
    """The address of the items behind a figure."""
    return _address(
        "items", question.params | {"currency": currency, "key": key, "part": part, "from": _place(question)}
    )


def _context(request: HttpRequest, question: Question, found: Report) -> dict[str, Any]:
    asked, total = question.asked, len(found.rows)
    last_page = max((total - 1) // PAGE + 1, 1)
    page = min(question.page, last_page)
    start = (page - 1) * PAGE
    rows = found.rows[start : start + PAGE]
    has_book = bool(found.currencies)
    newest = None if has_book else newest_day(request.actor)
    everything = behind(question, found.currency)
    return {
        "question": question,
        "asked": asked,
        "here": reverse("receivables"),
        "ways": ways(question, "receivables"),
        "ages": True,
        "report": found,
        "currency": found.currency,
        "is_empty": not has_book and not question.params.keys() - {"as_of"},
        "newest": newest,
        "newest_param": newest.isoformat() if newest else "",
        "tabs": [
            {"currency": each.currency, "total": each.total, "current": each.currency == found.currency,
             "href": address(question, currency=each.currency)}
            for each in found.currencies
        ],
        "tiles": _tiles(question, found),
        "bar": shapes.bar(found.totals.buckets),
        "bar_label": shapes.bar_label(found.totals, asked.limits),
        "legend": shapes.legend(found.totals, asked.limits, lambda part: behind(question, found.currency, part=part)),
        "columns": _columns(question),
        "rows": [_row(asked, everything, row, question.columns) for row in rows],
        "footer": _cells(everything, found.totals, question.columns),
        "groupings": [{"label": label, "current": by == asked.by, "href": address(question, by=by if by != "customer" else "")} for by, label in BY.items()],
        "by": BY[asked.by],
        "shows": SHOW,
        "kept": question.params | sorting(question),
        "saved": menu(request, "receivables", question.params | sorting(question)),
        "choosable": choosable(OPTIONAL, question.columns),
        "filters": " · ".join(str(SHOW[asked.show]) if name == "show" else question.params[name] for name in ("show", "kind", "territory") if name in question.params),
        "bars": len(asked.limits) < MOST_BARS and "oldest" not in question.columns,
        "has_oldest": "oldest" in question.columns,
        "bare": _address("receivables", {k: v for k, v in question.params.items() if k in ("as_of", "by", "buckets", "currency")} | {"view": WHOLE}),
        "unfiltered": _address("receivables", {k: v for k, v in question.params.items() if k not in ("show", "kind", "territory")} | {"view": WHOLE}),
        "buckets_text": ", ".join(map(str, asked.limits)),
        "csv": address(question, format="csv", currency=found.currency),
        "xlsx": address(question, format="xlsx", currency=found.currency),
        "first": start + 1,
        "last": start + len(rows),
        "total": total,
        "before": address(question, page=str(page - 1)) if page > 1 else "",
        "after": address(question, page=str(page + 1)) if page < last_page else "",
        "may_import": _may(request.actor, "import_book"),
    }  # fmt: skip


def _may(actor: Any, action: str) -> bool:
    try:
        require(actor, action)
    except NotAllowed:
        return False
    return True


def _share(part: int, whole: int) -> str:
    if not whole:
        return ""
    if 0 < 200 * part < whole:  # would be rounded to nothing
        return gettext("under 1% of what is owed")
    return gettext("{share}% of what is owed").format(share=round(100 * part / whole))


def _tiles(question: Question, found: Report) -> list[dict[str, Any]]:
    totals, currency = found.totals, found.currency
    each = (
        ("total", _("Open"), totals.total, totals.items, ""),
        ("past_due", _("Past due"), totals.past_due, totals.past_due_count, "amber"),
        ("unapplied", _("Unapplied"), totals.unapplied, totals.unapplied_count, ""),
        ("held", _("Disputed or held"), totals.held, totals.held_count, ""),
    )
    return [
        {
            "label": label,
            "value": value,
            "help": shapes.HELP[part],
            "note": _share(value, totals.owed) if part in ("past_due", "held") and value else _items(count),
            "tone": tone if value else "",
            "href": behind(question, currency, part="" if part == "total" else part) if count else "",
        }
        for part, label, value, count, tone in each
    ]


def _items(count: int) -> str:
    return ngettext("{count} item", "{count} items", count).format(count=count)


def _columns(question: Question) -> list[dict[str, Any]]:
    asked = question.asked
    named: list[tuple[str, Any, Any]] = [("name", BY[asked.by], ""), ("total", _("Open"), shapes.HELP["total"])]
    named += [(f"b{at}", bucket(ends), shapes.bucket_help(ends)) for at, ends in enumerate(bucket_ends(asked.limits))]
    named += [(key, OPTIONAL[key], shapes.HELP[key]) for key in question.columns]
    columns = []
    for key, label, sentence in named:
        on = asked.sort == key
        down = not asked.descending if on else key != "name"
        href = _address("receivables", question.params | {"sort": key, "order": "down" if down else "up"})
        order = ("descending" if asked.descending else "ascending") if on else ""
        columns.append(
            {
                "key": key,
                "label": label,
                "help": sentence,
                "right": key not in ("name", "oldest"),
                "sorted": order,
                "href": href,
            }
        )
    return columns


def _cells(whole: str, figures: Figures, columns: tuple[str, ...]) -> list[tuple[int, str]]:
    """The figures of a row, each with the address of its items; `whole` is the address of them all."""
    parts = [("", figures.total, figures.items)]
    parts += [(f"b{at}", a, c) for at, (a, c) in enumerate(zip(figures.buckets, figures.counts, strict=True))]
    more = {"unapplied": (figures.unapplied, figures.unapplied_count), "held": (figures.held, figures.held_count)}
    parts += [(key, *more[key]) for key in columns if key in more]
    return [(value, (f"{whole}&part={part}" if part else whole) if count else "") for part, value, count in parts]


def _row(asked: Asked, everything: str, row: Row, columns: tuple[str, ...]) -> dict[str, Any]:
    """A row as the table shows it; its items' address is that of everything, narrowed."""
    figures, items = row.figures, f"{everything}&{urlencode({'key': row.key})}"
    return {
        "label": row.label or no_label(asked.by),
        "note": row.key if asked.by == "customer" else "",
        "customers": figures.customers if asked.by != "customer" else 0,
        "href": items,
        "cells": _cells(items, figures, columns),
        "oldest": figures.oldest if "oldest" in columns else None,
        "bar": shapes.bar(figures.buckets),
        "bar_label": shapes.bar_label(figures, asked.limits),
    }
