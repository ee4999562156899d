"""A person confirms an upload: it goes on the queue, and the page may be left."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.inbound import operations, progress, queries
from goodstanding.kernel.errors import N_, Refused


def start_import(*, actor: Actor, now: datetime, waiting: int) -> None:
    """Queue a pending or failed import, or one whose process died; the worker runs it (`jobs.imports`).

    NotFound; Refused "import_state" when it runs, is done or undone; NotAllowed.
    """
    with acting("import_book", actor=actor, now=now) as audit:
        found = queries.import_by_id(waiting)
        if found.state != "running":
            operations.start(waiting, total=found.total)
        elif progress.alive(waiting):
            raise Refused("import_state", N_("The import is running."))
        _queue(waiting, actor.id)
        audit(f"import {waiting}", before={"state": found.state}, after={"state": "queued"})


def resume_imports(*, actor: Actor, now: datetime) -> list[int]:
    """Queue again every import that was running when its process died; gives their numbers.

    For the start of a worker. One that only waits for its turn is queued twice: its second turn finds it done.
    """
    dead = [each.id for each in queries.running_imports() if not progress.alive(each.id)]
    if dead:
        with acting("import_book", actor=actor, now=now) as audit:
            for each in dead:
                _queue(each, actor.id)
                audit(f"import {each}", before={"state": "running"}, after={"state": "queued"})
    return dead


def _queue(waiting: int, person: int) -> None:
    task: Any = import_string(settings.JOBS["run_import"])  # the worker stands above: config says where
    task.enqueue(waiting, person)
