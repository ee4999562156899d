"""What may still be asked for of what was decided: customers pay, promise and dispute while the day goes on.

At most seven set-based reads for a page of decisions, whatever their number. See docs/algorithms/collections.md.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from goodstanding.collections.types import Decision
from goodstanding.receivables import queries as receivables
from goodstanding.receivables.types import Item
from goodstanding.reports.debtors import promised
from goodstanding.reports.promised import survivors_by_id


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a decision. `amount` is minor units, credits taken off.

    `free` are the minor units of each of its items that may be asked for. `why` nothing is left: "paid", "promise",
    "held", "unapplied"; "" while something is.
    """

    amount: int
    free: Mapping[int, int]
    items: Mapping[int, Item]
    held: Mapping[int, int]
    why: str = ""

    @property
    def asked(self) -> list[Item]:
        """The items of which something may be asked for."""
        return [item for number, item in self.items.items() if self.free.get(number)]


def left(decisions: Sequence[Decision], as_of: date) -> list[Left]:
    """What is left of each decision at the end of a day, in their order; today that is now."""
    if not decisions:
        return []
    ends = survivors_by_id(as_of)
    mine = {each.customer_id for each in decisions}
    ids = [*mine, *(merged for merged, end in ends.items() if end in mine)]

    def carried(number: int) -> int:
        return ends.get(number, number)

    named, general = promised(as_of, ids, carried)
    items = {each.id: each for each in receivables.items({i.item for each in decisions for i in each.items}, as_of)}
    held = receivables.held(list(items.values()), as_of)
    credits_: dict[tuple[int, str], int] = {}
    for (customer, currency), amount in receivables.unapplied(ids, as_of).items():
        place = (carried(customer), currency)
        credits_[place] = credits_.get(place, 0) + amount
    found = []
    for each in decisions:
        place = (each.customer_id, each.currency)
        own = {i.item: items[i.item] for i in each.items if i.item in items}
        found.append(_left(own, held, named, general=place in general, credits_=credits_.get(place, 0)))
    return found


def _left(
    items: Mapping[int, Item], held: Mapping[int, int], named: Collection[int], *, general: bool, credits_: int
) -> Left:
    mine = {number: held[number] for number in items if number in held}
    free = {
        number: 0 if general or number in named else max(item.open - mine.get(number, 0), 0)
        for number, item in items.items()
    }
    total = sum(free.values())
    amount = max(total - credits_, 0)
    owing = {number for number, item in items.items() if item.open > 0}
    why = ""
    if not owing:
        why = "paid"
    elif not total:
        why = "promise" if general or any(number in named for number in owing) else "held"
    elif not amount:
        why = "unapplied"
    return Left(amount, free, items, mine, why)
