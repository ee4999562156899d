"""Reverse an item: nothing is edited, a further entry of the opposite sign settles it."""

from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.judge_promises import judge_for
from goodstanding.actions.ledger import ItemKey, name, told, visible_item
from goodstanding.receivables import operations
from goodstanding.receivables.types import Posted


def reverse_item(
    *, actor: Actor, now: datetime, item: ItemKey, day: date, reason: str, undo_matches: bool = False
) -> Posted:
    """Reverse an item from `day` on; returns the reversal. The same again changes nothing.

    Its live matches are undone first when `undo_matches` says so, on `day` or on their own day where that is later.
    Refused: "matched", "is_reversal", "already_reversed", "recovered", "before_item", "no_reason", "closed_period",
    "over_allocation" when a match undone later than `day` still held the item then.
    """
    with acting("reverse_item", actor=actor, now=now) as audit:
        original = visible_item(actor, item)
        closed = operations.lock_shared()
        posted = operations.reverse(original.id, day, reason, undo_matches=undo_matches, now=now, closed=closed)
        if not posted.repeated:
            audit(name(original.key), before=told(original), after=told(posted.item) | {"reversed_on": day})
            if original.kind == "payment":
                judge_for([original.customer_id], now=now, day=day)
        return posted
