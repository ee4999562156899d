"""What `decide` needs to know, over the whole book or for some customers, from columns and a dozen set-based reads.

Nothing here asks once a customer. Merged codes are carried on as of the day.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Q

from goodstanding.collections import queries as collections
from goodstanding.collections.models import Assignment
from goodstanding.collections.types import Debt, Facts, StoredStrategy
from goodstanding.parties.calendar import calendar
from goodstanding.parties.models import Contact, Customer, CustomerClass
from goodstanding.promises import queries as promises
from goodstanding.receivables.models import Hold, Item
from goodstanding.relations import queries as relations
from goodstanding.reports.birthdays import days_of
from goodstanding.reports.book import current_book
from goodstanding.reports.customer import last_night
from goodstanding.reports.openitems import EPOCH, OpenItems, open_items

WEEK = timedelta(days=7)
AHEAD = 60  # days before the due day that a first step may reach
HOLDOUT = "holdout"


@dataclass
class _Known:
    """What is known of everybody asked about, by id."""

    holds: Mapping[int, tuple[int, tuple[str, ...]]]
    completed: Mapping[int, tuple[int, date]]
    named: Mapping[int, int]  # item → promised minor units
    promised: Mapping[tuple[int, str], tuple[int, date]]
    people: Mapping[str, tuple[int, str]]  # code → id, status
    classes: Mapping[tuple[int, str], dict[str, str]]
    week: Mapping[int, int]
    day: Mapping[int, int]
    reachable: set[int]
    opted_out: set[int]
    birthdays: set[int]
    variants: Mapping[int, str]
    day_off: str = ""
    numbers: Mapping[int, str] = field(default_factory=dict)


def facts(
    as_of: date, *, until: datetime, strategy: StoredStrategy, customers: Collection[str] | None = None,
) -> Iterator[Facts]:  # fmt: skip
    """The facts of everybody with an open debt, by customer and currency; `customers` are codes, None for all.

    `until` is the moment up to which contacts count (the end of the day, or now).
    """
    day = open_items(current_book(), as_of)
    at = _places(day, customers)
    if not len(at):
        return
    known = _known(day, at, as_of, until, strategy)
    order = at[np.lexsort((day.due[at], day.currency.index[at], day.customer[at]))]
    start = 0
    keys = np.stack((day.customer[order], day.currency.index[order]))
    changes = np.flatnonzero((keys[:, 1:] != keys[:, :-1]).any(axis=0)) + 1
    for end in [*changes.tolist(), len(order)]:
        yield from _facts(day, order[start:end], known)
        start = end


def fingerprint(found: Collection[Facts], strategy: StoredStrategy) -> str:
    """What changes whenever a decision could: of the facts of a run and its strategy."""
    digest = hashlib.sha256(f"{strategy.version} {strategy.text}".encode())
    for each in found:
        digest.update(repr(each).encode())
    return digest.hexdigest()


def _places(day: OpenItems, codes: Collection[str] | None) -> np.ndarray:
    """Where the items of these customers stand, of those who owe something that a step may reach."""
    wanted = np.ones(len(day.item), bool)
    if codes is not None:
        mine = np.zeros(len(day.directory.codes), bool)
        mine[[day.directory.place[code] for code in codes if code in day.directory.place]] = True
        wanted = mine[day.customer]
    near = day.debit & (day.due <= (day.as_of - EPOCH).days + AHEAD)
    owing = np.zeros(len(day.directory.codes), bool)
    owing[day.customer[near & wanted]] = True
    return np.flatnonzero(wanted & owing[day.customer] & (near | ~day.debit))


def _known(day: OpenItems, at: np.ndarray, as_of: date, until: datetime, strategy: StoredStrategy) -> _Known:
    whole = len(at) > 500
    items = None if whole else [int(each) for each in day.item[at]]
    codes = [day.directory.codes[place] for place in np.unique(day.customer[at])]
    people = _people(codes)
    ids = None if whole else [number for number, _status in people.values()]
    named, promised = _promised(as_of, ids)
    week, today = _contacts(until, as_of, ids)
    reachable, opted_out, birthdays = _contactable(as_of, ids)
    numbers = Item.objects.all() if items is None else Item.objects.filter(pk__in=items)
    if items is None:
        numbers = numbers.filter(balance__open__gt=0)
    experiment = strategy.strategy.experiment
    variants = Assignment.objects.filter(experiment=experiment.name) if experiment else Assignment.objects.none()
    known = calendar()
    return _Known(
        holds=_holds(as_of, items),
        completed=collections.completed(as_of, items),
        named=named,
        promised=promised,
        people=people,
        classes=_classes(as_of, ids),
        week=week,
        day=today,
        reachable=reachable,
        opted_out=opted_out,
        birthdays=birthdays,
        variants=dict(variants.values_list("customer_id", "variant")),
        day_off="" if known.is_working(as_of) else (known.name(as_of, "en") or "rest"),
        numbers=dict(numbers.values_list("pk", "number")),
    )


def _people(codes: Collection[str]) -> dict[str, tuple[int, str]]:
    rows = Customer.objects.all() if len(codes) > 500 else Customer.objects.filter(code__in=codes)
    return {code: (number, status) for number, code, status in rows.values_list("pk", "code", "status")}


def _holds(as_of: date, items: Collection[int] | None) -> dict[int, tuple[int, tuple[str, ...]]]:
    rows = Hold.objects.filter(placed__lte=as_of).exclude(Q(release__released__lte=as_of))
    if items is not None:
        rows = rows.filter(item__in=items)
    sums: dict[int, int] = defaultdict(int)
    whys: dict[int, set[str]] = defaultdict(set)
    for item, amount, reason in rows.values_list("item_id", "amount", "reason"):
        sums[item] += amount
        whys[item].add(reason)
    return {item: (amount, tuple(sorted(whys[item]))) for item, amount in sums.items()}


def _promised(
    as_of: date, ids: Collection[int] | None
) -> tuple[dict[int, int], dict[tuple[int, str], tuple[int, date]]]:
    """What is promised by item, and what is promised for no item by name, with the last day it may come."""
    named: dict[int, int] = defaultdict(int)
    general: dict[tuple[int, str], tuple[int, date]] = {}
    for each in promises.waiting(as_of, ids):
        if each.items:
            for about in each.items:
                named[about.item] += about.amount or each.amount
            continue
        amount, until = general.get((each.customer_id, each.currency), (0, each.until))
        general[each.customer_id, each.currency] = (amount + each.amount, max(until, each.until))
    return named, general


def _contacts(until: datetime, as_of: date, ids: Collection[int] | None) -> tuple[dict[int, int], dict[int, int]]:
    """How often each was contacted in the seven days that end at `until`, and on the day itself."""
    week: dict[int, int] = defaultdict(int)
    day: dict[int, int] = defaultdict(int)
    for customer, at, _kind in relations.contacts_since(until - WEEK, until, ids):
        week[customer] += 1
        if at.astimezone(until.tzinfo).date() == as_of:
            day[customer] += 1
    return week, day


def _contactable(as_of: date, ids: Collection[int] | None) -> tuple[set[int], set[int], set[int]]:
    """Who can be written to, where nobody may be contacted, and where somebody has a birthday."""
    rows = Contact.objects.all() if ids is None else Contact.objects.filter(customer__in=ids)
    solar, lunar = days_of(as_of)
    reachable, may, there, born = set(), set(), set(), set()
    fields = ("customer_id", "may_contact", "email", "birthday_day", "birthday_calendar")
    for customer, may_contact, email, birthday, moon in rows.values_list(*fields).iterator(chunk_size=5000):
        there.add(customer)
        if not may_contact:
            continue
        may.add(customer)
        if email:
            reachable.add(customer)
        if birthday and birthday in (lunar if moon == "lunar" else solar):
            born.add(customer)
    return reachable, there - may, born


def _classes(as_of: date, ids: Collection[int] | None) -> dict[tuple[int, str], dict[str, str]]:
    night = last_night(as_of)
    rows = CustomerClass.objects.filter(as_of=night, dimension__in=("value", "behaviour")) if night else None
    found: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    if rows is None:
        return found
    if ids is not None:
        rows = rows.filter(customer__in=ids)
    for customer, currency, dimension, label in rows.values_list("customer_id", "currency", "dimension", "label"):
        found[customer, currency][dimension] = label
    return found


def _facts(day: OpenItems, at: np.ndarray, known: _Known) -> Iterator[Facts]:
    """The facts of one customer in one currency: `at` are their items, by due day."""
    place = int(day.customer[at[0]])
    code, currency = day.directory.codes[place], str(day.currency.values[int(day.currency.index[at[0]])])
    number, status = known.people.get(code, (0, "merged"))
    debts = tuple(_debt(day, int(each), known) for each in at if day.debit[each])
    if not debts or not number:
        return
    unapplied = -int(day.open[at][~day.debit[at]].sum())
    promised, until = known.promised.get((number, currency), (0, None))
    classes = known.classes.get((number, currency), {})
    variant = known.variants.get(number, "")
    yield Facts(
        customer_id=number,
        customer=code,
        currency=currency,
        debts=debts,
        unapplied=max(unapplied, 0),
        promised=promised,
        promised_until=until,
        value=classes.get("value", ""),
        behaviour=classes.get("behaviour", ""),
        kind=day.directory.kind.values[int(day.directory.kind.index[place])] or "",
        territory=day.directory.territory.values[int(day.directory.territory.index[place])] or "",
        status=status,
        week=known.week.get(number, 0),
        day=known.day.get(number, 0),
        reachable=number in known.reachable,
        opted_out=number in known.opted_out,
        birthday=number in known.birthdays,
        day_off=known.day_off,
        holdout=variant == HOLDOUT,
        variant="" if variant == HOLDOUT else variant,
    )


def _debt(day: OpenItems, at: int, known: _Known) -> Debt:
    item = int(day.item[at])
    held, why = known.holds.get(item, (0, ()))
    level, completed = known.completed.get(item, (0, None))
    return Debt(
        item=item,
        number=known.numbers.get(item, ""),
        due=EPOCH + timedelta(days=int(day.due[at])),
        open=int(day.open[at]),
        held=min(held, int(day.open[at])),
        why=why,
        promised=min(known.named.get(item, 0), int(day.open[at])),
        level=level,
        completed=completed,
    )
