"""How promises stand, each read as of the end of a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery

from goodstanding.kernel.errors import N_, NotFound
from goodstanding.promises import models
from goodstanding.promises.types import About, Keeping, Promise, Waiting

JUDGED = ("kept", "partly_kept", "broken")
MOST_TOLERANCE = 60


def rows_on(as_of: date) -> "QuerySet[models.Promise]":
    """Promises made by the day, with their state then."""
    newest = models.Judgement.objects.filter(promise=OuterRef("pk"), on__lte=as_of).order_by("-on", "-pk")
    return (
        models.Promise.objects.filter(made__lte=as_of)
        .select_related("customer", "renews")
        .annotate(
            state=Subquery(newest.values("state")[:1]),
            judged=Subquery(newest.values("on")[:1]),
            received=Subquery(newest.values("received")[:1]),
            reason=Subquery(newest.values("reason")[:1]),
            given=Subquery(newest.values("batch")[:1]),
        )
    )


def values(rows: "QuerySet[models.Promise]") -> list[Promise]:
    """Rows of `rows_on` as values, with the items that each is about."""
    rows = rows.prefetch_related(Prefetch("items", models.PromiseItem.objects.order_by("item")))
    return [
        Promise(
            id=row.pk,
            key=row.key,
            customer_id=row.customer_id,
            customer=row.customer.code,
            by=row.by,
            kind=row.kind,
            made=row.made,
            due=row.due,
            tolerance=row.tolerance,
            amount=row.amount,
            currency=row.currency,
            subject=row.subject,
            contact=row.contact,
            owner=row.owner,
            items=tuple(About(each.item, each.amount) for each in row.items.all()),
            plan=row.plan,
            step=row.step,
            level=row.level,
            renews=row.renews.key if row.renews else "",
            state=row.state or "open",
            judged=row.judged,
            received=row.received or 0,
            reason=row.reason or "",
            given=row.given is not None and row.state in JUDGED,
        )
        for row in rows
    ]


def promises(customers: Collection[int], as_of: date, most: int | None = None) -> list[Promise]:
    """These customers' promises, the newest due first; at most so many."""
    return values(rows_on(as_of).filter(customer__in=customers).order_by("-due", "-pk")[:most])


def promise(key: str, as_of: date) -> Promise:
    """The promise of this key. NotFound when there is none by the day."""
    found = values(rows_on(as_of).filter(key=key))
    if not found:
        raise NotFound("no_such_promise", N_("There is no such promise."))
    return found[0]


def find(key: str) -> Promise | None:
    """The promise of this key as it stands after everything written so far; None when there is none."""
    found = values(rows_on(date.max).filter(key=key))
    return found[0] if found else None


def due_between(first: date, last: date, as_of: date, *, hidden: frozenset[str] = frozenset()) -> list[Promise]:
    """Those due on the days from `first` to `last`, of customers that exist for the reader, earliest first."""
    rows = rows_on(as_of).filter(due__range=(first, last)).exclude(customer__territory__in=hidden)
    return values(rows.order_by("due", "pk"))


def all_promises(as_of: date, *, hidden: frozenset[str] = frozenset()) -> list[Promise]:
    """Every promise made by the day, earliest due first."""
    return values(rows_on(as_of).exclude(customer__territory__in=hidden).order_by("due", "pk"))


def waiting(as_of: date, customers: Collection[int] | None = None) -> list[Waiting]:
    """What customers promised to pay and may still pay in time."""
    rows = rows_on(as_of).filter(by="them", kind="pay", due__gte=as_of - timedelta(days=MOST_TOLERANCE))
    rows = rows.filter(Q(state=None) | Q(state="open"))
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    found = []
    for each in values(rows):
        until = each.due + timedelta(days=each.tolerance)
        left = (each.amount or 0) - each.received
        if until >= as_of and left > 0:
            found.append(Waiting(each.customer_id, each.currency, left, until, each.items))
    return found


def _unkept(as_of: date) -> "QuerySet[models.Promise]":
    """Ours that nobody has kept, also too late, and nobody has withdrawn or renewed."""
    rows = rows_on(as_of).filter(by="us")
    return rows.filter(Q(state=None) | Q(state="open") | Q(state="broken", reason=""))


def broken_ours(as_of: date, customers: Collection[int] | None = None) -> dict[int, list[Promise]]:
    """Ours that are overdue and neither kept, withdrawn nor made good since, by customer."""
    rows = _unkept(as_of).filter(due__lt=as_of)
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    found: dict[int, list[Promise]] = defaultdict(list)
    for each in values(rows.order_by("due", "pk")):
        if each.due + timedelta(days=each.tolerance) < as_of:
            found[each.customer_id].append(each)
    return dict(found)


def overdue_ours(as_of: date) -> list[int]:
    """The numbers of ours that are overdue at the end of a day, ascending: as `broken_ours`, for going through them."""
    rows = _unkept(as_of).filter(due__lt=as_of).order_by("pk").values_list("pk", "due", "tolerance")
    return [number for number, due, tolerance in rows if due + timedelta(days=tolerance) < as_of]


def unkept(promises: Collection[int], as_of: date) -> list[Promise]:
    """Which of these (by number) are ours and neither kept, withdrawn, renewed nor made good at the end of a day."""
    return values(_unkept(as_of).filter(pk__in=promises).order_by("pk"))


def ours_to_keep(as_of: date, *, hidden: frozenset[str] = frozenset()) -> list[Promise]:
    """Ours that are due by the end of a day and neither kept, withdrawn, renewed nor made good since, earliest first."""
    rows = _unkept(as_of).filter(due__lte=as_of).exclude(customer__territory__in=hidden)
    return values(rows.order_by("due", "pk"))


def keeping(since: date, as_of: date, customers: Collection[int] | None = None) -> dict[int, Keeping]:
    """By customer: how many promises of each side were judged after `since` up to `as_of`, and how many were kept."""
    rows = rows_on(as_of).filter(state__in=JUDGED, judged__gt=since)
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for customer, by, state in rows.values_list("customer_id", "by", "state"):
        counts[customer][f"{by}_judged"] += 1
        counts[customer][f"{by}_kept"] += state == "kept"
    return {customer: Keeping(**each) for customer, each in counts.items()}


def whose_to_judge(as_of: date) -> list[int]:
    """The customers (ids, ascending) with a promise to pay that may be judged otherwise than it is at the end of a day.

    That is one never judged, or one whose window ended in the last year.
    """
    recent = Q(due__gte=as_of - timedelta(days=366 + MOST_TOLERANCE))
    live = models.Promise.objects.filter(recent | Q(judgements=None), by="them", kind="pay", made__lte=as_of)
    return list(live.order_by("customer").values_list("customer", flat=True).distinct())


def to_judge(customers: Collection[int], as_of: date) -> list[Promise]:
    """Every promise of these customers, as it stands at the end of the day."""
    rows = rows_on(as_of).filter(customer__in=customers)
    return values(rows.order_by("customer", F("currency"), "due", "pk"))


def before(promise: Promise) -> list[Promise]:
    """Those that a promise renews, one after the other, as they stand after everything written so far."""
    found, at = [], promise
    while at.renews and (older := find(at.renews)) is not None:
        found.append(older)
        at = older
    return found


def is_renewed(promise: int) -> bool:
    """Whether another promise took this one's place."""
    return models.Promise.objects.filter(renews=promise).exists()


def keys(customers: Iterable[int]) -> list[str]:
    """The keys of these customers' promises."""
    return list(models.Promise.objects.filter(customer__in=customers).values_list("key", flat=True))
