"""The areas of the settings at a glance: each with what is set there, in a word and a line."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from goodstanding.inbound.queries import mappings
from goodstanding.parties.calendar import working_times
from goodstanding.receivables.late import lateness
from goodstanding.receivables.limitation import years_on
from goodstanding.receivables.policy import policy
from goodstanding.receivables.queries import closed_through
from goodstanding.relations.queries import rates
from goodstanding.web.pages.settings.working import country_name, rest_words
from goodstanding.web.templatetags.desk import amount, day

MOST_NAMED = 3
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Area:
    """One area: its name, what is set (`said`, with a `line` below), and its address."""

    name: str
    said: str
    line: str
    href: str


def areas() -> list[Area]:
    """All areas but people and teams, which stand on the page itself."""
    return [_books(), _aging(), _interest(), _touches(), _calendar(), _mappings()]


def _books() -> Area:
    closed = closed_through()
    line = gettext("Closed through this day") if closed else gettext("Never closed yet")
    return Area(gettext("Closed books"), day(closed) or gettext("open"), line, reverse("close-books"))


def _aging() -> Area:
    found = policy()
    some = [f"{amount(most, code)} {code}" for code, most in list(found.tolerances.items())[:MOST_NAMED]]
    line = gettext("Tolerance: {amounts}").format(amounts=", ".join(some)) if some else gettext("No tolerance")
    words = gettext("Aging and tolerances")
    return Area(words, ", ".join(map(str, found.limits)), line, reverse("aging-settings"))


def _interest() -> Area:
    found = lateness()
    said = ", ".join(found.currencies) or gettext("nothing is charged")
    years = years_on(found.terms, timezone.localdate())
    line = ngettext("A claim lives {count} year", "A claim lives {count} years", years).format(count=years)
    return Area(gettext("Late interest and limitation"), said, line, reverse("interest-settings"))


def _touches() -> Area:
    found = rates()
    said = ngettext("{count} rate", "{count} rates", len(found)).format(count=len(found))
    line = gettext("A minute and a piece, per kind")
    return Area(gettext("What a touch costs"), said, line, reverse("touch-costs"))


def _calendar() -> Area:
    found = working_times()
    line = gettext("Weekly rest: {days}").format(days=rest_words(found.rest))
    return Area(gettext("Calendar"), country_name(found.country), line, reverse("calendar-settings"))


def _mappings() -> Area:
    known = mappings()
    last = max((each.used_at or each.updated_at for each in known), default=None)
    line = gettext("The last used {day}").format(day=day(_local(last))) if last else gettext("None remembered yet")
    said = ngettext("{count} mapping", "{count} mappings", len(known)).format(count=len(known))
    return Area(gettext("Columns of files"), said, line, reverse("mappings"))


def _local(at: object) -> date:
    return timezone.localtime(at).date()  # type: ignore[arg-type]
