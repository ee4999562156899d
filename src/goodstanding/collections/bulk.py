"""Completed steps by the table, inside the caller's transaction: what an import reads, writes and takes back."""

from datetime import date, datetime

import pyarrow as pa

from goodstanding.collections import models
from goodstanding.inbound import bulk
from goodstanding.inbound.intake.facts import DEMANDS, UNDONE, Plan

PART = 500


def known(tables: dict[str, pa.Table], items: pa.Table) -> pa.Table:
    """The steps that were completed for the items the file names, but for those that an undone import brought.

    One that was undone because its message came back is known: what became of it is the book's to say.
    """
    if not tables["demands"].num_rows or not models.Completion.objects.exists():
        return DEMANDS.empty_table()
    numbers = items["id"].to_pylist()
    found: list[dict[str, object]] = []
    for start in range(0, len(numbers), PART):
        rows = models.Completion.objects.filter(item__in=numbers[start : start + PART]).exclude(undoing__why=UNDONE)
        found += [
            {"item": item, "level": level, "made": on} for item, level, on in rows.values_list("item", "level", "on")
        ]
    return pa.Table.from_pylist(found, schema=DEMANDS)


def load(plan: Plan, items: pa.Array, *, batch: int, now: datetime, tell: bulk.Tell) -> None:
    """Write the plan's completed steps. `items`: the ids of the new items."""
    ids = bulk.reserve_ids("collections_completion", plan.demands.num_rows)
    rows = plan.demands.rename_columns(["item", "level", "on", "how"])
    rows = rows.set_column(0, "item", bulk.resolved(rows["item"], items)).append_column("id", ids)
    bulk.insert("collections_completion", rows, {"posted_at": now, "batch": batch}, tell)


def undo(batch: int, on: date, now: datetime) -> int:
    """What an import brought doesn't count from a day on; gives how many steps that were."""
    rows = models.Completion.objects.filter(batch=batch, undoing=None)
    undone = [models.Undoing(completion=each, on=max(on, each.on), why=UNDONE, posted_at=now) for each in rows]
    models.Undoing.objects.bulk_create(undone, batch_size=2000)
    return len(undone)
