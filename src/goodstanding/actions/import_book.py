"""Bring a file or a whole book in: all of it or nothing, in one transaction (docs/algorithms/import.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction
from django.utils import timezone

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, require
from goodstanding.actions.judge_promises import judge_for
from goodstanding.collections import bulk as collections
from goodstanding.inbound import operations, queries
from goodstanding.inbound.intake.facts import Known, Plan, conform
from goodstanding.inbound.intake.plan import plan
from goodstanding.inbound.types import Options, Reading
from goodstanding.kernel.errors import N_, Faults, RowFault
from goodstanding.parties import known as parties
from goodstanding.parties.known import ids_of
from goodstanding.promises import bulk as promises
from goodstanding.receivables import bulk as receivables
from goodstanding.receivables.operations import lock_exclusive
from goodstanding.relations import bulk as relations

Progress = Callable[[str, int, int], None]
"""Hears of each step: its name (see STEPS), rows done so far, rows in all."""

STEPS = ("waiting", "checking", "writing", "committing", "done")
PART = 1000  # customers whose promises are judged at a time
REPEATED = N_("This file was imported already, as import {first}: nothing was written.")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `repeated`: the same file with the same options is in the book already, as import `id`.

    `created` is table → rows; `skipped` lists the rows that the book had already (table, row, key, why).
    """

    id: int
    repeated: bool = False
    created: Mapping[str, int] = field(default_factory=dict)
    skipped: pa.Table | None = None

    @property
    def rows(self) -> int:
        """How many rows were created in all."""
        return sum(self.created.values())


def _quiet(_step: str, _done: int, _total: int) -> None:
    """Nobody is told."""


def import_book(
    *,
    actor: Actor,
    now: datetime,
    reading: Reading,
    options: Options | None = None,
    waiting: int | None = None,
    progress: Progress = _quiet,
) -> Imported:
    """Write what was read into the book.

    `waiting` is the row of an import that was uploaded before; without it the import gets a row of its own.
    Raises Faults with every fault of the file, or of the file against the book: then nothing was written but the
    failed import's row. Other imports, postings and snapshots wait meanwhile (`lock_exclusive`).
    """
    require(actor, "import_book")
    job = _Job(actor, now, reading, options or Options(), waiting, progress)
    try:
        if reading.faults:
            raise Faults(list(reading.faults))
        return _import(job)
    except Faults as refused:
        _keep_failure(job, refused.faults)
        raise


@dataclass(frozen=True, slots=True)
class _Job:
    """What was asked for."""

    actor: Actor
    now: datetime
    reading: Reading
    options: Options
    waiting: int | None
    progress: Progress

    @property
    def total(self) -> int:
        return sum(table.num_rows for table in self.reading.tables.values())

    def open(self) -> int:
        """The import's own row: the one that waits, or a new one."""
        if self.waiting is not None:
            return self.waiting
        return operations.open_import(
            digest=self.reading.digest,
            name=self.reading.name,
            options=self.options,
            actor=self.actor.signature,
            now=self.now,
            total=self.total,
        )


def _import(job: _Job) -> Imported:
    reading, now = job.reading, job.now
    job.progress("waiting", 0, job.total)
    with acting("import_book", actor=job.actor, now=now) as audit:
        closed_through = lock_exclusive()
        first = queries.done_import(reading.digest)
        if first is not None:
            _settle_repeat(job, first.id)
            return Imported(first.id, repeated=True)
        batch = job.open()
        if queries.import_by_id(batch).state != "running":
            operations.start(batch, total=job.total)
        job.progress("checking", 0, job.total)
        known = _known(reading, closed_through)
        planned = plan(
            reading.tables,
            known,
            now=now,
            today=timezone.localdate(now),
            register=reading.shape == "register",
            headers=reading.source_columns,
        )
        if planned.faults:
            raise Faults(planned.faults)
        _check_rights(job.actor, planned)
        _write(planned, known, batch, job)
        operations.finish(batch, counts=planned.counts, now=now)
        audit(f"import {batch}", after={"name": reading.name, "digest": reading.digest, "created": planned.counts})
        job.progress("committing", job.total, job.total)
    job.progress("done", job.total, job.total)
    return Imported(batch, created=planned.counts, skipped=planned.skipped)


def _known(reading: Reading, closed_through: date | None) -> Known:
    """The part of the book that the file can touch."""
    tables = conform(reading.tables)
    items = receivables.known_items(tables)
    bonds, about = promises.known(tables)
    return Known(
        customers=parties.known_customers(),
        contacts=parties.known_contacts(tables["contacts"]["customer"].combine_chunks()),
        items=items,
        matches=receivables.known_matches(tables, items),
        holds=receivables.known_holds(tables),
        promises=bonds,
        promise_items=about,
        touches=relations.known(tables),
        demands=collections.known(tables, items),
        periods=receivables.periods(),
        closed_through=closed_through,
    )


def _check_rights(actor: Actor, planned: Plan) -> None:
    """Who may not close periods or merge customers can't do it by a file."""
    if planned.periods:
        require(actor, "close_period")
    if planned.merges:
        require(actor, "merge_customers")


def _write(planned: Plan, known: Known, batch: int, job: _Job) -> None:
    total, done = sum(planned.counts.values()), 0

    def tell(rows: int) -> None:
        nonlocal done
        done += rows
        job.progress("writing", done, total)

    tell(0)
    codes = parties.load(planned, known.customers, batch, tell)
    items = receivables.load(planned, codes, batch=batch, now=job.now, tell=tell)
    promises.load(planned, codes, items, batch=batch, now=job.now, tell=tell)
    relations.load(planned, codes, batch=batch, now=job.now, tell=tell)
    collections.load(planned, items, batch=batch, now=job.now, tell=tell)
    _judge(planned, codes, job.now)


def _judge(planned: Plan, codes: pa.Table, now: datetime) -> None:
    """Judge the promises to pay of everybody for whom promises or payments came in."""
    paid = planned.items.filter(pc.equal(planned.items["kind"], "payment"))["customer"]
    named = pa.concat_arrays([pc.unique(column) for column in (paid, planned.promises["customer"])])
    moved = {*ids_of(codes, named).to_pylist(), *promises.customers_of(planned.revived["promise"].to_pylist())}
    concerned = sorted(promises.customers_with_promises(moved))
    today = timezone.localdate(now)
    for start in range(0, len(concerned), PART):
        judge_for(concerned[start : start + PART], now=now, day=today)


def _settle_repeat(job: _Job, first: int) -> None:
    """An upload that turns out to be in the book already ends as failed, naming the first import."""
    if job.waiting is not None and job.waiting != first:
        fault = RowFault(job.reading.name, 0, "", "", REPEATED, {"first": first})
        operations.fail(job.waiting, faults=[fault], now=job.now)


def _keep_failure(job: _Job, faults: list[RowFault]) -> None:
    with transaction.atomic():
        operations.fail(job.open(), faults=faults, now=job.now)
