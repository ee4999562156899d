"""Close the books through a day, or reopen them with a reason."""

from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.receivables import operations
from goodstanding.reports.journal import trial_balance_digest


def close_period(*, actor: Actor, now: datetime, through: date, reason: str = "") -> bool:
    """From here on nothing can be dated on or before `through`; whether that changed anything.

    An earlier day than now reopens what lies between and needs a reason: Refused "no_reason".
    The digest of the trial balance of that day is kept: `verify` finds it unchanged as long as the period is closed.
    """
    with acting("close_period", actor=actor, now=now) as audit:
        before = operations.lock_exclusive()
        digest = trial_balance_digest(through)
        changed = operations.close_period(through, reason, digest=digest, now=now, closed=before)
        if changed:
            after = {"closed_through": through, "reason": reason, "trial_balance": digest}
            audit("books", before={"closed_through": before}, after=after)
        return changed
