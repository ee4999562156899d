"""Decide about the receivables: the buckets of the aging, and how little of a payment may be missing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.receivables import rules
from goodstanding.receivables.policy import Policy, policy
from goodstanding.receivables.policy import set_policy as store


def set_policy(
    *, actor: Actor, now: datetime, limits: Sequence[int], tolerances: Mapping[str, int], version: int
) -> Policy:
    """Set the bucket limits and the tolerances (minor units by currency) that the actor read at `version`.

    Refused "bucket_limits", "tolerance", "unknown_currency"; StaleVersion when somebody changed them since.
    """
    with acting("set_policy", actor=actor, now=now) as audit:
        before = policy()
        store(limits, tolerances, version=version)
        after = policy()
        if (before.limits, before.tolerances) != (after.limits, after.tolerances):
            audit("policy", _told(before), _told(after))
        return after


def _told(found: Policy) -> dict[str, object]:
    return {
        "buckets": list(found.limits),
        "tolerances": [rules.money(most, currency) for currency, most in found.tolerances.items()],
    }
