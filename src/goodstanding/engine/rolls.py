"""Roll rates: what part of each bucket stood further on at a later day; followed item by item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import ibis
from ibis import _

from goodstanding.engine import aging, asof, formulas
from goodstanding.engine.book import Book
from goodstanding.engine.figures import Figure

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True)
class Roll:
    """`before` stood in bucket `label` on the first day; `rolled` of it stands in a later bucket on the second.

    Of the last bucket, `rolled` is what still stands in it. Minor units.
    """

    currency: str
    label: str
    before: int
    rolled: int

    @property
    def rate(self) -> Figure:
        """Rolled / before."""
        return formulas.roll_rate(self.before, self.rolled)


def cells(start: date, end: date, limits: Sequence[int] = aging.LIMITS) -> "ir.Table":
    """currency, bucket, before, rolled."""
    first, then = asof.open_steps(start).filter(_.debit), asof.open_steps(end).filter(_.debit)
    first = first.select("item", "currency", before="open", place=aging.bucket(first.due, start, limits))
    then = then.select(same="item", after="open", later=aging.bucket(then.due, end, limits))
    joined = first.left_join(then, first.item == then.same)
    further = (joined.later > joined.place) | (joined.later == len(limits) + 1)
    rolled = ibis.ifelse(further.fill_null(ibis.literal(value=False)), ibis.least(joined.before, joined.after), 0)
    return (
        joined.mutate(rolled=rolled)
        .group_by("currency", bucket="place")
        .agg(before=asof.total(_.before), rolled=asof.total(_.rolled))
        .order_by("currency", "bucket")
    )


def roll_rates(book: Book, start: date, end: date, limits: Sequence[int] = aging.LIMITS) -> tuple[Roll, ...]:
    """Every bucket's roll from `start` to `end` (a month later, as a rule), by currency. Empty buckets are listed too."""
    limits = aging.check_limits(limits)
    names = aging.labels(limits)
    found = {(row["currency"], row["bucket"]): row for row in book.rows(cells(start, end, limits))}
    nothing = {"before": 0, "rolled": 0}
    return tuple(
        Roll(currency, name, row["before"], row["rolled"])
        for currency in sorted({currency for currency, _place in found})
        for place, name in enumerate(names)
        for row in [found.get((currency, place), nothing)]
    )
