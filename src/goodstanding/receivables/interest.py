"""Late interest and fees by dated rules: pure and exact (FORMULAS.md 18, docs/algorithms/late-interest.md).

A rate is a whole number of parts in 100,000: 0.05% a day is 50, 10.15% a year is 10,150. Interest is simple, kept as a
fraction and rounded once, half up. A day bears interest on what was open when it began: paid on the thirtieth day
after the due day is thirty days late.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from goodstanding.kernel.errors import N_, Refused

PARTS = 100_000
YEAR = 365  # days by which a yearly rate is divided, leap years too
OFF, DAILY, ANNUAL, REFERENCE = "off", "daily", "annual", "reference"
KINDS = (OFF, DAILY, ANNUAL, REFERENCE)
HIGHEST = {OFF: 0, DAILY: 1_000, ANNUAL: PARTS, REFERENCE: PARTS}  # above is a slip of the keyboard
MOST_GRACE = 365
BEARING = frozenset({"invoice", "debit_note", "opening"})  # no interest on interest
INTEREST, FEE = "late_interest", "late_fee"  # the reasons of what is charged
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is charged in a currency from a day on. `rate` is parts in 100,000 a day, a year, or above the reference.

    `fee` is minor units, once an item; nothing is charged for what was paid within `grace` days after it was due.
    """

    currency: str
    start: date
    kind: str = OFF
    rate: int = 0
    fee: int = 0
    grace: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference rate (parts in 100,000 a year, below zero too) from a day on."""

    currency: str
    start: date
    rate: int


@dataclass(frozen=True, slots=True)
class Span:
    """Days that bear interest on the same principal at the same rate: from `first` to `last`, both counted."""

    first: date
    last: date
    principal: int
    rate: int
    yearly: bool

    @property
    def days(self) -> int:
        """How many days it counts."""
        return (self.last - self.first).days + 1

    @property
    def interest(self) -> Fraction:
        """Its interest in minor units, unrounded."""
        return Fraction(self.principal * self.rate * self.days, PARTS * (YEAR if self.yearly else 1))


@dataclass(frozen=True, slots=True)
class Owed:
    """What lateness cost an item up to a day: the spans, the interest rounded once, and the fee."""

    spans: tuple[Span, ...] = ()
    fee: int = 0

    @property
    def interest(self) -> int:
        """Minor units, rounded half up."""
        return rounded(sum((each.interest for each in self.spans), Fraction()))

    @property
    def days(self) -> int:
        """How many days bore interest."""
        return sum(each.days for each in self.spans)


def rounded(amount: Fraction) -> int:
    """A fraction of zero or more to the nearest whole number, halves up."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def check_rule(rule: Rule) -> None:
    """Refuse a rule that is none: an unknown kind, a rate, fee or grace out of reach."""
    if rule.kind not in KINDS:
        raise Refused("interest_rule", N_("{kind} is no way to charge for lateness."), kind=repr(rule.kind[:40]))
    if not 0 <= rule.rate <= HIGHEST[rule.kind]:
        raise Refused(
            "interest_rate", N_("This rate must lie between 0 and {most} in 100,000."), most=HIGHEST[rule.kind]
        )
    if rule.fee < 0 or not 0 <= rule.grace <= MOST_GRACE:
        raise Refused("interest_rule", N_("The fee can't be below zero, and the grace is at most 365 days."))


def check_reference(found: Reference) -> None:
    """Refuse a reference rate out of reach."""
    if not -PARTS < found.rate <= PARTS:
        raise Refused("interest_rate", N_("This rate must lie between 0 and {most} in 100,000."), most=PARTS)


def in_force(rules: Iterable[Rule], day: date) -> Rule | None:
    """The rule of a day: the last one given of those with the latest start up to it."""
    found = None
    for each in rules:
        if each.start <= day and (found is None or each.start >= found.start):
            found = each
    return found


def half_year(day: date) -> date:
    """The first day of a day's half-year: the one whose reference rate holds until its end (Directive 2011/7/EU)."""
    return date(day.year, 1 if day.month <= 6 else 7, 1)


def _rate(rule: Rule | None, references: Sequence[Reference], day: date) -> tuple[int, bool]:
    """The rate of a day and whether it is a year's; 0 where nothing is charged."""
    if rule is None or rule.kind == OFF:
        return 0, True
    if rule.kind != REFERENCE:
        return rule.rate, rule.kind == ANNUAL
    known = None
    for each in references:
        if each.start <= half_year(day) and (known is None or each.start >= known.start):
            known = each
    return (max(known.rate + rule.rate, 0) if known else 0), True  # without a reference rate nothing is made up


def changes(rules: Iterable[Rule], references: Iterable[Reference], first: date, last: date) -> list[date]:
    """The days in (first, last] from which another rate may hold."""
    found = {each.start for each in rules} | {half_year(each.start) for each in references}
    found |= {date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 7)}
    return sorted(day for day in found if first < day <= last)


def owed(
    due: date,
    opened: Sequence[tuple[date, int]],
    rules: Sequence[Rule],
    references: Sequence[Reference],
    as_of: date,
) -> Owed:
    """What lateness cost up to the end of a day.

    `opened` says what was open from the end of each day on, rising by day, the first not after the due day. `rules`
    and `references` are those of the item's currency.
    """
    first = due + ONE_DAY
    if as_of < first or not rules:
        return Owed()
    fee = 0
    decisive = in_force(rules, first)
    late_from = first + timedelta(days=decisive.grace if decisive else 0)
    if as_of < late_from or not open_at(opened, late_from - ONE_DAY):
        return Owed()  # paid within the grace
    if decisive and decisive.kind != OFF:
        fee = decisive.fee
    # what is open at the end of a day bears interest from the next one on
    turns = {day + ONE_DAY for day, _ in opened} | set(changes(rules, references, first, as_of))
    starts = [first, *sorted(day for day in turns if first < day <= as_of), as_of + ONE_DAY]
    spans = []
    for start, end in pairwise(starts):
        principal = open_at(opened, start - ONE_DAY)
        rate, yearly = _rate(in_force(rules, start), references, start)
        if principal > 0 and rate:
            spans.append(Span(start, end - ONE_DAY, principal, rate, yearly))
    return Owed(_joined(spans), fee)


def open_at(opened: Sequence[tuple[date, int]], day: date) -> int:
    """What was open at the end of a day."""
    found = 0
    for when, amount in opened:
        if when > day:
            break
        found = amount
    return found


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Neighbours of one principal and one rate as one."""
    found: list[Span] = []
    for each in spans:
        last = found[-1] if found else None
        same = last and (last.principal, last.rate, last.yearly) == (each.principal, each.rate, each.yearly)
        if last and same and last.last + ONE_DAY == each.first:
            found[-1] = Span(last.first, each.last, each.principal, each.rate, each.yearly)
        else:
            found.append(each)
    return tuple(found)
