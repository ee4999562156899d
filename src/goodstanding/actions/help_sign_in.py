"""Help somebody who lost their second factor, or end their sessions."""

from datetime import datetime

from goodstanding.access import operations
from goodstanding.access import sign_in as kept
from goodstanding.access.queries import roles_of
from goodstanding.access.rules import may_manage
from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, refuse_unless


def reset_second_factor(*, actor: Actor, now: datetime, username: str) -> bool:
    """Take away a person's second factor and end their sessions; whether there was one.

    NotAllowed for an owner, by another than an owner.
    """
    with acting("reset_sign_in", actor=actor, now=now) as audit:
        person = operations.locked_person(username)
        refuse_unless(may_manage(actor.roles, theirs=roles_of(username)), "reset_sign_in")
        had = kept.forget_second_factor(person.pk)
        if had:
            ended = kept.end_sessions(person.pk)
            audit(f"person {username}", after={"second_factor": "taken away", "sessions_ended": ended})
        return had


def end_sessions_of(*, actor: Actor, now: datetime, username: str) -> int:
    """End all sessions of a person; returns how many. NotAllowed for an owner, by another than an owner."""
    with acting("reset_sign_in", actor=actor, now=now) as audit:
        person = operations.locked_person(username)
        refuse_unless(may_manage(actor.roles, theirs=roles_of(username)), "reset_sign_in")
        ended = kept.end_sessions(person.pk)
        if ended:
            audit(f"person {username}", after={"sessions_ended": ended})
        return ended
