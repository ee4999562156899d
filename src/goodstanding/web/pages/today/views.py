"""Today: the day's figures, the customers that most need attention, what falls due, whose birthday it is."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.kernel.days import BusinessCalendar
from goodstanding.parties.calendar import calendar
from goodstanding.reports.desk import newest_day
from goodstanding.reports.today import Need, Today
from goodstanding.reports.today import today as report
from goodstanding.standing import queries as standing
from goodstanding.web import aging as shapes
from goodstanding.web import standing as rings
from goodstanding.web.frame import AsOf, as_of, locale
from goodstanding.web.pages.today.work import promised, work
from goodstanding.web.templatetags.desk import amount, label, tone, why

HELP = {
    "asking": _("What is past due and neither disputed nor held: what may be asked for today."),
    "soon": _("What falls due within seven days, today included."),
}
NOON, EVENING = 12, 18


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The page."""
    require(request.actor, "view_book")
    day = as_of(request)
    found = report(request.actor, day.day, request.GET.get("currency", "").upper()[:3])
    context = {
        "found": found,
        "greeting": None if day.is_past else _greeting(),
        "sentence": _sentence(found),
        "tabs": [
            {"currency": each.currency, "current": each.currency == found.currency, "href": _here(day, each.currency)}
            for each in found.currencies
        ],
        "tiles": _tiles(found, day),
        "needs": [_need(each, found, day) for each in found.needs],
        "work": work(request.actor, day, found.currency),
        "promised": promised(request.actor, day.day, found.currency),
        "days": _days(found, day),
        "is_empty": not found.currencies and newest_day(request.actor) is None,
        "all_href": _address("receivables", day, found.currency, show="past_due"),
        "may_import": permits(request.actor.roles, "import_book"),
    }
    _ring(context, day.day)
    return render(request, "pages/today/page.html", context)


def _ring(context: dict[str, Any], day: date) -> None:
    """Put a ring beside every customer of the page's lists, all from one reading."""
    rows = [(each["need"].customer.id, each, "need") for each in context["needs"]]
    rows += [(each["customer"].id, each, each["id"]) for each in context["work"].get("next", ())]
    found = standing.standings({number for number, *_rest in rows}, day)
    for number, row, name in rows:
        row["ring"] = rings.ring(found.get(number), f"ring-{name}-{number}")


def _greeting() -> str:
    hour = timezone.localtime().hour
    if hour < NOON:
        return gettext("Good morning, {name}")
    return gettext("Good afternoon, {name}") if hour < EVENING else gettext("Good evening, {name}")


def _sentence(found: Today) -> str:
    if not found.needy:
        return gettext("Nothing is past due that may be asked for.")
    words = ngettext(
        "{count} customer has something past due; below, those where most money waits longest.",
        "{count} customers have something past due; below, those where most money waits longest.",
        found.needy,
    )
    return words.format(count=found.needy)


def _here(day: AsOf, currency: str) -> str:
    return reverse("today") + "?" + urlencode(day.param | {"currency": currency})


def _address(name: str, day: AsOf, currency: str, **more: str) -> str:
    return reverse(name) + "?" + urlencode({k: v for k, v in (day.param | {"currency": currency} | more).items() if v})


def _tiles(found: Today, day: AsOf) -> list[dict[str, Any]]:
    totals, currency = found.totals, found.currency
    soon = sum(each.amount for each in found.soon)
    items = sum(each.items for each in found.soon)
    share = (
        gettext("{share}% of what is owed").format(share=round(100 * found.asking / totals.owed)) if totals.owed else ""
    )
    each = (
        (_("Open"), totals.total, shapes.HELP["total"], _items(totals.items), "", ""),
        (_("Past due, to be asked for"), found.asking, HELP["asking"], share, "amber" if found.asking else "", "asking"),
        (_("Due within seven days"), soon, HELP["soon"], _items(items), "", "soon"),
        (_("Unapplied"), totals.unapplied, shapes.HELP["unapplied"], _items(totals.unapplied_count), "", "unapplied"),
    )  # fmt: skip
    return [
        {"label": label_, "value": value, "help": sentence, "note": note, "tone": tone_,
         "href": _address("items", day, currency, part=part) if value else ""}
        for label_, value, sentence, note, tone_, part in each
    ]  # fmt: skip


def _items(count: int) -> str:
    return ngettext("{count} item", "{count} items", count).format(count=count)


def _need(need: Need, found: Today, day: AsOf) -> dict[str, Any]:
    """A row with its reasons, the weightiest first."""
    currency, reasons = found.currency, []
    late = ngettext("oldest {days} day past due", "oldest {days} days past due", need.days).format(days=need.days)
    reasons.append(("red" if need.days > shapes.OLD else "amber", late, ""))
    if need.over:
        over = gettext("{amount} above the credit limit").format(amount=amount(need.over, currency))
        reasons.append(("red", over, ""))
    for each in need.classes:
        words = gettext("pays: {label}") if each.dimension == "behaviour" else gettext("value: {label}")
        reasons.append((tone(each.label), words.format(label=label(each.label)), why(each)))
    if need.unapplied:
        loose = gettext("{amount} to be matched").format(amount=amount(-need.unapplied, currency))
        reasons.append(("indigo", loose, ""))
    if need.held:
        reasons.append(("amber", gettext("{amount} held").format(amount=amount(need.held, currency)), ""))
    return {
        "need": need,
        "reasons": [
            {"tone": tone_, "words": words, "why": sentence, "id": f"why-{need.customer.id}-{at}"}
            for at, (tone_, words, sentence) in enumerate(reasons)
        ],
        "href": _address("items", day, currency, key=need.customer.code, part="asking"),
    }


def _off(known: BusinessCalendar, day: date) -> str:
    """Why nobody works on a day: the holiday's name or that it is a day of rest; "" for a working day."""
    if known.is_working(day):
        return ""
    return known.name(day, locale()) or gettext("day of rest")


def _days(found: Today, day: AsOf) -> list[dict[str, Any]]:
    """What falls due day by day, with bars of up to a thousand."""
    most, known = max((each.amount for each in found.soon), default=0), calendar()
    return [{"off": _off(known, each.day), "day": each.day, "amount": each.amount, "items": each.items, "today": each.day == day.day,
             "bar": [{"x": 0, "width": 1000 * each.amount // most if most else 0, "shade": "a0"}]} for each in found.soon]  # fmt: skip
