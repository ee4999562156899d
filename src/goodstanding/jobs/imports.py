"""The task that runs a waiting import: read the upload, write it whole, say how far it is."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tasks import task

from goodstanding.access.queries import actor_by_id
from goodstanding.actions.import_book import Imported, import_book
from goodstanding.inbound import operations, progress, queries
from goodstanding.inbound.reading import read
from goodstanding.inbound.types import ImportFacts
from goodstanding.kernel.errors import N_, Faults, NotAllowed, Refused, RowFault
from goodstanding.reports import snapshot
from goodstanding.reports.book import MOST_NEWER

BROKE_OFF = N_("The machine could not finish it ({why}). Nothing was written: start it again.")


@task()
def run_import(waiting: int, person: int) -> str:
    """Run the import; gives its state afterwards. What is wrong with the file is kept with the import.

    A task that comes twice, or after the import was done, does nothing. An error of the machine (disk, database)
    fails the import, which can be started again, and is raised for the worker's log.
    """
    try:
        with progress.held(waiting) as tell:
            found = queries.import_by_id(waiting)
            if found.state == "running":
                tell("reading", 0, found.total)
                _run(found, person, tell)
    except Refused as refused:
        if refused.code != "import_runs":
            raise
    return queries.import_by_id(waiting).state


def _run(found: ImportFacts, person: int, tell: progress.Tell) -> None:
    path = Path(settings.HOME, found.path)
    try:
        reading = read(path, options=found.options)
        done = import_book(
            actor=actor_by_id(person),
            now=timezone.now(),
            reading=reading,
            options=found.options,
            waiting=found.id,
            progress=tell,
        )
    except Faults:
        return  # kept with the import
    except (NotAllowed, Refused) as refused:
        _fail(found, refused.template, refused.params)
        return
    except (OSError, MemoryError, DatabaseError) as broken:
        _fail(found, BROKE_OFF, {"why": type(broken).__name__})
        raise
    _tidy(path, done)


def _fail(found: ImportFacts, template: str, params: dict[str, object]) -> None:
    kept = {name: str(value) for name, value in params.items()}
    with transaction.atomic():
        operations.fail(found.id, faults=[RowFault(found.name, 0, "", "", template, kept)], now=timezone.now())


def _tidy(path: Path, done: Imported) -> None:
    """The upload has done its duty; and who looks at the book next should not wait for its snapshot."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    if done.rows > MOST_NEWER:
        snapshot.take()
