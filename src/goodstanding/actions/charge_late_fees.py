"""Charge what lateness cost: interest and the fee, by the rules of each day, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.ledger import family, name
from goodstanding.kernel.errors import N_, Refused
from goodstanding.parties import queries as parties
from goodstanding.receivables import late, operations, queries, rules
from goodstanding.receivables.late import Due
from goodstanding.receivables.types import Item, NewItem

CHUNK = 500  # items locked at a time


@dataclass(frozen=True, slots=True)
class Charged:
    """What was charged, item by item."""

    items: tuple[Item, ...]

    @property
    def totals(self) -> dict[str, int]:
        """Minor units by currency."""
        sums: dict[str, int] = {}
        for each in self.items:
            sums[each.currency] = sums.get(each.currency, 0) + each.amount
        return sums


def to_charge(actor: Actor, as_of: date, customer: str = "") -> list[Due]:
    """What would be charged at the end of a day, of the customers the actor sees; what is in dispute is marked."""
    ids = family(actor, parties.customer(actor, customer).code) if customer else None
    found = list(late.uncharged(as_of, ids))
    if ids is None and actor.hidden:
        seen = set(parties.visible(actor).values_list("pk", flat=True))
        found = [each for each in found if each.item.customer_id in seen]
    return found


def charge_late_fees(*, actor: Actor, now: datetime, as_of: date, customer: str = "") -> Charged:
    """Post what lateness cost up to the end of a day, for one customer or for all; the same again posts nothing.

    Counted from the first day of lateness each time, less what was charged before: no day is charged twice, and a
    payment that was written down late is counted from its day. What is in dispute waits until it no longer is.
    NotAllowed; NotFound; Refused "closed_period", "future_day".
    """
    with acting("charge_late_fee", actor=actor, now=now) as audit:
        if as_of > localdate(now):
            raise Refused("future_day", N_("Lateness is charged up to today, not for days to come."))
        closed = operations.lock_shared()
        rules.check_open(as_of, closed)
        wanted = sorted(each.item.id for each in to_charge(actor, as_of, customer) if not each.held)
        posted: list[Item] = []
        for start in range(0, len(wanted), CHUNK):
            ids = wanted[start : start + CHUNK]
            operations.lock_items(ids)  # who charges the same now waits, and then finds it charged
            for due in late.uncharged(as_of, items=ids):
                made = [] if due.held else _post(due, as_of, now, closed)
                if made:
                    audit(name(due.item.key), after=_told(due, as_of, made))
                posted += made
        return Charged(tuple(posted))


def _post(due: Due, as_of: date, now: datetime, closed: date | None) -> list[Item]:
    item = due.item
    taken = queries.numbers_like(item.customer_id, item.number)
    made = []
    for number, reason, amount in late.charge_items(due, as_of, taken):
        new = NewItem(
            number=number, kind="late_fee", date=as_of, amount=amount, currency=item.currency, reference=item.number,
            reason=reason,
        )  # fmt: skip
        made.append(operations.post_item(item.customer_id, new, now=now, closed=closed).item)
    return made


def _told(due: Due, as_of: date, made: Sequence[Item]) -> dict[str, object]:
    return {
        "through": as_of,
        "charged": [{"number": each.number, "amount": rules.money(each.amount, each.currency)} for each in made],
        "days": due.owed.days,
    }
