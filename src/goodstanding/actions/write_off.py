"""Write off what will not be paid: it leaves the receivables, with a reason."""

from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.ledger import ItemKey, name, told, visible_item
from goodstanding.kernel.errors import N_, Refused
from goodstanding.receivables import operations, queries, rules
from goodstanding.receivables.operations import Pair
from goodstanding.receivables.types import NewItem, Posted


def write_off(
    *, actor: Actor, now: datetime, item: ItemKey, day: date, reason: str, amount: int | None = None, number: str = ""
) -> Posted:
    """Write off `amount` minor units of a debit (all that is open when None), from `day` on; returns the write-off.

    `number` is the write-off's own and its key: the same request again changes nothing. Without one it follows from
    the item's (INV-7 → INV-7-WO, INV-7-WO-2 …), and each request writes off anew.
    Refused: "over_allocation" (both figures), "nothing_open", "wrong_side", "no_reason", "closed_period", "key_reused".
    """
    with acting("write_off", actor=actor, now=now) as audit:
        debit = visible_item(actor, item)
        closed = operations.lock_shared()
        most = operations.available(debit.id, day)  # and nobody else writes off the same until we are done
        known = queries.find_item([debit.customer_id], number) if number else None
        if amount is None:
            amount = known.amount if known else most
            if amount == 0:
                raise Refused("nothing_open", N_("Nothing is open of {number}."), number=debit.number)
        taken = queries.numbers_like(debit.customer_id, debit.number)
        new = NewItem(
            number=number or rules.derived_number(debit.number, "WO", taken),
            kind="write_off",
            date=day,
            amount=amount,
            currency=debit.currency,
            reference=debit.number,
            reason=reason,
        )
        posted = operations.post_item(debit.customer_id, new, now=now, closed=closed)
        if posted.repeated:
            return posted
        pair = Pair(posted.item.id, debit.id, amount, day)
        operations.match([pair], now=now, closed=closed, why="write_off")
        audit(name(debit.key), after=told(posted.item) | {"number": posted.item.number})
        return Posted(queries.items([posted.item.id])[0], repeated=False)
