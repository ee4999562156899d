"""When invoices were settled, and how late: settlements, their months, and late rates by any grouping.

An invoice is settled on the day from which nothing is open of it, and counts here when money paid at
least part of it: one that was only credited, reversed or written off says nothing about paying.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import ibis
from ibis import _

from goodstanding.engine import asof, months
from goodstanding.engine.aging import check_grouping
from goodstanding.engine.book import Book
from goodstanding.engine.contract import BILLED
from goodstanding.engine.figures import Figure, ratio
from goodstanding.kernel.errors import N_

if TYPE_CHECKING:
    import ibis.expr.types as ir

NOTHING_SETTLED = N_("Nothing was settled.")


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late the invoices of one key and currency were settled; days late count from 0 (early is on time)."""

    key: str | None
    currency: str
    settled: int
    late: int
    days_late: int
    days_to_settle: int
    amount: int
    late_amount: int
    amount_days_late: int

    def over_settled(self, part: int) -> Figure:
        """`part` for each settled invoice."""
        return ratio(part, self.settled, NOTHING_SETTLED)

    @property
    def late_rate(self) -> Figure:
        """The share of invoices settled late."""
        return self.over_settled(self.late)

    @property
    def late_rate_by_amount(self) -> Figure:
        """The share of the amount settled late."""
        return ratio(self.late_amount, self.amount, NOTHING_SETTLED)

    @property
    def mean_days_late(self) -> Figure:
        """Mean days late over all settled invoices."""
        return self.over_settled(self.days_late)

    @property
    def mean_days_late_when_late(self) -> Figure:
        """Mean days late over the late ones."""
        return ratio(self.days_late, self.late, NOTHING_SETTLED)

    @property
    def weighted_days_late(self) -> Figure:
        """Mean days late weighted by amount."""
        return ratio(self.amount_days_late, self.amount, NOTHING_SETTLED)

    @property
    def mean_days_to_settle(self) -> Figure:
        """Mean days from the invoice to its settlement."""
        return self.over_settled(self.days_to_settle)


def closings(as_of: date) -> "ir.Table":
    """item, closed: every day up to `as_of` from which a billed debit was open no more (it may have reopened)."""
    steps = asof.STEPS
    again = steps.select(next_item="item", again="since")
    ended = steps.filter(steps.debit & (steps.until <= asof.day(as_of)))
    ended = ended.anti_join(again, (ended.item == again.next_item) & (ended.until == again.again))
    billed = asof.ITEMS.filter(
        asof.ITEMS.kind.isin(BILLED) & (asof.ITEMS.sign > 0) & (asof.ITEMS.date <= asof.day(as_of))
    )
    at_once = billed.anti_join(again, (billed.id == again.next_item) & (billed.date == again.again))
    closed = ended.select("item", closed="until").semi_join(billed, _.item == billed.id)
    return closed.union(at_once.select(item="id", closed="date"))


def paid_closings(as_of: date) -> "ir.Table":
    """item, closed: the closings by whose day money had paid at least part of the item."""
    matches = asof.MATCHES
    cash = matches.filter((matches.credit_kind == "payment") & (matches.date <= asof.day(as_of)))
    cash = cash.select(debit="debit_id", on="date", amount=ibis.ifelse(cash.undo, -cash.amount, cash.amount))
    closed = closings(as_of)
    joined = closed.join(cash, (closed.item == cash.debit) & (cash.on <= closed.closed))
    return joined.group_by("item", "closed").agg(cash=asof.total(_.amount)).filter(_.cash > 0).select("item", "closed")


def monthly(as_of: date) -> "ir.Table":
    """currency, month, settled, late: the invoices settled in each month and those of them that were late."""
    closed = paid_closings(as_of)
    last = closed.mutate(month=months.number(closed.closed)).group_by("item", "month").agg(closed=_.closed.max())
    joined = last.join(asof.ITEMS, last.item == asof.ITEMS.id)
    late = ibis.ifelse(joined.closed > joined.due, 1, 0)
    counted = joined.select("currency", "month", late=late)
    return (
        counted.group_by("currency", "month")
        .agg(settled=counted.count().cast("int64"), late=asof.total(counted.late))
        .order_by("currency", "month")
    )


def settlements(as_of: date) -> "ir.Table":
    """Every invoice settled at the end of `as_of`: item, customer, number, currency, seller, date, due, amount, settled."""
    closed = paid_closings(as_of)
    last = closed.group_by("item").agg(settled=_.closed.max())
    still = asof.open_steps(as_of).select(open_item="item")
    last = last.anti_join(still, last.item == still.open_item)
    items = asof.ITEMS
    joined = last.join(items, last.item == items.id)
    return joined.select("item", "customer", "number", "currency", "seller", "date", "due", "amount", "settled")


def cells(as_of: date, by: str) -> "ir.Table":
    """The columns of `Lateness` for each key and currency."""
    table = settlements(as_of)
    days = months.days_between(table.settled, table.due)
    late = ibis.ifelse(days > 0, days, 0)
    table = table.mutate(late_days=late, taken=months.days_between(table.settled, table.date))
    table = asof.described(asof.carried_on(table, as_of), as_of, by)
    return (
        table.group_by("key", "currency")
        .agg(
            settled=table.count().cast("int64"),
            late=asof.total(ibis.ifelse(table.late_days > 0, 1, 0)),
            days_late=asof.total(table.late_days),
            days_to_settle=asof.total(table.taken),
            amount=asof.total(table.amount),
            late_amount=asof.total(ibis.ifelse(table.late_days > 0, table.amount, 0)),
            amount_days_late=months.times_days(table.amount, table.late_days).sum().cast("decimal(38,0)"),
        )
        .order_by("currency", _.key.asc(nulls_first=True))
    )


def lateness(book: Book, as_of: date, by: str = "none") -> tuple[Lateness, ...]:
    """How late the invoices settled by the end of `as_of` were, for each value of `by` and currency."""
    rows = book.rows(cells(as_of, check_grouping(by)))
    return tuple(Lateness(**{**row, "amount_days_late": int(row["amount_days_late"])}) for row in rows)
