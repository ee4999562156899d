"""Aging: what is open as of the end of a day, by how long it has been due (docs/algorithms/aging.md)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
from ibis import _

from goodstanding.engine import asof
from goodstanding.engine.backend import sql
from goodstanding.engine.book import Book
from goodstanding.engine.shaping import Total, shape
from goodstanding.kernel.errors import N_, Refused

if TYPE_CHECKING:
    import ibis.expr.types as ir

LIMITS = (30, 60, 90)
NOT_DUE, BETWEEN, OVER = N_("not due"), "{first}-{last}", N_("over {last}")


@dataclass(frozen=True, slots=True)
class Aging:
    """An aging as of the end of `as_of`.

    `rows` has one row for each key and currency, the largest total first: key (null where the
    grouping has no value), name (of customers and groups, null otherwise), currency, total,
    unapplied, b0 … bn, items, credits, oldest_due.
    """

    as_of: date
    limits: tuple[int, ...]
    by: str
    labels: tuple[str, ...]
    rows: pa.Table
    totals: tuple[Total, ...]


def check_limits(limits: Sequence[int]) -> tuple[int, ...]:
    """The limits of the buckets, or Refused("bad_buckets"): rising whole days, the first at least 1."""
    whole = all(isinstance(limit, int) and not isinstance(limit, bool) for limit in limits)
    if not limits or not whole or limits[0] < 1 or limits[-1] > 36500 or list(limits) != sorted(set(limits)):
        raise Refused(
            "bad_buckets",
            N_("The bucket limits must be rising whole numbers of days, like {example}."),
            example="30,60,90",
        )
    return tuple(limits)


def check_grouping(by: str) -> str:
    """The grouping, or Refused("bad_grouping")."""
    if by not in asof.GROUPINGS:
        raise Refused(
            "bad_grouping", N_("Can't group by {by}: choose {known}."), by=by, known=", ".join(asof.GROUPINGS)
        )
    return by


def labels(limits: Sequence[int]) -> tuple[str, ...]:
    """The names of the buckets: not due, 1-30, …, over 90."""
    first = [1, *(limit + 1 for limit in limits[:-1])]
    between = (BETWEEN.format(first=a, last=b) for a, b in zip(first, limits, strict=True))
    return (NOT_DUE, *between, OVER.format(last=limits[-1]))


def bucket(due: "ir.DateColumn", as_of: date, limits: Sequence[int]) -> "ir.IntegerColumn":
    """The number of the bucket an item due on `due` stands in: 0 when not due, due on the day itself included."""
    number = ibis.literal(len(limits) + 1)
    for place in reversed(range(len(limits))):
        # at most limits[place] days past due; a limit before the calendar's first day holds for everything
        number = ibis.ifelse(due >= asof.day(_back(as_of, limits[place])), place + 1, number)
    return ibis.ifelse(due >= asof.day(as_of), 0, number)


def _back(as_of: date, days: int) -> date:
    return as_of - timedelta(days=days) if as_of.toordinal() > days else date.min


def cells(
    as_of: date,
    limits: Sequence[int] = LIMITS,
    by: str = "customer",
    *,
    add_back: bool = False,
    hidden_territories: Collection[str] = (),
) -> "ir.Table":
    """customer, key, name, currency, bucket (-1: unapplied), open, items, oldest_due: what `aging` adds up.

    A customer may stand in several rows where others were merged into it.
    """
    steps = asof.open_steps(as_of, add_back=add_back)
    steps = steps.mutate(bucket=ibis.ifelse(steps.debit, bucket(steps.due, as_of, limits), -1))
    # the seller is the item's own, everything else follows from the customer: sum first, describe the few after
    keys = ["customer", "currency", "bucket"] + (["seller"] if by == "seller" else [])
    grouped = steps.group_by(keys).agg(
        open=asof.total(steps.open), items=steps.count().cast("int64"), oldest_due=steps.due.min()
    )
    grouped = visible(asof.carried_on(grouped, as_of), hidden_territories)
    grouped = asof.described(grouped, as_of, by)
    if by in ("customer", "group"):
        names = asof.CUSTOMERS.select(code=_.code, name=_.name)
        grouped = grouped.left_join(names, grouped.key == names.code)
    else:
        grouped = grouped.mutate(name=ibis.literal(None, "string"))
    return grouped.select("customer", "key", "name", "currency", "bucket", "open", "items", "oldest_due")


def visible(table: "ir.Table", hidden_territories: Collection[str]) -> "ir.Table":
    """`table` without the customers of territories that the asker may not see."""
    if not hidden_territories:
        return table
    customers = asof.CUSTOMERS
    hidden = customers.filter(customers.territory.isin(sorted(hidden_territories))).select(concealed=_.code)
    return table.anti_join(hidden, table.customer == hidden.concealed)


def open_items(
    as_of: date,
    by: str = "none",
    key: str | None = None,
    *,
    limits: Sequence[int] = LIMITS,
    currency: str | None = None,
    place: int | None = None,
    hidden_territories: Collection[str] = (),
) -> "ir.Table":
    """The open items behind one figure of an aging, the oldest due first.

    `key` picks one row of the grouping (null when `by` isn't "none": those without a value), `place`
    one bucket (-1: unapplied). Columns: item (id), customer, owner (who carries the customer on),
    number, entry, kind, date, due, currency, seller, amount (signed), open (signed), bucket.
    """
    steps = asof.open_steps(as_of)
    steps = steps.mutate(bucket=ibis.ifelse(steps.debit, bucket(steps.due, as_of, limits), -1))
    if currency:
        steps = steps.filter(_.currency == currency)
    if place is not None:
        steps = steps.filter(_.bucket == place)
    steps = steps.mutate(posted_to=steps.customer)
    steps = asof.described(visible(asof.carried_on(steps, as_of), hidden_territories), as_of, by)
    if by != "none":
        steps = steps.filter(_.key.isnull() if key is None else _.key == key)
    items = asof.ITEMS
    joined = steps.join(items, steps.item == items.id)
    return joined.select(
        item=steps.item,
        customer=steps.posted_to,
        owner=steps.customer,
        number=items.number,
        entry=items.entry,
        kind=items.kind,
        date=items.date,
        due=steps.due,
        currency=steps.currency,
        seller=steps.seller,
        amount=items.amount * items.sign,
        open=steps.open,
        bucket=steps.bucket,
    ).order_by(_.due, _.item)


def aging(
    book: Book,
    as_of: date,
    limits: Sequence[int] = LIMITS,
    by: str = "customer",
    *,
    add_back: bool = False,
    hidden_territories: Collection[str] = (),
) -> Aging:
    """The aging of `book` as of the end of `as_of`, one row for each value of `by` and currency.

    With `add_back`, as if nothing had been written off. Customers of `hidden_territories` don't count.
    Raises Refused: "bad_buckets", "bad_grouping".
    """
    limits, by = check_limits(limits), check_grouping(by)
    hidden = tuple(sorted(set(hidden_territories)))
    query = _cells_sql(dialect=book.engine.dialect, as_of=as_of, limits=limits, by=by, add_back=add_back, hidden=hidden)
    table = book.engine.run(query)
    names = labels(limits)
    rows, totals = shape(table, names)
    return Aging(as_of, limits, by, names, rows, totals)


@lru_cache(maxsize=256)
def _cells_sql(
    *, dialect: str, as_of: date, limits: tuple[int, ...], by: str, add_back: bool, hidden: tuple[str, ...]
) -> str:
    """Pages ask the same again; writing the SQL costs as much as running it."""
    return sql(cells(as_of, limits, by, add_back=add_back, hidden_territories=hidden), dialect)
