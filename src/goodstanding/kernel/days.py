"""Days: month ends, days written in files, and working days of a country with China's make-up workdays."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from goodstanding.kernel.errors import N_, Refused

FIRST_YEAR, LAST_YEAR = 1900, 2199  # outside it is a typing slip such as 0202
# Governments that decree their working Saturdays year by year: an unpublished year is only a guess.
_DECREED_YEARLY = frozenset({"CN"})


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
    """Working days of a country (ISO 3166 code): its public holidays, weekends and decreed make-up workdays.

    Refused "unknown_country" when the country has no published calendar.
    """

    def __init__(self, country: str) -> None:
        import holidays  # half a second that readers of files need not pay

        self.country = country
        try:
            self._days = holidays.country_holidays(country)
        except NotImplementedError:
            raise Refused("unknown_country", N_("There is no calendar for {country}"), country=repr(country)) from None

    def is_working(self, day: date) -> bool:
        """Whether people work on `day`. A guess where `is_published` says no."""
        _ = day in self._days  # fills the year, its moved workdays included, before they are asked for
        return bool(self._days.is_working_day(day))

    def is_published(self, year: int) -> bool:
        """Whether the year's decree is known here; a year that isn't is computed by last known rules."""
        if self.country not in _DECREED_YEARLY:
            return True
        return year in self._days.special_public_holidays

    def unpublished(self, first: date, last: date) -> list[int]:
        """The years from `first` to `last` that are guesses: say so beside any figure built on them."""
        return [year for year in range(first.year, last.year + 1) if not self.is_published(year)]

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
