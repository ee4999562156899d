"""Charge what lateness cost: interest and the fee, by the rules of each day, once."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, require
from goodstanding.actions.ledger import family, name
from goodstanding.kernel.errors import N_, Refused
from goodstanding.parties import queries as parties
from goodstanding.receivables import late, operations, queries, rules
from goodstanding.receivables.late import Due
from goodstanding.receivables.types import Item, NewItem

CHUNK = 500  # items locked and charged in one transaction
Progress = Callable[[str, int, int], None]


def _quiet(_step: str, _done: int, _total: int) -> None:
    """Nobody is told."""


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
    return list(late.uncharged(as_of, ids, () if customer else actor.hidden))


def charge_late_fees(
    *, actor: Actor, now: datetime, as_of: date, customer: str = "", progress: Progress = _quiet
) -> Charged:
    """Post what lateness cost up to the end of a day, for one customer or for all; the same again posts nothing.

    Counted from the first day of lateness each time, less what was charged before: no day is charged twice, and a
    payment that was written down late is counted from its day. What is in dispute waits until it no longer is.
    In pieces, each committed with its audit entries: where one is refused or the machine stops, what was charged until
    then stays, and charging again does the rest.
    NotAllowed; NotFound; Refused "closed_period", "future_day".
    """
    require(actor, "charge_late_fee")
    if as_of > localdate(now):
        raise Refused("future_day", N_("Lateness is charged up to today, not for days to come."))
    rules.check_open(as_of, queries.closed_through())
    ids = family(actor, parties.customer(actor, customer).code) if customer else None
    hidden = () if customer else actor.hidden
    total, done = late.how_many(as_of, ids, hidden), 0
    posted: list[Item] = []
    for some in late.pieces(as_of, ids, CHUNK, hidden):
        progress("charging", done, total)
        with acting("charge_late_fee", actor=actor, now=now) as audit:
            closed = operations.lock_shared()
            rules.check_open(as_of, closed)
            operations.lock_items(some)  # who charges the same now waits, and then finds it charged
            due = [each for each in late.uncharged_of(some, as_of) if not each.held]
            for each, made in _post(due, as_of, now, closed):
                audit(name(each.item.key), after=_told(each, as_of, made))
                posted += made
        done += len(some)
    progress("done", total, total)
    return Charged(tuple(posted))


def _post(due: Sequence[Due], as_of: date, now: datetime, closed: date | None) -> Iterator[tuple[Due, list[Item]]]:
    """Post what is left to charge for these, by item."""
    while True:
        new = _numbered(due, as_of)
        try:
            with transaction.atomic():
                made = operations.post_all([(each.item.customer_id, one) for each, one in new], now=now, closed=closed)
            break
        except IntegrityError:
            # in this moment somebody gave an item of theirs one of our numbers: then another is free
            if not queries.taken_numbers([(each.item.customer_id, one.number) for each, one in new]):
                raise
    for each, some in groupby(zip(new, made, strict=True), key=lambda pair: pair[0][0]):
        yield each, [item for _new, item in some]


def _numbered(due: Sequence[Due], as_of: date) -> list[tuple[Due, NewItem]]:
    """The items to post, each under a number that its customer has free."""
    taken: set[tuple[int, str]] = set()
    used: defaultdict[int, set[str]]
    found: list[tuple[Due, NewItem]]
    while True:
        found, used = [], defaultdict(set)
        for customer, number in taken:
            used[customer].add(number)
        for each in due:
            mine = used[each.item.customer_id]
            for number, reason, amount in late.charge_items(each, as_of, mine):
                mine.add(number)
                found.append((each, _item(each.item, number, reason, amount, as_of)))
        clash = queries.taken_numbers([(each.item.customer_id, one.number) for each, one in found])
        if not clash:
            return found
        taken |= clash


def _item(late_one: Item, number: str, reason: str, amount: int, as_of: date) -> NewItem:
    return NewItem(
        number=number, kind="late_fee", date=as_of, amount=amount, currency=late_one.currency,
        reference=late_one.number, reason=reason,
    )  # fmt: skip


def _told(due: Due, as_of: date, made: Sequence[Item]) -> dict[str, object]:
    return {
        "through": as_of,
        "charged": [{"number": each.number, "amount": rules.money(each.amount, each.currency)} for each in made],
        "days": due.owed.days,
    }
