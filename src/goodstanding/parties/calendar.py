"""When the firm works: the country's holidays, its weekly rest days, and days of its own."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from goodstanding.kernel.days import FIRST_YEAR, LAST_YEAR, WEEKEND, BusinessCalendar
from goodstanding.kernel.errors import N_, NotFound, Refused, StaleVersion
from goodstanding.parties import models
from goodstanding.parties.rules.checks import is_line

LONGEST = 100
WEEK = range(7)


@dataclass(frozen=True, slots=True)
class WorkingTimes:
    """What the firm set: `closed` and `worked` are its own days with their names."""

    country: str
    rest: tuple[int, ...]
    closed: Mapping[date, str]
    worked: Mapping[date, str]
    version: int

    def calendar(self) -> BusinessCalendar:
        """The calendar that follows."""
        return BusinessCalendar(self.country, rest=self.rest, closed=self.closed, worked=self.worked)


def working_times() -> WorkingTimes:
    """What is set; before anybody set anything: no country, Saturday and Sunday off."""
    row = models.WorkingCalendar.objects.first()
    days = list(models.OwnDay.objects.order_by("day").values_list("day", "name", "working"))
    return WorkingTimes(
        country=row.country if row else "",
        rest=tuple(row.rest_days) if row else WEEKEND,
        closed={day: name for day, name, working in days if not working},
        worked={day: name for day, name, working in days if working},
        version=row.version if row else 0,
    )


def calendar() -> BusinessCalendar:
    """The firm's working days, for whoever needs them."""
    return working_times().calendar()


def set_times(country: str, rest: Collection[int], *, version: int) -> None:
    """Set the country ("" for none) and the weekly rest days (0 is Monday), as they were read at `version`.

    Refused "unknown_country", "rest_days" (a week needs a working day); StaleVersion.
    """
    rests = sorted(set(rest))
    if not set(rests) < set(WEEK):
        raise Refused("rest_days", N_("Leave at least one day of the week to work on."))
    BusinessCalendar(country)
    models.WorkingCalendar.objects.bulk_create([models.WorkingCalendar()], ignore_conflicts=True)
    found = models.WorkingCalendar.objects.filter(pk=1, version=version)
    if not found.update(country=country, rest_days=rests, version=version + 1):
        raise StaleVersion("stale_version", N_("Somebody changed these settings since you opened them: look again."))


def add_own_day(day: date, name: str, *, working: bool) -> None:
    """Add a day of the firm's own. Refused "own_day_taken", "own_day_name", "year"."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused("year", N_("{value}: the year must lie between 1900 and 2199"), value=day.isoformat())
    name = name.strip()
    if not name or len(name) > LONGEST or not is_line(name):
        raise Refused("own_day_name", N_("Give the day a name of at most {longest} characters."), longest=LONGEST)
    made = models.OwnDay(day=day, name=name, working=working)
    models.OwnDay.objects.bulk_create([made], ignore_conflicts=True)
    kept = models.OwnDay.objects.filter(day=day).values_list("name", "working").get()
    if kept != (name, working):
        raise Refused("own_day_taken", N_("{day} is set already: {name}."), day=day.isoformat(), name=kept[0])


def remove_own_day(day: date) -> tuple[str, bool]:
    """Forget a day of the firm's own; gives its name and whether it was a working one. NotFound."""
    found = models.OwnDay.objects.filter(day=day).values_list("name", "working").first()
    if found is None or not models.OwnDay.objects.filter(day=day).delete()[0]:
        raise NotFound("no_such_day", N_("{day} is not a day of the firm's own."), day=day.isoformat())
    return found[0], found[1]
