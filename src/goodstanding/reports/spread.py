"""How what is owed is spread: over the months it falls due in, and over few or many customers.

Both read the open items of the day (reports/openitems.py), so they tie out with the aging to the cent.
See docs/algorithms/spread.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from goodstanding.access.types import Actor
from goodstanding.engine.book import Book
from goodstanding.reports.aging_types import Asked, CurrencyTotal
from goodstanding.reports.chosen import Chosen, Hidden, choose, months_due
from goodstanding.reports.openitems import Ints, OpenItems, open_items
from goodstanding.reports.receivables import Choices, choices

BEFORE, AFTER = 3, 2  # months shown one by one on either side of the month of the day
KEPT = 16
TOPS = (1, 5, 10, 20, 50)
LISTED = 50
Holds = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A row of the table by month: minor units for each column, and how many items are behind each."""

    key: str
    label: str | None
    amounts: tuple[int, ...]
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """What is open, unapplied credits taken off."""
        return sum(self.amounts)

    @property
    def items(self) -> int:
        """How many items are behind the row."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Months:
    """`columns` are the parts that open a figure: before-2026-01, 2026-01 …, after-2026-09, unapplied."""

    asked: Asked
    choices: Choices
    currency: str
    currencies: tuple[CurrencyTotal, ...]
    columns: tuple[str, ...]
    rows: Sequence[MonthRow]
    totals: MonthRow


@dataclass(frozen=True, slots=True)
class Holder:
    """One row of the concentration. `share` and `cumulative` are parts of everything owed."""

    rank: int
    key: str
    label: str | None
    owed: int
    past_due: int
    share: Fraction
    cumulative: Fraction


@dataclass(frozen=True, slots=True)
class Concentration:
    """`hhi` is the sum of the squared shares (0 to 1, None when nothing is owed); `tops` the share of the first n."""

    asked: Asked
    choices: Choices
    currency: str
    currencies: tuple[CurrencyTotal, ...]
    owed: int
    holders: int
    tops: tuple[tuple[int, Fraction], ...]
    hhi: Fraction | None
    curve: tuple[Fraction, ...]  # the cumulative share of each holder in turn, of at most LISTED
    rows: tuple[Holder, ...]

    @property
    def alike(self) -> Fraction | None:
        """How many holders of equal size would be as concentrated."""
        return 1 / self.hhi if self.hhi else None


def months(book: Book, asked: Asked, actor: Actor, holds: Holds = ()) -> Months:
    """What is open by row and month due, as the actor may see it; all rows, the largest first."""
    return _months(open_items(book, asked.as_of), asked, actor.hidden, tuple(holds))


class _Rows(Sequence[MonthRow]):
    """The rows in their order, turned into values only when somebody reads them."""

    def __init__(self, chosen: Chosen, order: Ints, sums: Ints, counts: Ints) -> None:
        self.chosen, self.order, self.sums, self.counts = chosen, order, sums, counts

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        return [self._one(int(p)) for p in self.order[at]] if isinstance(at, slice) else self._one(int(self.order[at]))

    def _one(self, place: int) -> MonthRow:
        key, label = self.chosen.name(int(self.chosen.keys[place]))
        return MonthRow(key, label, tuple(self.sums[place].tolist()), tuple(self.counts[place].tolist()))


@lru_cache(maxsize=KEPT)
def _months(day: OpenItems, asked: Asked, hidden: Hidden, holds: tuple[tuple[int, int], ...]) -> Months:
    chosen, currencies = choose(day, asked, hidden, holds)
    here = asked.as_of.year * 12 + asked.as_of.month - 1
    first, last = here - BEFORE, here + AFTER
    columns = (
        f"before-{_name(first)}", *map(_name, range(first, last + 1)), f"after-{_name(last)}", "unapplied"
    )  # fmt: skip
    due = np.clip(months_due(chosen) - first + 1, 0, len(columns) - 2)
    # a credit is unapplied whatever its day
    where = np.where(day.debit[chosen.at], due, len(columns) - 1)
    sums = np.zeros((len(chosen.keys), len(columns)), np.int64)
    counts = np.zeros_like(sums)
    np.add.at(sums.reshape(-1), chosen.row_of * len(columns) + where, day.open[chosen.at])
    np.add.at(counts.reshape(-1), chosen.row_of * len(columns) + where, 1)
    kept = chosen.kept
    totals = MonthRow("", "", tuple(sums[kept].sum(axis=0).tolist()), tuple(counts[kept].sum(axis=0).tolist()))
    rows = _Rows(chosen, chosen.order(), sums, counts)
    return Months(asked, choices(day, hidden), chosen.currency, currencies, columns, rows, totals)


def _name(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"


def concentration(book: Book, asked: Asked, actor: Actor, holds: Holds = ()) -> Concentration:
    """How much of what is owed is owed by few, as the actor may see it. Unapplied credits are not taken off."""
    return _concentration(open_items(book, asked.as_of), asked, actor.hidden, tuple(holds))


@lru_cache(maxsize=KEPT)
def _concentration(day: OpenItems, asked: Asked, hidden: Hidden, holds: tuple[tuple[int, int], ...]) -> Concentration:
    chosen, currencies = choose(day, asked, hidden, holds)
    size = chosen.size
    owed = np.where(chosen.kept, chosen.sums[:, :size].sum(axis=1), 0)
    holders = np.flatnonzero(owed > 0)
    order = holders[np.lexsort((chosen.keys[holders], -owed[holders]))]
    amounts = owed[order]
    whole, sums = int(amounts.sum()), np.cumsum(amounts)
    # exact: a square of minor units is beyond 64 bits
    squares = sum(amount * amount for amount in amounts.tolist())
    listed = [
        Holder(
            rank, *chosen.name(int(chosen.keys[at])), int(amounts[rank - 1]),
            int(chosen.sums[at, 1:size].sum()), Fraction(int(amounts[rank - 1]), whole), Fraction(int(sums[rank - 1]), whole),
        )
        for rank, at in enumerate(order[:LISTED].tolist(), 1)
    ]  # fmt: skip
    return Concentration(
        asked=asked,
        choices=choices(day, hidden),
        currency=chosen.currency,
        currencies=currencies,
        owed=whole,
        holders=len(order),
        tops=tuple((n, Fraction(int(sums[n - 1]), whole)) for n in TOPS if n <= len(order)),
        hhi=Fraction(squares, whole * whole) if whole else None,
        curve=tuple(each.cumulative for each in listed),
        rows=tuple(listed),
    )
