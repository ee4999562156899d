"""Everybody's promises: a month by days, or a list with filters, sorting, pages and files."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date, get_day_names
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from goodstanding.actions.base import require
from goodstanding.kernel.days import month_end
from goodstanding.parties import queries as parties
from goodstanding.promises import queries
from goodstanding.promises.types import THEM, US, Asked, Sum
from goodstanding.receivables import queries as receivables
from goodstanding.web.frame import AsOf, as_of, locale
from goodstanding.web.pages.promises.files import download
from goodstanding.web.pages.promises.told import KINDS, SIDES, STATES, TONES, line
from goodstanding.web.templatetags.desk import person

PAGE = 50
COLUMNS = (("customer", _("Customer")), ("due", _("Promised day")), ("amount", _("Amount")), ("made", _("Given on")))
NAMES = ("state", "by", "kind", "owner", "territory", "from", "to", "sort", "order")


@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """The month, unless the list or a file is asked for."""
    require(request.actor, "view_book")
    day = as_of(request)
    if request.GET.get("format") in ("csv", "xlsx"):
        found = queries.listed(read_asked(request.GET), day.day, hidden=request.actor.hidden)
        names = _names(request, {each.customer for each in found})
        return download(request.GET["format"], "promises", found, names, day.day)
    listing = request.GET.get("view") == "list"
    context = _list(request, day) if listing else _month(request, day)
    return render(request, f"pages/promises/{'list' if listing else 'month'}.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def read_asked(query: QueryDict) -> Asked:
    """What the address asks for; what makes no sense asks for nothing."""

    def one_of(name: str, known: Any) -> str:
        value = query.get(name, "")
        return value if value in known else ""

    return Asked(
        state=one_of("state", STATES),
        by=one_of("by", SIDES),
        kind=one_of("kind", KINDS),
        owner=query.get("owner", "").replace("\0", "")[:200],
        territory=query.get("territory", "").replace("\0", "")[:200],
        first=_day(query.get("from", "")),
        last=_day(query.get("to", "")),
        sort=one_of("sort", dict(COLUMNS)) or "due",
        descending=query.get("order") == "down",
    )


def _address(day: AsOf, **asked: Any) -> str:
    query = urlencode({name: value for name, value in (asked | day.param).items() if value})
    return reverse("promises") + (f"?{query}" if query else "")


def _names(request: HttpRequest, codes: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    ordered = sorted(codes)
    for start in range(0, len(ordered), 500):
        found |= {each.code: each.name for each in parties.by_codes(request.actor, ordered[start : start + 500])}
    return found


def _list(request: HttpRequest, day: AsOf) -> dict[str, Any]:
    asked, hidden = read_asked(request.GET), request.actor.hidden
    given = {name: request.GET.get(name, "")[:200] for name in NAMES} | {"view": "list"}
    sums = queries.sums(asked, day.day, hidden=hidden)
    total = sum(
        each.count for each in sums if each.state == asked.state or (not asked.state and each.state != "overdue")
    )
    last_page = max((total - 1) // PAGE + 1, 1)
    number = request.GET.get("page", "")
    page = min(int(number), last_page) if number.isascii() and number.isdigit() and 0 < len(number) < 7 else 1
    page = max(page, 1)
    found = queries.listed(asked, day.day, hidden=hidden, start=(page - 1) * PAGE, most=PAGE)
    names = _names(request, {each.customer for each in found})
    items = {a.item for each in found for a in each.items}
    about = {each.id: each for each in receivables.items(sorted(items), day.day)} if items else {}
    return {
        "asked": asked,
        "lines": [line(each, day.day, about) | {"name": names.get(each.customer, each.customer)} for each in found],
        "columns": [_column(day, given, asked, *each) for each in COLUMNS],
        "totals": _totals(day, given, sums, asked.state),
        "states": list(STATES.items()),
        "sides": list(SIDES.items()),
        "kinds": list(KINDS.items()),
        "owners": [(each, person(each)) for each in queries.owners(hidden)],
        "territories": parties.choices(request.actor, "territory"),
        "first": (page - 1) * PAGE + 1,
        "last": (page - 1) * PAGE + len(found),
        "total": total,
        "before": _address(day, **given, page=page - 1) if page > 1 else "",
        "after": _address(day, **given, page=page + 1) if page < last_page else "",
        "csv": _address(day, **given, format="csv"),
        "xlsx": _address(day, **given, format="xlsx"),
        "month_href": _address(day),
        "bare": _address(day, view="list"),
    }


def _column(day: AsOf, given: dict[str, str], asked: Asked, name: str, label: Any) -> dict[str, Any]:
    on = asked.sort == name
    order = "down" if on and not asked.descending else ""
    return {
        "key": name,
        "label": label,
        "right": name == "amount",
        "roomy": name == "made",
        "sorted": ("descending" if asked.descending else "ascending") if on else "",
        "href": _address(day, **(given | {"sort": name, "order": order})),
    }


def _totals(day: AsOf, given: dict[str, str], sums: list[Sum], chosen: str = "") -> list[dict[str, Any]]:
    """By state: how many, and of theirs how much by currency; each leads to its list."""
    rows = []
    for state, label in STATES.items():
        mine = [each for each in sums if each.state == state]
        amounts: dict[str, int] = defaultdict(int)
        for each in mine:
            if each.by == THEM:
                amounts[each.currency] += each.amount
        rows.append(
            {
                "label": label,
                "tone": TONES.get(state, ""),
                "count": sum(each.count for each in mine),
                "amounts": sorted(amounts.items()),
                "current": state == chosen,
                "href": _address(day, **(given | {"view": "list", "state": state})),
            }
        )
    return rows


def _month(request: HttpRequest, day: AsOf) -> dict[str, Any]:
    wanted = _day(f"{request.GET.get('month', '')[:7]}-01") or day.day
    wanted = wanted if 1900 <= wanted.year < 2200 else day.day
    first, last = wanted.replace(day=1), month_end(wanted)
    hidden, tongue = request.actor.hidden, locale()
    by_day: dict[date, list[Sum]] = defaultdict(list)
    sums = queries.by_day(first, last, day.day, hidden=hidden)
    for each in sums:
        if each.due:
            by_day[each.due].append(each)
    monday, days = first - timedelta(days=first.weekday()), []
    while monday <= last:
        week = [monday + timedelta(days=n) for n in range(7)]
        days += [_cell(day, each, by_day.get(each, []), inside=first <= each <= last) for each in week]
        monday += timedelta(days=7)
    heads = get_day_names("abbreviated", locale=tongue)
    month = Asked(first=first, last=last)
    window = {"from": first.isoformat(), "to": last.isoformat()}
    return {
        "title": format_date(first, "MMMM y" if tongue == "en" else "y年M月", locale=tongue),
        "heads": [heads[n] for n in range(7)],
        "days": days,
        "empty": not sums,
        "totals": _totals(day, window, queries.sums(month, day.day, hidden=hidden)),
        "earlier": _address(day, month=f"{first - timedelta(days=1):%Y-%m}"),
        "later": _address(day, month=f"{last + timedelta(days=1):%Y-%m}"),
        "now": _address(day) if not first <= day.day <= last else "",
        "list_href": _address(day, view="list", **window),
        "csv": _address(day, format="csv", **window),
        "xlsx": _address(day, format="xlsx", **window),
    }


def _cell(day: AsOf, on: date, sums: list[Sum], *, inside: bool) -> dict[str, Any]:
    """A day: what came, may still come and didn't come, by currency; and ours as a mark each kind of state."""
    parts: dict[tuple[str, str], int] = defaultdict(int)
    for each in sums:
        if each.by != THEM or each.state in ("withdrawn", "renewed"):
            continue
        parts["kept", each.currency] += each.received
        parts["waiting" if each.state == "open" else "broken", each.currency] += each.amount - each.received
    order = ("kept", "waiting", "broken")
    ours: dict[str, int] = defaultdict(int)
    for each in sums:
        if each.by == US and each.state not in ("withdrawn", "renewed"):
            ours[each.state] += each.count
    return {
        "day": on,
        "inside": inside,
        "today": on == day.day,
        "sums": [
            (what, code, parts[what, code])
            for what, code in sorted(parts, key=lambda k: (k[1], order.index(k[0])))
            if parts[what, code]
        ],
        "ours": [(STATES[state], TONES.get(state, ""), count) for state, count in sorted(ours.items())],
        "href": _address(day, view="list", **{"from": on.isoformat(), "to": on.isoformat()}) if sums else "",
    }
