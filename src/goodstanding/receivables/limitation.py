"""The limitation clock: until when a claim can be enforced, and what restarted it (FORMULAS.md 20).

Years run from the due day. A demand that can be proved restarts them while they run; an acknowledgement by the debtor
(a promise to pay, a confirmed balance) restarts them even afterwards. docs/algorithms/limitation.md
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from goodstanding.kernel.errors import N_, Refused

YEARS = 3  # where nobody decided otherwise
LONGEST = 30
ACKNOWLEDGED = frozenset({"promise", "confirmation"})


@dataclass(frozen=True, slots=True)
class Term:
    """How many years a claim has from a day on: the term of the day on which the clock starts holds."""

    start: date
    years: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What can be proved: a message or letter sent, a promise made, a balance confirmed. `what` names it."""

    day: date
    kind: str  # message, letter, promise, confirmation
    what: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """Until when, from which day it runs, and the proof that started it (None: the due day)."""

    until: date
    since: date
    proof: Proof | None
    as_of: date

    @property
    def days_left(self) -> int:
        """Days until it has run out; below zero when it has."""
        return (self.until - self.as_of).days

    @property
    def expired(self) -> bool:
        """Whether the last day has passed."""
        return self.days_left < 0


def check_years(years: int) -> None:
    """Refuse a term that no law knows."""
    if not 1 <= years <= LONGEST:
        raise Refused("limitation_years", N_("The limitation is between 1 and {most} years."), most=LONGEST)


def anniversary(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def years_on(terms: Iterable[Term], day: date) -> int:
    """The years of a day: the last term given of those with the latest start up to it, else three."""
    found: Term | None = None
    for each in terms:
        if each.start <= day and (found is None or each.start >= found.start):
            found = each
    return found.years if found else YEARS


def clock(due: date, proofs: Iterable[Proof], terms: Iterable[Term], as_of: date) -> Clock:
    """The clock of an item at the end of a day. Proofs before the due day count nothing: nothing ran yet."""
    known = tuple(terms)
    since, proof = due, None
    until = anniversary(due, years_on(known, due))
    for each in sorted(proofs, key=lambda one: (one.day, one.kind, one.what)):
        if due < each.day <= as_of and (each.day <= until or each.kind in ACKNOWLEDGED):
            since, proof = each.day, each
            until = anniversary(each.day, years_on(known, each.day))
    return Clock(until, since, proof, as_of)
