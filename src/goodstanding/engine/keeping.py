"""How customers kept their due days and how late they paid: the money facts of standing (docs/algorithms/standing.md).

Money counts from the day it came, not from the day that we matched it: our own delay is no lateness of theirs.
"""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

import ibis
from ibis import _

from goodstanding.engine import asof, months
from goodstanding.engine.contract import BILLED, DISCOUNT

if TYPE_CHECKING:
    import ibis.expr.types as ir

SMALL = (DISCOUNT, "tolerance")  # reasons of write-offs that the firm grants: less was to be paid
GIVEN_UP = ("payment", "write_off")  # credits that are money, or no fault of ours


def fallen_due(since: date, as_of: date) -> "ir.Table":
    """customer, item, asked, short: invoices due after `since` and before `as_of` of which anything was to be paid.

    `asked` is the amount less what was credited by the end of the day, whenever; `short` is what of it wasn't
    received by the due day: 0 or less when it was kept.
    """
    items = asof.ITEMS.filter(
        asof.ITEMS.kind.isin(BILLED)
        & (asof.ITEMS.sign > 0)
        & (asof.ITEMS.date <= asof.day(as_of))
        & (asof.ITEMS.due > asof.day(since))
        & (asof.ITEMS.due < asof.day(as_of))
    )
    granted = asof.ITEMS.filter((asof.ITEMS.kind == "write_off") & asof.ITEMS.reason.isin(SMALL)).select(granted="id")
    matches = asof.MATCHES.filter(asof.MATCHES.date <= asof.day(as_of))
    matches = matches.left_join(granted, matches.credit_id == granted.granted)
    amount = ibis.ifelse(matches.undo, -matches.amount, matches.amount)
    less = ~matches.credit_kind.isin(GIVEN_UP) | matches.granted.notnull()
    in_time = (matches.credit_kind == "payment") & (matches.credit_date <= matches.debit_due)
    settled = matches.group_by("debit_id").agg(
        credited=asof.total(ibis.ifelse(less, amount, 0)), in_time=asof.total(ibis.ifelse(in_time, amount, 0))
    )
    joined = items.left_join(settled, items.id == settled.debit_id)
    asked = (joined.amount - joined.credited.fill_null(0)).cast("int64")
    judged = joined.select(
        "customer", item=joined.id, asked=asked, short=(asked - joined.in_time.fill_null(0)).cast("int64")
    )
    return asof.carried_on(judged.filter(_.asked > 0), as_of).order_by("item")


def paid(since: date, until: date, as_of: date, held: Collection[int]) -> "ir.Table":
    """customer, currency, paid, days: money received for invoices after `since` up to `until`, and amount × days late.

    Money for an item of `held` counts as late as it is early, or not at all.
    """
    matches = asof.MATCHES.filter(
        (asof.MATCHES.date > asof.day(since))
        & (asof.MATCHES.date <= asof.day(until))
        & (asof.MATCHES.credit_kind == "payment")
        & asof.MATCHES.debit_kind.isin(BILLED)
    )
    late = months.days_between(matches.credit_date, matches.debit_due)
    if held:
        late = ibis.ifelse(matches.debit_id.isin(sorted(held)) & (late > 0), 0, late)
    rows = matches.select(
        "currency",
        customer=matches.debit_customer,
        received=ibis.ifelse(matches.undo, -matches.amount, matches.amount),
        late=late,
    )
    rows = asof.carried_on(rows, as_of)
    return rows.group_by("customer", "currency").agg(
        paid=asof.total(rows.received),
        days=months.times_days(rows.received, rows.late).sum().cast("decimal(38,0)"),
    )
