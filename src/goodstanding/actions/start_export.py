"""The whole book as one file: asked for here, made by the worker (`jobs.exports`), fetched by who may."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.kernel import progress
from goodstanding.kernel.errors import N_, Refused
from goodstanding.outbound import operations, queries
from goodstanding.outbound.progress import told_in
from goodstanding.outbound.types import ExportFacts

FORMS = ("csv", "parquet")


def start_export(*, actor: Actor, now: datetime, form: str = "csv") -> int:
    """Queue an export of the whole book and give its number; the page may be left.

    NotAllowed; Refused "unknown_form", "export_runs" while another one is on its way.
    """
    with acting("export_book", actor=actor, now=now) as audit:
        if form not in FORMS:
            raise Refused("unknown_form", N_("A book is written as csv or parquet, not {form}."), form=repr(form))
        _check_alone()
        export = operations.open_export(form=form, actor=actor.signature, now=now)
        _queue(export, actor.id)
        audit(f"export {export}", after={"form": form, "state": "queued"})
        return export


def restart_export(*, actor: Actor, now: datetime, export: int) -> None:
    """Queue again an export that failed, or whose process died. NotFound; Refused "export_state", "export_runs"."""
    with acting("export_book", actor=actor, now=now) as audit:
        found = queries.export_by_id(export)
        if found.state == "failed":
            _check_alone()
            operations.restart(export)
        elif found.state != "stopped":
            raise Refused("export_state", N_("Export {id} is no longer as it was."), id=export)
        _queue(export, actor.id)
        audit(f"export {export}", before={"state": found.state}, after={"state": "queued"})


def resume_exports(*, actor: Actor, now: datetime) -> list[int]:
    """Queue again every export that was running when its process died; gives their numbers. For a worker's start."""
    dead = [each.id for each in queries.running_exports() if not progress.alive(told_in(each.id))]
    if dead:
        with acting("export_book", actor=actor, now=now) as audit:
            for each in dead:
                _queue(each, actor.id)
                audit(f"export {each}", before={"state": "running"}, after={"state": "queued"})
    return dead


def fetch_export(*, actor: Actor, now: datetime, export: int) -> ExportFacts:
    """Note in the audit trail that the file was fetched. NotFound when there is none, or none any more."""
    with acting("export_book", actor=actor, now=now) as audit:
        found = queries.export_by_id(export)
        queries.file_of(found)
        audit(f"export {export}", after={"fetched": found.name})
        return found


def _check_alone() -> None:
    if others := [each.id for each in queries.running_exports() if each.state == "running"]:
        raise Refused("export_runs", N_("Export {id} is on its way; wait for it."), id=others[0])


def _queue(export: int, person: int) -> None:
    told_in(export).unlink(missing_ok=True)  # what a dead process said
    task: Any = import_string(settings.JOBS["run_export"])  # the worker stands above: config says where
    task.enqueue(export, person)
