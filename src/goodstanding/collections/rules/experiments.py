"""What an experiment found: who was assigned to which variant, who paid within the days asked, and what that tells.

Everybody assigned counts in the variant they were assigned to, whatever was sent to them after: leaving out those
who couldn't be reached would compare the willing with everybody. Only a customer whose days have all passed is
counted: somebody assigned yesterday hasn't failed to pay. An experiment never stops itself; a person does.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from goodstanding.collections.rules.intervals import CANNOT_TELL, Interval, newcombe, verdict, wilson

HOLDOUT = "holdout"


@dataclass(frozen=True, slots=True)
class Subject:
    """A customer in an experiment: its variant, the day it was assigned and the day it paid, None when it hasn't.

    `asked` is what it was asked for by currency, in minor units; `settled` what was settled of that, day by day.
    """

    variant: str
    assigned: date
    paid: date | None = None
    asked: Mapping[str, int] = field(default_factory=dict)
    settled: Sequence[tuple[date, str, int]] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """Of the customers who count, in one currency: minor units asked for, and settled of that within the days."""

    currency: str
    asked: int
    paid: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of a variant: `counted` of the `assigned` have had all their days, `paid` of those paid in them.

    `median` is the days of the middle one of those who paid (the earlier of two middles). `difference` is to the
    variant compared with; None for that one itself, and where either counted nobody. `sums` have no interval: a few
    large customers make an amount, so that it tells less than the counts do.
    """

    variant: str
    assigned: int
    counted: int
    paid: int
    rate: Interval | None
    median: int | None
    difference: Interval | None = None
    verdict: str = CANNOT_TELL
    sums: tuple[Sum, ...] = ()  # a currency each: amounts of two are never added


def findings(subjects: Iterable[Subject], variants: Sequence[str], days: int, as_of: date) -> list[Finding]:
    """A finding per variant in their order, each compared with the holdout, or with the first when there is none."""
    counts = {variant: _Count() for variant in variants}
    for each in subjects:
        if each.variant in counts and each.assigned <= as_of:
            counts[each.variant].add(each, days, as_of)
    base = HOLDOUT if HOLDOUT in counts else next(iter(counts), "")
    return [_finding(variant, count, None if variant == base else counts[base]) for variant, count in counts.items()]


class _Count:
    """Counts of one variant as its subjects come by."""

    def __init__(self) -> None:
        self.assigned = self.counted = 0
        self.taken: list[int] = []  # days until each that paid in time did
        self.asked: dict[str, int] = defaultdict(int)
        self.settled: dict[str, int] = defaultdict(int)

    def add(self, each: Subject, days: int, as_of: date) -> None:
        self.assigned += 1
        if (as_of - each.assigned).days < days:
            return
        self.counted += 1
        taken = None if each.paid is None else (each.paid - each.assigned).days
        if taken is not None and 0 <= taken <= days:
            self.taken.append(taken)
        for currency, amount in each.asked.items():
            self.asked[currency] += amount
        for on, currency, amount in each.settled:
            if (on - each.assigned).days <= days:
                self.settled[currency] += amount

    @property
    def sums(self) -> tuple[Sum, ...]:
        return tuple(Sum(code, self.asked[code], self.settled[code]) for code in sorted(self.asked))

    @property
    def share(self) -> tuple[int, int]:
        return len(self.taken), self.counted


def _finding(variant: str, count: _Count, base: _Count | None) -> Finding:
    difference = newcombe(count.share, base.share) if base else None
    ordered = sorted(count.taken)
    return Finding(
        variant=variant,
        assigned=count.assigned,
        counted=count.counted,
        paid=len(ordered),
        rate=wilson(*count.share),
        median=ordered[(len(ordered) - 1) // 2] if ordered else None,
        difference=difference,
        verdict=verdict(difference),
        sums=count.sums,
    )
