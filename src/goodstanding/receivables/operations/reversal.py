"""Reverse an item: a further entry of its number that settles it in full."""

from datetime import date, datetime

from goodstanding.kernel.errors import N_, Refused, StaleVersion
from goodstanding.receivables import queries, rules
from goodstanding.receivables.operations.items import insert
from goodstanding.receivables.operations.locks import lock_items
from goodstanding.receivables.operations.matches import Pair, match, undo_match
from goodstanding.receivables.types import Item, NewItem, Posted


def reverse(item_id: int, day: date, reason: str, *, undo_matches: bool, now: datetime, closed: date | None) -> Posted:
    """Reverse an item from `day` on: an entry of the opposite sign that settles it in full. Once only.

    What still settles or is settled by it must be undone first; with `undo_matches` it is undone here, each
    match on the reversal's day, or on its own where that is later. The same again changes nothing.
    """
    live = queries.live_matches(item_id)
    lock_items({item_id, *queries.ends(live)})
    if {each.key for each in queries.live_matches(item_id)} - {each.key for each in live}:
        raise StaleVersion("stale", N_("Somebody matched it just now. Try again."))
    (original,) = queries.items([item_id])
    if (done := _already_reversed(original, day, reason)) is not None:
        return done
    _check_reversal(original, day, reason)
    rules.check_open(day, closed)
    if live and not undo_matches:
        raise Refused(
            "matched",
            N_("{number} is matched ({count}): undo that first."),
            number=original.number,
            count=len(live),
        )
    for each in live:
        undo_match(each.key, max(day, each.date), now=now, closed=closed)
    again = _next_entry(original, day, reason)
    reversal = insert(original.customer_id, again, original.id, now, None)
    if original.sign:
        credit, debit = (reversal, original) if original.sign > 0 else (original, reversal)
        match([Pair(credit.id, debit.id, original.amount, day)], now=now, closed=closed, why="reversal")
    (stored,) = queries.items([reversal.id])
    return Posted(stored, repeated=False)


def _already_reversed(original: Item, day: date, reason: str) -> Posted | None:
    """The reversal there is, when it says the same; Refused when it says something else; None when there is none."""
    if original.reversed_on is None:
        return None
    reversal = queries.item(original.customer_id, original.number, original.entry + 1)
    if (reversal.date, reversal.reason) == (day, reason):
        return Posted(reversal, repeated=True)
    raise Refused(
        "already_reversed",
        N_("{number} was reversed on {day} already."),
        number=original.number,
        day=reversal.date.isoformat(),
    )


def _check_reversal(original: Item, day: date, reason: str) -> None:
    """Refuse to reverse a reversal, before the item's day, without a reason, or a write-off recovered since."""
    rules.check_day(day)
    rules.check_text("reason", reason)
    if not reason:
        raise Refused("no_reason", N_("A reversal needs a reason."))
    if original.entry % 2 == 0:
        raise Refused("is_reversal", N_("{number} is itself a reversal; post it again."), number=original.number)
    if day < original.date:
        raise Refused(
            "before_item",
            N_("{number} is dated {date}: it can't be reversed on {day} already."),
            number=original.number,
            date=original.date.isoformat(),
            day=day.isoformat(),
        )
    if original.kind == "write_off" and (back := queries.recovered(original)):
        raise Refused(
            "recovered",
            N_("{amount} was recovered on {number}: reverse that first."),
            amount=rules.money(back, original.currency),
            number=original.number,
        )


def _next_entry(original: Item, day: date, reason: str) -> NewItem:
    """The item that reverses this one: the next entry of the same number."""
    return NewItem(
        number=original.number,
        kind=original.kind,
        date=day,
        amount=original.amount,
        currency=original.currency,
        tax=original.tax,
        reference=original.reference,
        order=original.order,
        seller=original.seller,
        reason=reason,
        entry=original.entry + 1,
    )
