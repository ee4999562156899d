"""Judge promises: at once when money moves, inside its transaction, and every night over the whole book, in pieces."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime

from django.utils import timezone

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, require
from goodstanding.actions.own_promises import break_overdue
from goodstanding.parties import operations as parties
from goodstanding.promises import operations, queries
from goodstanding.promises.rules import CLOSED, Given, judge
from goodstanding.promises.types import PAY, THEM, Promise
from goodstanding.reports.promised import receipts, survivors_by_id

PART = 500  # customers judged in one transaction: so long a payment of theirs may have to wait for the night
Progress = Callable[[str, int, int], None]


def _quiet(_step: str, _done: int, _total: int) -> None:
    """Nobody is told."""


def lock_for(customers: Collection[int]) -> set[int]:
    """Lock what these customers promised, and those merged with them: they are one. Gives all of their ids.

    The customers too: of somebody who has no promise yet there is nothing else that two could meet at.
    """
    ends = survivors_by_id(date.max)
    family = {ends.get(each, each) for each in customers}
    family |= {merged for merged, end in ends.items() if end in family}
    parties.lock_customers(family)
    operations.lock(family)
    return family


def judge_for(customers: Collection[int], *, now: datetime, day: date) -> None:
    """Judge these customers' promises to pay again, because money of theirs moved on `day`."""
    family = lock_for(customers)
    today = max(day, timezone.localtime(now).date())
    _judge(queries.to_judge(family, date.max), today, now, family, moved=day)


def judge_all(*, actor: Actor, now: datetime, as_of: date, progress: Progress = _quiet) -> tuple[int, int]:
    """Judge every promise as of the end of a day; gives how many of theirs and of ours changed. Again does nothing.

    Each piece is locked, then read, judged and committed: a payment that comes meanwhile is judged before or after
    it, never beside it. Killed in between, the next run judges what is left.
    """
    require(actor, "run_nightly")
    theirs, waiting = 0, queries.whose_to_judge(as_of)
    for start in range(0, len(waiting), PART):
        progress("judging", start, len(waiting))
        with acting("run_nightly", actor=actor, now=now) as audit:
            family = lock_for(waiting[start : start + PART])
            changed = _judge(queries.to_judge(family, as_of), as_of, now, family, moved=as_of)
            for key, state in changed:
                audit(f"promise {key}", after={"state": state})
        theirs += len(changed)
    progress("holding", len(waiting), len(waiting))
    return theirs, break_overdue(actor=actor, now=now, as_of=as_of)


def _judge(
    known: Sequence[Promise], as_of: date, now: datetime, customers: Collection[int], *, moved: date
) -> list[tuple[str, str]]:
    """Their promises to pay: by customer (as merged) and currency."""
    theirs = [each for each in known if each.by == THEM and each.kind == PAY]
    if not theirs:
        return []
    ends = survivors_by_id(as_of)
    money = receipts(customers, min(each.made for each in theirs), as_of)
    groups: dict[tuple[int, str], list[Promise]] = defaultdict(list)
    for each in theirs:
        groups[ends.get(each.customer_id, each.customer_id), each.currency].append(each)
    verdicts = []
    for place, mine in groups.items():
        verdicts += judge([_given(each) for each in mine], money.get(place, []), as_of)
    return operations.keep_verdicts(theirs, verdicts, moved, now=now)


def _given(each: Promise) -> Given:
    """A closed one keeps what it had got: what comes later on its last day is for the one that took its place.

    So does one whose outcome a file brought along.
    """
    closed = each.judged if each.state in CLOSED or each.given else None
    amount = each.received if closed else each.amount or 0
    return Given(each.key, each.made, each.due, each.tolerance, amount, closed)
