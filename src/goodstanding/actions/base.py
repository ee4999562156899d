"""The frame of every action: permission, one transaction, the audit trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from django.db import transaction

from goodstanding.access.operations import record_all
from goodstanding.access.rules import permits
from goodstanding.access.types import Actor
from goodstanding.kernel.errors import N_, NotAllowed


class Audit(Protocol):
    """Notes what an action did: to what (`customer C001`), and how it was before and is after."""

    last: int  # the number of the last entry written, 0 until the action has ended

    def __call__(self, subject: str, before: object = None, after: object = None) -> None: ...


class _Notes:
    """The notes of one action."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, object, object]] = []
        self.last = 0

    def __call__(self, subject: str, before: object = None, after: object = None) -> None:
        self.notes.append((subject, before, after))


def require(actor: Actor, action: str) -> None:
    """Refuse (NotAllowed) unless one of the actor's roles permits the action."""
    refuse_unless(permits(actor.roles, action), action)


def refuse_unless(allowed: bool, action: str) -> None:
    """Raise NotAllowed when a finer rule of the action says no."""
    if not allowed:
        raise NotAllowed("not_allowed", N_("Your roles don't permit this ({action})."), action=action)


@contextmanager
def acting(action: str, *, actor: Actor, now: datetime) -> Iterator[Audit]:
    """Run the body of an action: all of it and its audit entries are committed, or none.

        def place_hold(*, actor: Actor, now: datetime, ...) -> Hold:
            with acting("place_hold", actor=actor, now=now) as audit:
                ...
                audit(f"item {number}", before=None, after={"amount": amount, "reason": reason})

    The entries are written when the body has ended, so that the lock on the end of the chain is
    always the last one taken and is held only for the commit.
    """
    require(actor, action)
    audit = _Notes()
    with transaction.atomic():
        yield audit
        if audit.notes:
            audit.last = record_all(actor, action, audit.notes, now)
