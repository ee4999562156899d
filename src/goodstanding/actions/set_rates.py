"""Set what touches cost from a day on."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.relations import operations
from goodstanding.relations.types import Rate


def set_rates(*, actor: Actor, now: datetime, rates: Sequence[Rate]) -> int:
    """Let rates hold, each from its start on; how many changed anything. Refused when one is unfit: then none is set.

    Versions are kept, and touches written down before keep the cost that they were given then.
    """
    with acting("set_rates", actor=actor, now=now) as audit:
        changed = [rate for rate in rates if operations.set_rate(rate, now=now)]
        for rate in changed:
            audit(f"rate {rate.kind} {rate.currency}", after=asdict(rate))
        return len(changed)
