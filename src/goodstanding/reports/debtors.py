"""What is known of those who owe, beside their items: holds, promises of both sides, people, contacts, messages.

A dozen set-based reads over the whole book, or over the customers asked about; never one a customer. Whatever hangs
on a merged code is that of who carries on.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery

from goodstanding.collections.models import Assignment, Completion, Decision
from goodstanding.collections.rules.contacts import WEEK, counted
from goodstanding.collections.rules.drawing import draw
from goodstanding.collections.types import DECISION, Experiment, Strategy
from goodstanding.correspondence.models import Message, MessageEvent
from goodstanding.parties.calendar import calendar
from goodstanding.parties.models import Contact, Customer, CustomerClass, Merge
from goodstanding.promises import queries as promises
from goodstanding.promises.models import Promise
from goodstanding.receivables.models import Hold, Item, Match
from goodstanding.relations import queries as relations
from goodstanding.reports.birthdays import days_of
from goodstanding.reports.customer import last_night
from goodstanding.reports.promised import survivors_by_id

MANY = 500  # customers from which everybody is read
UNSETTLED = ("queued", "claimed", "sending", "unknown", "failed", "bounced")
PERHAPS = ("sending", "unknown")  # it may have reached somebody
STATES = {  # where a message stood after each of its events; every other event is called as the state it leads to
    "began": "sending",
    "later": "queued",
    "waits": "queued",
    "posted": "sent",
    "settled_went": "sent",
    "settled_again": "queued",
    "settled_drop": "cancelled",
}
Carried = Callable[[int], int]  # the id of a customer → of who carries on


@dataclass(frozen=True)
class Known:
    """What is known of everybody asked about, by customer id where nothing else is said."""

    people: Mapping[str, tuple[int, str]]  # code → id, status
    holds: Mapping[int, tuple[int, tuple[str, ...]]]  # item → minor units, reasons
    named: Mapping[int, int]  # item → promised minor units
    promised: Mapping[tuple[int, str], tuple[int, date]]  # for no item by name: with the last day it may come
    owed: Mapping[int, str]  # what we promised and haven't kept, for no item by name
    owed_items: frozenset[int]  # items that a promise of ours that we haven't kept is about
    classes: Mapping[tuple[int, str], Mapping[str, str]]
    contacts: Mapping[int, tuple[int, int]]  # in 7 days, on the day
    reachable: frozenset[int]
    opted_out: frozenset[int]
    birthdays: frozenset[int]
    pending: frozenset[int]  # items that a message on its way, or one that didn't go, is about
    written: frozenset[int]  # of these, what the day's own run had written and waits to go
    variants: Mapping[int, tuple[str, date]]  # with the day from which on they have it
    completions: tuple[int, int]  # the newest and how many: they are added, or undone
    day_off: str

    def parts(self) -> Iterator[str]:
        """All of it as text in a fixed order, for a fingerprint."""
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name == "written":
                continue  # a run's own letters are no news to it
            if each.name == "pending":
                value -= self.written
            if isinstance(value, Mapping):
                value = sorted((key, sorted(it.items()) if isinstance(it, dict) else it) for key, it in value.items())
            elif isinstance(value, frozenset):
                value = sorted(value)
            yield f"{each.name} {value!r}"


def known(codes: Collection[str], as_of: date, until: datetime, strategy: Strategy, *, leaving_out: str = "") -> Known:
    """What is known of the customers with these codes at the end of a day.

    `until` is the moment the windows of contacts end at, by the firm's clock: the end of the day when it is over, so
    that messages count as they stood then. `leaving_out` is the key of a message that is about to go:
    it isn't pending to itself, and contacts count that are stamped later, by a clock that was set back since.
    """
    over = until if until.date() > as_of and not leaving_out else None
    ends = survivors_by_id(as_of)
    people = _people(codes)
    ids = None
    if len(codes) <= MANY:
        mine = {number for number, _status in people.values()}
        ids = [*mine, *(merged for merged, end in ends.items() if end in mine)]

    def carried(number: int) -> int:
        return ends.get(number, number)

    named, general = promised(as_of, ids, carried)
    owed, owed_items = _owed(as_of, ids, carried)
    reachable, opted_out, birthdays = _contactable(as_of, ids, carried)
    return Known(
        people=people,
        holds=_holds(as_of, ids),
        named=named,
        promised=general,
        owed=owed,
        owed_items=owed_items,
        classes=_classes(as_of, ids),
        contacts=_contacts(until, as_of, ids, carried, leaving_out, over),
        reachable=reachable,
        opted_out=opted_out,
        birthdays=birthdays,
        pending=_pending(leaving_out, ids, over),
        written=_written(as_of, ids),
        variants=_variants(strategy.experiment, people, as_of),
        completions=_completions(as_of),
        day_off=day_off(as_of),
    )


def dated_later(ids: Collection[int], day: date) -> date | None:
    """The last day after `day` on which these customers paid, disputed, promised or became one; None without one.

    Reads as of a day leave out what is dated later: who is about to ask for money must know that it is there.
    """
    found = (
        Item.objects.filter(customer__in=ids, kind="payment").aggregate(last=Max("date")),
        Match.objects.filter(debit_item__customer__in=ids).aggregate(last=Max("date")),
        Hold.objects.filter(item__customer__in=ids).aggregate(last=Max("placed")),
        Promise.objects.filter(customer__in=ids).aggregate(last=Max("made")),
        Merge.objects.filter(Q(merged__in=ids) | Q(survivor__in=ids)).aggregate(last=Max("on")),
    )
    last = max((each["last"] for each in found if each["last"]), default=None)
    return last if last is not None and last > day else None


def _people(codes: Collection[str]) -> dict[str, tuple[int, str]]:
    rows = Customer.objects.all() if len(codes) > MANY else Customer.objects.filter(code__in=codes)
    return {code: (number, status) for number, code, status in rows.values_list("pk", "code", "status")}


def _variants(
    experiment: Experiment | None, people: Mapping[str, tuple[int, str]], as_of: date
) -> dict[int, tuple[str, date]]:
    """Who gets which variant since when: as was drawn, and for those who weren't drawn yet as will be, from the day on."""
    if experiment is None:
        return {}
    rows = Assignment.objects.filter(experiment=experiment.name).values_list("customer", "variant", "on")
    kept = {customer: (variant, min(on, as_of)) for customer, variant, on in rows}
    return {number: kept.get(number) or (draw(experiment, code), as_of) for code, (number, _status) in people.items()}


def _completions(as_of: date) -> tuple[int, int]:
    stood = Completion.objects.filter(on__lte=as_of).exclude(undoing__on__lte=as_of)
    found = stood.aggregate(newest=Max("pk"), count=Count("pk"))
    return found["newest"] or 0, found["count"]


def _holds(as_of: date, ids: Collection[int] | None) -> dict[int, tuple[int, tuple[str, ...]]]:
    rows = Hold.objects.filter(placed__lte=as_of).exclude(Q(release__released__lte=as_of))
    if ids is not None:
        rows = rows.filter(item__customer__in=ids)
    sums: dict[int, int] = defaultdict(int)
    whys: dict[int, set[str]] = defaultdict(set)
    for item, amount, reason in rows.values_list("item_id", "amount", "reason"):
        sums[item] += amount
        whys[item].add(reason)
    return {item: (amount, tuple(sorted(whys[item]))) for item, amount in sums.items()}


def promised(
    as_of: date, ids: Collection[int] | None, carried: Carried
) -> tuple[dict[int, int], dict[tuple[int, str], tuple[int, date]]]:
    """What is promised by item, and what is promised for no item by name."""
    named: dict[int, int] = defaultdict(int)
    general: dict[tuple[int, str], tuple[int, date]] = {}
    for each in promises.waiting(as_of, ids):
        if each.items:
            for about in each.items:
                named[about.item] += about.amount or each.amount
            continue
        place = (carried(each.customer_id), each.currency)
        amount, until = general.get(place, (0, each.until))
        general[place] = (amount + each.amount, max(until, each.until))
    return dict(named), general


def _owed(as_of: date, ids: Collection[int] | None, carried: Carried) -> tuple[dict[int, str], frozenset[int]]:
    """What we promised and haven't kept: who waits for it, or which items it is about."""
    said: dict[int, str] = {}
    items: set[int] = set()
    for number, late in promises.broken_ours(as_of, ids).items():
        for each in late:
            if each.items:
                items |= {about.item for about in each.items}
            else:
                said.setdefault(carried(number), each.subject or each.kind.replace("_", " "))
    return said, frozenset(items)


def _contacts(  # noqa: PLR0917
    until: datetime, as_of: date, ids: Collection[int] | None, carried: Carried, leaving_out: str, over: datetime | None
) -> dict[int, tuple[int, int]]:
    """How often each was contacted in the seven days that end at `until`, and on the day itself.

    A message that may have gone counts, but for the one that is `leaving_out`. A contact that was written down later,
    or withdrawn since, was then as it is told now: that puts right what is known of the day.
    """
    moments: dict[int, list[datetime]] = defaultdict(list)
    for customer, at, _kind in relations.contacts_since(until - WEEK, until + 52 * WEEK if leaving_out else until, ids):
        moments[carried(customer)].append(at)
    for customer, _items, at in _messages(PERHAPS, ids, over, leaving_out):
        if at > until - WEEK:
            moments[carried(customer)].append(at)
    return {customer: counted(some, until, as_of) for customer, some in moments.items()}


def contacted(ids: Collection[int], until: datetime, *, leaving_out: str) -> tuple[int, int]:
    """How often these customers, who are one, were contacted in the seven days before a moment, and on its day."""
    return _contacts(until, until.date(), ids, lambda _: 0, leaving_out, None).get(0, (0, 0))


def day_off(day: date) -> str:
    """The name of a day on which nobody works; "" on a working day."""
    days = calendar()
    return "" if days.is_working(day) else (days.name(day, "en") or "rest")


def _contactable(
    as_of: date, ids: Collection[int] | None, carried: Carried
) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
    """Who can be written to, where nobody may be contacted, and where somebody has a birthday."""
    rows = Contact.objects.all() if ids is None else Contact.objects.filter(customer__in=ids)
    solar, lunar = days_of(as_of)
    reachable, may, there, born = set(), set(), set(), set()
    columns = ("customer_id", "may_contact", "email", "birthday_day", "birthday_calendar")
    for number, may_contact, email, birthday, moon in rows.values_list(*columns).iterator(chunk_size=5000):
        customer = carried(number)
        there.add(customer)
        if not may_contact:
            continue
        may.add(customer)
        if email:
            reachable.add(customer)
        if birthday and birthday in (lunar if moon == "lunar" else solar):
            born.add(customer)
    return frozenset(reachable), frozenset(there - may), frozenset(born)


def _classes(as_of: date, ids: Collection[int] | None) -> dict[tuple[int, str], dict[str, str]]:
    night = last_night(as_of)
    found: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    rows = CustomerClass.objects.filter(as_of=night, dimension__in=("value", "behaviour"))
    if ids is not None:
        rows = rows.filter(customer__in=ids)
    for customer, currency, dimension, label in rows.values_list("customer_id", "currency", "dimension", "label"):
        found[customer, currency][dimension] = label
    return dict(found)


def _pending(leaving_out: str, ids: Collection[int] | None, over: datetime | None) -> frozenset[int]:
    rows = _messages(UNSETTLED, ids, over, leaving_out, kind="reminder")
    return frozenset(int(item) for _customer, items, _at in rows for item, *_rest in items)


def _written(as_of: date, ids: Collection[int] | None) -> frozenset[int]:
    """Items that reminders of the day's own runs are about, as long as nothing else has become of these."""
    first = Decision.objects.filter(run__as_of=as_of).aggregate(first=Min("pk"))["first"]
    if first is None:
        return frozenset()
    rows = Message.objects.filter(kind="reminder", delivery__state="queued", source__startswith=DECISION)
    if ids is not None:
        rows = rows.filter(customer__in=ids)
    found = rows.values_list("source", "items")
    return frozenset(
        int(item) for source, items in found if int(source.removeprefix(DECISION)) >= first for item, *_rest in items
    )


def _messages(
    states: Collection[str], ids: Collection[int] | None, over: datetime | None, leaving_out: str, **more: str
) -> Iterator[tuple[int, list[list[int]], datetime]]:
    """Messages in one of some states: customer, items and since when; as they stood at the moment `over`, or stand now.

    What hasn't changed since that moment stands as it stood; what has, as its last event until then left it.
    """
    rows = Message.objects.filter(**more).exclude(key=leaving_out)
    if ids is not None:
        rows = rows.filter(customer__in=ids)
    columns = ("customer_id", "items")
    stands = rows.filter(delivery__state__in=states)
    if over is not None:
        stands = stands.filter(delivery__since__lt=over)
    yield from stands.values_list(*columns, "delivery__since")
    if over is None:
        return
    moved = rows.filter(at__lt=over, delivery__since__gte=over)
    last = MessageEvent.objects.filter(message=OuterRef("pk"), at__lt=over).order_by("-pk")
    moved = moved.annotate(event=Subquery(last.values("kind")[:1]), since=Subquery(last.values("at")[:1]))
    for customer, items, event, since in moved.values_list(*columns, "event", "since"):
        if STATES.get(event, event) in states:
            yield customer, items, since
