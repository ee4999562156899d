"""The open items that a question is about, filtered and summed by row in whole numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from goodstanding.kernel.money import CURRENCIES
from goodstanding.reports.aging_types import NO_KEY, Asked, CurrencyTotal, Figures, Row
from goodstanding.reports.openitems import EPOCH, Flags, Ints, OpenItems, Words

Hidden = frozenset[str]  # the territories whose customers don't exist for the reader
SOON = 7  # days that "falls due soon" looks ahead, the day itself included
FAR = np.iinfo(np.int64).max
MONTH = re.compile(r"(?:(before|after)-)?(\d{4})-(\d{2})")


@dataclass(frozen=True, eq=False)
class Chosen:
    """The open items that a question is about, summed by row. Column n+1 is unapplied, column n+2 is held."""

    day: OpenItems
    asked: Asked
    currency: str
    at: Ints  # places of the items in the day's columns
    row_of: Ints  # of each item, its row
    column_of: Ints  # of each item, its bucket, or n+1 when unapplied
    held: Ints  # of each item, what is held of it
    keys: Ints  # of each row, the value of the grouping
    sums: Ints
    counts: Ints
    customers: Ints
    oldest: Ints
    kept: Flags  # of each row, whether it is shown

    @property
    def size(self) -> int:
        """How many buckets there are."""
        return len(self.asked.limits) + 2

    def figures(self, sums: Ints, counts: Ints, customers: int, oldest: int) -> Figures:
        """The sums of a row, or of all rows, as a value."""
        n = self.size
        return Figures(
            buckets=tuple(int(s) for s in sums[:n]),
            unapplied=int(sums[n]),
            held=int(sums[n + 1]),
            counts=tuple(int(c) for c in counts[:n]),
            unapplied_count=int(counts[n]),
            held_count=int(counts[n + 1]),
            customers=customers,
            oldest=None if oldest == FAR else EPOCH + timedelta(days=oldest),
        )

    def row(self, place: int) -> Row:
        """One row as a value."""
        key, label = self.name(int(self.keys[place]))
        values = self.figures(self.sums[place], self.counts[place], int(self.customers[place]), int(self.oldest[place]))
        return Row(key, label, values)

    def name(self, value: int) -> tuple[str, str | None]:
        """Key and label of a row by the value of its grouping."""
        if self.asked.by in ("customer", "group"):
            return self.day.directory.codes[value], self.day.directory.names[value]
        text = self._words().values[value]
        return text or NO_KEY, text

    def place(self, key: str) -> int | None:
        """Where the row of that key stands; None when there is none."""
        if self.asked.by in ("customer", "group"):
            value = self.day.directory.place.get(key)
        else:
            words = self._words().values
            value = words.index(None if key == NO_KEY else key) if (None if key == NO_KEY else key) in words else None
        at = -1 if value is None else int(np.searchsorted(self.keys, value))
        return at if 0 <= at < len(self.keys) and self.keys[at] == value else None

    def totals(self) -> Figures:
        """All kept rows as one."""
        mine = self.kept[self.row_of]
        customers = np.count_nonzero(np.bincount(self.day.customer[self.at[mine]]))
        oldest = int(self.oldest[self.kept].min()) if self.kept.any() else int(FAR)
        return self.figures(self.sums[self.kept].sum(axis=0), self.counts[self.kept].sum(axis=0), customers, oldest)

    def order(self) -> Ints:
        """The kept rows in the order asked for; equal ones by name."""
        names = self._name_ranks()
        places = np.flatnonzero(self.kept)
        n, sort = self.size, self.asked.sort
        columns = {f"b{at}": self.sums[:, at] for at in range(n)}
        columns |= {
            "total": self.sums[:, : n + 1].sum(axis=1),
            "unapplied": self.sums[:, n],
            "held": self.sums[:, n + 1],
        }
        columns |= {"name": names, "oldest": self.oldest}
        value = columns.get(sort, columns["total"])[places]
        return places[np.lexsort((names[places], -value if self.asked.descending else value))]

    def _words(self) -> Words:
        directory = self.day.directory
        return self.day.seller if self.asked.by == "seller" else getattr(directory, self.asked.by)  # type: ignore[no-any-return]

    def _name_ranks(self) -> Ints:
        if self.asked.by in ("customer", "group"):
            return self.day.directory.name_rank[self.keys]
        labels = [(self._words().values[int(key)] or "").casefold().encode("gb18030", "replace") for key in self.keys]
        ranks = np.empty(len(labels), np.int64)
        ranks[sorted(range(len(labels)), key=lambda at: (not labels[at], labels[at]))] = np.arange(len(labels))
        return ranks


def _customers_asked(day: OpenItems, asked: Asked, hidden: Hidden) -> Flags:
    """Of each customer in the directory: whether the reader sees it and the filters let it through."""
    directory = day.directory
    seen = visible(day, hidden)
    for words, wanted in ((directory.kind, asked.kind), (directory.territory, asked.territory)):
        if wanted:
            seen &= np.array([value == wanted for value in words.values], bool)[words.index]
    if asked.found is not None:
        through = np.zeros(len(directory.codes), bool)
        through[[directory.place[code] for code in asked.found if code in directory.place]] = True
        seen &= through
    return seen


def visible(day: OpenItems, hidden: Hidden) -> Flags:
    """Of each customer in the directory: whether it exists for the reader."""
    territory = day.directory.territory
    return np.array([(value or "") not in hidden for value in territory.values], bool)[territory.index]


def _held(day: OpenItems, holds: Sequence[tuple[int, int]]) -> Ints:
    """Of each open item: what is held of it, at most what is open of it. `holds` is (item id, amount)."""
    held = np.zeros(len(day.item), np.int64)
    if len(day.item) and holds:
        items, amounts = np.array(holds, np.int64).T
        at = np.minimum(np.searchsorted(day.item, items), len(day.item) - 1)
        open_ = day.item[at] == items
        np.add.at(held, at[open_], amounts[open_])
    return np.minimum(held, np.maximum(day.open, 0))


def _distinct(values: Ints) -> tuple[Ints, Ints]:
    """The different values (small whole numbers, 0 and up) in rising order, and the place of each among them.

    As numpy's `unique` with its inverse, by a table instead of hashing: a tenth of the time over a large book.
    """
    there = np.bincount(values) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[values]


def choose(
    day: OpenItems, asked: Asked, hidden: Hidden, holds: Sequence[tuple[int, int]]
) -> tuple[Chosen, tuple[CurrencyTotal, ...]]:
    """The open items that a question is about, summed by row; and the currencies there are."""
    through = _customers_asked(day, asked, hidden)[day.customer]
    currencies = _currencies(day, through)
    currency = asked.currency if any(asked.currency == c.currency for c in currencies) else ""
    currency = currency or (currencies[0].currency if currencies else _known(asked.currency))
    code = day.currency.values.index(currency) if currency in day.currency.values else -1
    at = np.flatnonzero(through & (day.currency.index == code))
    size = len(asked.limits) + 2
    late = (day.as_of - EPOCH).days - day.due[at]
    bucket = np.where(late <= 0, 0, 1 + np.searchsorted(np.array(asked.limits), late, side="left"))
    column = np.where(day.debit[at], bucket, size)
    values, row_of = _distinct(_grouping(day, asked.by, hidden)[at])
    held = _held(day, holds)[at]
    sums = np.zeros((len(values), size + 2), np.int64)
    counts = np.zeros_like(sums)
    for into, what in ((sums, day.open[at]), (counts, np.ones(len(at), np.int64))):
        np.add.at(into.reshape(-1), row_of * (size + 2) + column, what)
    np.add.at(sums[:, -1], row_of, held)
    np.add.at(counts[:, -1], row_of, (held > 0).astype(np.int64))
    oldest = np.full(len(values), FAR)
    np.minimum.at(oldest, row_of[day.debit[at]], day.due[at][day.debit[at]])
    chosen = Chosen(
        day, asked, currency, at, row_of, column, held, values, sums, counts,
        _customers_by_row(asked.by, row_of, day.customer[at], len(values)), oldest,
        _shown(asked.show, sums, counts, size),
    )  # fmt: skip
    return chosen, currencies


def _customers_by_row(by: str, row_of: Ints, customer: Ints, rows: int) -> Ints:
    """How many customers each row has. Only the seller is the item's own: otherwise a customer stands in one row."""
    if by == "seller":
        customers = int(customer.max(initial=0)) + 1
        return np.bincount(np.unique(row_of * customers + customer) // customers, minlength=rows)
    row_of_customer = np.full(int(customer.max(initial=-1)) + 1, -1)
    row_of_customer[customer] = row_of
    return np.bincount(row_of_customer[row_of_customer >= 0], minlength=rows)


def _known(currency: str) -> str:
    return currency if currency in CURRENCIES else ""


def _shown(show: str, sums: Ints, counts: Ints, size: int) -> Flags:
    if show == "past_due":
        return np.asarray(sums[:, 1:size].sum(axis=1) > 0)
    if show == "oldest":
        return np.asarray(sums[:, size - 1] > 0)
    if show == "held":
        return np.asarray(sums[:, size + 1] > 0)
    if show == "unapplied":
        return np.asarray(counts[:, size] > 0)
    return np.ones(len(sums), bool)


def _grouping(day: OpenItems, by: str, hidden: Hidden) -> Ints:
    """Of each open item: its value under the grouping. A group's head that isn't the reader's to see names nothing."""
    if by == "seller":
        return day.seller.index
    if by == "customer":
        return day.customer
    if by == "group":
        own = np.arange(len(day.head))
        return np.where(visible(day, hidden)[day.head], day.head, own)[day.customer]
    words: Words = getattr(day.directory, by)
    return words.index[day.customer]


def _currencies(day: OpenItems, through: Flags) -> tuple[CurrencyTotal, ...]:
    sums = np.zeros(len(day.currency.values), np.int64)
    np.add.at(sums, day.currency.index[through], day.open[through])
    counts = np.bincount(day.currency.index[through], minlength=len(sums))
    found = [
        CurrencyTotal(str(code), int(sums[at]), int(counts[at]))
        for at, code in enumerate(day.currency.values)
        if counts[at]
    ]
    return tuple(sorted(found, key=lambda each: (-each.items, each.currency)))


def months_due(chosen: Chosen) -> Ints:
    """Of each item: the month it falls due in, as years times twelve and months (January 2026 is 24312)."""
    due = chosen.day.due[chosen.at].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(due + EPOCH.year * 12)


def in_part(chosen: Chosen, part: str) -> Flags:
    """Of each item: whether it is behind that figure; anything else is all.

    b0 …, past_due, unapplied, held are columns; `asking` is past due and not wholly held, `soon` falls due within
    SOON days, the day itself included; 2026-05 falls due in that month, before-2026-05 and after-2026-05 around it.
    """
    size = chosen.size
    if found := MONTH.fullmatch(part):
        month, due = int(found[2]) * 12 + int(found[3]) - 1, months_due(chosen)
        there = due < month if found[1] == "before" else due > month if found[1] == "after" else due == month
        return np.asarray(there & chosen.day.debit[chosen.at])
    if part.startswith("b") and part[1:].isdigit() and int(part[1:]) < size:
        return np.asarray(chosen.column_of == int(part[1:]))
    late = (chosen.column_of > 0) & (chosen.column_of < size)
    away = chosen.day.due[chosen.at] - (chosen.day.as_of - EPOCH).days
    parts = {
        "past_due": late,
        "asking": late & (chosen.day.open[chosen.at] > chosen.held),
        "soon": chosen.day.debit[chosen.at] & (away >= 0) & (away < SOON),
        "unapplied": chosen.column_of == size,
        "held": chosen.held > 0,
    }
    return np.asarray(parts.get(part, np.ones(len(chosen.at), bool)))
