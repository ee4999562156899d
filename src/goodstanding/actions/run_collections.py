"""Decide for a day what to do about every customer's open debts, and keep each decision with its reasons.

Idempotent: while the facts and the strategy are the same, a run for a day that has one adds nothing. A run for a
later day blocks an earlier one: what was decided yesterday can't be decided anew today.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, require
from goodstanding.collections import operations, queries
from goodstanding.collections.rules.deciding import decide
from goodstanding.collections.types import Decision, Experiment, Facts, StoredStrategy
from goodstanding.kernel.errors import N_, Refused
from goodstanding.reports import collecting

Progress = Callable[[str, int, int], None]
HOLDOUT = "holdout"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run decided; `run` is None for a trial, `unchanged` when the run was there already."""

    as_of: date
    version: int
    run: int | None
    decisions: tuple[Decision, ...]
    counts: Mapping[str, int]
    unchanged: bool = False


def run_collections(
    *, actor: Actor, now: datetime, as_of: date, dry_run: bool = False, strategy: StoredStrategy | None = None
) -> Outcome:
    """Decide as of the end of `as_of`. A trial (`dry_run`) writes nothing and may try another strategy.

    Refused "later_run" when a later day was run already.
    """
    require(actor, "view_book" if dry_run else "run_collections")
    chosen = strategy if dry_run and strategy else queries.strategy_on(as_of)
    if not dry_run:
        later = queries.later_run(as_of)
        if later is not None:
            raise Refused(
                "later_run",
                N_("{later} was run already: an earlier day can't be decided anew."),
                later=later.isoformat(),
            )
    found = list(collecting.facts(as_of, until=now, strategy=chosen))
    drawn: dict[int, str] = {}
    if chosen.strategy.experiment is not None:
        found, drawn = _drawn(chosen.strategy.experiment, found)
    decisions = _decided(found, chosen, as_of)
    counts = _counts(decisions)
    if dry_run:
        seen = tuple(each for each in decisions if _sees(actor, found, each))
        return Outcome(as_of, chosen.version, None, seen, _counts(seen))
    return _store(actor, now, as_of, chosen, found=found, drawn=drawn, decisions=decisions, counts=counts)


def decided_later(day: date) -> bool:
    """Whether a later day was decided: then this one can't be decided anew."""
    return queries.later_run(day) is not None


def _store(
    actor: Actor, now: datetime, as_of: date, chosen: StoredStrategy, *, found: list[Facts], drawn: Mapping[int, str],
    decisions: list[Decision], counts: Mapping[str, int],
) -> Outcome:  # fmt: skip
    print_ = collecting.fingerprint(found, chosen)
    there = queries.fingerprint_of(as_of)
    if there is not None and there[1] == print_:
        return Outcome(as_of, chosen.version, there[0], tuple(decisions), counts, unchanged=True)
    with acting("run_collections", actor=actor, now=now) as audit:
        before = queries.newest_run(as_of)
        run = operations.store_run(as_of, chosen.version, print_, decisions, by=actor.signature, now=now)
        if before is not None:
            operations.carry_over(before.pk, run, as_of, now=now)
        if drawn and chosen.strategy.experiment is not None:
            operations.assign(chosen.strategy.experiment.name, drawn, chosen.version, on=as_of, now=now)
        audit(f"run {run}", after={"as_of": as_of, "strategy": chosen.version, **counts})
    return Outcome(as_of, chosen.version, run, tuple(decisions), counts)


def _decided(found: Iterable[Facts], chosen: StoredStrategy, as_of: date) -> list[Decision]:
    made = (decide(each, chosen.strategy, as_of) for each in found)
    return [each for each in made if each is not None]


def _counts(decisions: Iterable[Decision]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in decisions:
        counts[each.action] = counts.get(each.action, 0) + 1
    return counts


def _sees(actor: Actor, found: list[Facts], each: Decision) -> bool:
    if not actor.hidden:
        return True
    territories = {one.customer_id: one.territory for one in found}
    return actor.sees(territories.get(each.customer_id, ""))


def _drawn(experiment: Experiment, found: list[Facts]) -> tuple[list[Facts], dict[int, str]]:
    """Everybody with their variant; and who was drawn now, since nothing was written about them yet."""
    from dataclasses import replace

    kept = {customer: variant for customer, variant, _day in queries.assigned(experiment.name)}
    drawn: dict[int, str] = {}
    placed = []
    for each in found:
        variant = kept.get(each.customer_id)
        if variant is None:
            variant = drawn.setdefault(each.customer_id, draw(experiment, each.customer))
        placed.append(replace(each, holdout=variant == HOLDOUT, variant="" if variant == HOLDOUT else variant))
    return placed, drawn


def draw(experiment: Experiment, customer: str) -> str:
    """The variant of a customer: by a hash of both names, so that it is the same whenever it is drawn."""
    number = int.from_bytes(hashlib.sha256(f"{experiment.name}\x1f{customer}".encode()).digest()[:8], "big")
    if number % 100 < experiment.holdout:
        return HOLDOUT
    return experiment.variants[number // 100 % len(experiment.variants)]
