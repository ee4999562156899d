"""What a figure is made of: the open items behind it, and one item with its matches and holds."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.receivables.queries import items as asked_for
from goodstanding.reports.aging_types import Behind
from goodstanding.reports.desk import behind, documents, item_story
from goodstanding.reports.limitation import clocks
from goodstanding.web import aging as shapes
from goodstanding.web.frame import as_of
from goodstanding.web.pages.items.downloads import download
from goodstanding.web.pages.items.forms import Hold, Release
from goodstanding.web.pages.items.work import work_on
from goodstanding.web.pages.receivables.forms import BY, Question, no_label, read_question
from goodstanding.web.pages.receivables.views import way_back

PAGE = 100
SORTS = ("due", "open", "held", "name")
LIST = ("key", "part", "from", "sort", "order", "page")  # what an item's address says of the list it was opened from


@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """The open items behind a figure of the aging; oldest due first."""
    require(request.actor, "view_book")
    day = as_of(request)
    question = read_question(request.GET, day)
    key, part = request.GET.get("key", "")[:200], request.GET.get("part", "")[:20]
    sort = request.GET.get("sort", "due")
    sort = sort if sort in SORTS else "due"
    descending = request.GET.get("order", "up") == "down"
    found = behind(
        question.asked, request.actor, search=question.search, key=key, part=part, sort=sort, descending=descending
    )
    if request.GET.get("format") in ("csv", "xlsx"):
        return download(request.GET["format"], question, found)
    place = request.GET.get("from", "")[:32]
    kept = question.params | {"currency": found.currency, "key": key, "part": part, "from": place}
    here = kept | {"sort": sort, "order": "down" if descending else "up"}
    context = _context(question, found, part)
    context |= {
        "columns": _columns(kept, sort, descending=descending, one_customer=bool(context["is_customer"])),
        **_page(here, question, found),
        "csv": _address(here | {"format": "csv"}),
        "xlsx": _address(here | {"format": "xlsx"}),
        "kept": day.param,
        "back": way_back(question, place),
    }
    partial = "#book" if request.htmx and not request.htmx.boosted else ""
    context["follows"] = bool(partial)
    return render(request, f"pages/items/page.html{partial}", context)


def _address(params: dict[str, Any]) -> str:
    return reverse("items") + "?" + urlencode({key: value for key, value in params.items() if value})


def item_address(number: int, params: dict[str, Any]) -> str:
    """The address of an item that knows the list it was opened from."""
    query = urlencode({key: value for key, value in params.items() if value not in ("", None, 1)})
    return reverse("item", args=[number]) + (f"?{query}" if query else "")


def _context(question: Question, found: Behind, part: str) -> dict[str, Any]:
    asked = question.asked
    label = gettext("All customers") if not found.key else (found.label or no_label(asked.by))
    return {
        "question": question,
        "asked": asked,
        "found": found,
        "currency": found.currency,
        "heading": label,
        "grouping": BY[asked.by] if found.key else "",
        "part": shapes.part_words(part, asked.limits),
        "is_customer": asked.by == "customer" and found.key,
        "help": shapes.HELP.get(part, ""),
        "total_help": shapes.HELP["total"],
        "held_help": shapes.HELP["held"],
    }


def _columns(kept: dict[str, str], sort: str, *, descending: bool, one_customer: bool) -> list[dict[str, Any]]:
    named = (
        ("", _("Item"), False),
        ("name", _("Customer"), False),
        ("", _("Date"), False),
        ("due", _("Due"), False),
        ("", _("Amount"), True),
        ("open", _("Open"), True),
        ("held", _("Held"), True),
    )
    columns = []
    for key, label, right in named:
        if one_customer and key == "name":
            continue
        on = bool(key) and sort == key
        order = "down" if (not descending if on else right) else "up"
        columns.append(
            {
                "key": key,
                "label": label,
                "right": right,
                "roomy": label in (_("Date"), _("Amount"), _("Customer")),
                "help": "",
                "sorted": ("descending" if descending else "ascending") if on else "",
                "href": _address(kept | {"sort": key, "order": order}) if key else "",
            }
        )
    return columns


def _page(kept: dict[str, str], question: Question, found: Behind) -> dict[str, Any]:
    total = len(found.items)
    last_page = max((total - 1) // PAGE + 1, 1)
    page = min(question.page, last_page)
    start = (page - 1) * PAGE
    shown = found.items[start : start + PAGE]
    words = documents(shown)
    return {
        "rows": [
            {"open": each, "document": words[each.item], "href": item_address(each.item, kept | {"page": page})}
            for each in shown
        ],
        "first": start + 1,
        "last": start + len(shown),
        "total": total,
        "before": _address(kept | {"page": page - 1}) if page > 1 else "",
        "after": _address(kept | {"page": page + 1}) if page < last_page else "",
    }


@require_safe
def item(request: HttpRequest, number: int) -> HttpResponse:
    """One item at the end of the day: what is open of it, and each match and hold that made it so."""
    return show(request, number)


def show(request: HttpRequest, number: int, sent: Hold | Release | None = None) -> HttpResponse:
    """The page of an item; with `sent` a form that was refused, with why."""
    require(request.actor, "view_book")
    day = as_of(request)
    story = item_story(number, day.day, request.actor)
    document = story.document
    days = (day.day - document.due).days
    live = sum(match.amount for match in story.matches if match.undone_on is None)
    question = read_question(request.GET, day)
    kept = question.params | {name: request.GET.get(name, "")[:200] for name in LIST if request.GET.get(name)}
    part = shapes.part_words(kept.get("part", ""), question.asked.limits)
    context = {
        "back": way_back(question, kept.get("from", "")),
        "list_href": _address(kept) if kept.keys() - {"as_of"} else "",
        "list_words": part or gettext("Open items"),
        "others": {
            other.id: item_address(other.id, kept)
            for other in (*(m.other for m in story.matches), story.reversal, story.reverses)
            if other
        },
        "story": story,
        "document": document,
        "currency": document.currency,
        "days": days,
        "settled": live,
        "signed": document.amount * (document.sign or 1),
        "bar": [{"x": 0, "width": shapes.WIDTH * live // document.amount, "shade": "a0"}] if live > 0 else [],
    }
    timed = clocks(asked_for([number], day.day), day.day) if story.open and document.sign > 0 else []
    context["clock"] = timed[0].clock if timed else None
    context["may_waive"] = document.kind == "late_fee" and permits(request.actor.roles, "waive_late_fee")
    if not day.is_past:
        context["work"] = work_on(request.actor, story, sent)
    return render(request, "pages/items/item.html", context)
