"""The only clock of the program that the terminal reads; everything below is told the time."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from goodstanding.kernel.errors import N_, Refused

ZONE = "Asia/Shanghai"  # where nothing else is set; the desk's own is GOODSTANDING_TIME_ZONE


def now() -> datetime:
    """This moment, with its time zone."""
    return datetime.now(_zone())


def day(text: str | None) -> date:
    """The day asked for: YYYY-MM-DD, "today", "yesterday"; today where nothing is said."""
    if text in (None, "", "today"):
        return now().date()
    if text == "yesterday":
        return now().date() - timedelta(days=1)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("bad_day", N_("{text} is not a day: write it like 2026-06-30."), text=repr(text)) from None


def _zone() -> ZoneInfo:
    import os

    return ZoneInfo(os.environ.get("GOODSTANDING_TIME_ZONE", ZONE))
