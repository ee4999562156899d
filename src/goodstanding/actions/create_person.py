"""Add someone who can sign in."""

from collections.abc import Collection
from datetime import datetime

from goodstanding.access import operations
from goodstanding.access.rules import may_manage
from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, refuse_unless


def create_person(
    *, actor: Actor, now: datetime, username: str, name: str, password: str, roles: Collection[str], email: str = ""
) -> int:
    """Add a person with roles and return their id.

    Refused when the username or e-mail is taken or unfit, the password is weak or a role doesn't exist;
    NotAllowed when somebody who isn't an owner makes an owner.
    """
    with acting("create_person", actor=actor, now=now) as audit:
        refuse_unless(may_manage(actor.roles, theirs=roles), "create_person")
        person = operations.add_person(
            username=username, name=name, password=password, roles=roles, now=now, email=email
        )
        after = {"id": person.pk, "name": person.name, "roles": sorted(set(roles))}
        audit(f"person {person.username}", None, after | ({"email": person.email} if person.email else {}))
        return int(person.pk)
