"""Say that two codes are one customer."""

from dataclasses import asdict
from datetime import date, datetime

from django.utils.timezone import get_current_timezone

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.kernel.errors import N_, Refused
from goodstanding.parties import operations, queries
from goodstanding.receivables.operations.locks import lock_shared
from goodstanding.receivables.rules import check_open


def merge_customers(
    *,
    actor: Actor,
    now: datetime,
    merged: str,
    merged_version: int,
    survivor: str,
    survivor_version: int,
    on: date,
    reason: str,
) -> None:
    """Make `survivor` carry on for `merged` from the day `on`: reports as of earlier days keep them apart.

    Nothing is lost: the merged customer, its items and contacts stay, and the trail keeps all its details. The
    members of its group come along. Refused for a day to come or in a closed period, a customer with itself or a
    member of its own group, or one that is merged already; StaleVersion when either changed since it was read.
    """
    with acting("merge_customers", actor=actor, now=now) as audit:
        closed = lock_shared()
        gone, stays = queries.customer(actor, merged), queries.customer(actor, survivor)
        operations.check_version(gone, merged_version)
        operations.check_version(stays, survivor_version)
        _check_past(on, now)
        check_open(on, closed)
        contacts = [contact.name for contact in queries.contacts(actor, merged)]
        also = operations.merge(gone, stays, on=on, reason=reason)
        after = {"survivor": survivor, "on": on, "reason": reason.strip(), **also}
        audit(f"customer {merged}", {**asdict(gone), "contacts": contacts}, after)
        audit(f"customer {survivor}", None, {"absorbed": merged, "on": on})


def _check_past(on: date, now: datetime) -> None:
    if on > now.astimezone(get_current_timezone()).date():
        raise Refused(
            "day_to_come", N_("{day} is still to come: a merge counts from today at the latest."), day=on.isoformat()
        )
