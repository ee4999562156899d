"""The day at a glance: what is owed and falls due, and the customers that most need attention, each with reasons.

The order of attention is by money-days: what is past due and not held, times the days it is late. It follows from
the book of this moment; the classes are those of the last night. See docs/algorithms/attention.md.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import Q
from lunardate import LunarDate

from goodstanding.access.types import Actor
from goodstanding.parties.models import Contact, CustomerClass
from goodstanding.parties.queries import by_codes, seen_by
from goodstanding.parties.types import Customer
from goodstanding.reports.aging_types import Asked, CurrencyTotal, Figures
from goodstanding.reports.book import current_book
from goodstanding.reports.chosen import SOON, Chosen, choose
from goodstanding.reports.customer import Class, class_of, last_night
from goodstanding.reports.desk import holds
from goodstanding.reports.openitems import EPOCH, open_items

MOST = 20
MOST_BIRTHDAYS = 12


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
class Birthday:
    """Somebody's birthday: the day it falls on this year."""

    on: date
    name: str
    role: str
    customer: int
    customer_name: str
    lunar: bool


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
    chosen, currencies = choose(open_items(current_book(), as_of), asked, actor.hidden, tuple(holds(as_of)))
    needs, needy, asking = _needs(actor, chosen)
    return Today(
        as_of=as_of,
        currency=chosen.currency,
        currencies=currencies,
        totals=chosen.totals(),
        asking=asking,
        soon=_soon(chosen),
        needs=needs,
        needy=needy,
        birthdays=birthdays(actor, as_of),
    )


def _needs(actor: Actor, chosen: Chosen) -> tuple[tuple[Need, ...], int, int]:
    """The neediest customers, how many need something at all, and what is past due and not held of all."""
    day, today_ = chosen.day, (chosen.day.as_of - EPOCH).days
    late = np.maximum(today_ - day.due[chosen.at], 0) * day.debit[chosen.at]
    asked = np.where(late > 0, day.open[chosen.at] - chosen.held, 0)
    rows = len(chosen.keys)
    past_due, oldest = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    np.add.at(past_due, chosen.row_of, asked)
    np.maximum.at(oldest, chosen.row_of, np.where(asked > 0, late, 0))
    # a rank, not an amount: the product may be larger than a whole number of 64 bits holds
    rank = np.bincount(chosen.row_of, weights=asked.astype(np.float64) * late, minlength=rows)
    needy = np.flatnonzero(past_due > 0)
    best = needy[np.lexsort((chosen.keys[needy], -rank[needy]))][:MOST]
    codes = [day.directory.codes[int(chosen.keys[at])] for at in best]
    known = {each.code: each for each in by_codes(actor, codes)}
    classes = _classes([each.id for each in known.values()], chosen)
    found = tuple(
        _need(known[code], chosen, int(at), (int(past_due[at]), int(oldest[at])), classes.get(known[code].id, ()))
        for code, at in zip(codes, best, strict=True)
        if code in known
    )
    return found, len(needy), int(past_due.sum())


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


def birthdays(actor: Actor, as_of: date) -> tuple[Birthday, ...]:
    """Whose birthday falls on one of the next days, by the sun or by the moon, of those who may be contacted."""
    days = [as_of + timedelta(days=n) for n in range(SOON)]
    solar = {f"{day.month:02}-{day.day:02}": day for day in days}
    lunar = {
        f"{moon.month:02}-{moon.day:02}": day
        for day in days
        for moon in [LunarDate.from_solar_date(day.year, day.month, day.day)]
    }
    wanted = Q()
    for end in solar:
        wanted |= Q(birthday__endswith=end) & ~Q(birthday_calendar="lunar")
    for end in lunar:
        wanted |= Q(birthday__endswith=end, birthday_calendar="lunar")
    rows = Contact.objects.filter(seen_by(actor, "customer__"), wanted, may_contact=True).exclude(birthday="")
    found = []
    for row in rows.select_related("customer"):
        moon = row.birthday_calendar == "lunar"
        on = (lunar if moon else solar)[row.birthday[-5:]]
        found.append(Birthday(on, row.name, row.role, row.customer_id, row.customer.name, moon))
    return tuple(sorted(found, key=lambda each: (each.on, each.customer_name))[:MOST_BIRTHDAYS])
