"""Take an import back: its matches undone, its items reversed, its promises and touches withdrawn, all or nothing (docs/algorithms/import.md)."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.judge_promises import PART, judge_for
from goodstanding.actions.own_promises import release_for
from goodstanding.collections import bulk as collections
from goodstanding.inbound import operations, queries
from goodstanding.inbound.intake.facts import UNDONE
from goodstanding.kernel.errors import N_, Refused
from goodstanding.parties import known as parties
from goodstanding.promises import bulk as promises
from goodstanding.promises.types import THEM, US
from goodstanding.receivables import undoing
from goodstanding.receivables.operations import lock_exclusive
from goodstanding.relations import bulk as relations

BONDS = ("promises", "touches", "demands")  # told only where there were any
NAMED = 20  # of what leans on the import, so many are named in the refusal


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an import did: rows by table.

    "items" reversed, "matches" undone, "holds" released, "promises" and "touches" withdrawn, "demands" undone,
    "customers" deleted.
    """

    id: int
    counts: Mapping[str, int]


class Depended(Refused):
    """Later facts lean on the import; `facts` has them all as (what, key)."""

    def __init__(self, facts: list[tuple[str, str]]) -> None:
        self.facts = facts
        named = ", ".join(f"{what} {key}" for what, key in facts[:NAMED]) + (" …" if len(facts) > NAMED else "")
        super().__init__(
            "import_depended_on",
            N_("{count} later entries depend on this import; take them back first: {named}"),
            count=len(facts),
            named=named,
        )


def undo_import(*, actor: Actor, now: datetime, import_id: int, on: date | None = None) -> Undone:
    """Reverse what an import posted, dated `on` (the day of `now` by default), or each fact's own day where later.

    Customers and contacts it made stay, but customers nobody uses; merges and closed periods it brought stay too.
    Afterwards the same file can come in again. NotFound; Refused "import_state" when it isn't done,
    "import_depended_on" (a `Depended`), "closed_period".
    """
    with acting("undo_import", actor=actor, now=now) as audit:
        closed = lock_exclusive()
        found = queries.import_by_id(import_id)
        if found.state != "done" or found.finished_at is None:
            raise Refused("import_state", N_("Import {id} is not in the book."), id=import_id)
        day = on or timezone.localdate(now)
        taken = promises.brought(import_id)
        released = release_for([each for each in taken if each.by == US], day, now, UNDONE)
        if facts := undoing.dependents(import_id, found.finished_at) + promises.dependents(import_id):
            raise Depended(facts)
        counts = undoing.reverse_batch(import_id, on=day, posted=found.finished_at, now=now, closed=closed)
        counts["holds"] += released
        counts["promises"] = promises.withdraw(taken, import_id, day, now)
        counts["touches"] = relations.undo(import_id, actor.signature, now)
        counts["demands"] = collections.undo(import_id, day, now)
        counts = {name: count for name, count in counts.items() if count or name not in BONDS}
        _judge(undoing.payers(import_id) | {each.customer_id for each in taken if each.by == THEM}, now, day)
        counts["customers"] = parties.delete_unused(parties.made_by(import_id))
        operations.mark_undone(import_id, now=now)
        audit(f"import {import_id}", before={"state": "done"}, after={"state": "undone", "reversed": counts})
    return Undone(import_id, counts)


def _judge(moved: Set[int], now: datetime, day: date) -> None:
    """What the money kept that is taken back now, and what may have it instead."""
    concerned = sorted(promises.customers_with_promises(moved))
    for start in range(0, len(concerned), PART):
        judge_for(concerned[start : start + PART], now=now, day=day)
