"""Match a credit with a debit: it settles so much of it from a day on."""

from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.ledger import ItemKey, told_match, visible_item
from goodstanding.receivables import operations
from goodstanding.receivables.operations import Pair
from goodstanding.receivables.types import Match


def match_items(
    *, actor: Actor, now: datetime, credit: ItemKey, debit: ItemKey, amount: int, day: date, key: str = ""
) -> Match:
    """Settle `amount` minor units of the debit by the credit, from `day` on.

    With a `key` the same request again returns the first match and changes nothing.
    Refused: "over_allocation" (both figures), "wrong_side", "other_currency", "other_customer" (no common parent
    group), "before_item", "closed_period", "amount_not_positive", "key_reused". NotFound for items not seen.
    """
    with acting("match_items", actor=actor, now=now) as audit:
        pair = Pair(visible_item(actor, credit).id, visible_item(actor, debit).id, amount, day)
        closed = operations.lock_shared()
        if key:
            match, repeated = operations.match_once(key, pair, now=now, closed=closed)
        else:
            (match,), repeated = operations.match([pair], now=now, closed=closed), False
        if not repeated:
            audit(f"match {match.key}", after=told_match(match))
        return match
