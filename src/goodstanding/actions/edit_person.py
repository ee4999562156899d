"""Rename a person, let them in or out, give them another password."""

from datetime import datetime

from goodstanding.access import operations
from goodstanding.access.queries import roles_of
from goodstanding.access.rules import may_manage
from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, refuse_unless


def edit_person(
    *, actor: Actor, now: datetime, username: str, name: str, active: bool, email: str | None = None
) -> None:
    """Change a person's name or e-mail (None: as it is), or let them in or out.

    Refused when nobody who manages people would remain, or for somebody else's e-mail; NotAllowed for an owner, by another than an owner.
    """
    with acting("edit_person", actor=actor, now=now) as audit:
        person = operations.locked_person(username)
        refuse_unless(may_manage(actor.roles, theirs=roles_of(username)), "edit_person")
        before = {"name": person.name, "active": person.is_active, "email": person.email}
        operations.change_person(person, name=name, active=active, email=person.email if email is None else email)
        after = {"name": person.name, "active": person.is_active, "email": person.email}
        kept = {key for key in before if key != "email" or before[key] != after[key]}
        audit(f"person {username}", {k: before[k] for k in sorted(kept)}, {k: after[k] for k in sorted(kept)})


def set_password(*, actor: Actor, now: datetime, username: str, password: str) -> None:
    """Give a person another password; the trail says that, and never which.

    Refused when it is weak; NotAllowed for an owner, by another than an owner.
    """
    with acting("set_password", actor=actor, now=now) as audit:
        refuse_unless(may_manage(actor.roles, theirs=roles_of(username)), "set_password")
        operations.change_password(username, password)
        audit(f"person {username}")
