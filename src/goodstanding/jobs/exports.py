"""The task that writes a waiting export, says how far it is, and keeps why it failed."""

from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tasks import task

from goodstanding.access.queries import actor_by_id
from goodstanding.actions.export_book import pack_book
from goodstanding.kernel import progress
from goodstanding.kernel.errors import N_, Refused
from goodstanding.outbound import operations, queries
from goodstanding.outbound.progress import told_in

BROKE_OFF = N_("The machine could not finish it ({why}). There is no file: start it again.")


@task()
def run_export(export: int, person: int) -> str:
    """Write the export; gives its state afterwards. A task that comes twice, or too late, does nothing.

    An error of the machine (disk, database) fails the export, which can be started again, and is raised for the
    worker's log.
    """
    try:
        with progress.held(told_in(export)) as tell:
            found = queries.export_by_id(export)
            if found.state == "running":
                _run(export, found.form, person, tell)
    except BlockingIOError:
        pass  # another process is at it
    return queries.export_by_id(export).state


def _run(export: int, form: str, person: int, tell: progress.Tell) -> None:
    try:
        pack_book(actor=actor_by_id(person), now=timezone.now(), export=export, form=form, tell=tell)
    except Refused as refused:
        _fail(export, refused.template, refused.params)
    except (OSError, MemoryError, DatabaseError) as broken:
        _fail(export, BROKE_OFF, {"why": type(broken).__name__})
        raise


def _fail(export: int, template: str, params: dict[str, object]) -> None:
    kept = {name: str(value) for name, value in params.items()}
    with transaction.atomic():
        operations.fail(export, template=template, params=kept, now=timezone.now())
