"""What stood and was sold in a period, customer by customer: what the collection effectiveness index is made of.

One question to the book whatever the number of customers (docs/algorithms/cost-to-collect.md).
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
from ibis import _

from goodstanding.engine import asof
from goodstanding.engine.contract import DISCOUNT, OPENING

if TYPE_CHECKING:
    import ibis.expr.types as ir

PARTS = ("opening", "sales", "closing", "current")


def parts(first: date, last: date) -> "ir.Table":
    """customer, currency, opening, sales, closing, current (closing not yet due) of the days `first` to `last`.

    As the monthly figures count them: a balance brought in during the period counts as its opening, sales are net of
    credit notes. Merged customers are carried on as of `last`.
    """
    before = asof.open_steps(first - timedelta(days=1))
    after = asof.open_steps(last)
    due_later = after.debit & (after.due >= asof.day(last))
    items = asof.ITEMS.filter((_.date >= asof.day(first)) & (_.date <= asof.day(last)))
    reason = items.reason.fill_null("")
    brought = (items.kind == "opening") | ((items.kind == "credit_note") & (reason == OPENING))
    sold = items.kind.isin(["invoice", "debit_note"]) | (
        (items.kind == "credit_note") & reason.notin([OPENING, DISCOUNT])
    )
    turned = items.amount * items.sign.cast("int64")
    table = (
        _part(before, opening=before.open)
        .union(_part(after, closing=after.open, current=ibis.ifelse(due_later, after.open, 0)))
        .union(_part(items, opening=ibis.ifelse(brought, turned, 0), sales=ibis.ifelse(sold, turned, 0)))
    )
    summed = asof.carried_on(table, last).group_by("customer", "currency")
    return summed.agg(**{name: asof.total(_[name]) for name in PARTS}).order_by("customer", "currency")


def _part(table: "ir.Table", **amounts: "ir.IntegerValue") -> "ir.Table":
    """The same columns whatever is asked: what a part doesn't know is 0."""
    nothing = ibis.literal(0)
    columns = {name: amounts.get(name, nothing).cast("int64") for name in PARTS}
    return table.select("customer", "currency", **columns)
