"""Reads of the subledger, each as of the end of a day: items, what is open of them, matches, holds, accounts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import groupby

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When, Window
from django.db.models.functions import Coalesce, Lag

from goodstanding.engine.contract import SIGNS
from goodstanding.kernel.errors import N_, NotFound
from goodstanding.receivables import models, rules
from goodstanding.receivables.types import (
    AccountLine,
    Doubtful,
    Hold,
    Item,
    ItemStory,
    Match,
    Payment,
    PeriodClose,
    ShortPayment,
)

SIGNED = Case(When(undoes=None, then=F("amount")), default=-F("amount"))  # an undo gives back


def _taken(side: str, as_of: date) -> Coalesce:
    """Minor units that matches dated up to `as_of` took off an item on one side."""
    mine = models.Match.objects.filter(**{side: OuterRef("pk")}, date__lte=as_of).order_by()
    return Coalesce(Subquery(mine.values(side).annotate(sum=Sum(SIGNED)).values("sum")), 0)


def _rows(as_of: date | None) -> "QuerySet[models.Item]":
    """Items with what makes a value of them; `open_then` is the kept balance when no day is asked."""
    rows = models.Item.objects.select_related("customer").annotate(reversed_on=F("reversal__date"))
    if as_of is None:
        return rows.annotate(open_then=F("balance__open"))
    taken = _taken("credit_item", as_of) + _taken("debit_item", as_of)
    return rows.filter(date__lte=as_of).annotate(
        open_then=Case(When(kind=models.Kind.RECOVERY, then=0), default=F("amount") - taken)
    )


def value(row: models.Item, open_then: int, reversed_on: date | None = None) -> Item:
    """A stored row as a value."""
    return Item(
        id=row.pk,
        customer_id=row.customer_id,
        customer=row.customer.code,
        number=row.number,
        entry=row.entry,
        kind=row.kind,
        date=row.date,
        due=row.due,
        amount=row.amount,
        tax=row.tax,
        currency=row.currency,
        reference=row.reference,
        order=row.order,
        seller=row.seller,
        reason=row.reason,
        sign=rules.sign(row.kind, row.entry),
        open=open_then,
        reversed_on=reversed_on,
    )


def _values(rows: "QuerySet[models.Item]", as_of: date | None) -> list[Item]:
    return [
        value(
            row,
            row.open_then,
            None if as_of and row.reversed_on and row.reversed_on > as_of else row.reversed_on,
        )
        for row in rows
    ]


def items(ids: Collection[int], as_of: date | None = None) -> list[Item]:
    """These items, by id; those dated after `as_of` are left out."""
    return _values(_rows(as_of).filter(pk__in=ids).order_by("pk"), as_of)


def find_item(customers: Collection[int], number: str, entry: int = 0, as_of: date | None = None) -> Item | None:
    """The item of one of these customers with this number; entry 0 means its last life that is no reversal."""
    rows = _rows(as_of).filter(customer_id__in=customers, number=number)
    rows = rows.filter(entry=entry) if entry else rows.filter(reverses=None).order_by("-entry")
    found = _values(rows[:1], as_of)
    return found[0] if found else None


def item(customer: int, number: str, entry: int = 0, as_of: date | None = None) -> Item:
    """As `find_item`, for one customer. NotFound when there is none."""
    found = find_item([customer], number, entry, as_of)
    if found is None:
        raise NotFound("no_such_item", N_("There is no item {number}."), number=number)
    return found


def open_items(customers: Collection[int], as_of: date | None = None, currency: str = "") -> list[Item]:
    """The items of these customers that are open at the end of a day, debits and credits, oldest due first."""
    rows = _rows(as_of).filter(customer_id__in=customers).filter(open_then__gt=0)
    if currency:
        rows = rows.filter(currency=currency)
    return sorted(_values(rows, as_of), key=rules.oldest_first)


def unapplied(customers: Collection[int], as_of: date) -> dict[tuple[int, str], int]:
    """By customer and currency: minor units of their credits that are not matched at the end of a day, positive."""
    credits_ = [kind for kind, sign in SIGNS.items() if sign < 0]
    rows = _rows(as_of).filter(customer_id__in=customers, kind__in=credits_, reverses=None, open_then__gt=0)
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for customer, currency, amount in rows.values_list("customer_id", "currency", "open_then"):
        sums[customer, currency] += amount
    return dict(sums)


def account(customers: Collection[int], as_of: date, since: date | None = None) -> list[AccountLine]:
    """Every item in the order of its day with the balance after it, per currency.

    With `since`, only the lines from that day on; their balance still counts what came before.
    """
    balance: dict[str, int] = defaultdict(int)
    lines = []
    rows = _rows(as_of).filter(customer_id__in=customers).order_by("date", "pk")
    for each in _values(rows, as_of):
        amount = each.sign * each.amount
        balance[each.currency] += amount
        if since is None or each.date >= since:
            lines.append(AccountLine(each, amount, balance[each.currency]))
    return lines


def matches(items: Collection[int], as_of: date | None = None) -> list[Match]:
    """The matches and undoings on these items dated up to `as_of`, by day."""
    rows = models.Match.objects.filter(Q(credit_item__in=items) | Q(debit_item__in=items))
    if as_of is not None:
        rows = rows.filter(date__lte=as_of)
    return match_values(rows, as_of)


def match_values(rows: "QuerySet[models.Match]", as_of: date | None = None) -> list[Match]:
    """Stored matches as values, by day and id."""
    fields = ("customer__code", "number", "entry", "currency")
    sides = [f"{side}__{field}" for side in ("credit_item", "debit_item") for field in fields]
    found = rows.order_by("date", "pk").values_list("pk", "key", "date", "amount", "undoes__key", "undo__date", *sides)
    return [
        Match(
            id=pk,
            key=key,
            date=day,
            credit=tuple(ends[0:3]),
            debit=tuple(ends[4:7]),
            amount=amount,
            currency=ends[7],
            undoes=undoes,
            undone_on=None if as_of and undone and undone > as_of else undone,
        )
        for pk, key, day, amount, undoes, undone, *ends in found
    ]


def match(key: str) -> Match:
    """The match of this key. NotFound when there is none."""
    found = match_values(models.Match.objects.filter(key=key))
    if not found:
        raise NotFound("no_such_match", N_("There is no match {key}."), key=key)
    return found[0]


def undo_of(key: str) -> Match:
    """The undoing of a match that was undone."""
    (found,) = match_values(models.Match.objects.filter(undoes__key=key))
    return found


def live_matches(item_id: int) -> list[Match]:
    """The matches on an item that no undoing took back, whatever their day."""
    rows = models.Match.objects.filter(Q(credit_item=item_id) | Q(debit_item=item_id), undoes=None, undo=None)
    return match_values(rows)


def ends(of: Sequence[Match]) -> set[int]:
    """The ids of the items that these matches join."""
    rows = models.Match.objects.filter(pk__in=[each.id for each in of]).values_list("credit_item_id", "debit_item_id")
    return {end for pair in rows for end in pair}


def customers_of_match(key: str) -> tuple[int, int] | None:
    """The ids of the customers on the credit and the debit side; None when there is no such match."""
    ends = models.Match.objects.filter(key=key).values_list("credit_item__customer_id", "debit_item__customer_id")
    return ends.first()


def customer_of_hold(key: str) -> int | None:
    """The id of the customer whose item is held; None when there is no such hold."""
    return models.Hold.objects.filter(key=key).values_list("item__customer_id", flat=True).first()


def later_postings(items: Collection[int], day: date) -> dict[int, list[tuple[date, int]]]:
    """By item, the (day, signed amount) of the matches dated after `day`: what `rules.lowest_open` asks for."""
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for side in ("credit_item", "debit_item"):
        rows = models.Match.objects.filter(**{f"{side}__in": items}, date__gt=day).values_list(side, "date", SIGNED)
        for item_id, then, amount in rows:
            found[item_id].append((then, amount))
    return found


def holds(items: Collection[int], as_of: date | None = None) -> list[Hold]:
    """The holds on these items placed up to `as_of`, released ones with their release."""
    rows = models.Hold.objects.filter(item__in=items)
    if as_of is not None:
        rows = rows.filter(placed__lte=as_of)
    return hold_values(rows, as_of)


def hold_values(rows: "QuerySet[models.Hold]", as_of: date | None = None) -> list[Hold]:
    """Stored holds as values, by day and id."""
    found = []
    for row in rows.select_related("item__customer", "release").order_by("placed", "pk"):
        release = getattr(row, "release", None)
        if release is not None and as_of is not None and release.released > as_of:
            release = None
        found.append(
            Hold(
                key=row.key,
                item=(row.item.customer.code, row.item.number, row.item.entry),
                amount=row.amount,
                currency=row.item.currency,
                reason=row.reason,
                source=row.source,
                placed=row.placed,
                released=release.released if release else None,
                release_reason=release.reason if release else "",
            )
        )
    return found


def hold(key: str) -> Hold:
    """The hold of this key. NotFound when there is none."""
    found = hold_values(models.Hold.objects.filter(key=key))
    if not found:
        raise NotFound("no_such_hold", N_("There is no hold {key}."), key=key)
    return found[0]


def held(items: Sequence[Item], as_of: date) -> dict[int, int]:
    """By item id, how much of its open amount is on hold at the end of a day: never more than is open."""
    sums: dict[int, int] = defaultdict(int)
    active = models.Hold.objects.filter(item__in=[each.id for each in items], placed__lte=as_of)
    active = active.filter(Q(release=None) | Q(release__released__gt=as_of))
    for item_id, amount in active.values_list("item_id", "amount"):
        sums[item_id] += amount
    return {each.id: min(each.open, sums[each.id]) for each in items if each.id in sums}


def item_story(customer: int, number: str, entry: int, as_of: date) -> ItemStory:
    """An item with its matches and holds as of a day. NotFound when there is none by then."""
    found = item(customer, number, entry, as_of)
    return ItemStory(found, tuple(matches([found.id], as_of)), tuple(holds([found.id], as_of)))


def short_payments(customers: Collection[int], as_of: date) -> list[ShortPayment]:
    """Debits that a payment addressed and left open: still so at the end of the day asked.

    Nothing is stored for it: it follows from the matches, and ends when the rest is paid, credited or written off.
    """
    debits = [each for each in open_items(customers, as_of) if each.sign > 0]
    rows = models.Match.objects.filter(
        debit_item__in=[each.id for each in debits], credit_item__kind=models.Kind.PAYMENT, date__lte=as_of
    )
    paid = dict(rows.order_by().values("debit_item").annotate(sum=Sum(SIGNED)).values_list("debit_item", "sum"))
    return [
        ShortPayment(each.key, paid[each.id], each.open, each.currency) for each in debits if paid.get(each.id, 0) > 0
    ]


def payment(item_id: int, *, repeated: bool) -> Payment:
    """A payment with what it settled as it was recorded, what the tolerance wrote off, and what is short now."""
    (paid,) = items([item_id])
    mine = match_values(models.Match.objects.filter(credit_item=item_id, undoes=None))
    settled = [each for each in mine if rules.by_payment(each)]  # undone since or not: the answer was given
    debits = {each.key: each for each in items(ends(settled) - {item_id})}
    rests = models.Match.objects.filter(
        debit_item__in=[each.id for each in debits.values()],
        credit_item__kind=models.Kind.WRITE_OFF,
        credit_item__reason=rules.TOLERANCE,
        credit_item__reference=paid.number,
    )
    return Payment(
        item=paid,
        matches=tuple(settled),
        written_off=tuple(items(set(rests.values_list("credit_item", flat=True)))),
        short=tuple(
            ShortPayment(each.debit, each.amount, debits[each.debit].open, each.currency)
            for each in settled
            if debits[each.debit].open
        ),
        repeated=repeated,
    )


def closed_through() -> date | None:
    """The last day of the closed period; None when no period is closed."""
    return models.LedgerState.objects.values_list("closed_through", flat=True).get(pk=1)


def period_closes(limit: int = 50) -> list[PeriodClose]:
    """When the books were closed or reopened, the newest first."""
    rows = models.PeriodClose.objects.order_by("-pk").values_list("through", "reason", "posted_at")
    return [PeriodClose(*row) for row in rows[:limit]]


def recovered(write_off: Item) -> int:
    """Minor units recovered so far on a write-off, reversed recoveries left out."""
    rows = models.Item.objects.filter(
        customer_id=write_off.customer_id,
        kind=models.Kind.RECOVERY,
        reference=write_off.number,
        currency=write_off.currency,
        reverses=None,
        reversal=None,
    )
    return rows.aggregate(sum=Sum("amount"))["sum"] or 0


def numbers_like(customer: int, start: str) -> list[str]:
    """The customer's numbers that begin with this text."""
    return list(
        models.Item.objects.filter(customer_id=customer, number__startswith=start).values_list("number", flat=True)
    )


def taken_numbers(wanted: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Which of these numbers, each of a customer, stand for an item already."""
    rows = models.Item.objects.filter(
        customer_id__in={customer for customer, _ in wanted}, number__in={number for _, number in wanted}
    )
    return set(rows.values_list("customer_id", "number")) & set(wanted)


def doubtful_items(customers: Collection[int] | None = None) -> list[Doubtful]:
    """Items that may have been entered twice, among these customers or in the whole book.

    Same customer, kind, currency and amount within 7 days; the same order number; equal amounts under numbers one
    edit apart. (Unequal amounts under such numbers are how any counter counts: INV-1001, INV-1002.)
    Reversals and what was reversed are left out.
    """
    live = models.Item.objects.filter(reverses=None, reversal=None)
    if customers is not None:
        live = live.filter(customer_id__in=customers)
    pairs: list[tuple[int, int, str]] = []
    same = (F("customer_id"), F("kind"), F("currency"), F("amount"))

    def neighbours(partition: tuple[F, ...], rows: "QuerySet[models.Item]") -> Iterable[tuple[int, int, date, date]]:
        window = {"partition_by": partition, "order_by": (F("date"), F("pk"))}
        rows = rows.annotate(before=Window(Lag("pk"), **window), before_date=Window(Lag("date"), **window))
        return rows.filter(before__isnull=False).values_list("before", "pk", "before_date", "date")

    for one, other, day_before, day in neighbours(same, live):
        if day - day_before <= rules.WITHIN:
            pairs.append((one, other, "amount"))
    by_order = (F("customer_id"), F("kind"), F("order"))
    pairs += [(one, other, "order") for one, other, *_ in neighbours(by_order, live.exclude(order=""))]

    rows = (
        live.order_by(*same, "pk")
        .values_list("customer_id", "kind", "currency", "amount", "pk", "number")
        .iterator(10_000)
    )
    for _key, group in groupby(rows, key=lambda row: row[:4]):
        numbers = [(number, pk) for *_rest, pk, number in group]
        if len(numbers) > 1:
            pairs += [(one, other, "number") for one, other in rules.near_numbers(numbers)]
    return _name(pairs)


def _name(pairs: list[tuple[int, int, str]]) -> list[Doubtful]:
    """Pairs of ids as pairs of keys."""
    ids = sorted({each for one, other, _why in pairs for each in (one, other)})
    keys: dict[int, tuple[str, str, int]] = {}
    for start in range(0, len(ids), 10_000):
        rows = models.Item.objects.filter(pk__in=ids[start : start + 10_000])
        keys |= {pk: tuple(key) for pk, *key in rows.values_list("pk", "customer__code", "number", "entry")}
    return [Doubtful(keys[one], keys[other], why) for one, other, why in pairs]
