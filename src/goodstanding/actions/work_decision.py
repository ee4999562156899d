"""Work on a decision: take it, give it to somebody, put it off with a reason, finish it with an outcome."""

from datetime import date, datetime

from goodstanding.access import queries as access
from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.collections import operations, queries
from goodstanding.collections.types import OUTCOMES, Work
from goodstanding.kernel.errors import N_, Refused

COMPLETES = frozenset({"done", "reached", "promised", "paid", "refused"})  # what counts as having asked


def take(*, actor: Actor, now: datetime, decision: int, day: date) -> Work:
    """Make it the actor's own. NotFound for another team's."""
    return _note(actor, now, decision, day, "taken", owner=actor.signature)


def assign(*, actor: Actor, now: datetime, decision: int, day: date, person: int) -> Work:
    """Give it to somebody. NotFound when there is no such person."""
    found = access.actor_by_id(person)
    return _note(actor, now, decision, day, "taken", owner=found.signature)


def give_back(*, actor: Actor, now: datetime, decision: int, day: date) -> Work:
    """Let anybody do it."""
    return _note(actor, now, decision, day, "given_back")


def snooze(*, actor: Actor, now: datetime, decision: int, day: date, until: date, reason: str) -> Work:
    """Put it off until a day, and say why. Refused "until", "no_reason"."""
    if until <= day or (until - day).days > 366:
        raise Refused("until", N_("Put it off to a later day, at most a year away."))
    if not reason.strip():
        raise Refused("no_reason", N_("Say why."))
    return _note(actor, now, decision, day, "snoozed", owner=actor.signature, until=until, reason=reason.strip()[:200])


def finish(*, actor: Actor, now: datetime, decision: int, day: date, outcome: str) -> Work:
    """It was done: outcomes that asked the customer complete the step for its items. Refused "outcome", "done_already"."""
    if outcome not in OUTCOMES:
        raise Refused("outcome", N_("{value} is not an outcome."), value=repr(outcome))
    return _note(actor, now, decision, day, "done", outcome=outcome)


def reopen(*, actor: Actor, now: datetime, decision: int, day: date) -> Work:
    """Put it back on the list; a step that was completed stays completed."""
    return _note(actor, now, decision, day, "reopened")


def _note(
    actor: Actor, now: datetime, decision: int, day: date, kind: str, *, owner: str = "", until: date | None = None,
    reason: str = "", outcome: str = "",
) -> Work:  # fmt: skip
    with acting("work_decision", actor=actor, now=now) as audit:
        operations.lock(decision)
        before = queries.work(decision, day, hidden=actor.hidden)
        if before.state == "done" and kind != "reopened":
            raise Refused("done_already", N_("Somebody finished this already."))
        operations.note(
            decision, kind, owner=owner, until=until, reason=reason, outcome=outcome, by=actor.signature, now=now
        )
        if kind == "done" and outcome in COMPLETES:
            operations.complete(decision, day, outcome, now=now)
        after = {"kind": kind, "owner": owner, "until": until, "reason": reason, "outcome": outcome}
        subject = f"decision {decision} of {before.decision.customer}"
        audit(subject, before={"state": before.state, "owner": before.owner}, after=after)
        return queries.work(decision, day, hidden=actor.hidden)
