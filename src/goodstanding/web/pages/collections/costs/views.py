"""Cost to collect: a period by customer, class, channel or collector; each figure leads to its touches."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from goodstanding.actions.base import require
from goodstanding.kernel.money import decimal_text
from goodstanding.parties import queries as parties
from goodstanding.reports.costs import BY, OVERLAPPING, Cost, behind, costs, reached, total
from goodstanding.reports.effectiveness import PARTS
from goodstanding.web import words
from goodstanding.web.downloads import answer
from goodstanding.web.frame import FIRST_DAY, LAST_DAY, as_of
from goodstanding.web.pages.insight.figures import shown, written
from goodstanding.web.templatetags.desk import person

PAGE = 50
LABELS = {
    "customer": _("Customer"),
    "value": _("Value"),
    "behaviour": _("Payment behaviour"),
    "kind": _("Kind"),
    "territory": _("Territory"),
    "channel": _("Channel"),
    "collector": _("Collector"),
}
CHANNELS = {
    "visit": _("Visit"),
    "call": _("Call"),
    "letter": _("Letter"),
    "message": _("Message"),
    "delivery": _("Delivery"),
    "gift": _("Gift"),
    "greeting": _("Greeting"),
    "forum": _("Forum"),
}
PURPOSE_OUTCOMES = {
    "done": _("done"),
    "reached": _("reached"),
    "no_answer": _("no answer"),
    "wrong_person": _("another person"),
    "left_message": _("left a message"),
    "promised": _("promised"),
    "paid": _("paid"),
    "dispute": _("disputed"),
    "refused": _("refused"),
    "bounced": _("came back"),
    "other": _("other"),
}
COLUMNS = {
    "key": ("", False),
    "touches": (_("Touches"), True),
    "minutes": (_("Minutes"), True),
    "cost": (_("Cost"), True),
    "collected": (_("Collected"), True),
    "per_unit": (_("Cost per unit"), True),
    "contacts": (_("Right party"), True),
    "promised": (_("Promised"), True),
    "kept": (_("Kept"), True),
    "cei": (_("CEI"), True),
}
HELP = {
    "touches": _("Touches made to collect, dated in the period, without withdrawn ones."),
    "minutes": _("The sum of the minutes of these touches."),
    "cost": _("What the touches made to collect cost: minutes at the rates of their day, and money spent."),
    "collected": _("Payments dated in the period, less refunds and reversals."),
    "per_unit": _("Cost of the touches made to collect / cash collected. No figure where nothing was collected."),
    "contacts": _("Touches that reached who decides / touches."),
    "promised": _("Sum of the promises to pay made in the period, and their number; a renewal isn't counted again."),
    "kept": _("Sum and number of those that stand kept at the end of the last day."),
    "cei": _(
        "(opening receivables + credit sales − closing receivables) / (opening receivables + credit sales − closing "
        "receivables not yet due) × 100, of the customers that the collector touched to collect in the period."
    ),
}


@require_safe
def costs_page(request: HttpRequest) -> HttpResponse:
    """The rows of a period, sorted and turned by pages, or as a file."""
    require(request.actor, "view_book")
    first, last = period(request)
    by = request.GET.get("by", "channel")
    by = by if by in BY else "channel"
    sort = request.GET.get("sort", "cost")
    columns = [key for key in COLUMNS if key != "cei" or by == "collector"]
    sort = sort if sort in columns else "cost"
    down = request.GET.get("order", "up" if sort == "key" else "down") == "down"
    found = costs(by, first, last, request.actor.hidden)
    found.sort(key=lambda each: each.key)
    found.sort(key=lambda each: _weight(each, sort), reverse=down)
    found.sort(key=lambda each: each.currency)  # amounts of two currencies are never compared
    if request.GET.get("format") in ("csv", "xlsx"):
        return _download(request, by, found, (first, last))
    kept = {"from": first.isoformat(), "to": last.isoformat(), "by": by, **as_of(request).param}
    here = kept | {"sort": sort, "order": "down" if down else "up"}
    asked = request.GET.get("page", "")
    last_page = max((len(found) - 1) // PAGE + 1, 1)
    page = min(int(asked), last_page) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 7 else 1
    start = (max(page, 1) - 1) * PAGE
    some = found[start : start + PAGE]
    context = {
        "tab": "costs",
        "by": by,
        "ways": [(code, words_, _address(kept | {"by": code})) for code, words_ in LABELS.items()],
        "presets": [
            (
                words_,
                _address(kept | {"from": since.isoformat(), "to": until.isoformat()}),
                (since, until) == (first, last),
            )
            for words_, since, until in _presets(as_of(request).day)
        ],
        "first": first,
        "last": last,
        "columns": [_column(key, by, sort, kept, down=down) for key in columns],
        "rows": [_row(each, by, names, kept) for names in [_names(request, by, some)] for each in some],
        "totals": [] if by in OVERLAPPING else [_row(each, by, {}, {}) for each in total(found)],
        "overlapping": by in OVERLAPPING,
        "no_promises": by == "channel",
        "collectors": by == "collector",
        "start": start + 1,
        "end": start + len(some),
        "total": len(found),
        "before": _address(here | {"page": page - 1}) if page > 1 else "",
        "after": _address(here | {"page": page + 1}) if page < last_page else "",
        "csv": _address(here | {"format": "csv"}),
        "xlsx": _address(here | {"format": "xlsx"}),
        "kept": as_of(request).param,
    }
    return render(request, "pages/collections/costs/page.html", context)


@require_safe
def touches_page(request: HttpRequest) -> HttpResponse:
    """The touches behind a row, the newest first."""
    require(request.actor, "view_book")
    first, last = period(request)
    by = request.GET.get("by", "channel")
    row = (by if by in BY else "channel", request.GET.get("key", "")[:200], request.GET.get("currency", "")[:3])
    contacts = request.GET.get("reached", "") == "1"
    rows = behind(first, last, request.actor.hidden, row)
    if contacts:
        rows = reached(rows)
    asked = request.GET.get("page", "")
    count = rows.count()
    last_page = max((count - 1) // PAGE + 1, 1)
    page = min(int(asked), last_page) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 7 else 1
    start = (max(page, 1) - 1) * PAGE
    kept = {"from": first.isoformat(), "to": last.isoformat(), "by": row[0], **as_of(request).param}
    here = kept | {"key": row[1], "currency": row[2]} | ({"reached": "1"} if contacts else {})
    some = list(rows.select_related("customer")[start : start + PAGE])
    context = {
        "tab": "costs",
        "back": _address(kept),
        "heading": _key(row[0], row[1], {row[1]: some[0].customer.name} if some and row[0] == "customer" else {}),
        "grouping": LABELS[row[0]],
        "rows": [
            (each, CHANNELS[each.kind], PURPOSE_OUTCOMES.get(each.outcome, each.outcome), person(each.by))
            for each in some
        ],
        "first": first,
        "last": last,
        "start": start + 1,
        "end": start + len(some),
        "total": count,
        "before": _address(here | {"page": page - 1}, "cost-touches") if page > 1 else "",
        "after": _address(here | {"page": page + 1}, "cost-touches") if page < last_page else "",
    }
    return render(request, "pages/collections/costs/touches.html", context)


def period(request: HttpRequest) -> tuple[date, date]:
    """The days asked for; the year up to the day looked at where they make no period."""
    day = as_of(request).day
    first, last = (_day(request.GET.get(name, "")) for name in ("from", "to"))
    last = last or day
    first = first or last.replace(month=1, day=1)
    return (first, last) if first <= last else (last.replace(month=1, day=1), last)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if FIRST_DAY <= found < LAST_DAY else None


def _presets(day: date) -> list[tuple[str, date, date]]:
    month = day.replace(day=1)
    before = month - timedelta(days=1)
    return [
        (gettext("This month"), month, day),
        (gettext("Last month"), before.replace(day=1), before),
        (gettext("This year"), day.replace(month=1, day=1), day),
    ]


def _address(params: dict[str, Any], name: str = "costs") -> str:
    return reverse(name) + "?" + urlencode(params)


def _weight(each: Cost, sort: str) -> Any:
    if sort == "key":
        return each.key.casefold()
    if sort == "per_unit":
        return each.per_unit.value if each.per_unit.value is not None else -1
    if sort == "cei":
        return each.cei.value if each.cei.value is not None else float("-inf")
    if sort == "contacts":
        return each.right_party.value if each.right_party.value is not None else -1
    return getattr(each, {"promised": "promised_amount", "kept": "kept_amount"}.get(sort, sort))


def _column(key: str, by: str, sort: str, kept: dict[str, str], *, down: bool) -> dict[str, Any]:
    label, right = COLUMNS[key]
    on = key == sort
    order = ("up" if down else "down") if on else ("down" if right else "up")
    return {
        "key": key,
        "label": label or LABELS[by],
        "right": right,
        "help": HELP.get(key, ""),
        "sorted": ("descending" if down else "ascending") if on else "",
        "href": _address(kept | {"sort": key, "order": order}),
    }


def _names(request: HttpRequest, by: str, rows: list[Cost]) -> dict[str, str]:
    if by != "customer":
        return {}
    return {each.code: each.name for each in parties.by_codes(request.actor, [row.key for row in rows])}


def _key(by: str, key: str, names: dict[str, str]) -> str:
    if by == "channel":
        return str(CHANNELS.get(key, key))
    if by == "collector":
        return person(key) or gettext("Nobody named")
    if by == "behaviour":
        return str(words.LABELS.get(key, key)) or gettext("not known")
    return names.get(key, key) or gettext("not known")


def _row(each: Cost, by: str, names: dict[str, str], kept: dict[str, str]) -> dict[str, Any]:
    here = kept | {"key": each.key, "currency": each.currency}
    return {
        "cost": each,
        "name": _key(by, each.key, names),
        "per_unit": _figure(each.per_unit.value, each),
        "right_party": shown(each.right_party, "share"),
        "cei": shown(each.cei, "percent"),
        "href": _address(here, "cost-touches") if kept else "",
        "reached": _address(here | {"reached": "1"}, "cost-touches") if kept else "",
    }


def _figure(value: Any, each: Cost) -> dict[str, str]:
    if value is None:
        return shown(each.per_unit, "share")
    return {"text": written(value, "share"), "why": "", "notes": ""}


def _download(request: HttpRequest, by: str, found: list[Cost], days: tuple[date, date]) -> HttpResponse:
    header = [str(LABELS[by]), gettext("Currency"), gettext("Touches"), gettext("Minutes"), gettext("Cost")]
    header += [gettext("Collected"), gettext("Right-party contacts"), gettext("Promises"), gettext("Promised")]
    header += [gettext("Promises kept"), gettext("Kept")]
    if by == "collector":
        header += [gettext("Opening receivables"), gettext("Credit sales"), gettext("Closing receivables")]
        header += [gettext("Closing not yet due"), gettext("CEI")]
    names = _names(request, by, found)

    def line(each: Cost) -> list[str]:
        def money(minor: int) -> str:
            return decimal_text(minor, each.currency) if each.currency else ""

        counts = [str(each.touches), str(each.minutes), money(each.cost), money(each.collected), str(each.contacts)]
        promised = [str(each.promised), money(each.promised_amount), str(each.kept), money(each.kept_amount)]
        more = promised if by != "channel" else [""] * 4
        if by == "collector":
            stood = each.stood
            more += [money(getattr(stood, part)) if stood else "" for part in PARTS]
            more.append("" if each.cei.value is None else f"{each.cei.rounded(2):.2f}")
        return [_key(by, each.key, names), each.currency, *counts, *more]

    name = f"cost-to-collect-{by}-{days[0].isoformat()}-{days[1].isoformat()}"
    return answer(request.GET["format"], name, header, map(line, found), frozenset(range(2, len(header))))
