"""Days: month ends, days written in files, and working days of a country with China's make-up workdays."""

import re
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from goodstanding.kernel.errors import N_, Refused

FIRST_YEAR, LAST_YEAR = 1900, 2199  # outside it is a typing slip such as 0202
# Governments that decree their working Saturdays year by year: an unpublished year is only a guess.
_DECREED_YEARLY = frozenset({"CN"})
WEEKEND = (5, 6)


class DateOrder(StrEnum):
    """The order in which a file writes year, month and day."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


_TIME = r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.0+)?)?)?"  # a local time of day is dropped
_YEAR_FIRST = re.compile(
    rf"([0-9]{{4}})(?:([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}})|年([0-9]{{1,2}})月([0-9]{{1,2}})日){_TIME}"
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}})([-/.])([0-9]{{1,2}})\2([0-9]{{4}}){_TIME}")


def month_end(day: date) -> date:
    """The last day of the month that `day` lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_ends(first: date, last: date) -> list[date]:
    """The ends of all months from the one `first` lies in to the one `last` lies in, oldest first."""
    ends, end = [], month_end(first)
    while end <= month_end(last):
        ends.append(end)
        end = month_end(end + timedelta(days=1))
    return ends


def parse_day(text: str, order: DateOrder | None = None) -> date:
    """A day written as text.

    2026-03-02, 2026/3/2, 2026.3.2, 20260302 and 2026年3月2日 need no order; 02/03/2026, 2.3.2026 and 2-3-2026 do,
    unless one of the numbers is above 12. Refused "date", "date_order" (ambiguous), "year" (not 1900–2199).
    """
    if found := _YEAR_FIRST.fullmatch(text):
        year, _, month, day, month_cn, day_cn = found.groups()
        return _day(text, int(year), int(month or month_cn), int(day or day_cn))
    if found := _COMPACT.fullmatch(text):
        return _day(text, *map(int, found.groups()))
    found = _YEAR_LAST.fullmatch(text)
    if found is None:
        raise Refused("date", N_("{value} is not a date"), value=repr(text[:60]))
    one, two, year = int(found[1]), int(found[3]), int(found[4])
    if order not in (DateOrder.DMY, DateOrder.MDY):
        order = implied_order(one, two)
    if order is None:
        if one == two:
            return _day(text, year, one, two)
        raise Refused(
            "date_order", N_("{value} can be two days; say whether the day or the month comes first"), value=repr(text)
        )
    return _day(text, year, two, one) if order is DateOrder.DMY else _day(text, year, one, two)


def implied_order(one: int, two: int) -> DateOrder | None:
    """The order that two numbers before a year prove: whichever is above 12 is the day."""
    if one > 12 >= two:
        return DateOrder.DMY
    if two > 12 >= one:
        return DateOrder.MDY
    return None


def proven_order(text: str) -> DateOrder | None:
    """The order that one written day proves by itself; None where it proves nothing."""
    found = _YEAR_LAST.fullmatch(text)
    return implied_order(int(found[1]), int(found[3])) if found else None


def _day(text: str, year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused("year", N_("{value}: the year must lie between 1900 and 2199"), value=repr(text))
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused("date", N_("{value} is not a date"), value=repr(text)) from None


class BusinessCalendar:
    """Working days of a country (ISO 3166 code, "" for none): its public holidays, weekends and decreed make-up workdays.

    `rest` are a firm's own weekly rest days (0 is Monday), the country's where nothing is said; `closed` and `worked` are
    its own days, each with a name, and go before everything else.
    Refused "unknown_country" when the country has no published calendar.
    """

    def __init__(
        self,
        country: str,
        *,
        rest: Collection[int] | None = None,
        closed: Mapping[date, str] = MappingProxyType({}),
        worked: Mapping[date, str] = MappingProxyType({}),
    ) -> None:
        self.country = country
        self.rest = None if rest is None and country else frozenset(rest if rest is not None else WEEKEND)
        self.closed, self.worked = closed, worked
        if country:
            _country(country)

    def kind(self, day: date) -> str:
        """What kind of day it is: "closed" and "worked" by the firm's own word, a "holiday", a "make_up" workday, a
        "rest" day, or "" for an ordinary working day. A guess where `is_published` says no.
        """
        if day in self.worked or day in self.closed:
            return "worked" if day in self.worked else "closed"
        public = _public(self.country, day.year) if self.country else None
        if self.rest is None and public is not None:
            rests = public.is_weekend(day)
        else:
            rests = day.weekday() in (self.rest or ())
        if public is not None and rests and day in public.weekend_workdays:
            return "make_up"
        if public is not None and day in public:
            return "holiday"
        return "rest" if rests else ""

    def is_working(self, day: date) -> bool:
        """Whether people work on `day`. A guess where `is_published` says no."""
        return self.kind(day) in ("", "worked", "make_up")

    def name(self, day: date, language: str = "en") -> str:
        """What the day is called: by the firm, else the public holiday in that language where it has one, else ""."""
        if day in self.worked or day in self.closed:
            return self.worked.get(day) or self.closed.get(day, "")
        if not self.country:
            return ""
        return str(_public(self.country, day.year, _tongue(self.country, language)).get(day, ""))

    def is_published(self, year: int) -> bool:
        """Whether the year's decree is known here; a year that isn't is computed by last known rules."""
        if self.country not in _DECREED_YEARLY:
            return True
        return year in _country(self.country).special_public_holidays

    def unpublished(self, first: date, last: date) -> list[int]:
        """The years from `first` to `last` that are guesses: say so beside any figure built on them."""
        return [year for year in range(first.year, last.year + 1) if not self.is_published(year)]

    def unusual(self, first: date, last: date) -> list[date]:
        """The days from `first` to `last` that are not what their weekday says, in their order."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in days if self.kind(day) not in ("", "rest")]

    def next_working(self, day: date) -> date:
        """`day` itself when people work on it, else the first working day after it."""
        return next(each for each in self._from(day) if self.is_working(each))

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it when negative); 0 gives `next_working`."""
        if count == 0:
            return self.next_working(day)
        step = timedelta(days=1 if count > 0 else -1)
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def working_days(self, first: date, last: date) -> int:
        """How many working days lie after `first`, up to and with `last`."""
        return sum(self.is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))

    @staticmethod
    def _from(day: date) -> Iterator[date]:
        while True:
            yield day
            day += timedelta(days=1)


def countries() -> list[str]:
    """The codes of the countries whose calendar is known here."""
    import holidays  # half a second that readers of files need not pay

    return sorted(holidays.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=64)
def _country(country: str) -> Any:
    """What is known of a country's calendar, without any year."""
    import holidays

    try:
        return holidays.country_holidays(country, expand=False)
    except NotImplementedError:
        raise Refused("unknown_country", N_("There is no calendar for {country}"), country=repr(country)) from None


@lru_cache(maxsize=256)
def _public(country: str, year: int, language: str | None = None) -> Any:
    """The public holidays of one year: never changed once made, so that threads may share it."""
    import holidays

    return holidays.country_holidays(country, years=year, expand=False, language=language)


def _tongue(country: str, language: str) -> str | None:
    """The nearest language in which a country names its days; None for its own."""
    known = _country(country).supported_languages
    wanted = {"zh_Hans": ("zh_CN", "en_US"), "en": ("en_US",)}.get(language, (language,))
    return next((each for each in wanted if each in known), None)
