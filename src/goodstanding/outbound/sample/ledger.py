"""The sample's ledger in the making: items and matches, block by block."""

from dataclasses import dataclass, field

import numpy as np

from goodstanding.outbound.sample.people import Ints, People
from goodstanding.outbound.sample.settling import Plan
from goodstanding.outbound.sample.trade import Debits

KINDS = ("invoice", "opening", "debit_note", "late_fee", "payment", "credit_note", "write_off", "refund", "recovery")
PREFIXES = ("INV", "OB", "DN", "LF", "RC", "CN", "WO", "RF", "RV")
PAYMENT, CREDIT_NOTE, WRITE_OFF, REFUND, RECOVERY = range(4, 9)
REASONS = (
    "",
    "discount",
    "late_delivery",
    "quality",
    "wrong_goods",
    "price",
    "tolerance",
    "bad_debt",
    "bounced",
    "typing error",
)
DISCOUNT, DISPUTED, TOLERANCE, BAD_DEBT, BOUNCED, TYPO = 1, 2, 6, 7, 8, 9
ITEM_COLUMNS = (
    "customer", "kind", "serial", "entry", "numbered", "day", "due", "amount", "tax", "currency", "seller", "reason",
)  # fmt: skip
MATCH_COLUMNS = ("day", "credit", "debit", "amount", "undoes")


@dataclass(slots=True)
class Ledger:
    """Items and matches, block by block; a match names its items and the match it undoes by row."""

    items: dict[str, list[Ints]] = field(default_factory=lambda: {name: [] for name in ITEM_COLUMNS})
    matches: dict[str, list[Ints]] = field(default_factory=lambda: {name: [] for name in MATCH_COLUMNS})
    item_count: int = 0
    match_count: int = 0

    def add_items(self, size: int, **columns: Ints | int) -> Ints:
        """Append items; returns their rows."""
        defaults = {"entry": 1, "tax": 0, "reason": 0, "seller": -1, "due": columns["day"], "numbered": columns["day"]}
        for name in ITEM_COLUMNS:
            value = columns[name] if name in columns else defaults[name]
            self.items[name].append(np.broadcast_to(np.asarray(value, dtype=np.int64), (size,)))
        self.item_count += size
        return np.arange(self.item_count - size, self.item_count)

    def add_matches(self, day: Ints, credit: Ints, debit: Ints, amount: Ints, undoes: Ints | int = -1) -> Ints:
        """Append matches; returns their rows."""
        for name, value in zip(MATCH_COLUMNS, (day, credit, debit, amount, undoes), strict=True):
            self.matches[name].append(np.broadcast_to(np.asarray(value, dtype=np.int64), day.shape))
        self.match_count += len(day)
        return np.arange(self.match_count - len(day), self.match_count)

    def undo(self, rows: Ints, day: Ints) -> None:
        """Undo these matches on these days."""
        credit, debit, amount = (np.concatenate(self.matches[name])[rows] for name in ("credit", "debit", "amount"))
        self.add_matches(day, credit, debit, amount, rows)

    def columns(self) -> tuple[dict[str, Ints], dict[str, Ints]]:
        """All items and all matches, one array a column."""
        return (
            {name: np.concatenate(blocks) for name, blocks in self.items.items()},
            {name: np.concatenate(blocks) for name, blocks in self.matches.items()},
        )


@dataclass(slots=True)
class Story:
    """The ledger in the making, with everything its chapters draw on. Nothing is dated after `last`."""

    rng: np.random.Generator
    book: People
    last: int
    ledger: Ledger
    debits: Debits
    fate: Plan
    rows: Ints  # the item row of each debit
