"""Who owes what, since when, at the end of any day: the aging page, and the items behind each of its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np

from goodstanding.access.types import Actor
from goodstanding.engine.book import Book
from goodstanding.reports.aging_types import Asked, Behind, OpenItem, Report, Row
from goodstanding.reports.chosen import Chosen, Hidden, choose, in_part, visible
from goodstanding.reports.openitems import EPOCH, Flags, Ints, OpenItems, Words, open_items

REPORTS_KEPT = 32


class _Rows(Sequence[Row]):
    """The kept rows, turned into values only when somebody reads them."""

    def __init__(self, chosen: Chosen, order: Ints) -> None:
        self.chosen, self.order = chosen, order

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        if isinstance(at, slice):
            return [self.chosen.row(int(place)) for place in self.order[at]]
        return self.chosen.row(int(self.order[at]))


def report(book: Book, asked: Asked, actor: Actor, holds: Sequence[tuple[int, int]] = ()) -> Report:
    """The aging at the end of `asked.as_of` as the actor may see it. `holds`: (item id, minor units) of that day."""
    return _report(open_items(book, asked.as_of), asked, actor.hidden, tuple(holds))


@lru_cache(maxsize=REPORTS_KEPT)
def _report(day: OpenItems, asked: Asked, hidden: Hidden, holds: tuple[tuple[int, int], ...]) -> Report:
    """Kept: the same question about the same open items and holds, by whoever sees as much, has the same answer."""
    chosen, currencies = choose(day, asked, hidden, holds)
    seen = visible(day, hidden)
    return Report(
        asked=asked,
        currency=chosen.currency,
        currencies=currencies,
        totals=chosen.totals(),
        rows=_Rows(chosen, chosen.order()),
        kinds=_values(day.directory.kind, seen),
        territories=_values(day.directory.territory, seen),
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """What the aging can be filtered by."""

    kinds: tuple[str, ...]
    territories: tuple[str, ...]


def choices(day: OpenItems, hidden: Hidden) -> Choices:
    """The kinds and territories of the customers that exist for the reader."""
    seen = visible(day, hidden)
    return Choices(_values(day.directory.kind, seen), _values(day.directory.territory, seen))


def _values(words: Words, seen: Flags) -> tuple[str, ...]:
    found = (words.values[int(at)] for at in np.flatnonzero(np.bincount(words.index[seen])))
    return tuple(sorted(value for value in found if value))


class _Items(Sequence[OpenItem]):
    """Open items, turned into values only when somebody reads them."""

    def __init__(self, chosen: Chosen, places: Ints) -> None:
        self.chosen, self.places = chosen, places

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        return (
            [self._one(int(p)) for p in self.places[at]] if isinstance(at, slice) else self._one(int(self.places[at]))
        )

    def _one(self, place: int) -> OpenItem:
        day, at = self.chosen.day, int(self.chosen.at[place])
        customer, due = int(day.customer[at]), int(day.due[at])
        return OpenItem(
            item=int(day.item[at]),
            customer=day.directory.codes[customer],
            name=day.directory.names[customer],
            open=int(day.open[at]),
            held=int(self.chosen.held[place]),
            due=EPOCH + timedelta(days=due),
            days=(day.as_of - EPOCH).days - due,
            debit=bool(day.debit[at]),
        )


def behind(
    book: Book,
    asked: Asked,
    actor: Actor,
    holds: Sequence[tuple[int, int]] = (),
    *,
    key: str = "",
    part: str = "",
    sort: str = "due",
    descending: bool = False,
) -> Behind | None:
    """What a figure is made of. `key` names the row ("" = all), `part` a column: b0 …, past_due, unapplied, held.

    None when there is no such row for the actor in this currency on that day.
    """
    chosen, _ = choose(open_items(book, asked.as_of), asked, actor.hidden, holds)
    mine = chosen.kept[chosen.row_of]
    label: str | None = ""
    if key:
        at = chosen.place(key)
        if at is None:
            return None
        mine &= chosen.row_of == at
        label = chosen.name(int(chosen.keys[at]))[1]
    places = np.flatnonzero(mine & in_part(chosen, part))
    day = chosen.day
    columns = {
        "due": day.due[chosen.at],
        "open": day.open[chosen.at],
        "name": day.directory.name_rank[day.customer[chosen.at]],
    }
    columns["held"] = chosen.held
    value = columns.get(sort, columns["due"])[places]
    ordered = places[np.lexsort((chosen.at[places], -value if descending else value))]
    return Behind(
        currency=chosen.currency,
        key=key,
        label=label,
        total=int(day.open[chosen.at[ordered]].sum()),
        held=int(chosen.held[ordered].sum()),
        items=_Items(chosen, ordered),
    )
