"""Settings, calendar: the country's holidays, weekly rest days, days of the firm's own, and the year that follows."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from babel import Locale
from babel.dates import get_day_names
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.set_calendar import add_own_day, remove_own_day, set_calendar
from goodstanding.kernel.days import BusinessCalendar, countries
from goodstanding.kernel.errors import Refused
from goodstanding.parties.calendar import WorkingTimes, working_times
from goodstanding.parties.rules.search import syllables
from goodstanding.web.answers import say
from goodstanding.web.forms import DeskForm
from goodstanding.web.frame import locale
from goodstanding.web.pages.settings.doing import done
from goodstanding.web.pages.settings.forms import OwnDay, Times
from goodstanding.web.templatetags.desk import day as day_words

YEAR = 365


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """The form for country and rest days, the firm's own days, and the coming twelve months."""
    require(request.actor, "view_audit")
    found = working_times()
    form = _times(found, request.POST or None)
    if request.method == "POST":
        require(request.actor, "set_calendar")
        if form.is_valid() and done(
            form, lambda: set_calendar(actor=request.actor, now=timezone.now(), **form.cleaned_data)
        ):
            messages.success(request, gettext("Saved."))
            return redirect("calendar-settings")
    return _page(request, found, form, OwnDay())


@require_POST
def own_day(request: HttpRequest) -> HttpResponse:
    """Add a day of the firm's own."""
    require(request.actor, "set_calendar")
    form = OwnDay(request.POST)
    if form.is_valid() and done(
        form, lambda: add_own_day(actor=request.actor, now=timezone.now(), **form.cleaned_data)
    ):
        messages.success(request, gettext("{day} is noted.").format(day=day_words(form.cleaned_data["day"])))
        return redirect("calendar-settings")
    found = working_times()
    return _page(request, found, _times(found), form)


@require_POST
def remove_day(request: HttpRequest) -> HttpResponse:
    """Forget a day of the firm's own."""
    require(request.actor, "set_calendar")
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
        remove_own_day(actor=request.actor, now=timezone.now(), day=day)
    except ValueError:
        messages.error(request, gettext("Choose the day to forget."))
    except Refused as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, gettext("{day} is a day like its others again.").format(day=day_words(day)))
    return redirect("calendar-settings")


def country_name(code: str) -> str:
    """A country in the reader's language."""
    return str(Locale.parse(locale()).territories.get(code, code)) if code else gettext("no country")


def rest_words(rest: Sequence[int]) -> str:
    """Weekdays in the reader's language."""
    names = get_day_names("abbreviated", context="stand-alone", locale=locale())
    return ", ".join(names[each] for each in sorted(rest)) or gettext("none")


def _times(found: WorkingTimes, data: Any = None) -> DeskForm:
    names = [(code, country_name(code)) for code in countries()]
    days = get_day_names("wide", context="stand-alone", locale=locale())
    return Times(
        data,
        countries=sorted(names, key=lambda each: syllables(each[1])),
        weekdays=[(each, days[each]) for each in range(7)],
        initial={"country": found.country, "rest": list(found.rest), "version": found.version},
    )


def _page(request: HttpRequest, found: WorkingTimes, form: DeskForm, own: DeskForm) -> HttpResponse:
    first = timezone.localdate()
    last = first + timedelta(days=YEAR)
    known = found.calendar()
    guessed = known.unpublished(first, last)
    context = {
        "form": form,
        "own": own,
        "may_set": permits(request.actor.roles, "set_calendar"),
        "country": country_name(found.country),
        "rest": rest_words(found.rest),
        "guessed": ", ".join(map(str, guessed)),
        "days": [_day(known, each, guessed) for each in known.unusual(first, last)],
        "working_days": known.working_days(first, last),
        "own_days": sorted(
            [*_own(found.closed, working=False), *_own(found.worked, working=True)], key=lambda each: each["day"]
        ),
    }
    return render(request, "pages/settings/calendar.html", context)


def _day(known: BusinessCalendar, day: date, guessed: Sequence[int]) -> dict[str, Any]:
    kind = known.kind(day)
    name = known.name(day, locale())
    words = {"make_up": gettext("Working day in exchange")}
    return {"day": day, "kind": kind, "name": name or words.get(kind, ""), "works": known.is_working(day),
            "own": kind in ("closed", "worked"), "guess": day.year in guessed and kind == "holiday"}  # fmt: skip


def _own(days: Any, *, working: bool) -> list[dict[str, Any]]:
    return [{"day": day, "name": name, "works": working} for day, name in days.items()]
