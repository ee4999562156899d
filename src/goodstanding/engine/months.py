"""Months as expressions and as numbers: month number = 12 x year + month."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir


def number(column: "ir.DateColumn") -> "ir.IntegerColumn":
    """The month number of a column of days."""
    return (column.year() * 12 + column.month()).cast("int64")


def number_of(day: date) -> int:
    """The month number of a day."""
    return day.year * 12 + day.month


def first_day(month: int) -> date:
    """The first day of a month by its number."""
    return date((month - 1) // 12, (month - 1) % 12 + 1, 1)


def last_day(month: int) -> date:
    """The last day of a month by its number."""
    return first_day(month + 1) - timedelta(days=1)


def days_between(later: "ir.DateValue", earlier: "ir.DateValue") -> "ir.IntegerValue":
    """Later - earlier in days."""
    return later.delta(earlier, unit="day").cast("int64")


def times_days(amount: "ir.IntegerColumn", days: "ir.IntegerColumn") -> "ir.DecimalColumn":
    """Amount x days, which may not fit in 64 bits."""
    return amount.cast("decimal(20,0)") * days.cast("decimal(9,0)")


EPOCH = ibis.literal("1970-01-01").cast("date")
