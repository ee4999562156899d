"""Say when the firm works: its country, its weekly rest days, and days of its own."""

from collections.abc import Collection
from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.parties import calendar


def set_calendar(*, actor: Actor, now: datetime, country: str, rest: Collection[int], version: int) -> None:
    """Set the country and the weekly rest days that the actor read at `version`.

    Refused "unknown_country", "rest_days"; StaleVersion when somebody changed them since.
    """
    with acting("set_calendar", actor=actor, now=now) as audit:
        before = calendar.working_times()
        calendar.set_times(country, rest, version=version)
        after = calendar.working_times()
        if (before.country, before.rest) != (after.country, after.rest):
            audit("calendar", *({"country": each.country, "rest_days": each.rest} for each in (before, after)))


def add_own_day(*, actor: Actor, now: datetime, day: date, name: str, working: bool) -> None:
    """Add a day on which the firm is closed, or works though others rest. Refused when the day is set already."""
    with acting("set_calendar", actor=actor, now=now) as audit:
        calendar.add_own_day(day, name, working=working)
        audit(f"calendar {day}", None, {"name": name.strip(), "working": working})


def remove_own_day(*, actor: Actor, now: datetime, day: date) -> None:
    """Forget a day of the firm's own. NotFound."""
    with acting("set_calendar", actor=actor, now=now) as audit:
        name, working = calendar.remove_own_day(day)
        audit(f"calendar {day}", {"name": name, "working": working}, None)
