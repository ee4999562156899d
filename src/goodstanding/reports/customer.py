"""One customer at the end of a day: what they owe, their account, what became of each item, their classes."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import make_aware

from goodstanding.access.models import AuditEntry
from goodstanding.access.types import Actor, Entry
from goodstanding.parties import queries as parties
from goodstanding.parties import records as kept
from goodstanding.parties.models import Assessment, CustomerClass, CustomerFigures
from goodstanding.parties.types import Attachment, Customer, Note
from goodstanding.receivables import queries
from goodstanding.receivables.models import Match
from goodstanding.receivables.rules import LIMITS
from goodstanding.receivables.types import Item
from goodstanding.reports.aging_types import Figures

EVENTS = 60
GROUP = 500  # members of a group that are asked for open items


@dataclass(frozen=True, slots=True)
class Standing:
    """What the customer owes in one currency, in the shape of a row of the aging."""

    currency: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the last night up to the day, with its reason (an English template and its parameters)."""

    dimension: str
    label: str
    currency: str
    template: str
    params: dict[str, Any]
    night: date


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the account: its signed amount and the balance after it, in the item's currency.

    With `other` the item is that customer's, and the line is what a match with it settled.
    """

    date: date
    item: Item
    amount: int
    balance: int
    other: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    """What people wrote down about a customer and the files kept with it, the newest first."""

    notes: tuple[Note, ...]
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """An item and what became of it by the day: `settled` is the day from which nothing of it was open."""

    item: Item
    settled: date | None
    others: tuple[tuple[str, int], ...]  # number and id of what it was matched with

    @property
    def late(self) -> int:
        """Days from the due day to the day it was settled; negative is early."""
        return (self.settled - self.item.due).days if self.settled else 0


def members(customer: Customer, as_of: date) -> list[int]:
    """The ids of the codes whose items are this customer's on a day: none for one that was merged by then."""
    ends = parties.survivors(as_of)
    if customer.code in ends:
        return []
    codes = [customer.code, *(code for code, end in ends.items() if end == customer.code)]
    return list(parties.ids(codes).values())


def carried_on_by(actor: Actor, customer: Customer, as_of: date) -> Customer | None:
    """Who carries on for a customer that was merged by the day, if the actor sees them."""
    end = parties.survivors(as_of).get(customer.code)
    found = parties.by_codes(actor, [end]) if end else []
    return found[0] if found else None


def relatives(actor: Actor, customer: Customer) -> list[int]:
    """The ids of everybody who may settle this customer's items today: itself, its group, and those merged into them."""
    head = customer.parent or customer.code
    codes = {customer.code, head, *(each.code for each in parties.customers(actor, parent=head, limit=GROUP).customers)}
    codes |= {code for code, end in parties.survivors(date.max).items() if end in codes}
    return list(parties.visible(actor).filter(code__in=codes).values_list("pk", flat=True))


def standings(ids: Collection[int], as_of: date, limits: Sequence[int] = LIMITS) -> list[Standing]:
    """What is open by currency, the largest first; as the aging page has it."""
    items = queries.open_items(ids, as_of)
    held = queries.held(items, as_of)
    by_currency: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_currency[item.currency].append(item)
    found = [Standing(code, _figures(mine, held, as_of, limits)) for code, mine in by_currency.items()]
    return sorted(found, key=lambda each: (-abs(each.figures.total), each.currency))


def _figures(items: Iterable[Item], held: dict[int, int], as_of: date, limits: Sequence[int]) -> Figures:
    buckets, counts = [0] * (len(limits) + 2), [0] * (len(limits) + 2)
    unapplied = unapplied_count = held_sum = held_count = 0
    oldest: date | None = None
    for item in items:
        if item.sign < 0:
            unapplied -= item.open
            unapplied_count += 1
            continue
        days = item.days_past_due(as_of)
        at = 0 if days <= 0 else 1 + bisect_left(limits, days)
        buckets[at] += item.open
        counts[at] += 1
        oldest = item.due if oldest is None else min(oldest, item.due)
        held_sum += held.get(item.id, 0)
        held_count += held.get(item.id, 0) > 0
    return Figures(
        buckets=tuple(buckets),
        unapplied=unapplied,
        held=held_sum,
        counts=tuple(counts),
        unapplied_count=unapplied_count,
        held_count=held_count,
        customers=1,
        oldest=oldest,
    )


def account(ids: Collection[int], as_of: date) -> list[Line]:
    """The account up to the day, oldest first: own items, and what settles across the group.

    A payment of another member that settled an item of this one lowers the balance here from the match on, and raises
    it there: so the last balance of each currency is what is open, as on every other page.
    """
    own = [(line.item.date, 0, line.item.id, line.item, line.amount, "") for line in queries.account(ids, as_of)]
    balance: dict[str, int] = defaultdict(int)
    lines = []
    for when, _, _, item, amount, other in sorted([*own, *_across(ids, as_of)], key=lambda each: each[:3]):
        balance[item.currency] += amount
        lines.append(Line(when, item, amount, balance[item.currency], other))
    return lines


def _across(ids: Collection[int], as_of: date) -> Iterator[tuple[date, int, int, Item, int, str]]:
    """What matches with items of other customers of the group do to the account: day, order, item, amount, whose."""
    for mine, theirs, sign in (("credit_item", "debit_item", 1), ("debit_item", "credit_item", -1)):
        found = Match.objects.filter(**{f"{mine}__customer__in": ids}, date__lte=as_of)
        found = found.exclude(**{f"{theirs}__customer__in": ids}).select_related(f"{theirs}__customer")
        for match in found:
            item: Any = getattr(match, theirs)
            amount = -match.amount if match.undoes_id else match.amount
            yield match.date, 1, match.pk, queries.value(item, 0), sign * amount, item.customer.code


def events(lines: Sequence[Line], as_of: date, most: int = EVENTS) -> list[Event]:
    """The newest items of an account and what became of each, newest first."""
    newest = [line.item for line in reversed(lines) if not line.other][:most]
    ids = {line.item.key: line.item.id for line in lines}
    days: dict[tuple[str, str, int], date] = {}
    others: dict[tuple[str, str, int], dict[str, int]] = defaultdict(dict)
    for match in queries.matches([item.id for item in newest], as_of):
        if match.undoes or match.undone_on:
            continue
        for mine, other in ((match.credit, match.debit), (match.debit, match.credit)):
            days[mine] = max(days.get(mine, match.date), match.date)
            others[mine][other[1]] = ids.get(other, 0)
    return [
        Event(item, days.get(item.key) if not item.open else None, tuple(others[item.key].items())) for item in newest
    ]


def records(actor: Actor, customer: Customer, ids: Collection[int], as_of: date) -> Records:
    """The notes and files up to the end of a day, of those merged into the customer too (`members`)."""
    until = make_aware(datetime.combine(as_of + timedelta(days=1), time.min))
    whose = ids or [customer.id]
    return Records(tuple(kept.notes(actor, whose, until)), tuple(kept.attachments(actor, whose, until)))


def classes(customer_id: int, as_of: date) -> list[Class]:
    """The customer's classes of the last night up to the day; [] before the first night."""
    night = last_night(as_of)
    rows = CustomerClass.objects.filter(customer=customer_id, as_of=night).order_by("currency", "dimension")
    return [class_of(row) for row in rows]


def class_of(row: CustomerClass) -> Class:
    """A stored class as a value."""
    reason = row.reason
    return Class(row.dimension, row.label, row.currency, reason["template"], reason["params"], row.as_of)


def last_night(as_of: date) -> date | None:
    """The last night that was assessed up to the day."""
    return Assessment.objects.filter(as_of__lte=as_of).order_by("-as_of").values_list("as_of", flat=True).first()


def night_state(as_of: date) -> tuple[date | None, str]:
    """The last night up to the day, and what it was drawn from: the same two have the same figures and classes."""
    row = Assessment.objects.filter(as_of__lte=as_of).order_by("-as_of").values_list("as_of", "book").first()
    return row or (None, "")


def figures(customer_id: int, as_of: date) -> dict[str, dict[str, Any]]:
    """The figures of the last night up to the day, by currency."""
    rows = CustomerFigures.objects.filter(customer=customer_id, as_of=last_night(as_of))
    return {row.currency: row.values for row in rows}


def history(customer: Customer, names: Iterable[str] = (), limit: int = 50) -> list[Entry]:
    """What was changed about the customer and its contacts, newest first."""
    subjects = [f"customer {customer.code}", *(f"contact {customer.code} {name}" for name in names)]
    rows = AuditEntry.objects.filter(subject__in=subjects).order_by("-sequence")
    columns = ("sequence", "at", "actor", "action", "subject", "before", "after")
    return [Entry(*row) for row in rows.values_list(*columns)[:limit]]
