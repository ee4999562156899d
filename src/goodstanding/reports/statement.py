"""A customer's statement of account: what was owed before, every movement of the period, what is open at its end."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from goodstanding.receivables import queries
from goodstanding.receivables.rules import LIMITS
from goodstanding.receivables.types import Item
from goodstanding.reports.aging_types import Figures
from goodstanding.reports.customer import Line, account, standings


@dataclass(frozen=True, slots=True)
class Statement:
    """The period in one currency, in minor units. `closing` is the customer's total of the aging on that day."""

    currency: str
    opening: int
    lines: tuple[Line, ...]
    closing: int
    items: tuple[Item, ...]  # open at the end of the period, oldest due first
    figures: Figures | None  # their aging; None when nothing is open

    @property
    def debits(self) -> int:
        """What the period added."""
        return sum(line.amount for line in self.lines if line.amount > 0)

    @property
    def credits(self) -> int:
        """What the period took off."""
        return -sum(line.amount for line in self.lines if line.amount < 0)


def statements(ids: Collection[int], first: date, last: date, limits: Sequence[int] = LIMITS) -> list[Statement]:
    """The statement from the day `first` to the end of `last`, one a currency that has something to say.

    `ids` are the codes whose items are the customer's on the last day (`reports.customer.members`).
    """
    before: dict[str, int] = defaultdict(int)
    during: dict[str, list[Line]] = defaultdict(list)
    closing: dict[str, int] = {}
    for line in account(ids, last):
        currency = line.item.currency
        closing[currency] = line.balance
        if line.date < first:
            before[currency] = line.balance
        else:
            during[currency].append(line)
    items: dict[str, list[Item]] = defaultdict(list)
    for item in queries.open_items(ids, last):
        items[item.currency].append(item)
    figures = {each.currency: each.figures for each in standings(ids, last, limits)}
    told = sorted(code for code in closing if closing[code] or before[code] or during[code] or items[code])
    return [
        Statement(code, before[code], tuple(during[code]), closing[code], tuple(items[code]), figures.get(code))
        for code in sorted(told, key=lambda code: (code not in figures, code))
    ]
