"""How often somebody was contacted: the windows that the ceilings count in."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

WEEK = timedelta(days=7)


def counted(moments: Iterable[datetime], until: datetime, day: date) -> tuple[int, int]:
    """Contacts within 7 days before `until`, and those on `day` by the clock of `until`.

    Whatever is stamped later than `until` counts in both: when a clock was set back, nothing that happened is forgotten.
    """
    week = today = 0
    for at in moments:
        week += at > until - WEEK
        today += at.astimezone(until.tzinfo).date() >= day
    return week, today
