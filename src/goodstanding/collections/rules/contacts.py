"""How often somebody was contacted, and the hours and days on which nobody is: what holds for every sender."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from goodstanding.collections.types import Reason, Strategy
from goodstanding.kernel.errors import N_

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


def ceilings(week: int, today: int, strategy: Strategy) -> Iterator[Reason]:
    """Which ceilings are reached with so many contacts in 7 days and on the day."""
    if week >= strategy.per_week:
        params = (("count", str(week)), ("most", str(strategy.per_week)))
        yield Reason("ceiling", N_("contacted {count} times in 7 days; the most is {most}"), params)
    if today >= strategy.per_day:
        params = (("count", str(today)), ("most", str(strategy.per_day)))
        yield Reason("ceiling", N_("contacted {count} times today; the most is {most}"), params)


def is_quiet(local_now: datetime, strategy: Strategy) -> bool:
    """Whether the time of day lies in the quiet hours, which may pass midnight."""
    now, start, end = local_now.timetz().replace(tzinfo=None), strategy.quiet_from, strategy.quiet_until
    return start <= now < end if start <= end else now >= start or now < end


def unfit_hour(local_now: datetime, strategy: Strategy) -> Iterator[Reason]:
    """The quiet hours, while they last."""
    if is_quiet(local_now, strategy):
        hours = (("from", f"{strategy.quiet_from:%H:%M}"), ("until", f"{strategy.quiet_until:%H:%M}"))
        yield Reason("quiet", N_("nothing is sent between {from} and {until}"), hours)


def day_off(name: str) -> Iterator[Reason]:
    """A day of rest or a holiday; "" is a working day."""
    if name:
        yield Reason("day_off", N_("nobody is asked on a day off ({name})"), (("name", name),))
