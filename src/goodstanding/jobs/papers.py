"""The task that prints a waiting pile of statements, says how far it is, and keeps why it failed."""

from concurrent.futures.process import BrokenProcessPool

from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tasks import task

from goodstanding.access.queries import actor_by_id
from goodstanding.actions.make_statements import print_statements
from goodstanding.jobs.exports import BROKE_OFF
from goodstanding.kernel import progress
from goodstanding.kernel.errors import Refused
from goodstanding.outbound import operations, queries
from goodstanding.outbound.progress import told_in


@task()
def run_statements(number: int, person: int) -> str:
    """Print the pile; gives its state afterwards. A task that comes twice, or too late, does nothing."""
    try:
        with progress.held(told_in(number)) as tell:
            if queries.export_by_id(number, papers=True).state == "running":
                _run(number, person, tell)
    except BlockingIOError:
        pass  # another process is at it
    return queries.export_by_id(number, papers=True).state


def _run(number: int, person: int, tell: progress.Tell) -> None:
    try:
        print_statements(actor=actor_by_id(person), now=timezone.now(), number=number, tell=tell)
    except Refused as refused:
        _fail(number, refused.template, refused.params)
    except (OSError, MemoryError, DatabaseError, BrokenProcessPool) as broken:
        _fail(number, BROKE_OFF, {"why": type(broken).__name__})
        raise


def _fail(number: int, template: str, params: dict[str, object]) -> None:
    kept = {name: str(value) for name, value in params.items()}
    with transaction.atomic():
        operations.fail(number, template=template, params=kept, now=timezone.now())
