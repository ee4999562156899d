"""How much of the book is dated in a stretch of days: what closing or reopening it is about."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from goodstanding.engine import asof
from goodstanding.engine.book import Book

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True)
class Dated:
    """How many items and matches (undoings among them) are dated in some days."""

    items: int
    matches: int


def counts(after: date, through: date) -> "ir.Table":
    """what, rows: the items and the matches dated after one day and up to another."""
    first, last = asof.day(after), asof.day(through)
    items = asof.ITEMS.filter((asof.ITEMS.date > first) & (asof.ITEMS.date <= last)).aggregate(rows=lambda t: t.count())
    matches = asof.MATCHES.filter((asof.MATCHES.date > first) & (asof.MATCHES.date <= last))
    told = matches.aggregate(rows=lambda t: t.count()).mutate(what=1)
    return items.mutate(what=0).union(told, distinct=False).select("what", "rows")


def dated(book: Book, after: date, through: date) -> Dated:
    """How many items and matches are dated after one day and up to another."""
    found = {row["what"]: row["rows"] for row in book.rows(counts(after, through))}
    return Dated(found[0], found[1])
