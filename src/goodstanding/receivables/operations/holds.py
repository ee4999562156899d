"""Place a hold on an item and release it: dated facts both."""

from datetime import date, datetime
from itertools import count

from goodstanding.kernel.errors import N_, NotFound, Refused
from goodstanding.receivables import models, queries, rules
from goodstanding.receivables.operations.locks import lock_items
from goodstanding.receivables.types import Hold, Item


def place_hold(
    item: Item, amount: int, reason: str, day: date, *, source: str, key: str, now: datetime, closed: date | None
) -> tuple[Hold, bool]:
    """Hold part of a debit back from being asked for, from `day` on. The same key and body again returns the hold there is, and True.

    Refused "wrong_side" for a credit, "over_open" for more than is open of it on that day, "key_reused".
    """
    rules.check_hold(item, amount, reason, source, day)
    item = lock_items([item.id])[item.id]
    if key:
        rules.check_text("key", key)
        stored = queries.hold_values(models.Hold.objects.filter(key=key))
        if stored:
            return _same_hold(stored[0], (item.key, amount, reason, source, day)), True
    rules.check_open(day, closed)
    then = queries.items([item.id], day)[0].open
    if amount > then:
        raise Refused(
            "over_open",
            N_("{asked} is more than the {open} open of {number} on {day}."),
            asked=rules.money(amount, item.currency),
            open=rules.money(then, item.currency),
            number=item.number,
            day=day.isoformat(),
        )
    row = models.Hold.objects.create(
        key=key or _free_key(item),
        item_id=item.id,
        amount=amount,
        reason=reason,
        source=source,
        placed=day,
        posted_at=now,
    )
    return queries.hold(row.key), False


def _same_hold(stored: Hold, body: tuple[tuple[str, str, int], int, str, str, date]) -> Hold:
    if (stored.item, stored.amount, stored.reason, stored.source, stored.placed) != body:
        raise Refused("key_reused", N_("The hold {key} is placed already with another content."), key=stored.key)
    return stored


def _free_key(item: Item) -> str:
    start = "/".join(map(str, (*item.key, "hold")))
    taken = set(models.Hold.objects.filter(item=item.id).values_list("key", flat=True))
    return next(each for n in count(1) if (each := f"{start}/{n}") not in taken)


def release_hold(key: str, day: date, reason: str, *, now: datetime, closed: date | None) -> tuple[Hold, bool]:
    """End a hold: from `day` on the amount is asked for again. The same again returns it, and True.

    Refused "before_item" (earlier than it was placed), "already_released" (on another day, or for another reason).
    """
    row = models.Hold.objects.filter(key=key).first()
    if row is None:
        raise NotFound("no_such_hold", N_("There is no hold {key}."), key=key)
    lock_items([row.item_id])
    stored = queries.hold(key)
    if stored.released is not None:
        if (stored.released, stored.release_reason) == (day, reason):
            return stored, True
        raise Refused(
            "already_released",
            N_("The hold {key} was released on {day} already."),
            key=key,
            day=stored.released.isoformat(),
        )
    rules.check_text("reason", reason)
    rules.check_day(day)
    if day < stored.placed:
        raise Refused(
            "before_item",
            N_("{number} is dated {date}: it can't be released on {day} already."),
            number=key,
            date=stored.placed.isoformat(),
            day=day.isoformat(),
        )
    rules.check_open(day, closed)
    models.HoldRelease.objects.create(hold_id=row.pk, released=day, reason=reason, posted_at=now)
    return queries.hold(key), False
