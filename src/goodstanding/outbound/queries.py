"""Reads of what went out."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from goodstanding.kernel import progress
from goodstanding.kernel.errors import N_, NotFound
from goodstanding.outbound.models import Export
from goodstanding.outbound.progress import told_in
from goodstanding.outbound.types import ExportFacts


def _facts(row: Export) -> ExportFacts:
    told = progress.told(told_in(row.pk)) if row.state == Export.State.RUNNING else None
    dead = told is not None and not progress.alive(told_in(row.pk))
    return ExportFacts(
        id=row.pk,
        form=row.form,
        state="stopped" if dead else row.state,
        path=row.path,
        counts=row.counts,
        size=row.size,
        fault=(row.fault["template"], row.fault["params"]) if row.fault else None,
        actor=row.actor,
        created_at=row.created_at,
        finished_at=row.finished_at,
        until=row.until,
        step=told.step if told else "",
        done=told.done if told else 0,
        total=told.total if told else 0,
        wanted=row.wanted,
    )


def no_such_export(export: int) -> NotFound:
    """What is said of one that is not there, or not for the asker."""
    return NotFound("no_such_export", N_("There is no export {id}."), id=export)


def export_by_id(export: int, *, papers: bool = False) -> ExportFacts:
    """One export of the book, or one pile of statements. NotFound."""
    row = _kind(papers).filter(pk=export).first()
    if row is None:
        raise no_such_export(export)
    return _facts(row)


def _kind(papers: bool) -> "QuerySet[Export]":
    return Export.objects.filter(form="pdf") if papers else Export.objects.exclude(form="pdf")


def recent_exports(count: int = 20, before: int | None = None, *, papers: bool = False) -> list[ExportFacts]:
    """The newest exports, newest first; `before` is the number that the page before ended with."""
    rows = _kind(papers).order_by("-id")
    return [_facts(row) for row in (rows if before is None else rows.filter(pk__lt=before))[:count]]


def running_exports(*, papers: bool = False) -> list[ExportFacts]:
    """The exports that run, wait for the worker, or whose process died, oldest first."""
    return [_facts(row) for row in _kind(papers).filter(state=Export.State.RUNNING).order_by("id")]


def old_exports(now: datetime) -> list[ExportFacts]:
    """The exports whose file was kept long enough, oldest first."""
    return [_facts(row) for row in Export.objects.filter(state=Export.State.DONE, until__lte=now).order_by("id")]


def file_of(export: ExportFacts) -> Path:
    """The file of a finished export. NotFound when there is none, or none any more."""
    path = Path(settings.HOME).joinpath(export.path)
    if export.state != "done" or not path.is_file():
        raise no_such_export(export.id)
    return path


def has_file(export: int) -> bool:
    """Whether a finished export of this number has its file still."""
    return Export.objects.filter(pk=export, state=Export.State.DONE).exists()
