"""What became of a promise by a person's word: ours was kept, one was withdrawn, one is renewed."""

from datetime import date, datetime, timedelta

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.judge_promises import judge_for, lock_for
from goodstanding.actions.make_promise import told
from goodstanding.actions.own_promises import release_for
from goodstanding.kernel.errors import N_, Refused
from goodstanding.parties import queries as parties
from goodstanding.promises import operations, queries
from goodstanding.promises.rules import MADE_GOOD
from goodstanding.promises.types import US, Promise
from goodstanding.receivables import operations as ledger


def keep_promise(*, actor: Actor, now: datetime, key: str, day: date) -> Promise:
    """Ours was kept on a day. After its time it stays broken, but is made good: what it held is asked for again.

    The same again changes nothing. Refused "not_ours", "closed_promise", "day".
    """
    with acting("keep_promise", actor=actor, now=now) as audit:
        found = _mine(actor, key, day)
        if found.by != US:
            raise Refused("not_ours", N_("A customer's promise is judged by the money that came."))
        if found.state == "kept" or found.reason == MADE_GOOD:
            return found
        in_time = day <= found.due + timedelta(days=found.tolerance)
        operations.judge(found, "kept" if in_time else "broken", day, now=now, reason="" if in_time else MADE_GOOD)
        _let_go(found, day, now, "kept", MADE_GOOD)
        audit(f"promise {key}", before={"state": found.state}, after={"state": "kept", "day": day, "in_time": in_time})
        return queries.promise(key, date.max)


def withdraw_promise(*, actor: Actor, now: datetime, key: str, day: date, reason: str) -> Promise:
    """It no longer counts from a day on, and why. The same again changes nothing.

    Refused "no_reason", and "closed_promise" for one that was kept or renewed.
    """
    with acting("withdraw_promise", actor=actor, now=now) as audit:
        found = _mine(actor, key, day, closed="withdrawn")
        if found.state == "withdrawn":
            return found
        if found.state == "kept":
            raise Refused("closed_promise", N_("It was kept, withdrawn or renewed already."))
        if not reason.strip():
            raise Refused("no_reason", N_("Say why."))
        operations.judge(found, "withdrawn", day, now=now, received=found.received, reason=reason.strip()[:200])
        _let_go(found, day, now, "withdrawn", reason.strip()[:200])
        audit(f"promise {key}", before={"state": found.state}, after={"state": "withdrawn", "reason": reason})
        judge_for([found.customer_id], now=now, day=day)
        return queries.promise(key, date.max)


def renew_promise(
    *, actor: Actor, now: datetime, key: str, due: date, day: date, amount: int | None = None, new_key: str = ""
) -> Promise:
    """Give a promise another day. Its level rises, unless this is for the rest of one that was kept in part.

    Refused "closed_promise" for one that was kept, withdrawn or renewed already.
    """
    with acting("renew_promise", actor=actor, now=now) as audit:
        found = _seen(actor, key)
        there = queries.find(new_key or f"{key[:190]}+")
        if there is not None and there.renews == key:
            return there
        _check_live(found, day)
        if found.state not in ("open", "broken", "partly_kept") or queries.is_renewed(found.id):
            raise Refused("closed_promise", N_("It was kept, withdrawn or renewed already."))
        new, _repeated = operations.add(
            found.customer_id,
            operations.renewed(found, due=due, amount=amount, made=day),
            key=new_key or f"{key[:190]}+",
            now=now,
            renews=found,
        )
        if found.state == "open":
            operations.judge(found, "renewed", day, now=now, received=found.received)
        audit(f"promise {new.key}", before=told(found) | {"state": found.state}, after=told(new))
        judge_for([found.customer_id], now=now, day=day)
        return queries.promise(new.key, date.max)


def _let_go(found: Promise, day: date, now: datetime, why: str, reason: str) -> None:
    """Nothing is held for this promise any more, nor for those of ours that it renews: they no longer stand open."""
    olders = queries.before(found)
    release_for([found, *olders], day, now, why)
    for older in olders:
        if older.by == US and older.state == "broken" and not older.reason:
            operations.judge(older, "broken", day, now=now, reason=reason)


def _mine(actor: Actor, key: str, day: date, closed: str = "") -> Promise:
    """The promise as it stands, locked. Refused when it was closed, or for a day before."""
    found = _seen(actor, key)
    _check_live(found, day, closed)
    return found


def _seen(actor: Actor, key: str) -> Promise:
    """The promise as it stands, when the actor may see its customer; it stands so until the transaction ends.

    The ledger's lock comes first, as wherever money moves: so nobody waits for somebody who waits for them.
    """
    found = queries.promise(key, date.max)
    parties.customer(actor, found.customer)
    ledger.lock_shared()
    if found.by == US:
        operations.lock_ours([found.id])
    else:
        lock_for([found.customer_id])
    return queries.promise(key, date.max)


def _check_live(found: Promise, day: date, closed: str = "") -> None:
    if found.state in ("withdrawn", "renewed") and found.state != closed:
        raise Refused("closed_promise", N_("It was kept, withdrawn or renewed already."))
    if day < found.made:
        raise Refused("day", N_("That is before it was made."))
