"""What collecting cost and brought in a period: by customer, class, kind, territory, channel or collector.

A handful of set-based reads whatever the size of the book; see docs/algorithms/cost-to-collect.md. Rows are apart by
currency and amounts of two currencies are never added.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.utils.timezone import make_aware

from goodstanding.engine.figures import Figure, Reason, ratio
from goodstanding.kernel.errors import N_
from goodstanding.parties.models import Customer, CustomerClass
from goodstanding.promises.models import Judgement, Promise
from goodstanding.receivables.models import Item
from goodstanding.relations.models import Touch
from goodstanding.relations.rules import right_party
from goodstanding.relations.types import ANSWERED, IN_PERSON
from goodstanding.reports.customer import last_night
from goodstanding.reports.effectiveness import Stood, stood
from goodstanding.reports.promised import survivors_by_id

BY = ("customer", "value", "behaviour", "kind", "territory", "channel", "collector")
OVERLAPPING = ("channel", "collector")  # a customer may stand in more than one row
NOTHING_COLLECTED = N_("nothing was collected")
NO_ATTEMPT = N_("nobody was tried")
NO_CUSTOMERS = N_("no customer of theirs owed or bought anything in this currency")
Hidden = Collection[str]


@dataclass(slots=True)
class Cost:
    """One row: of a `key` in a currency ("" for touches that cost no money). Amounts are minor units."""

    key: str
    currency: str
    touches: int = 0
    minutes: int = 0
    cost: int = 0
    contacts: int = 0  # touches that reached who decides
    collected: int = 0
    promised: int = 0
    promised_amount: int = 0
    kept: int = 0
    kept_amount: int = 0
    stood: Stood | None = None  # of a collector's customers

    @property
    def cei(self) -> Figure:
        """CEI [3] of a collector's customers, in percent."""
        return self.stood.cei if self.stood else Figure(None, Reason(NO_CUSTOMERS))

    @property
    def per_unit(self) -> Figure:
        """Cost to collect [7] = cost of the touches made to collect / cash collected."""
        return ratio(self.cost, self.collected, NOTHING_COLLECTED)

    @property
    def right_party(self) -> Figure:
        """Right-party contact rate [7] = right-party contacts / attempts."""
        return ratio(self.contacts, self.touches, NO_ATTEMPT)


def touches(first: date, last: date, hidden: Hidden = ()) -> "QuerySet[Touch]":
    """The touches made to collect on the days from `first` to `last`, without withdrawn ones."""
    made = Touch.objects.filter(
        purpose="collect", withdrawal=None, at__gte=_start(first), at__lt=_start(last + timedelta(days=1))
    )
    return _seen(made, last, hidden)


def reached(rows: "QuerySet[Touch]") -> "QuerySet[Touch]":
    """Those of these touches that are right-party contacts, as `relations.rules.right_party` has it."""
    return rows.filter(Q(outcome__in=ANSWERED) | Q(outcome="done", kind__in=IN_PERSON))


def behind(first: date, last: date, hidden: Hidden, row: tuple[str, str, str]) -> "QuerySet[Touch]":
    """The touches that stand behind a row (by what, its key, its currency), the newest first."""
    by, key, currency = row
    rows = touches(first, last, hidden).filter(currency=currency).order_by("-at", "-pk")
    if by == "channel":
        return rows.filter(kind=key)
    if by == "collector":
        return rows.filter(by=key)
    ends = survivors_by_id(last)
    if by in ("customer", "kind", "territory"):
        mine = Customer.objects.filter(**{"code" if by == "customer" else by: key}).values("pk")
        return rows.filter(_carried_by(mine, ends))
    labelled = CustomerClass.objects.filter(as_of=last_night(last), dimension=by, currency=currency)
    if not key:
        return rows.exclude(_carried_by(labelled.values("customer"), ends))
    return rows.filter(_carried_by(labelled.filter(label=key).values("customer"), ends))


def costs(by: str, first: date, last: date, hidden: Hidden = ()) -> list[Cost]:
    """The rows of a period, as known at the end of `last`, unsorted.

    Merged customers' facts are those of who carries on. By channel and by collector, cash counts from the day on which
    the row first touched the customer in the period, and promises are those whose owner the collector is; no promise
    says by which channel it came.
    """
    rows: dict[tuple[str, str], Cost] = {}

    def row(key: str, currency: str) -> Cost:
        return rows.setdefault((key, currency), Cost(key, currency))

    ends = survivors_by_id(last)
    key_of = _keys(by, last, ends)
    since: dict[int, dict[str, date]] = defaultdict(dict)
    for customer, kind, who, currency, outcome, at, minutes, cost in (
        touches(first, last, hidden).order_by("at", "pk")
        .values_list("customer_id", "kind", "by", "currency", "outcome", "at__date", "minutes", "cost").iterator()
    ):  # fmt: skip
        key = {"channel": kind, "collector": who}.get(by) if by in OVERLAPPING else key_of(customer, currency)
        one = row(key or "", currency)
        one.touches += 1
        one.minutes += minutes
        one.cost += cost
        one.contacts += right_party(kind, outcome)
        since[ends.get(customer, customer)].setdefault(key or "", at)
    for customer, currency, on, amount in _cash(first, last, hidden):
        if by in OVERLAPPING:
            for key, day in since.get(ends.get(customer, customer), {}).items():
                if on >= day:
                    row(key, currency).collected += amount
        else:
            row(key_of(customer, currency), currency).collected += amount
    if by != "channel":
        for customer, owner, currency, amount, state in _promises(first, last, hidden):
            one = row(owner if by == "collector" else key_of(customer, currency), currency)
            one.promised += 1
            one.promised_amount += amount
            if state == "kept":
                one.kept += 1
                one.kept_amount += amount
    if by == "collector":
        for (who, currency), what in stood(since, first, last).items():
            row(who, currency).stood = what
    return list(rows.values())


def total(rows: Iterable[Cost]) -> list[Cost]:
    """The sums of rows that don't overlap, a currency each."""
    sums: dict[str, Cost] = {}
    for each in rows:
        one = sums.setdefault(each.currency, Cost("", each.currency))
        for name in ("touches", "minutes", "cost", "contacts", "collected"):
            setattr(one, name, getattr(one, name) + getattr(each, name))
        for name in ("promised", "promised_amount", "kept", "kept_amount"):
            setattr(one, name, getattr(one, name) + getattr(each, name))
    return [sums[code] for code in sorted(sums)]


def _start(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


def _seen(rows: "QuerySet[Any]", last: date, hidden: Hidden) -> "QuerySet[Any]":
    """The rows of customers that aren't another team's, nor carried on by one that is."""
    if not hidden:
        return rows
    shut = set(Customer.objects.filter(territory__in=list(hidden)).values_list("pk", flat=True))
    merged = [each for each, end in survivors_by_id(last).items() if end in shut]
    return rows.exclude(customer__territory__in=list(hidden)).exclude(customer__in=merged)


def _carried_by(mine: "QuerySet[Any]", ends: Mapping[int, int]) -> Q:
    """Whose customer is among the ids of `mine` or was merged into one of them; a merged one's own id counts no more."""
    wanted = set(Customer.objects.filter(pk__in=set(ends.values())).filter(pk__in=mine).values_list("pk", flat=True))
    carried = [merged for merged, end in ends.items() if end in wanted]
    return (Q(customer__in=mine) & ~Q(customer__in=list(ends))) | Q(customer__in=carried)


def _keys(by: str, last: date, ends: Mapping[int, int]) -> Callable[[int, str], str]:
    """The key of the row of a customer (id) in a currency: that of who carries on."""
    if by in OVERLAPPING:
        return lambda _customer, _currency: ""
    if by in ("value", "behaviour"):
        found = CustomerClass.objects.filter(as_of=last_night(last), dimension=by)
        labels = {(who, code): label for who, code, label in found.values_list("customer_id", "currency", "label")}
        return lambda customer, currency: labels.get((ends.get(customer, customer), currency), "")
    words = dict(Customer.objects.values_list("pk", "code" if by == "customer" else by))
    return lambda customer, _currency: words.get(ends.get(customer, customer), "")


def _cash(first: date, last: date, hidden: Hidden) -> Iterable[tuple[int, str, date, int]]:
    """(customer, currency, day, minor units): payments less refunds; a reversal counts against, on its own day."""
    signed = Case(When(reverses=None, then=F("amount")), default=-F("amount"))
    items = Item.objects.filter(kind__in=("payment", "refund"), date__range=(first, last))
    found = (
        _seen(items, last, hidden)
        .values_list("customer_id", "currency", "date", "kind")
        .annotate(sum=Sum(signed))
        .order_by("customer_id", "currency", "date", "kind")
    )
    for customer, currency, on, kind, amount in found.iterator():
        yield customer, currency, on, amount if kind == "payment" else -amount


def _promises(first: date, last: date, hidden: Hidden) -> Iterable[tuple[int, str, str, int, str]]:
    """(customer, owner, currency, amount, state at the end of `last`) of the promises to pay made in the period.

    A renewal is the same word given again: it isn't obtained twice.
    """
    states: dict[int, str] = dict(
        Judgement.objects.filter(on__lte=last, promise__made__range=(first, last))
        .order_by("on", "pk")
        .values_list("promise_id", "state")
    )
    found = Promise.objects.filter(by="them", kind="pay", made__range=(first, last), renews=None)
    found = _seen(found, last, hidden).order_by("pk")
    for number, customer, owner, currency, amount in found.values_list(
        "pk", "customer_id", "owner", "currency", "amount"
    ).iterator():
        yield customer, owner, currency, amount or 0, states.get(number, "open")
