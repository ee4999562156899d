"""Decide for a day what to do about every customer's open debts, and keep each decision with its reasons.

Idempotent: while the facts and the strategy are the same, a run for a day that has one adds nothing. A run for a
later day blocks an earlier one: what was decided yesterday can't be decided anew today.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone

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
    """Decide as of the end of `as_of`, or as of now while it lasts: a past day is decided the same whenever it is asked.

    A trial (`dry_run`) writes nothing and may try another strategy, on some codes. Refused "later_run" when a later
    day was run already.
    """
    require(actor, "view_book" if dry_run else "run_collections")
    chosen = strategy if dry_run and strategy else queries.strategy_on(as_of)
    until = min(now, _end(as_of)).astimezone(get_current_timezone())
    if dry_run:
        gathered = collecting.gather(as_of, until=until, strategy=chosen, customers=customers)
        seen = tuple(each for facts, each in _decided(gathered, chosen, as_of) if actor.sees(facts.territory))
        return Outcome(as_of, chosen.version, None, seen, _counts(seen))
    while True:  # ends: whoever begins again has let another run pass
        _refuse_a_later_run(as_of)
        before = queries.fingerprint_of(as_of)
        done = _store(actor, now, chosen, collecting.gather(as_of, until=until, strategy=chosen), before)
        if done is not None:
            return done


def decided_later(day: date) -> bool:
    """Whether a later day was decided: then this one can't be decided anew."""
    return queries.later_run(day) is not None


def _end(day: date) -> datetime:
    """The moment at which a day of the firm is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=get_current_timezone())


def _refuse_a_later_run(as_of: date) -> None:
    later = queries.later_run(as_of)
    if later is not None:
        raise Refused(
            "later_run",
            N_("{later} was run already: an earlier day can't be decided anew."),
            later=later.isoformat(),
        )


def _store(
    actor: Actor, now: datetime, chosen: StoredStrategy, gathered: Gathered, before: tuple[int, str] | None
) -> Outcome | None:
    """The run, or the one there is with the same facts; None when another was stored since the facts were gathered.

    `before` is the day's last run at that time. Facts are gathered without a lock, since that takes long.
    """
    as_of, print_, experiment = gathered.as_of, gathered.fingerprint(chosen), chosen.strategy.experiment
    if before is not None and before[1] == print_:
        return _kept(before[0], as_of, chosen)
    decisions: list[Decision] = []
    drawn: dict[int, str] = {}  # the facts themselves are let go of: they are many
    for facts, each in _decided(gathered, chosen, as_of):
        decisions.append(each)
        drawn[facts.customer_id] = HOLDOUT if facts.holdout else facts.variant
    counts = _counts(decisions)
    with acting("run_collections", actor=actor, now=now) as audit:
        operations.lock_runs()
        _refuse_a_later_run(as_of)
        there = queries.fingerprint_of(as_of)
        if there is not None and there[1] == print_:
            return _kept(there[0], as_of, chosen)
        if there != before:
            return None  # its facts may be newer than these: what was decided last must be what is true last
        run = operations.store_run(as_of, chosen.version, print_, decisions, by=actor.signature, now=now)
        operations.carry_over(run, as_of, now=now)
        if experiment is not None:
            operations.assign(experiment.name, drawn, chosen.version, on=as_of, now=now)
        audit(f"run {run}", after={"as_of": as_of, "strategy": chosen.version, **counts})
    return Outcome(as_of, chosen.version, run, tuple(decisions), counts)


def _kept(run: int, as_of: date, chosen: StoredStrategy) -> Outcome:
    kept = queries.kept(run)
    return Outcome(as_of, chosen.version, run, kept, _counts(kept), unchanged=True)


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
