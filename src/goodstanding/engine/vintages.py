"""Vintages: of everything billed in a month, what came in cash, was credited, was written off, is still open."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import ibis
from ibis import _

from goodstanding.engine import asof, formulas, months
from goodstanding.engine.book import Book
from goodstanding.engine.figures import Figure

if TYPE_CHECKING:
    import ibis.expr.types as ir

KINDS = ("invoice", "debit_note")  # what a month bills; balances brought in were billed before


@dataclass(frozen=True, slots=True)
class Share:
    """A vintage `age` months after the month it was billed in; minor units, cumulative. They sum to `billed`."""

    age: int
    billed: int
    cash: int
    credited: int
    written_off: int

    @property
    def open(self) -> int:
        """What is still open."""
        return self.billed - self.cash - self.credited - self.written_off

    @property
    def shares(self) -> dict[str, Figure]:
        """cash, credited, written_off and open as parts of the billed: they sum to 1 exactly."""
        parts = formulas.shares(self.billed, self.cash, self.credited, self.written_off)
        return dict(zip(("cash", "credited", "written_off", "open"), parts, strict=True))


@dataclass(frozen=True, slots=True)
class Vintage:
    """Everything billed in `month` (YYYY-MM) in one currency, at each age from 0 to the month of the day asked."""

    currency: str
    month: str
    billed: int
    ages: tuple[Share, ...]


def billed(as_of: date) -> "ir.Table":
    """currency, month, amount: what each month billed; a reversal is a settlement, not a smaller bill."""
    items = asof.ITEMS
    bills = items.filter(items.kind.isin(KINDS) & (items.sign > 0) & (items.date <= asof.day(as_of)))
    return (
        bills.mutate(month=months.number(bills.date))
        .group_by("currency", "month")
        .agg(amount=asof.total(_.amount))
        .order_by("currency", "month")
    )


def settled(as_of: date) -> "ir.Table":
    """currency, month (billed), matched (month), way (cash, credited, written_off), amount."""
    matches = asof.MATCHES
    parts = matches.filter((matches.date <= asof.day(as_of)) & matches.debit_kind.isin(KINDS))
    way = ibis.cases(
        (parts.credit_kind == "payment", "cash"), (parts.credit_kind == "write_off", "written_off"), else_="credited"
    )
    parts = parts.select(
        "currency",
        month=months.number(parts.debit_date),
        matched=months.number(parts.date),
        way=way,
        amount=ibis.ifelse(parts.undo, -parts.amount, parts.amount),
    )
    return (
        parts.group_by("currency", "month", "matched", "way")
        .agg(amount=asof.total(_.amount))
        .order_by("currency", "month", "matched", "way")
    )


def vintages(book: Book, as_of: date) -> tuple[Vintage, ...]:
    """Every month's vintage as of the end of `as_of`, by currency and month."""
    moves: dict[tuple[str, int], dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in book.rows(settled(as_of)):
        moves[row["currency"], row["month"]][row["matched"]][row["way"]] = row["amount"]
    found = []
    for row in book.rows(billed(as_of)):
        month, so_far, ages = row["month"], {"cash": 0, "credited": 0, "written_off": 0}, []
        for at in range(month, months.number_of(as_of) + 1):
            for way, amount in moves[row["currency"], month][at].items():
                so_far[way] += amount
            ages.append(Share(age=at - month, billed=row["amount"], **so_far))
        found.append(Vintage(row["currency"], f"{months.first_day(month):%Y-%m}", row["amount"], tuple(ages)))
    return tuple(found)
