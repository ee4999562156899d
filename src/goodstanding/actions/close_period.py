"""Close the books through a day, or reopen them with a reason."""

from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.kernel.errors import N_, StaleVersion
from goodstanding.receivables import operations
from goodstanding.reports.closing import version_of_books
from goodstanding.reports.journal import trial_balance_digest


def close_period(*, actor: Actor, now: datetime, through: date, reason: str = "", version: int | None = None) -> bool:
    """From here on nothing can be dated on or before `through`; whether that changed anything.

    An earlier day than now reopens what lies between and needs a reason: Refused "no_reason".
    `version` is the number of the last closing that the actor decided by: StaleVersion when there is another since.
    The digest of the trial balance of that day is kept: `verify` finds it unchanged as long as the period is closed.
    """
    with acting("close_period", actor=actor, now=now) as audit:
        before = operations.lock_exclusive()
        if version is not None and version != version_of_books():
            raise StaleVersion("stale_version", N_("Somebody closed or reopened the books meanwhile: look again."))
        digest = trial_balance_digest(through)
        changed = operations.close_period(through, reason, digest=digest, now=now, closed=before)
        if changed:
            after = {"closed_through": through, "reason": reason, "trial_balance": digest}
            audit("books", before={"closed_through": before}, after=after)
        return changed
