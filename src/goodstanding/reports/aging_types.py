"""The aging as values: what is asked, and the rows, totals and items that answer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from goodstanding.receivables.rules import LIMITS, check_limits, no_limits

GROUPINGS = ("customer", "group", "kind", "territory", "account_manager", "seller")
SHOWS = ("all", "past_due", "oldest", "held", "unapplied")
NO_KEY = "-"  # how an address names the row of everything without a kind, territory or seller


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader wants to see. Empty texts mean "any"; `found` is the codes that a search found."""

    as_of: date
    limits: tuple[int, ...] = LIMITS
    by: str = "customer"
    currency: str = ""
    show: str = "all"
    kind: str = ""
    territory: str = ""
    found: frozenset[str] | None = None
    sort: str = "total"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Figures:
    """Minor units of one currency. `buckets` sum to what is owed; `total` is they and the (negative) unapplied.

    `held` is contained in the buckets: amounts that are not asked for now. Counts are of items.
    """

    buckets: tuple[int, ...]
    unapplied: int
    held: int
    counts: tuple[int, ...]
    unapplied_count: int
    held_count: int
    customers: int = 1
    oldest: date | None = None

    @property
    def total(self) -> int:
        """What is owed less what is not yet applied."""
        return self.owed + self.unapplied

    @property
    def owed(self) -> int:
        """The open debits."""
        return sum(self.buckets)

    @property
    def past_due(self) -> int:
        """The open debits whose due day has gone by."""
        return sum(self.buckets[1:])

    @property
    def items(self) -> int:
        """Open items, debits and credits."""
        return sum(self.counts) + self.unapplied_count

    @property
    def past_due_count(self) -> int:
        """Open debits whose due day has gone by."""
        return sum(self.counts[1:])


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the aging: `key` names it in an address, `label` is None where there is no kind or seller."""

    key: str
    label: str | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """One currency of the book with what is open in it."""

    currency: str
    total: int
    items: int


@dataclass(frozen=True, slots=True)
class Report:
    """The aging in one currency; `rows` in the order asked for, all of them (they are made when read)."""

    asked: Asked
    currency: str
    currencies: tuple[CurrencyTotal, ...]
    totals: Figures
    rows: Sequence[Row]
    kinds: tuple[str, ...]
    territories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One open item behind a figure: its id, its signed open amount, its age and what is held of it."""

    item: int
    customer: str
    name: str
    open: int
    held: int
    due: date
    days: int
    debit: bool


@dataclass(frozen=True, slots=True)
class Behind:
    """The open items behind a figure: the row's name ("" for all rows), the sum, and the items, oldest due first."""

    currency: str
    key: str
    label: str | None
    total: int
    held: int
    items: Sequence[OpenItem]


def bucket_ends(limits: tuple[int, ...]) -> list[tuple[int | None, int | None]]:
    """First and last day past due of each bucket: (None, 0) is not due, the last has no end."""
    starts = [1, *(limit + 1 for limit in limits)]
    return [(None, 0), *zip(starts, [*limits, None], strict=True)]


def read_limits(text: str) -> tuple[int, ...]:
    """Bucket limits as people write them, "30, 60, 90". Refused unless whole, rising, from 1 to 3650, at most 8."""
    parts = text.replace("，", ",").replace(" ", "").strip(",").split(",")
    numbers = tuple(int(part) for part in parts if part.isascii() and part.isdigit() and len(part) <= 4)
    if len(numbers) != len(parts):
        raise no_limits(text)
    check_limits(numbers)
    return numbers
