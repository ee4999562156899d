"""Ours that are overdue are broken, and hold the demands they are about until they are kept or withdrawn."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.inbound.intake.facts import UNDONE
from goodstanding.promises import operations, queries
from goodstanding.promises.types import Promise
from goodstanding.receivables import operations as ledger
from goodstanding.receivables import queries as receivables
from goodstanding.receivables.types import Hold

OWN_PROMISE = "own_promise"
PART = 500  # promises, or the items they are about, at a time


def break_overdue(*, actor: Actor, now: datetime, as_of: date) -> int:
    """Mark ours that are overdue at the end of a day as broken and hold what they are about; gives how many changed.

    In pieces, each committed: again, or after a night that was killed, it does what is left.
    """
    changed, late = 0, queries.overdue_ours(as_of)
    for start in range(0, len(late), PART):
        with acting("run_nightly", actor=actor, now=now) as audit:
            closed = ledger.lock_shared()
            operations.lock_ours(late[start : start + PART])
            overdue = queries.unkept(late[start : start + PART], as_of)
            for each in overdue:
                if each.state == "open":
                    operations.judge(each, "broken", each.due + timedelta(days=each.tolerance + 1), now=now)
                    audit(f"promise {each.key}", after={"state": "broken"})
                    changed += 1
            # what was kept since that day holds nothing any more, also where the night comes after
            still = {each.id for each in queries.unkept([each.id for each in overdue], date.max)}
            _hold([each for each in overdue if each.id in still], as_of, now, closed)
    return changed


def _hold(overdue: Sequence[Promise], day: date, now: datetime, closed: date | None) -> None:
    """Hold the open amounts that our broken promises are about, each once."""
    about = sorted({each.item for promise in overdue for each in promise.items})
    if not about or (closed is not None and day <= closed):
        return  # a closed day takes no hold: the next night's does
    ledger.lock_items(about)
    there = {each.key: each for each in receivables.holds(about)}
    items = {each.id: each for each in receivables.items(about, day)}
    for promise in overdue:
        for each in promise.items:
            item = items.get(each.item)
            if item is None or item.sign <= 0 or item.open <= 0:
                continue
            key = hold_key(promise.key, (item.customer, item.number, item.entry))
            while key in there and there[key].release_reason == UNDONE:
                key = _again(key)  # its import was undone and came again: it holds anew
            if key in there:
                continue
            amount = min(each.amount or item.open, item.open)
            ledger.place_hold(item, amount, OWN_PROMISE, day, source=promise.key, key=key, now=now, closed=closed)


def release_for(promises: Sequence[Promise], day: date, now: datetime, why: str) -> int:
    """Let what our promises held be asked for again. Gives how many holds ended."""
    closed = ledger.lock_shared()
    released = 0
    for hold in _holds(promises):
        ledger.release_hold(hold.key, max(day, hold.placed), why, now=now, closed=closed)
        released += 1
    return released


def _holds(promises: Sequence[Promise]) -> Iterator[Hold]:
    """The holds in force that these promises placed."""
    mine = {each.key for each in promises}
    about = sorted({each.item for promise in promises for each in promise.items})
    for start in range(0, len(about), PART):
        for hold in receivables.holds(about[start : start + PART]):
            if hold.released is None and hold.source in mine and hold.key.startswith(hold_key(hold.source, hold.item)):
                yield hold


def _again(key: str) -> str:
    """The key after this one: …/own, …/own/2, …/own/3."""
    start, _, count = key.rpartition("/own")
    return f"{start}/own/{int(count[1:] or 1) + 1}"


def hold_key(promise: str, item: tuple[str, str, int]) -> str:
    """The key of the hold that a promise of ours puts on an item; the same after an export and an import."""
    return f"{promise[:150]}/{sha256(chr(31).join(map(str, item)).encode()).hexdigest()[:20]}/own"
