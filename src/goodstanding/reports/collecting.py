"""The facts that `decide` needs, over the whole book or for some customers, in batches so that memory stays bounded.

Open items come as columns, what else is known from `debtors`; numbers and completed steps are read a batch at a time.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

import numpy as np

from goodstanding.collections import queries as collections
from goodstanding.collections.rules.drawing import HOLDOUT
from goodstanding.collections.types import Debt, Facts, StoredStrategy, Strategy
from goodstanding.receivables.models import Item
from goodstanding.reports.book import current_book
from goodstanding.reports.debtors import Known, known
from goodstanding.reports.openitems import EPOCH, OpenItems, open_items

BATCH = 20_000  # items read at once: a question to the database has room for so many


@dataclass(frozen=True, eq=False)
class Gathered:
    """Everybody's facts, made as they are asked for. The same fingerprint means the same decisions."""

    as_of: date
    day: OpenItems
    order: np.ndarray  # places of the items that count, by customer and currency
    ends: list[int]  # where each customer's end in a currency
    known: Known | None

    def __iter__(self) -> Iterator[Facts]:
        if self.known is None:
            return
        first = start = 0
        for at, end in enumerate(self.ends):
            if end - start >= BATCH or at + 1 == len(self.ends):
                yield from self._batch(start, self.ends[first : at + 1], self.known)
                first, start = at + 1, end

    def _batch(self, start: int, ends: list[int], known: Known) -> Iterator[Facts]:
        items = self.day.item[self.order[start : ends[-1]]].tolist()
        completed: dict[int, tuple[int, date]] = {}
        numbers: dict[int, str] = {}
        for n in range(0, len(items), BATCH):
            some = items[n : n + BATCH]
            completed |= collections.completed(self.as_of, some)
            numbers |= dict(Item.objects.filter(pk__in=some).values_list("pk", "number"))
        for begin, end in pairwise([start, *ends]):
            found = _facts(self.day, self.order[begin:end], known, numbers, completed)
            if found is not None:
                yield found

    def fingerprint(self, strategy: StoredStrategy) -> str:
        """What changes whenever a decision could."""
        digest = hashlib.sha256(f"{self.as_of} {strategy.version} {strategy.text}".encode())
        if self.known is None:
            return digest.hexdigest()
        day, at = self.day, self.order
        for column in (day.item, day.due, day.open, day.debit):
            digest.update(column[at].tobytes())
        for place in np.unique(day.customer[at]).tolist():
            digest.update(f"{day.directory.codes[place]} {_words(day, place)}".encode())
        for part in self.known.parts():
            digest.update(part.encode())
        return digest.hexdigest()


def gather(
    as_of: date, *, until: datetime, strategy: StoredStrategy, customers: Collection[str] | None = None,
    leaving_out: str = "",
) -> Gathered:  # fmt: skip
    """The facts of everybody who owes something that a step may reach; `customers` are codes, None for all.

    `until` is the moment the windows of contacts end at: the end of the day, or now. `leaving_out` is the key of a
    message that is about to go.
    """
    day = open_items(current_book(), as_of)
    at = _places(day, customers, _ahead(strategy.strategy))
    if not len(at):
        return Gathered(as_of, day, at, [], None)
    order = at[np.lexsort((day.item[at], day.due[at], day.currency.index[at], day.customer[at]))]
    keys = np.stack((day.customer[order], day.currency.index[order]))
    ends = (np.flatnonzero((keys[:, 1:] != keys[:, :-1]).any(axis=0)) + 1).tolist()
    codes = [day.directory.codes[place] for place in np.unique(day.customer[at]).tolist()]
    found = known(codes, as_of, until, strategy.strategy, leaving_out=leaving_out)
    return Gathered(as_of, day, order, [*ends, len(order)], found)


def facts(
    as_of: date, *, until: datetime, strategy: StoredStrategy, customers: Collection[str] | None = None,
    leaving_out: str = "",
) -> Iterator[Facts]:  # fmt: skip
    """The same, one after the other."""
    return iter(gather(as_of, until=until, strategy=strategy, customers=customers, leaving_out=leaving_out))


def _ahead(strategy: Strategy) -> int:
    """How many days before the due day the earliest step lies."""
    return max((-step.days for segment in strategy.segments for step in segment.steps), default=0)


def _places(day: OpenItems, codes: Collection[str] | None, ahead: int) -> np.ndarray:
    """Where the items stand of those who owe something past due, or due soon enough for a step before the due day."""
    wanted = np.ones(len(day.item), bool)
    if codes is not None:
        mine = np.zeros(len(day.directory.codes), bool)
        mine[[day.directory.place[code] for code in codes if code in day.directory.place]] = True
        wanted = mine[day.customer]
    today = (day.as_of - EPOCH).days
    near = day.debit & ((day.due < today) | (day.due <= today + ahead))
    owing = np.zeros(len(day.directory.codes), bool)
    owing[day.customer[near & wanted]] = True
    return np.flatnonzero(wanted & owing[day.customer] & (near | ~day.debit))


def _words(day: OpenItems, place: int) -> tuple[str, str]:
    """The kind and the territory of a customer."""
    who = day.directory
    return (
        who.kind.values[int(who.kind.index[place])] or "",
        who.territory.values[int(who.territory.index[place])] or "",
    )


def _facts(
    day: OpenItems, at: np.ndarray, known: Known, numbers: Mapping[int, str], completed: Mapping[int, tuple[int, date]]
) -> Facts | None:
    """The facts of one customer in one currency: `at` are their items, by due day."""
    place = int(day.customer[at[0]])
    code, currency = day.directory.codes[place], str(day.currency.values[int(day.currency.index[at[0]])])
    number, status = known.people.get(code, (0, "merged"))
    columns = (day.item[at].tolist(), day.due[at].tolist(), day.open[at].tolist(), day.debit[at].tolist())
    rows = list(zip(*columns, strict=True))
    debts = tuple(
        _debt(item, due, amount, known, number=numbers.get(item, ""), reached=completed.get(item, (0, None)))
        for item, due, amount, debit in rows
        if debit
    )
    if not debts or not number:
        return None
    promised, until = known.promised.get((number, currency), (0, None))
    classes = known.classes.get((number, currency), {})
    kind, territory = _words(day, place)
    variant, drawn = known.variants.get(number, ("", None))
    week, today = known.contacts.get(number, (0, 0))
    return Facts(
        customer_id=number,
        customer=code,
        currency=currency,
        debts=debts,
        unapplied=max(-sum(amount for _item, _due, amount, debit in rows if not debit), 0),
        promised=promised,
        promised_until=until,
        owed=known.owed.get(number, ""),
        value=classes.get("value", ""),
        behaviour=classes.get("behaviour", ""),
        kind=kind,
        territory=territory,
        status=status,
        week=week,
        day=today,
        reachable=number in known.reachable,
        opted_out=number in known.opted_out,
        birthday=number in known.birthdays,
        day_off=known.day_off,
        holdout=variant == HOLDOUT,
        drawn=drawn,
        variant="" if variant == HOLDOUT else variant,
    )


@lru_cache(maxsize=10_000)
def _day(number: int) -> date:
    """A day from its number since 1970; a book has few of them and many items."""
    return EPOCH + timedelta(days=number)


def _debt(item: int, due: int, amount: int, known: Known, *, number: str, reached: tuple[int, date | None]) -> Debt:
    held, why = known.holds.get(item, (0, ()))
    if item in known.owed_items:
        held, why = amount, tuple(sorted({*why, "own_promise"}))
    level, completed = reached
    return Debt(
        item=item,
        number=number,
        due=_day(due),
        open=amount,
        held=min(held, amount),
        why=why,
        promised=min(known.named.get(item, 0), amount),
        level=level,
        completed=completed,
        pending=item in known.pending,
    )
