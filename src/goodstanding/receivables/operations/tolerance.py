"""Write off the small change that a payment fell short by."""

from datetime import date, datetime

from goodstanding.receivables import models, queries, rules
from goodstanding.receivables.operations.items import post_item
from goodstanding.receivables.operations.locks import lock_available
from goodstanding.receivables.operations.matches import Pair, match
from goodstanding.receivables.types import NewItem


def tolerate(payment_id: int, tolerance: int, *, now: datetime, closed: date | None) -> None:
    """Write off what a payment left open of the items it settled, where it is at most `tolerance` minor units.

    Only when the payment is used up: as long as some of it is left, the customer did pay. Each write-off is an item
    of the debit's customer, numbered after it (INV-7-TOL), with reason "tolerance" and the payment as reference.
    """
    (paid,) = queries.items([payment_id])
    if paid.open:
        return
    days = dict(models.Match.objects.filter(credit_item=payment_id).values_list("debit_item_id", "date"))
    most = lock_available(days)
    for debit in queries.items(list(days)):
        if most[debit.id] < debit.open or not rules.within_tolerance(debit.open, tolerance):
            continue
        new = NewItem(
            number=rules.derived_number(debit.number, "TOL", queries.numbers_like(debit.customer_id, debit.number)),
            kind="write_off",
            date=days[debit.id],
            amount=debit.open,
            currency=debit.currency,
            reference=paid.number,
            reason=rules.TOLERANCE,
        )
        rest = post_item(debit.customer_id, new, now=now, closed=closed).item
        match([Pair(rest.id, debit.id, rest.amount, days[debit.id])], now=now, closed=closed, why=rules.TOLERANCE)
