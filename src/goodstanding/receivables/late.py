"""What lateness costs in the book: the dated rules as stored, and what of it is not charged yet."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, Sum

from goodstanding.kernel.money import exponent
from goodstanding.receivables import interest, limitation, models, queries, rules
from goodstanding.receivables.interest import FEE, INTEREST, Owed, Reference, Rule
from goodstanding.receivables.limitation import Term
from goodstanding.receivables.types import Item

CHUNK = 5_000  # items whose history is held at a time


@dataclass(frozen=True, slots=True)
class Lateness:
    """The rules of lateness, each list in the order in which they were decided."""

    rules: tuple[Rule, ...] = ()
    references: tuple[Reference, ...] = ()
    terms: tuple[Term, ...] = ()

    def of(self, currency: str) -> tuple[tuple[Rule, ...], tuple[Reference, ...]]:
        """The rules and reference rates of a currency."""
        return (
            tuple(each for each in self.rules if each.currency == currency),
            tuple(each for each in self.references if each.currency == currency),
        )

    @property
    def currencies(self) -> list[str]:
        """The currencies in which anything is ever charged."""
        return sorted({each.currency for each in self.rules if each.kind != interest.OFF})


@dataclass(frozen=True, slots=True)
class Due:
    """What lateness cost an item up to a day, what of it was charged before, and what is left to charge."""

    item: Item
    owed: Owed
    charged: int  # interest, minor units
    fee_charged: int
    held: bool = False  # in dispute: it is charged later, or never

    @property
    def interest(self) -> int:
        """Interest that is not charged yet."""
        return max(self.owed.interest - self.charged, 0)

    @property
    def fee(self) -> int:
        """The fee, once an item."""
        return 0 if self.fee_charged else self.owed.fee

    @property
    def total(self) -> int:
        """What is left to charge."""
        return self.interest + self.fee


def lateness() -> Lateness:
    """Every rule there is; none before anybody decided."""
    columns = ("currency", "start", "kind", "rate", "fee", "grace")
    return Lateness(
        tuple(Rule(*row) for row in models.LateRule.objects.order_by("pk").values_list(*columns)),
        tuple(Reference(*row) for row in models.ReferenceRate.objects.order_by("pk").values_list(*columns[:2], "rate")),
        tuple(Term(*row) for row in models.LimitationTerm.objects.order_by("pk").values_list("start", "years")),
    )


def add_rule(rule: Rule, *, by: str, now: datetime) -> None:
    """Decide what is charged from a day on. Refused "interest_rule", "interest_rate", "unknown_currency", "year"."""
    exponent(rule.currency)
    rules.check_day(rule.start)
    interest.check_rule(rule)
    models.LateRule.objects.create(
        currency=rule.currency, start=rule.start, kind=rule.kind, rate=rule.rate, fee=rule.fee, grace=rule.grace,
        by=by, posted_at=now,
    )  # fmt: skip


def add_reference(found: Reference, *, by: str, now: datetime) -> None:
    """Write down a reference rate from a day on."""
    exponent(found.currency)
    rules.check_day(found.start)
    interest.check_reference(found)
    models.ReferenceRate.objects.create(
        currency=found.currency, start=found.start, rate=found.rate, by=by, posted_at=now
    )


def add_term(term: Term, *, by: str, now: datetime) -> None:
    """Decide after how many years a claim is lost, from a day on."""
    rules.check_day(term.start)
    limitation.check_years(term.years)
    models.LimitationTerm.objects.create(start=term.start, years=term.years, by=by, posted_at=now)


def uncharged(as_of: date, customers: Collection[int] | None = None, hidden: Collection[str] = ()) -> Iterator[Due]:
    """Every item for which something is left to charge at the end of a day, by id; those in dispute are marked.

    Whole book or the customers (ids) given; in pieces, so that memory is bounded by a piece and not by the book.
    """
    for ids in pieces(as_of, customers, CHUNK, hidden):
        yield from uncharged_of(ids, as_of)


def uncharged_of(items: Sequence[int], as_of: date) -> list[Due]:
    """As `uncharged`, of some of the items of `pieces`."""
    return list(_due(items, lateness(), as_of))


def pieces(
    as_of: date, customers: Collection[int] | None, size: int, hidden: Collection[str] = ()
) -> Iterator[list[int]]:
    """The items (ids, ascending) that may have cost something by the end of a day, so many at a time."""
    rows, last = _candidates(as_of, customers, hidden), 0
    while ids := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True).distinct()[:size]):
        yield ids
        last = ids[-1]


def how_many(as_of: date, customers: Collection[int] | None, hidden: Collection[str] = ()) -> int:
    """How many items `pieces` goes through."""
    return _candidates(as_of, customers, hidden).distinct().count()


def _candidates(as_of: date, customers: Collection[int] | None, hidden: Collection[str]) -> "QuerySet[models.Item]":
    known = lateness()
    if not known.currencies:
        return models.Item.objects.none()
    first = min(each.start for each in known.rules if each.kind != interest.OFF)
    rows = models.Item.objects.filter(
        kind__in=interest.BEARING, due__lt=as_of, date__lte=as_of, currency__in=known.currencies, reverses=None
    ).exclude(reversal__date__lte=as_of)
    # nothing that was settled before the first rule began can owe anything
    rows = rows.filter(Q(balance__open__gt=0) | Q(debit_matches__date__gte=first - timedelta(days=1)))
    if customers is not None:
        rows = rows.filter(customer_id__in=customers)
    return rows.exclude(customer__territory__in=list(hidden)) if hidden else rows


def _due(ids: Sequence[int], known: Lateness, as_of: date) -> Iterator[Due]:
    items = queries.items(ids, as_of)
    turns: dict[int, list[tuple[date, int]]] = defaultdict(list)
    rows = models.Match.objects.filter(debit_item__in=ids, date__lte=as_of).order_by("date", "pk")
    for item_id, day, signed in rows.values_list("debit_item", "date", queries.SIGNED):
        turns[item_id].append((day, signed))
    charged = _charged(items)
    held = queries.held(items, as_of)
    for item in items:
        found = interest.owed(item.due, history(item, turns[item.id]), *known.of(item.currency), as_of)
        interest_before, fee_before = charged.get((item.customer_id, item.number), (0, 0))
        due = Due(item, found, interest_before, fee_before, held=held.get(item.id, 0) > 0)
        if due.total:
            yield due


def history(item: Item, turns: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    """What was open of an item from the end of each day on; `turns` are its matches' days and signed amounts."""
    opened: dict[date, int] = {min(item.date, item.due): item.amount}
    left = item.amount
    for day, signed in turns:
        left -= signed
        opened[day] = left
    return sorted(opened.items())


def _charged(items: Sequence[Item]) -> dict[tuple[int, str], tuple[int, int]]:
    """By customer and number, the interest and the fees that were charged for it and not reversed since."""
    rows = models.Item.objects.filter(
        kind=models.Kind.LATE_FEE,
        customer_id__in={each.customer_id for each in items},
        reference__in={each.number for each in items},
        reason__in=(INTEREST, FEE),
        reverses=None,
        reversal=None,
    )
    found: dict[tuple[int, str], tuple[int, int]] = {}
    sums = rows.order_by().values("customer_id", "reference", "reason").annotate(sum=Sum("amount"))
    for customer, number, reason, total in sums.values_list("customer_id", "reference", "reason", "sum"):
        before = found.get((customer, number), (0, 0))
        found[customer, number] = (
            (before[0] + total, before[1]) if reason == INTEREST else (before[0], before[1] + total)
        )
    return found


def charges_of(customers: Collection[int], number: str, as_of: date) -> list[Item]:
    """What was charged for the lateness of an item of one of these customers, oldest first."""
    rows = models.Item.objects.filter(
        kind=models.Kind.LATE_FEE, customer_id__in=customers, reference=number, date__lte=as_of, reverses=None
    )
    return queries.items(list(rows.values_list("pk", flat=True)), as_of)


def charge_items(due: Due, as_of: date, taken: Collection[str]) -> list[tuple[str, str, int]]:
    """The number, reason and amount of each item to post for what is left to charge."""
    found, used = [], set(taken)
    for suffix, reason, amount in (("INT", INTEREST, due.interest), ("FEE", FEE, due.fee)):
        if amount:
            number = rules.derived_number(due.item.number, f"{suffix}-{as_of:%Y%m%d}", used)
            used.add(number)
            found.append((number, reason, amount))
    return found
