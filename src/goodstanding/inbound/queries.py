"""Reads of what came in: imports and the mappings people confirmed."""

from django.db.models.functions import Coalesce

from goodstanding.inbound import progress
from goodstanding.inbound.models import Import, Mapping
from goodstanding.inbound.types import ImportFacts, MappingFacts, Options, fault_from_json
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


def recent_imports(count: int = 50, before: int | None = None) -> list[ImportFacts]:
    """The newest imports, newest first; `before` is the number that the page before ended with."""
    rows = Import.objects.order_by("-id")
    return [_facts(row) for row in (rows if before is None else rows.filter(pk__lt=before))[:count]]


def remembered_options(shape: str) -> Options | None:
    """What a person confirmed for files of this shape (see `headers.fingerprint`), if anything."""
    row = Mapping.objects.filter(shape=shape).first()
    return Options.from_json(row.options) if row else None


def mappings(count: int = 200) -> list[MappingFacts]:
    """The remembered mappings, the last used or confirmed first."""
    rows = Mapping.objects.annotate(last=Coalesce("used_at", "updated_at")).order_by("-last", "-pk")
    return [_mapping(row) for row in rows[:count]]


def mapping_by_id(mapping: int) -> MappingFacts:
    """One remembered mapping. NotFound."""
    row = Mapping.objects.filter(pk=mapping).first()
    if row is None:
        raise NotFound("no_such_mapping", N_("There is no such mapping."))
    return _mapping(row)


def _mapping(row: Mapping) -> MappingFacts:
    options = Options.from_json(row.options)
    columns = row.columns or [(header, field) for field, header in options.mapping.items() if header]
    return MappingFacts(
        id=row.pk,
        name=row.name,
        options=options,
        columns=tuple((header, field) for header, field in columns),
        used=row.used,
        used_at=row.used_at,
        updated_at=row.updated_at,
        version=row.version,
    )
