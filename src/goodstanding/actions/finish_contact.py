"""Somebody was called, visited or written to: the touch, what they promised, and the end of the work, all or nothing."""

from dataclasses import dataclass
from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.record_touch import record_touch
from goodstanding.actions.work_decision import finish
from goodstanding.collections import operations, queries
from goodstanding.collections.types import Work
from goodstanding.kernel.errors import N_, Refused
from goodstanding.promises.types import NewPromise, Promise
from goodstanding.relations.types import NewTouch, Touch

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

    A step that asks somebody leaves a touch; with "promised" comes the promise. Refused as the actions that it is made
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
