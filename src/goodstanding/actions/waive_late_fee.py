"""Waive what was charged for lateness: a credit over what is open of it, with a reason."""

from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.ledger import ItemKey, name, told, visible_item
from goodstanding.kernel.errors import N_, Refused
from goodstanding.receivables import operations, queries, rules
from goodstanding.receivables.operations import Pair
from goodstanding.receivables.types import NewItem, Posted


def waive_late_fee(*, actor: Actor, now: datetime, item: ItemKey, day: date, reason: str) -> Posted:
    """Waive all that is open of a late fee from `day` on; it isn't charged again for the same days.

    Refused "no_late_fee", "nothing_open", "no_reason", "closed_period".
    """
    with acting("waive_late_fee", actor=actor, now=now) as audit:
        charged = visible_item(actor, item)
        closed = operations.lock_shared()
        if charged.kind != "late_fee" or charged.sign < 1:
            raise Refused("no_late_fee", N_("{number} was not charged for lateness."), number=charged.number)
        if not reason.strip():
            raise Refused("no_reason", N_("Waiving needs a reason."), field="reason")
        open_then = operations.available(charged.id, day)
        if not open_then:
            raise Refused("nothing_open", N_("Nothing is open of {number}."), number=charged.number)
        taken = queries.numbers_like(charged.customer_id, charged.number)
        new = NewItem(
            number=rules.derived_number(charged.number, "WAIVED", taken), kind="credit_note", date=day,
            amount=open_then, currency=charged.currency, reference=charged.number, reason=reason.strip(),
        )  # fmt: skip
        posted = operations.post_item(charged.customer_id, new, now=now, closed=closed)
        pair = Pair(posted.item.id, charged.id, open_then, day)
        operations.match([pair], now=now, closed=closed, why="waived")
        audit(name(charged.key), after=told(posted.item) | {"number": posted.item.number})
        return Posted(queries.items([posted.item.id])[0], repeated=False)
