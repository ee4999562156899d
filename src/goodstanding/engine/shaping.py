"""From the cells of an aging to its rows and totals: whole numbers added up in columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.kernel.errors import N_, Refused

_SAFE = float(2**62)
_NO_DAY = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class Bucket:
    """One column of an aging: `items` debits, open for `amount` minor units."""

    label: str
    amount: int
    items: int


@dataclass(frozen=True, slots=True)
class Total:
    """One currency's aging. total = sum of the buckets + unapplied (zero or less), in minor units.

    `items` counts open debits, `credits` the payments and credit notes not applied in full,
    `customers` those with anything open.
    """

    currency: str
    total: int
    unapplied: int
    buckets: tuple[Bucket, ...]
    items: int
    credits: int
    customers: int
    oldest_due: date | None

    @property
    def overdue(self) -> int:
        """What is past due, in minor units."""
        return sum(bucket.amount for bucket in self.buckets[1:])


def shape(cells: pa.Table, labels: Sequence[str]) -> tuple[pa.Table, tuple[Total, ...]]:
    """The rows (see `aging.Aging`) and the totals, one for each currency, of the cells of an aging.

    Raises Refused("too_large") when the amounts don't fit in 64 bits.
    """
    open_ = _numbers(cells, "open")
    if np.abs(open_.astype(np.float64)).sum() > _SAFE:
        raise Refused("too_large", N_("The amounts are too large to be added up."))
    keys = cells.column("key").combine_chunks().dictionary_encode(null_encoding="encode")
    currencies = cells.column("currency").combine_chunks().dictionary_encode()
    key, currency = keys.indices.to_numpy(), currencies.indices.to_numpy().astype(np.int64)
    groups, first, group = np.unique(
        key.astype(np.int64) * max(len(currencies.dictionary), 1) + currency, return_index=True, return_inverse=True
    )
    amounts, counts, oldest = _add_up(cells, open_, group, len(groups), len(labels))
    columns: dict[str, Any] = {name: cells.column(name).take(pa.array(first)) for name in ("key", "name", "currency")}
    columns |= {"total": amounts.sum(axis=1), "unapplied": amounts[:, 0]}
    columns |= {f"b{place}": amounts[:, place + 1] for place in range(len(labels))}
    columns |= {"items": counts[:, 1:].sum(axis=1), "credits": counts[:, 0], "oldest_due": _days(oldest)}
    rows = pa.table(
        {name: pa.chunked_array([pa.array(c)]) if isinstance(c, np.ndarray) else c for name, c in columns.items()}
    )
    order = [("currency", "ascending", "at_end"), ("total", "descending", "at_end"), ("key", "ascending", "at_start")]
    rows = rows.take(pc.sort_indices(rows, sort_keys=order))
    return rows, _totals(cells, open_, currencies, labels)


def _totals(
    cells: pa.Table, open_: "np.ndarray[Any, Any]", currencies: pa.DictionaryArray, labels: Sequence[str]
) -> tuple[Total, ...]:
    names = currencies.dictionary.to_pylist()
    currency = currencies.indices.to_numpy()
    amounts, counts, oldest = _add_up(cells, open_, currency, len(names), len(labels))
    customer = cells.column("customer").combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    pairs = np.unique(customer * max(len(names), 1) + currency)
    customers = np.bincount(pairs % max(len(names), 1), minlength=len(names))
    return tuple(
        Total(
            currency=name,
            total=int(amounts[at].sum()),
            unapplied=int(amounts[at, 0]),
            buckets=tuple(Bucket(label, int(amounts[at, n]), int(counts[at, n])) for n, label in enumerate(labels, 1)),
            items=int(counts[at, 1:].sum()),
            credits=int(counts[at, 0]),
            customers=int(customers[at]),
            oldest_due=None if oldest[at] == _NO_DAY else _days(oldest[at : at + 1])[0].as_py(),
        )
        for at, name in sorted(enumerate(names), key=lambda pair: pair[1])
    )


def _add_up(
    cells: pa.Table, open_: "np.ndarray[Any, Any]", group: "np.ndarray[Any, Any]", groups: int, buckets: int
) -> Any:
    """Amounts and counts by group and bucket (column 0: unapplied), and the oldest due day of each group's debits."""
    place = _numbers(cells, "bucket") + 1
    amounts = np.zeros((groups, buckets + 1), np.int64)
    counts = np.zeros((groups, buckets + 1), np.int64)
    np.add.at(amounts, (group, place), open_)
    np.add.at(counts, (group, place), _numbers(cells, "items"))
    oldest = np.full(groups, _NO_DAY, np.int32)
    due = cells.column("oldest_due").cast(pa.int32()).to_numpy()
    debits = place > 0
    np.minimum.at(oldest, group[debits], due[debits])
    return amounts, counts, oldest


def _numbers(cells: pa.Table, name: str) -> "np.ndarray[Any, Any]":
    return np.asarray(cells.column(name).to_numpy(), np.int64)


def _days(oldest: "np.ndarray[Any, Any]") -> pa.Array:
    return pa.array(oldest, pa.int32(), mask=oldest == _NO_DAY).cast(pa.date32())
