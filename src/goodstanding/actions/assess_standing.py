"""Assess how everybody stands: every night, after promises are judged. Idempotent, and stored in one transaction."""

from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.reports.trust import standings
from goodstanding.standing import operations, queries


def assess_standing(*, actor: Actor, now: datetime, as_of: date) -> int:
    """Store the standing of every customer at the end of a day; how many. 0 when all is stored as it is."""
    with acting("run_nightly", actor=actor, now=now) as audit:
        found = standings(as_of)
        if queries.night(as_of) == found:
            return 0
        count = operations.replace_night(as_of, found)
        audit(f"standing {as_of}", after={"standings": count})
        return count
