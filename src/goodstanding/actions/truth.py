"""What the ledger says of a customer, as the sincerity check wants it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.utils.timezone import localdate

from goodstanding.access.queries import actor_by_id
from goodstanding.access.types import Actor
from goodstanding.correspondence.rules.composing import FEWEST
from goodstanding.correspondence.rules.sincerity import Truth
from goodstanding.correspondence.types import Message
from goodstanding.kernel.errors import Refused
from goodstanding.parties import queries as parties
from goodstanding.promises import queries as promises
from goodstanding.receivables import queries as receivables
from goodstanding.reports import similar


def truth_for(actor: Actor, message: Message, ids: Collection[int], day: date) -> Truth:
    """What the ledger says now; of a paper also what it said of days on the day it bears, of an answer what Found counts."""
    named = [named for _item, named in message.items]
    truth = truth_of(actor, message.code, ids, message.currency, day, named=named)
    written = localdate(message.queued_at) if message.queued_at else day
    if message.channel == "post" and written != day:
        then = truth_of(actor, message.code, ids, message.currency, written, named=named)
        truth = replace(truth, days=truth.days | {written}, counts=truth.counts | then.counts)
    if message.kind == "answer":
        customer = parties.customer_by_id(actor, message.customer_id)
        found = similar.found(_writer(actor, message), customer, written)
        if found.similar >= FEWEST and found.paid:
            truth = replace(truth, counts=truth.counts | {found.similar, found.paid, found.days})
    return truth


def _writer(actor: Actor, message: Message) -> Actor:
    """Who wrote a message, since that is whose customers Found counted; the sender where it is nobody any more."""
    number = message.queued_by.rpartition(" #")[2]
    if not (message.queued_by and number.isdecimal()):
        return actor
    try:
        return actor_by_id(int(number))
    except Refused:
        return actor


def truth_of(  # noqa: PLR0917
    actor: Actor, code: str, ids: Collection[int], currency: str, day: date, named: Sequence[int] = ()
) -> Truth:
    """What the ledger says of a customer in a currency on a day, as the sincerity check wants it.

    `named` are the open amounts that a message asks for, item by item: their sum may be said, with and without credits.
    """
    debits = [each for each in receivables.open_items(ids, day, currency) if each.sign > 0]
    held = receivables.held(debits, day)
    free = {each.id: each.open - held.get(each.id, 0) for each in debits}
    asked = [each for each in debits if free[each.id] > 0]
    past = [each for each in asked if each.due < day]
    credits_ = [each for each in receivables.open_items(ids, day, currency) if each.sign < 0]
    told = [each for each in promises.promises(ids, day) if each.by == "them" and each.currency == currency]
    unapplied = sum(each.open for each in credits_)
    sums = [*(sum(free[each.id] for each in some) for some in (asked, past)), sum(named)]
    sums += [unapplied, sum(each.open for each in debits), *(each - unapplied for each in sums)]
    customer = parties.customer(actor, code)
    people = parties.contacts(actor, code)
    lines = {*settings.FIRM, customer.name, code, *(each.name for each in people), *(each.phone for each in people)}
    return Truth(
        currency=currency,
        amounts=frozenset(
            {*sums, *free.values(), *(e.open for e in debits), *(e.amount for e in debits)}
            | {e.open for e in credits_}
            | {each.amount for each in told if each.amount is not None}
        ),
        days=frozenset({day, *(e.due for e in debits), *(e.date for e in debits), *(each.due for each in told)}),
        counts=frozenset({len(asked), len(past), len(named), *(e.days_past_due(day) for e in past)}),
        items=frozenset(each.number for each in asked) | {each.number for each in credits_},
        closed={each.number: "held" for each in debits if free[each.id] <= 0},
        promised=any(each.state in ("open", "broken", "partly_kept") for each in told),
        words=frozenset(line for line in lines if line),
    )
