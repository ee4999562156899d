"""Promises beside the money that came: what judging asks for, and what the pages and the terminal show."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from goodstanding.access.types import Actor
from goodstanding.parties import queries as parties
from goodstanding.parties.models import Customer
from goodstanding.promises import queries
from goodstanding.promises.types import Promise
from goodstanding.receivables.models import Item

Receipts = Mapping[tuple[int, str], list[tuple[date, int]]]


def survivors_by_id(as_of: date) -> dict[int, int]:
    """Of each merged customer's id: the id of who carries on at the end of the day."""
    ends = parties.survivors(as_of)
    ids = dict(Customer.objects.filter(code__in={*ends, *ends.values()}).values_list("code", "pk"))
    return {ids[merged]: ids[end] for merged, end in ends.items()}


def receipts(customers: Collection[int] | None, since: date, as_of: date) -> Receipts:
    """Money received by customer and currency: (day, minor units) of payments that stand at the end of the day.

    Merged customers' payments are those of who carries on; the whole book without `customers`.
    """
    ends = survivors_by_id(as_of)
    rows = Item.objects.filter(kind="payment", reverses=None, date__range=(since, as_of))
    rows = rows.filter(Q(reversal=None) | Q(reversal__date__gt=as_of))
    if customers is not None:
        mine = set(customers) | {merged for merged, end in ends.items() if end in set(customers)}
        rows = rows.filter(customer__in=mine)
    found: dict[tuple[int, str], list[tuple[date, int]]] = defaultdict(list)
    for customer, currency, day, amount in rows.values_list("customer_id", "currency", "date", "amount"):
        found[ends.get(customer, customer), currency].append((day, amount))
    return found


@dataclass(frozen=True, slots=True)
class DayOf:
    """What is promised for one day by customers, in one currency: minor units received, and still to come."""

    day: date
    kept: int
    waiting: int
    promises: int


@dataclass(frozen=True, slots=True)
class Side:
    """Promises of one side that fall due on a day."""

    count: int = 0
    amount: int = 0  # minor units of the currency asked for
    kept: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """The promises of the days from Monday to Sunday around a day, in one currency."""

    days: tuple[DayOf, ...]
    theirs: Side  # due on the day itself
    ours: Side


def week(actor: Actor, as_of: date, currency: str) -> Week:
    """The promises of the week of a day that the actor may see."""
    monday = as_of - timedelta(days=as_of.weekday())
    found = queries.due_between(monday, monday + timedelta(days=6), as_of, hidden=actor.hidden)
    live = [each for each in found if each.state not in ("withdrawn", "renewed")]
    theirs = [each for each in live if each.by == "them" and each.currency == currency]
    days = []
    for n in range(7):
        day = monday + timedelta(days=n)
        mine = [each for each in theirs if each.due == day]
        kept = sum(min(each.received, each.amount or 0) for each in mine)
        waits = sum((each.amount or 0) - each.received for each in mine if each.state == "open")
        days.append(DayOf(day, kept, waits, len(mine)))
    return Week(
        tuple(days),
        _side([each for each in theirs if each.due == as_of]),
        _side([each for each in live if each.by == "us" and each.due == as_of]),
    )


def _side(due: list[Promise]) -> Side:
    return Side(
        count=len(due),
        amount=sum(each.amount or 0 for each in due),
        kept=sum(each.state == "kept" for each in due),
        open=sum(each.state == "open" for each in due),
    )
