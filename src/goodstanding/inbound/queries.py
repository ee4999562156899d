"""Reads of what came in: imports and the mappings people confirmed."""

from goodstanding.inbound import progress
from goodstanding.inbound.models import Import, Mapping
from goodstanding.inbound.types import ImportFacts, Options, fault_from_json
from goodstanding.kernel.errors import N_, NotFound


def _facts(row: Import) -> ImportFacts:
    told = progress.told(row.pk) if row.state == Import.State.RUNNING else None
    return ImportFacts(
        id=row.pk,
        digest=row.digest,
        name=row.name,
        state=row.state,
        path=row.path,
        options=Options.from_json(row.options),
        counts=row.counts,
        faults=tuple(map(fault_from_json, row.faults)),
        step=told.step if told else row.step,
        progress=told.done if told else row.progress,
        total=told.total if told else row.total,
        actor=row.actor,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def import_by_id(import_id: int) -> ImportFacts:
    """One import. Raises NotFound."""
    row = Import.objects.filter(pk=import_id).first()
    if row is None:
        raise NotFound("no_such_import", N_("There is no import {id}."), id=import_id)
    return _facts(row)


def done_import(digest: str) -> ImportFacts | None:
    """The import that brought this very content with these very options into the book, if there is one."""
    row = Import.objects.filter(digest=digest, state=Import.State.DONE).first()
    return _facts(row) if row else None


def running_imports() -> list[ImportFacts]:
    """The imports that run, wait for the worker, or whose process died, oldest first."""
    return [_facts(row) for row in Import.objects.filter(state=Import.State.RUNNING).order_by("id")]


def recent_imports(count: int = 50) -> list[ImportFacts]:
    """The newest imports, newest first."""
    return [_facts(row) for row in Import.objects.all()[:count]]


def remembered_options(shape: str) -> Options | None:
    """What a person confirmed for files of this shape (see `headers.fingerprint`), if anything."""
    row = Mapping.objects.filter(shape=shape).first()
    return Options.from_json(row.options) if row else None
