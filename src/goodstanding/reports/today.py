"""The day at a glance: what is owed and falls due, and the customers that most need attention, each with reasons.

The order of attention is by money-days: what is past due and not held, times the days it is late. It follows from
the book of this moment; the classes are those of the last night. See docs/algorithms/attention.md.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from goodstanding.access.types import Actor
from goodstanding.parties.models import CustomerClass
from goodstanding.parties.queries import by_codes
from goodstanding.parties.types import Customer
from goodstanding.reports.aging_types import Asked, CurrencyTotal, Figures
from goodstanding.reports.birthdays import Birthday, birthdays
from goodstanding.reports.book import current_book
from goodstanding.reports.chosen import SOON, Chosen, Hidden, choose
from goodstanding.reports.customer import Class, class_of, last_night
from goodstanding.reports.desk import holds
from goodstanding.reports.openitems import EPOCH, OpenItems, open_items

MOST = 20
KEPT = 16


@dataclass(frozen=True, slots=True)
class Need:
    """A customer that needs attention. Money in minor units of the page's currency."""

    customer: Customer
    past_due: int  # not held
    days: int  # that the oldest of it is late
    held: int
    unapplied: int  # negative
    total: int
    over: int  # above the credit limit; 0 within it, without one, or when the limit is in another currency
    classes: tuple[Class, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """What falls due on one of the next days."""

    day: date
    amount: int
    items: int


@dataclass(frozen=True, slots=True)
class Today:
    """The page: `asking` is what is past due and not held."""

    as_of: date
    currency: str
    currencies: tuple[CurrencyTotal, ...]
    totals: Figures
    asking: int
    soon: tuple[Day, ...]
    needs: tuple[Need, ...]
    needy: int  # how many customers have something past due that isn't held
    birthdays: tuple[Birthday, ...]


def today(actor: Actor, as_of: date, currency: str = "") -> Today:
    """The day as the actor may see it, in one currency."""
    asked = Asked(as_of, currency=currency)
    found = _weighed(open_items(current_book(), as_of), asked, actor.hidden, tuple(holds(as_of)))
    chosen = found.chosen
    return Today(
        as_of=as_of,
        currency=chosen.currency,
        currencies=found.currencies,
        totals=found.totals,
        asking=found.asking,
        soon=found.soon,
        needs=_needs(actor, found),
        needy=found.needy,
        birthdays=birthdays(actor, as_of),
    )


@dataclass(frozen=True, eq=False)
class _Weighed:
    """The open items of a day, weighed: `best` are the rows that need most, each with what is late and how long."""

    chosen: Chosen
    currencies: tuple[CurrencyTotal, ...]
    totals: Figures
    asking: int
    needy: int
    best: tuple[tuple[int, int, int], ...]
    soon: tuple[Day, ...]


@lru_cache(maxsize=KEPT)
def _weighed(day: OpenItems, asked: Asked, hidden: Hidden, held: tuple[tuple[int, int], ...]) -> _Weighed:
    """Kept: the same open items and holds, seen by whoever sees as much, weigh the same."""
    chosen, currencies = choose(day, asked, hidden, held)
    late = np.maximum((day.as_of - EPOCH).days - day.due[chosen.at], 0) * day.debit[chosen.at]
    asking = np.where(late > 0, day.open[chosen.at] - chosen.held, 0)
    rows = len(chosen.keys)
    past_due, oldest = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    np.add.at(past_due, chosen.row_of, asking)
    np.maximum.at(oldest, chosen.row_of, np.where(asking > 0, late, 0))
    # a rank, not an amount: the product may be larger than a whole number of 64 bits holds
    rank = np.bincount(chosen.row_of, weights=asking.astype(np.float64) * late, minlength=rows)
    needy = np.flatnonzero(past_due > 0)
    best = needy[np.lexsort((chosen.keys[needy], -rank[needy]))][:MOST]
    return _Weighed(
        chosen=chosen,
        currencies=currencies,
        totals=chosen.totals(),
        asking=int(past_due.sum()),
        needy=len(needy),
        best=tuple((int(at), int(past_due[at]), int(oldest[at])) for at in best),
        soon=_soon(chosen),
    )


def _needs(actor: Actor, found: _Weighed) -> tuple[Need, ...]:
    """The neediest customers with what is known of each."""
    chosen = found.chosen
    codes = [chosen.day.directory.codes[int(chosen.keys[at])] for at, *_late in found.best]
    known = {each.code: each for each in by_codes(actor, codes)}
    classes = _classes([each.id for each in known.values()], chosen)
    return tuple(
        _need(known[code], chosen, at, (past_due, days), classes.get(known[code].id, ()))
        for code, (at, past_due, days) in zip(codes, found.best, strict=True)
        if code in known
    )


def _need(customer: Customer, chosen: Chosen, at: int, late: tuple[int, int], classes: Sequence[Class]) -> Need:
    """The row of a customer; `late` is what is past due and not held, and the days that the oldest of it is late."""
    figures = chosen.row(at).figures
    limit = customer.credit_limit if customer.currency == chosen.currency else None
    return Need(
        customer=customer,
        past_due=late[0],
        days=late[1],
        held=figures.held,
        unapplied=figures.unapplied,
        total=figures.total,
        over=max(figures.total - limit, 0) if limit is not None else 0,
        classes=tuple(classes),
    )


def _classes(ids: Sequence[int], chosen: Chosen) -> dict[int, list[Class]]:
    night = last_night(chosen.day.as_of)
    rows = CustomerClass.objects.filter(customer__in=ids, as_of=night, currency=chosen.currency)
    found: dict[int, list[Class]] = defaultdict(list)
    for row in rows.filter(dimension__in=("value", "behaviour")).order_by("-dimension"):
        found[row.customer_id].append(class_of(row))
    return found


def _soon(chosen: Chosen) -> tuple[Day, ...]:
    """What falls due on each of the next days, today included."""
    day = chosen.day
    first = (day.as_of - EPOCH).days
    away = day.due[chosen.at] - first
    mine = (away >= 0) & (away < SOON) & day.debit[chosen.at]
    sums = np.zeros(SOON, np.int64)
    np.add.at(sums, away[mine], day.open[chosen.at][mine])
    counts = np.bincount(away[mine], minlength=SOON)
    return tuple(Day(day.as_of + timedelta(days=n), int(sums[n]), int(counts[n])) for n in range(SOON))
