"""Add a customer, or change what is said about one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, require
from goodstanding.kernel.errors import N_, Refused
from goodstanding.parties import operations, queries
from goodstanding.parties.types import Customer, Details

BLANK = Details(name="")
CREDIT_TERMS = frozenset({"terms", "credit_limit", "status"})  # what decides how much is lent, and how long


def add_customer(*, actor: Actor, now: datetime, code: str, details: Mapping[str, Any]) -> Customer:
    """Add a customer; `details` are fields of `parties.types.Details`.

    Refused when the code is taken or something is unfit; NotAllowed to set credit terms without the right to;
    NotFound for a parent that doesn't exist for the actor.
    """
    with acting("edit_customer", actor=actor, now=now) as audit:
        _check(actor, {name: value for name, value in details.items() if value != getattr(BLANK, name, name)})
        operations.add_customer(code, details)
        audit(f"customer {code.strip()}", None, {name: value for name, value in details.items() if value})
        return queries.customer(actor, code.strip())


def edit_customer(*, actor: Actor, now: datetime, code: str, version: int, changes: Mapping[str, Any]) -> Customer:
    """Change fields of a customer that the actor read at `version`; what stays the same may be given too.

    NotFound for a customer that doesn't exist for the actor, StaleVersion when somebody changed it since,
    Refused when a change is unfit, NotAllowed to change credit terms without the right to.
    """
    with acting("edit_customer", actor=actor, now=now) as audit:
        before = queries.customer(actor, code)
        operations.check_version(before, version)
        _check(actor, {name: value for name, value in changes.items() if value != getattr(before, name, name)})
        differ = operations.change_customer(before, changes)
        if differ:
            audit(f"customer {code}", {name: getattr(before, name) for name in differ}, differ)
        return queries.customer(actor, code)


def _check(actor: Actor, changes: Mapping[str, Any]) -> None:
    """What needs more than the right to edit: credit terms, groups one sees, territories one sees."""
    if CREDIT_TERMS & changes.keys():
        require(actor, "set_credit_terms")
    if changes.get("parent"):
        queries.customer(actor, changes["parent"])
    if not actor.sees(changes.get("territory", "")):
        raise Refused(
            "territory_of_others",
            N_("The territory {territory} belongs to another team."),
            territory=changes["territory"],
        )
