"""Somebody was called, visited or written to: the touch, what they promised or dispute, and the end of the work, all or nothing."""

from dataclasses import dataclass
from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.record_touch import record_touch
from goodstanding.actions.work_decision import finish
from goodstanding.collections import operations, queries
from goodstanding.collections.types import Decision, Work
from goodstanding.kernel.errors import N_, Refused
from goodstanding.promises.types import NewPromise, Promise
from goodstanding.receivables import operations as ledger
from goodstanding.receivables import queries as receivables
from goodstanding.relations.types import NewTouch, Touch

SOURCE = 200  # characters of a hold's source
TOUCHED = {"call": "call", "visit": "visit", "remind": "message", "letter": "letter"}  # action → kind of touch
SAID = {
    "reached": "reached",
    "promised": "promised",
    "paid": "paid",
    "no_answer": "no_answer",
    "dispute": "dispute",
    "refused": "refused",
    "other": "other",  # nobody says that it was done: a letter that did not go proves nothing
}


@dataclass(frozen=True, slots=True)
class Finished:
    """What was written down. `repeated` when the same form had come before."""

    work: Work
    touch: Touch | None
    promise: Promise | None
    repeated: bool = False


def finish_contact(
    *, actor: Actor, now: datetime, decision: int, day: date, outcome: str, key: str, minutes: int | None = None,
    contact: str = "", note: str = "", promise: NewPromise | None = None,
) -> Finished:  # fmt: skip
    """End a piece of work with its outcome. The same `key` again changes nothing.

    A step that asks somebody leaves a touch; with "promised" comes the promise, and "dispute" holds what was asked for,
    for which the actor needs the right to place holds. Refused as the actions that it is made
    of, "promise" when one is missing or doesn't go with the outcome; NotFound for another team's.
    """
    with acting("work_decision", actor=actor, now=now):
        operations.lock(decision)
        before = queries.work(decision, day, hidden=actor.hidden)
        asked = before.decision
        if before.state == "done" and before.outcome == outcome:
            return Finished(before, None, None, repeated=True)
        if (promise is not None) != (outcome == "promised"):
            raise Refused("promise", N_("Say what was promised, and until when."), field="amount")
        if outcome == "dispute":
            _hold(actor, now, asked, day, key=key, source=f"decision {decision}" + (f": {note}" if note else ""))
        made = None
        if promise is not None:
            made = make_promise(actor=actor, now=now, customer=asked.customer, promise=promise, key=key)
        touch = None
        kind = TOUCHED.get(asked.action)
        if kind:
            told = NewTouch(
                kind=kind, at=now, purpose="collect", minutes=minutes, outcome=SAID.get(outcome, "done"),
                contact=contact, note=note, source=f"decision {decision}",
            )  # fmt: skip
            touch = record_touch(actor=actor, now=now, customer=asked.customer, touch=told, key=f"{key}/touch")
        work = finish(actor=actor, now=now, decision=decision, day=day, outcome=outcome)
        return Finished(work, touch, made)


def _hold(actor: Actor, now: datetime, asked: Decision, day: date, *, key: str, source: str) -> None:
    """Hold of each item what was asked for, as far as it is open and not held by now."""
    wanted = {each.item: each.amount for each in asked.items}
    ledger.lock_shared()
    ledger.lock_items(wanted)  # all at once, before the first hold is in the audit trail: whose lock is the last one
    items = receivables.items(wanted, day)
    held = receivables.held(items, day)
    for item in items:
        amount = min(wanted[item.id], item.open - held.get(item.id, 0))
        if amount > 0:
            place_hold(
                actor=actor, now=now, item=item.key, amount=amount, reason="dispute", day=day, source=source[:SOURCE],
                key=f"{key}/dispute/{item.id}",
            )  # fmt: skip
