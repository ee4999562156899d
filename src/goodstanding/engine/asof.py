"""The book as of the end of a day: every as-of figure starts here.

A posting is a signed fact of one item: its own amount, or a match that takes from it. The
postings up to a day, summed, are what is open (docs/algorithms/as-of.md). The running sum of
an item's postings is a staircase; `steps` keeps it, so that a past day is one filter.
"""

from datetime import date
from typing import TYPE_CHECKING

import ibis
from ibis import _

from goodstanding.engine.contract import BOOK_TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

CUSTOMERS, SURVIVORS, ITEMS, MATCHES, STEPS = (
    ibis.table(ibis.Schema.from_pyarrow(BOOK_TABLES[name]), name=name)
    for name in ("customers", "survivors", "items", "matches", "steps")
)
GROUPINGS = ("customer", "group", "kind", "territory", "account_manager", "seller", "none")


def day(value: date) -> "ir.DateScalar":
    """A day as a literal of the expression."""
    return ibis.literal(value.isoformat()).cast("date")


def total(column: "ir.IntegerColumn") -> "ir.IntegerScalar":
    """A sum as int64. DuckDB widens it to 128 bits, which turn into floats on the way out, and ibis doesn't know:
    a cast straight to the type that ibis thinks it has would be left out.
    """
    return column.sum().cast("decimal(38,0)").cast("int64")


def postings(*, add_back: bool = False) -> "ir.Table":
    """item, date, amount (signed), debit, due: what each fact does to each item.

    With `add_back`, as if nothing had been written off: write-offs and their matches never
    happened, and a recovery is a payment not applied.
    """
    items, matches = ITEMS, MATCHES
    sign = items.sign.cast("int64")
    if add_back:
        turned = ibis.ifelse(items.entry % 2 == 0, 1, -1).cast("int64")
        sign = ibis.ifelse(items.kind == "recovery", turned, sign)
        items = items.mutate(effect=sign).filter(_.kind != "write_off")
        matches = matches.filter((matches.credit_kind != "write_off") & (matches.debit_kind != "write_off"))
    else:
        items = items.mutate(effect=sign)
    items = items.filter(_.effect != 0)
    matches = matches.mutate(effect=ibis.ifelse(matches.undo, matches.amount, -matches.amount).cast("int64"))
    own = items.select(
        item=items.id,
        date=items.date,
        amount=items.amount * items.effect,
        debit=items.effect > 0,
        due=items.due,
        currency=items.currency,
    )
    debit = matches.select(
        item=matches.debit_id,
        date=matches.date,
        amount=matches.effect,
        debit=ibis.literal(value=True),
        due=matches.debit_due,
        currency=matches.currency,
    )
    credit = matches.select(
        item=matches.credit_id,
        date=matches.date,
        amount=-matches.effect,
        debit=ibis.literal(value=False),
        due=matches.credit_date,
        currency=matches.currency,
    )
    return own.union(debit).union(credit)


def steps(*, add_back: bool = False) -> "ir.Table":
    """The staircase of every item, in the shape of the table `steps`."""
    days = postings(add_back=add_back).group_by("item", "date").agg(change=total(_.amount))
    order = ibis.window(group_by=days.item, order_by=days.date)
    running = days.select(
        "item",
        since=days.date,
        until=days.date.lead().over(order),
        open=days.change.sum()
        .over(ibis.cumulative_window(group_by=days.item, order_by=days.date))
        .cast("decimal(38,0)")
        .cast("int64"),
    ).filter(_.open != 0)
    joined = running.join(ITEMS, running.item == ITEMS.id)
    return joined.select(
        "item",
        "customer",
        "currency",
        "seller",
        debit=_.open > 0,
        due=ITEMS.due,
        open=_.open,
        since=_.since,
        until=_.until,
    )


def open_steps(as_of: date, *, add_back: bool = False) -> "ir.Table":
    """The steps that hold at the end of `as_of`: one row for each item that is open then."""
    table = steps(add_back=True) if add_back else STEPS
    return table.filter((table.since <= day(as_of)) & (table.until.isnull() | (table.until > day(as_of))))


def survivors(as_of: date) -> "ir.Table":
    """code, survivor: the codes that were merged into others by `as_of`."""
    held = SURVIVORS.filter(
        (SURVIVORS.since <= day(as_of)) & (SURVIVORS.until.isnull() | (SURVIVORS.until > day(as_of)))
    )
    return held.select(merged="code", survivor="survivor")


def carried_on(table: "ir.Table", as_of: date) -> "ir.Table":
    """`table` with its `customer` replaced by the code that carries on as of the day."""
    merged = survivors(as_of)
    joined = table.left_join(merged, table.customer == merged.merged)
    return joined.mutate(customer=joined.survivor.fill_null(joined.customer)).select(*table.columns)


def described(table: "ir.Table", as_of: date, by: str) -> "ir.Table":
    """`table` (customer already carried on) with `key`, the customer's value under the grouping `by`."""
    if by == "customer":
        return table.mutate(key=table.customer)
    if by == "seller":
        return table.mutate(key=table.seller)
    if by == "none":
        return table.mutate(key=ibis.literal(None, "string"))
    columns = (*table.columns, "key")  # named one by one: what `drop` leaves out comes in any order
    directory = CUSTOMERS.select(code=CUSTOMERS.code, key=CUSTOMERS["group_code" if by == "group" else by])
    joined = table.left_join(directory, table.customer == directory.code).select(*columns)
    if by == "group":  # the head of a group may itself have been merged
        merged = survivors(as_of)
        joined = joined.left_join(merged, joined.key == merged.merged)
        joined = joined.mutate(key=joined.survivor.fill_null(joined.key).fill_null(joined.customer)).select(*columns)
    return joined
