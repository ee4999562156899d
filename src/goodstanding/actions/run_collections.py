"""Decide for a day what to do about every customer's open debts, and keep each decision with its reasons.

Idempotent: while the facts and the strategy are the same, a run for a day that has one adds nothing. A run for a
later day blocks an earlier one: what was decided yesterday can't be decided anew today.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, require
from goodstanding.collections import operations, queries
from goodstanding.collections.rules.deciding import decide
from goodstanding.collections.rules.drawing import HOLDOUT
from goodstanding.collections.types import Decision, Facts, StoredStrategy
from goodstanding.kernel.errors import N_, Refused
from goodstanding.reports import collecting
from goodstanding.reports.collecting import Gathered


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
    *, actor: Actor, now: datetime, as_of: date, dry_run: bool = False, strategy: StoredStrategy | None = None,
    customers: Collection[str] | None = None,
) -> Outcome:  # fmt: skip
    """Decide as of the end of `as_of`. A trial (`dry_run`) writes nothing and may try another strategy, on some codes.

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
    gathered = collecting.gather(as_of, until=now, strategy=chosen, customers=customers if dry_run else None)
    if dry_run:
        seen = tuple(each for facts, each in _decided(gathered, chosen, as_of) if actor.sees(facts.territory))
        return Outcome(as_of, chosen.version, None, seen, _counts(seen))
    return _store(actor, now, chosen, gathered)


def decided_later(day: date) -> bool:
    """Whether a later day was decided: then this one can't be decided anew."""
    return queries.later_run(day) is not None


def _store(actor: Actor, now: datetime, chosen: StoredStrategy, gathered: Gathered) -> Outcome:
    as_of, print_, experiment = gathered.as_of, gathered.fingerprint(chosen), chosen.strategy.experiment
    there = queries.fingerprint_of(as_of)
    if there is not None and there[1] == print_:
        kept = queries.kept(there[0])
        return Outcome(as_of, chosen.version, there[0], kept, _counts(kept), unchanged=True)
    decisions: list[Decision] = []
    drawn: dict[int, str] = {}  # the facts themselves are let go of: they are many
    for facts, each in _decided(gathered, chosen, as_of):
        decisions.append(each)
        drawn[facts.customer_id] = HOLDOUT if facts.holdout else facts.variant
    counts = _counts(decisions)
    with acting("run_collections", actor=actor, now=now) as audit:
        before = queries.newest_run(as_of)
        run = operations.store_run(as_of, chosen.version, print_, decisions, by=actor.signature, now=now)
        if before is not None:
            operations.carry_over(before.pk, run, as_of, now=now)
        if experiment is not None:
            operations.assign(experiment.name, drawn, chosen.version, on=as_of, now=now)
        audit(f"run {run}", after={"as_of": as_of, "strategy": chosen.version, **counts})
    return Outcome(as_of, chosen.version, run, tuple(decisions), counts)


def _decided(gathered: Gathered, chosen: StoredStrategy, as_of: date) -> Iterator[tuple[Facts, Decision]]:
    for facts in gathered:
        decision = decide(facts, chosen.strategy, as_of)
        if decision is not None:
            yield facts, decision


def _counts(decisions: Iterable[Decision]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in decisions:
        counts[each.action] = counts.get(each.action, 0) + 1
    return counts
