"""The receivables in figures, month by month: the DSO family, CEI, delays, roll rates, vintages.

They are sums over the whole book, so only who sees every customer may see them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from goodstanding.access.types import Actor
from goodstanding.engine.book import Book
from goodstanding.engine.metrics import Month, monthly
from goodstanding.engine.rolls import Roll, roll_rates
from goodstanding.engine.vintages import Vintage, vintages
from goodstanding.kernel.errors import N_, NotAllowed
from goodstanding.receivables.policy import policy
from goodstanding.reports.book import current_book

MONTHS = 13  # this month and the year before it
KEPT = 8


@dataclass(frozen=True, slots=True)
class Insight:
    """The figures of one currency, the newest month first. `since` is the day that the roll rates start from."""

    as_of: date
    currency: str
    currencies: tuple[str, ...]
    months: tuple[Month, ...]
    since: date
    rolls: tuple[Roll, ...]
    vintages: tuple[Vintage, ...]


def insight(actor: Actor, as_of: date, currency: str = "", *, add_back: bool = False) -> Insight:
    """The figures as of a day. NotAllowed for who doesn't see every customer: sums would tell of the others."""
    if actor.hidden:
        raise NotAllowed("not_allowed", N_("Figures of the whole book are for those who see every customer."))
    months, rolls, found, since = _figures(current_book(), as_of, policy().limits, add_back)
    weight: dict[str, int] = {}
    for month in months:
        weight[month.currency] = weight.get(month.currency, 0) + month.settled
    currencies = tuple(sorted(weight, key=lambda code: (-weight[code], code)))
    currency = currency if currency in currencies else next(iter(currencies), "")
    return Insight(
        as_of=as_of,
        currency=currency,
        currencies=currencies,
        months=tuple(reversed([each for each in months if each.currency == currency])),
        since=since,
        rolls=tuple(each for each in rolls if each.currency == currency),
        vintages=tuple(reversed([each for each in found if each.currency == currency][-MONTHS:])),
    )


@lru_cache(maxsize=KEPT)
def _figures(
    book: Book, as_of: date, limits: tuple[int, ...], add_back: bool
) -> tuple[tuple[Month, ...], tuple[Roll, ...], tuple[Vintage, ...], date]:
    """Kept: the same book, day and buckets have the same figures."""
    since = as_of.replace(day=1) - timedelta(days=1)
    return (
        monthly(book, as_of, add_back=add_back, last=MONTHS),
        roll_rates(book, since, as_of, limits),
        vintages(book, as_of),
        since,
    )
