"""Moments written in files: a day with a time, of this firm's clock unless the cell states its own offset."""

import re
from datetime import UTC, datetime, time

from django.utils.timezone import make_aware

from goodstanding.kernel.days import FIRST_YEAR, LAST_YEAR, DateOrder, parse_day
from goodstanding.kernel.errors import N_, Refused

MOMENT = N_("{value} is not a day with a time; write YYYY-MM-DD HH:MM")
_CLOCK = re.compile(r"(.+?)[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
NOON = time(12)  # of a day whose time nobody wrote down


def utc_text(text: str, order: DateOrder | None = None) -> str:
    """A moment as text in UTC, 2026-03-02T06:30:00Z. A day alone is noon of it. Refused "moment", and as `parse_day`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _written(text, order)
    if len(text) <= len("2026-03-02"):
        found = datetime.combine(found, NOON)
    if not FIRST_YEAR < found.year < LAST_YEAR:
        raise Refused("moment", MOMENT, value=repr(text[:60]))
    return as_text(found if found.tzinfo else make_aware(found))


def _written(text: str, order: DateOrder | None) -> datetime:
    """As people write it: the day in their order, hours and minutes behind it."""
    clock = _CLOCK.fullmatch(text)
    if clock is None:
        return datetime.combine(parse_day(text, order), NOON)
    day, hour, minute, second = clock.groups()
    try:
        return datetime.combine(parse_day(day, order), time(int(hour), int(minute), int(second or 0)))
    except ValueError:
        raise Refused("moment", MOMENT, value=repr(text[:60])) from None


def as_text(moment: datetime) -> str:
    """A moment as the book's files write it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
