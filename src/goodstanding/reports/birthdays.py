"""Whose birthday falls on one of the next days, by the sun or by the moon."""

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from lunardate import LunarDate

from goodstanding.access.types import Actor
from goodstanding.parties.models import Contact
from goodstanding.parties.queries import seen_by
from goodstanding.reports.chosen import SOON

MOST = 12
_SHOWN = ("name", "role", "customer_id", "customer__name")


@dataclass(frozen=True, slots=True)
class Birthday:
    """Somebody's birthday: the day it falls on this year."""

    on: date
    name: str
    role: str
    customer: int
    customer_name: str
    lunar: bool


def birthdays(actor: Actor, as_of: date) -> tuple[Birthday, ...]:
    """Those of the next days, the day itself included, of people who may be contacted and the actor may see."""
    days = [as_of + timedelta(days=n) for n in range(SOON)]
    solar = {key: day for day in days for key in _solar(day)}
    lunar = {key: day for day in days for key in _lunar(day)}
    by_moon = Q(birthday_calendar="lunar")
    near = (Q(birthday_day__in=list(solar)) & ~by_moon) | (Q(birthday_day__in=list(lunar)) & by_moon)
    rows = Contact.objects.filter(
        seen_by(actor, "customer__"), near, birthday_day__in=[*solar, *lunar], may_contact=True
    )
    found = []
    # a large book has a thousand a week: no more of each is read than is shown
    for day, calendar, *who in rows.values_list("birthday_day", "birthday_calendar", *_SHOWN):
        moon = calendar == "lunar"
        found.append(Birthday((lunar if moon else solar)[day], *who, moon))
    return tuple(sorted(found, key=lambda each: (each.on, each.customer_name))[:MOST])


def days_of(day: date) -> tuple[frozenset[str], frozenset[str]]:
    """The birthdays (MM-DD) that a day is, by the sun and by the moon."""
    return frozenset(_solar(day)), frozenset(_lunar(day))


def _solar(day: date) -> Iterator[str]:
    """The birthdays that a day is; whoever was born on 29 February has theirs on the 28th of other years."""
    yield f"{day.month:02}-{day.day:02}"
    if (day.month, day.day) == (2, 28) and not isleap(day.year):
        yield "02-29"


def _lunar(day: date) -> Iterator[str]:
    """The same by the moon: its months have 29 or 30 days, and the 30th of a short one is kept on its last."""
    moon = LunarDate.from_solar_date(day.year, day.month, day.day)
    yield f"{moon.month:02}-{moon.day:02}"
    after = day + timedelta(days=1)
    if moon.day == 29 and LunarDate.from_solar_date(after.year, after.month, after.day).day == 1:
        yield f"{moon.month:02}-30"
