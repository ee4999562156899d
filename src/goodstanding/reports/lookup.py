"""Texts of a whole book in memory, for finding as one types: one string each, searched by what the machine is best at.

A database compares a pattern with every row; here a needle is looked for once in all rows together. What is kept is
made anew when something changed (customers), or grows by what was posted since (items, which never change).
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection

from goodstanding.engine import asof
from goodstanding.kernel.money import CURRENCIES, exponent
from goodstanding.parties.models import Customer
from goodstanding.parties.rules.search import LINE, needles
from goodstanding.receivables.models import Item
from goodstanding.reports import snapshot
from goodstanding.reports.book import current_book
from goodstanding.reports.openitems import Ints

FEW = 200  # matches that are all looked at; of more only the nearest kinds are
MOST_NEWER = 50_000  # items posted since from which all are read again
END = b"\0"


@dataclass(frozen=True)
class Texts:
    """The texts of many rows as one, in UTF-8, with END before and after each."""

    ids: Ints
    whole: bytes
    starts: Ints

    @classmethod
    def of(cls, ids: Sequence[int], texts: Sequence[str]) -> "Texts":
        """These texts; none may hold END."""
        each = [text.encode() for text in texts]
        lengths = np.fromiter(map(len, each), np.int64, len(each)) + len(END)
        return cls(np.array(ids, np.int64), END + END.join(each) + END, np.concatenate(([0], np.cumsum(lengths))))

    def rows(self, needle: bytes) -> Iterator[int]:
        """The rows that hold the needle, in their order, each once. The needle may begin or end with END."""
        at = self.whole.find(needle)
        while at >= 0:
            row = int(np.searchsorted(self.starts, at, side="right")) - 1
            if row >= len(self.ids):
                return
            yield row
            at = self.whole.find(needle, int(self.starts[row + 1]))

    def holds(self, row: int, needle: bytes) -> bool:
        """Whether a row holds the needle."""
        return self.whole.find(needle, int(self.starts[row]), int(self.starts[row + 1]) + len(END)) >= 0


@dataclass
class _Kept:
    """What this process holds of one database."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    place: str = ""
    people: str = ""
    customers: Texts | None = None
    items: "list[_Items]" = field(default_factory=list)


@dataclass(frozen=True)
class _Items:
    """Items, the newest first: their numbers and references in small letters, amounts, decimals and days."""

    numbers: Texts
    references: Texts
    amounts: Ints
    digits: Ints
    days: Ints
    last: int


_kept = _Kept()


def customers(query: str, limit: int) -> list[int]:
    """The ids of the customers meant, the nearest first, as `parties.queries.search` orders them."""
    words = [word.encode() for word in needles(query)]
    if not words:
        return []
    texts, line = _customers(), LINE.encode()
    whole, first, longest = b" ".join(words), words[0], max(words, key=len)

    def fits(row: int) -> bool:
        return len(words) == 1 or all(texts.holds(row, word) for word in words)

    kinds = (END + line + whole + line, line + whole + line, END + line + first, line + first)
    few = list(islice(filter(fits, texts.rows(longest)), FEW + 1))
    if len(few) <= FEW:
        near = [(next((n for n, kind in enumerate(kinds) if texts.holds(row, kind)), len(kinds)), row) for row in few]
        found = [row for _near, row in sorted(near)]
    else:
        found = []
        for kind in (*kinds, longest):
            for row in texts.rows(kind):
                if len(found) >= limit:
                    break
                if row not in found and fits(row):
                    found.append(row)
    return [int(texts.ids[row]) for row in found[:limit]]


def items(text: str, amounts: dict[int, int], limit: int) -> list[int]:
    """The ids of the items meant, as `engine.finding.find_items` orders them. `amounts`: decimals → minor units."""
    wanted = text.lower().encode()
    found: dict[int, tuple[int, int, int]] = {}
    for part in _items():
        for near, row in _near(part, wanted, amounts, limit):
            id_ = int(part.numbers.ids[row])
            found.setdefault(id_, (near, -int(part.days[row]), -id_))
    return sorted(found, key=lambda each: found[each])[:limit]


def _near(part: _Items, wanted: bytes, amounts: dict[int, int], limit: int) -> Iterator[tuple[int, int]]:
    """Rows with how near they are, enough of each kind; a row may come again as a farther kind."""
    inside = list(islice(part.numbers.rows(wanted), 3 * limit))
    if inside:  # a number that begins with it, or is it, holds it
        for near, needle in enumerate((END + wanted + END, END + wanted)):
            yield from ((near, row) for row in islice(part.numbers.rows(needle), (near + 1) * limit))
    yield from ((2, row) for row in inside)
    yield from ((3, row) for row in islice(part.references.rows(wanted), 4 * limit))
    for digits, minor in amounts.items():
        rows = np.flatnonzero((part.amounts == minor) & (part.digits == digits))
        yield from ((4, int(row)) for row in rows[: 5 * limit])


def _begin() -> None:
    place = f"{settings.HOME} {connection.settings_dict['NAME']}"
    if _kept.place != place:
        _kept.place, _kept.people, _kept.customers, _kept.items = place, "", None, []


def _customers() -> Texts:
    state = snapshot.people()
    with _kept.lock:
        _begin()
        if _kept.customers is None or _kept.people != state:
            rows = list(Customer.objects.order_by("code").values_list("pk", "search"))
            _kept.customers = Texts.of([row[0] for row in rows], [row[1] for row in rows])
            _kept.people = state
        return _kept.customers


def _items() -> list[_Items]:
    last = snapshot.highest().item
    with _kept.lock:
        _begin()
        known = _kept.items[0].last if _kept.items else 0
        if not _kept.items or last - _kept.items[-1].last > MOST_NEWER or last < known:
            _kept.items = [_all_items(last)]
        elif last > known:
            _kept.items = [_newer(_kept.items[-1].last, last), _kept.items[-1]]
        return _kept.items


def _all_items(last: int) -> _Items:
    table = asof.ITEMS
    chosen = table.filter(table.id <= last).order_by(table.date.desc(), table.id.desc())
    found = current_book().run(chosen.select("id", "number", "reference", "amount", "currency", "date"))
    return _made(*(found.column(at).to_pylist() for at in range(6)), last)


def _newer(after: int, last: int) -> _Items:
    rows = Item.objects.filter(pk__gt=after, pk__lte=last).order_by("-date", "-pk")
    columns = ("pk", "number", "reference", "amount", "currency", "date")
    return _made(*(list(each) for each in zip(*rows.values_list(*columns), strict=True)), last)


def _made(  # noqa: PLR0917  one for each column
    ids: list[int], numbers: list[str], references: list[Any], amounts: list[int], currencies: list[str],
    days: list[date], last: int,
) -> _Items:  # fmt: skip
    digits = {code: exponent(code) for code in CURRENCIES}
    return _Items(
        numbers=Texts.of(ids, [each.lower() for each in numbers]),
        references=Texts.of(ids, [(each or "").lower() for each in references]),
        amounts=np.array(amounts, np.int64),
        digits=np.fromiter((digits[code] for code in currencies), np.int64, len(currencies)),
        days=np.fromiter((each.toordinal() for each in days), np.int64, len(days)),
        last=last,
    )
