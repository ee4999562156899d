"""Give a person other roles."""

from collections.abc import Collection
from datetime import datetime

from goodstanding.access import operations
from goodstanding.access.queries import roles_of
from goodstanding.access.rules import may_manage
from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, refuse_unless


def set_roles(*, actor: Actor, now: datetime, username: str, roles: Collection[str]) -> None:
    """Give a person exactly these roles.

    Refused when nobody who manages people would remain; NotAllowed when somebody who isn't an owner
    makes or unmakes an owner; NotFound for an unknown person.
    """
    with acting("set_roles", actor=actor, now=now) as audit:
        person = operations.locked_person(username)
        refuse_unless(may_manage(actor.roles, theirs=roles_of(username) ^ frozenset(roles)), "set_roles")
        before = operations.replace_roles(person, roles)
        if set(before) != set(roles):
            audit(f"person {username}", {"roles": before}, {"roles": sorted(set(roles))})
