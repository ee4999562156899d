"""Writes of promises, inside the caller's transaction."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db import IntegrityError, transaction

from goodstanding.kernel.errors import N_, Refused
from goodstanding.promises import models, queries
from goodstanding.promises.rules import Verdict, check, next_level
from goodstanding.promises.types import NewPromise, Promise

FIELDS = ("by", "kind", "made", "due", "tolerance", "amount", "currency", "subject", "contact", "items", "plan", "step")


def add(
    customer_id: int, promise: NewPromise, *, key: str, now: datetime, renews: Promise | None = None
) -> tuple[Promise, bool]:
    """Write a promise down; gives it and whether it was there already. Refused "key_reused" for another under the key."""
    check(promise)
    promise = replace(promise, items=tuple(sorted(promise.items, key=lambda each: each.item)))
    there = queries.find(key)
    if there is None:
        try:
            with transaction.atomic():
                _insert(customer_id, promise, key, renews, now)
            return queries.promise(key, date.max), False
        except IntegrityError:
            there = queries.find(key)  # somebody else's, just committed
            if there is None:
                raise
    if there.customer_id != customer_id or any(getattr(there, name) != getattr(promise, name) for name in FIELDS):
        raise Refused("key_reused", N_("Another promise was recorded under this key."))
    return there, True


def _insert(customer_id: int, promise: NewPromise, key: str, renews: Promise | None, now: datetime) -> None:
    row = models.Promise.objects.create(
        key=key,
        customer_id=customer_id,
        by=promise.by,
        kind=promise.kind,
        made=promise.made,
        due=promise.due,
        tolerance=promise.tolerance,
        amount=promise.amount,
        currency=promise.currency,
        subject=promise.subject,
        contact=promise.contact,
        owner=promise.owner,
        level=next_level(renews.state, renews.level) if renews else 1,
        renews_id=renews.id if renews else None,
        plan=promise.plan,
        step=promise.step,
        posted_at=now,
    )
    models.PromiseItem.objects.bulk_create(
        [models.PromiseItem(promise=row, item=each.item, amount=each.amount) for each in promise.items]
    )


def lock(customers: Collection[int]) -> None:
    """One after the other: two payments at once are judged by whoever comes second with both in sight."""
    rows = models.Promise.objects.select_for_update().filter(customer__in=customers, by="them")
    list(rows.order_by("pk").values_list("pk"))


def lock_ours(promises: Collection[int]) -> None:
    """Whoever else keeps, withdraws or renews these promises of ours waits: what became of each is written once."""
    rows = models.Promise.objects.select_for_update().filter(pk__in=promises, by="us")
    list(rows.order_by("pk").values_list("pk"))


def renewed(old: Promise, *, due: date, amount: int | None, made: date) -> NewPromise:
    """What a renewal promises: as the old one, for another day and what is left of it unless told otherwise."""
    left = old.amount - old.received if old.amount is not None else None
    values = {
        name: getattr(old, name) for name in ("by", "kind", "tolerance", "currency", "subject", "contact", "owner")
    }
    new = NewPromise(made=made, due=due, amount=amount if amount is not None else left, items=old.items, **values)
    return replace(new, plan=old.plan, step=old.step)


def judge(promise: Promise, state: str, on: date, *, now: datetime, received: int = 0, reason: str = "") -> None:
    """Write down what became of a promise, from a day on; never before what is written already."""
    day = max(on, promise.judged) if promise.judged else on
    models.Judgement.objects.create(
        promise_id=promise.id, state=state, on=day, received=received, reason=reason, posted_at=now
    )


def keep_verdicts(
    known: Iterable[Promise], verdicts: Iterable[Verdict], day: date, *, now: datetime
) -> list[tuple[str, str]]:
    """Write the verdicts that differ from how the promises stand. Gives (key, state) of those whose state does.

    Where money went back on `day`, it was as it was until then.
    """
    by_key = {each.key: each for each in known}
    rows, told = [], []
    for each in verdicts:
        was = by_key[each.key]
        if (was.state, was.received) == (each.state, each.received):
            continue
        on = max(each.on, was.judged or each.on, day if each.received < was.received else each.on)
        rows.append(models.Judgement(promise_id=was.id, state=each.state, on=on, received=each.received, posted_at=now))
        if was.state != each.state:
            told.append((each.key, each.state))
    models.Judgement.objects.bulk_create(rows, batch_size=2000)
    return told
