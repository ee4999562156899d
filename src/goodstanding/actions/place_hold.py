"""Hold part of an item back from being asked for, with a reason."""

from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.ledger import ItemKey, name, visible_item
from goodstanding.receivables import operations
from goodstanding.receivables.types import Hold


def place_hold(
    *,
    actor: Actor,
    now: datetime,
    item: ItemKey,
    amount: int,
    reason: str,
    day: date,
    source: str = "",
    key: str = "",
) -> Hold:
    """Hold `amount` minor units of a debit from `day` on. `source` is the placer's own note, opaque here.

    With a `key` the same request again returns the first hold and changes nothing.
    Refused: "wrong_side", "over_open" (both figures), "no_reason", "before_item", "closed_period", "key_reused".
    """
    with acting("place_hold", actor=actor, now=now) as audit:
        held = visible_item(actor, item)
        closed = operations.lock_shared()
        hold, repeated = operations.place_hold(
            held, amount, reason, day, source=source, key=key, now=now, closed=closed
        )
        if not repeated:
            after = {"hold": hold.key, "amount": amount, "reason": reason, "source": source, "placed": day}
            audit(name(held.key), after=after)
        return hold
