"""What is open at the end of a day, as columns in memory: the one basis of the aging, its rows and its items.

The engine gives the open steps of the day (docs/algorithms/as-of.md); they are kept as whole-number
columns for the few days that people look at, so that grouping, filtering and opening a figure cost
milliseconds and can never disagree with each other.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from goodstanding.engine.asof import CUSTOMERS, carried_on, open_steps, survivors
from goodstanding.engine.book import Book

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
DAYS_KEPT = 6  # days of one book kept in memory
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Words:
    """A column of text as numbers: `index` points into `values`; None is a value too."""

    index: Ints
    values: Sequence[str | None]

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> "Words":
        """The column of these texts."""
        places: dict[str | None, int] = {}
        index = np.fromiter((places.setdefault(text or None, len(places)) for text in texts), np.int64, len(texts))
        return cls(index, list(places))


@dataclass(frozen=True, eq=False)
class Directory:
    """All customers of the book: parallel columns, and where each code stands in them."""

    codes: list[str]
    names: list[str]
    kind: Words
    territory: Words
    account_manager: Words
    group: list[str | None]
    place: dict[str, int]
    name_rank: Ints  # the place of each customer when sorted by name

    @classmethod
    def of(cls, book: Book) -> "Directory":
        """The directory of a book."""
        wanted = ("code", "name", "kind", "territory", "account_manager", "group_code")
        table = book.run(CUSTOMERS.select(*wanted).order_by("code")).to_pydict()
        names = [name or code for name, code in zip(table["name"], table["code"], strict=True)]
        # GB 18030 orders the common characters by their sound, as a Chinese reader expects
        order = sorted(range(len(names)), key=lambda at: names[at].casefold().encode("gb18030", "replace"))
        rank = np.empty(len(names), np.int64)
        rank[order] = np.arange(len(names))
        return cls(
            codes=table["code"],
            names=names,
            kind=Words.of(table["kind"]),
            territory=Words.of(table["territory"]),
            account_manager=Words.of(table["account_manager"]),
            group=table["group_code"],
            place={code: at for at, code in enumerate(table["code"])},
            name_rank=rank,
        )


@dataclass(frozen=True, eq=False)
class OpenItems:
    """Every item that is open at the end of `as_of`, as parallel columns sorted by item id.

    `open` is signed minor units (credits are negative), `due` days since 1970, `customer` a place in the
    directory (merged codes carried on as of the day), `debit` whether the item ages.
    """

    as_of: date
    directory: Directory
    item: Ints
    customer: Ints
    currency: Words
    seller: Words
    debit: Flags
    due: Ints
    open: Ints
    head: Ints  # of each customer in the directory: the place of the group's head as of the day

    @classmethod
    def of(cls, book: Book, directory: Directory, as_of: date) -> "OpenItems":
        """The open items of a book at the end of a day."""
        table = book.run(carried_on(open_steps(as_of), as_of).order_by("item"))
        merged = {row["merged"]: row["survivor"] for row in book.rows(survivors(as_of))}
        customer = _coded(table.column("customer"))
        places = np.array([directory.place[code] for code in customer.values], np.int64)
        heads = (
            merged.get(group or code, group or code)
            for group, code in zip(directory.group, directory.codes, strict=True)
        )
        return cls(
            as_of=as_of,
            directory=directory,
            item=table.column("item").to_numpy(),
            customer=places[customer.index] if len(places) else customer.index,
            currency=_coded(table.column("currency")),
            seller=_coded(table.column("seller")),
            debit=table.column("debit").to_numpy(zero_copy_only=False),
            due=table.column("due").cast("int32").to_numpy().astype(np.int64),
            open=table.column("open").to_numpy(),
            head=np.fromiter((directory.place[code] for code in heads), np.int64, len(directory.codes)),
        )


def _coded(column: Any) -> Words:
    encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    return Words(encoded.indices.to_numpy().astype(np.int64), encoded.dictionary.to_pylist())


_kept: "WeakKeyDictionary[Book, tuple[Directory, OrderedDict[date, OpenItems]]]" = WeakKeyDictionary()
_keeping = threading.Lock()


def open_items(book: Book, as_of: date) -> OpenItems:
    """The open items of a book at the end of a day; kept for the days looked at last, while the book lives."""
    with _keeping:
        if book not in _kept:
            _kept[book] = (Directory.of(book), OrderedDict())
        directory, days = _kept[book]
        if as_of not in days:
            days[as_of] = OpenItems.of(book, directory, as_of)
            while len(days) > DAYS_KEPT:
                days.popitem(last=False)
        days.move_to_end(as_of)
        return days[as_of]
