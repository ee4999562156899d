"""Judge promises: at once when money moves, inside its transaction, and every night over the whole book.

Ours that are overdue hold the demands they are about until they are kept or withdrawn.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.utils import timezone

from goodstanding.access.types import Actor
from goodstanding.actions.base import Audit, acting
from goodstanding.promises import operations, queries
from goodstanding.promises.rules import CLOSED, Given, judge
from goodstanding.promises.types import PAY, THEM, US, Promise
from goodstanding.receivables import operations as ledger
from goodstanding.receivables import queries as receivables
from goodstanding.reports.promised import receipts, survivors_by_id

OWN_PROMISE = "own_promise"


def judge_for(customers: Collection[int], *, now: datetime, day: date) -> None:
    """Judge these customers' promises to pay again, because money of theirs moved on `day`."""
    ends = survivors_by_id(date.max)
    family = {ends.get(each, each) for each in customers}
    family |= {merged for merged, end in ends.items() if end in family}
    operations.lock(family)
    today = max(day, timezone.localtime(now).date())
    _judge(queries.to_judge(family, date.max), today, now, family, moved=day)


def judge_all(*, actor: Actor, now: datetime, as_of: date) -> tuple[int, int]:
    """Judge every promise as of the end of a day; gives how many of theirs and of ours changed. Again does nothing."""
    with acting("run_nightly", actor=actor, now=now) as audit:
        known = queries.to_judge(None, as_of)
        theirs = _judge(known, as_of, now, None, moved=as_of)
        ours = _ours(known, as_of, now, audit)
        for key, state in theirs:
            audit(f"promise {key}", after={"state": state})
        return len(theirs), ours


def _judge(
    known: Sequence[Promise], as_of: date, now: datetime, customers: Collection[int] | None, *, moved: date
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


def _ours(known: Sequence[Promise], as_of: date, now: datetime, audit: Audit) -> int:
    """Ours that are overdue now: broken, and what they are about is held."""
    overdue = []
    for each in known:
        late = as_of > each.due + timedelta(days=each.tolerance)
        if each.by == US and late and each.state in ("open", "broken") and not each.reason:
            overdue.append(each)
    changed = [each for each in overdue if each.state == "open"]
    for each in changed:
        operations.judge(each, "broken", each.due + timedelta(days=each.tolerance + 1), now=now)
        audit(f"promise {each.key}", after={"state": "broken"})
    _hold(overdue, as_of, now)
    return len(changed)


def _hold(overdue: Sequence[Promise], day: date, now: datetime) -> None:
    """Hold the open amounts that our broken promises are about, each once."""
    about = sorted({each.item for promise in overdue for each in promise.items})
    if not about:
        return
    closed = ledger.lock_shared()
    if closed is not None and day <= closed:
        return  # a closed day takes no hold: the next night's does
    there = {each.key for each in receivables.holds(about)}
    items = {each.id: each for each in receivables.items(about, day)}
    for promise in overdue:
        for each in promise.items:
            item = items.get(each.item)
            if item is None or item.sign <= 0 or item.open <= 0:
                continue
            key = hold_key(promise.key, (item.customer, item.number, item.entry))
            if key in there:
                continue
            amount = min(each.amount or item.open, item.open)
            ledger.place_hold(item, amount, OWN_PROMISE, day, source=promise.key, key=key, now=now, closed=closed)


def release_for(promise: Promise, day: date, now: datetime, why: str) -> None:
    """Let what our promise held be asked for again."""
    closed = ledger.lock_shared()
    for hold in receivables.holds([each.item for each in promise.items]):
        if hold.key == hold_key(promise.key, hold.item) and hold.released is None:
            ledger.release_hold(hold.key, max(day, hold.placed), why, now=now, closed=closed)


def hold_key(promise: str, item: tuple[str, str, int]) -> str:
    """The key of the hold that a promise of ours puts on an item; the same after an export and an import."""
    return f"{promise[:150]}/{sha256(chr(31).join(map(str, item)).encode()).hexdigest()[:20]}/own"
