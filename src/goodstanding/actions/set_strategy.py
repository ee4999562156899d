"""Write a new version of the strategy, in force from a day on."""

from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.collections import operations, queries
from goodstanding.collections.rules.writing import read
from goodstanding.collections.types import StoredStrategy
from goodstanding.kernel.errors import N_, Refused


def set_strategy(
    *, actor: Actor, now: datetime, text: str, start: date, today: date, seen: int | None = None
) -> StoredStrategy:
    """Keep the YAML text as the next version. Days that have passed keep the version they were decided by.

    `seen` is the newest version that the writer saw; StaleVersion when somebody wrote another since. Refused "strategy"
    with the first fault (line and path), "start" when the day has passed.
    """
    with acting("set_strategy", actor=actor, now=now) as audit:
        _strategy, faults = read(text)
        if faults:
            first = faults[0]
            raise Refused(
                "strategy",
                N_("Line {line}, {path}: {fault}"),
                line=first.line,
                path=first.path or "–",
                fault=first.template.format(**dict(first.params)),
            )
        if start < today:
            raise Refused("start", N_("A strategy begins today or later."))
        version = operations.store_strategy(text, start, by=actor.signature, now=now, seen=seen)
        audit(f"strategy {version}", after={"start": start, "text": text})
        return queries.strategy(version)
