"""Change how one signs in oneself: password, second factor, sessions. The trail says that, and never a secret."""

from collections.abc import Callable
from datetime import datetime

from goodstanding.access import operations
from goodstanding.access import sign_in as kept
from goodstanding.access.types import Actor
from goodstanding.actions.base import acting


def change_own_password(*, actor: Actor, now: datetime, old: str, new: str, session: str) -> int:
    """Give oneself another password; returns how many other sessions ended with it (`session` goes on).

    Refused when the old one is wrong or the new one weak.
    """
    with acting("own_sign_in", actor=actor, now=now) as audit:
        username = operations.replace_own_password(actor.id, old, new)
        ended = kept.end_sessions(actor.id, but=session)
        audit(f"person {username}", after={"password": "changed", "sessions_ended": ended})
        return ended


def change_second_factor(*, actor: Actor, now: datetime, username: str, what: str, write: Callable[[], None]) -> None:
    """Set up, renew or take away one's own second factor: `write` does it by the library of sign-in."""
    with acting("own_sign_in", actor=actor, now=now) as audit:
        write()
        audit(f"person {username}", after={"second_factor": what})


def end_own_sessions(*, actor: Actor, now: datetime, username: str, only: int | None = None, but: str = "") -> int:
    """End one of one's own sessions, or all but one; returns how many ended."""
    with acting("own_sign_in", actor=actor, now=now) as audit:
        ended = kept.end_sessions(actor.id, only=only, but=but)
        if ended:
            audit(f"person {username}", after={"sessions_ended": ended})
        return ended
