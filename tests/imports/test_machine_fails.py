"""The machine fails in mid-write: everything is rolled back, the import says so, and it can be started again."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections

from conftest import wipe
from desk import person
from goodstanding.access.queries import actor_of
from goodstanding.access.types import SYSTEM
from goodstanding.actions.import_book import import_book
from goodstanding.actions.receive_upload import receive_upload
from goodstanding.actions.start_import import start_import
from goodstanding.inbound import progress
from goodstanding.inbound.queries import import_by_id
from goodstanding.inbound.reading import read
from goodstanding.jobs.imports import run_import
from goodstanding.parties.models import Customer
from goodstanding.receivables.models import Balance, Item, Match
from goodstanding.reports.book import digest
from goodstanding.reports.integrity import problems
from importing import write_register
from ledger import NOW

ROWS = 3000
TABLES = (Customer, Item, Match, Balance)


@contextmanager
def full_disk() -> Iterator[None]:
    """SQLite may take a few more pages only; PostgreSQL loses its connection when half of the rows are written."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + 60}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(progress, "held", _cut_off(progress.held))
        yield


def _cut_off(held: Any) -> Any:
    """The progress of an import, at whose half somebody ends its session in the server."""

    @contextmanager
    def cutting(import_id: int) -> Iterator[progress.Tell]:
        with held(import_id) as tell:

            def told(step: str, done: int, total: int) -> None:
                tell(step, done, total)
                if step == "writing" and done > total // 2:
                    _end_session(connection.connection.info.backend_pid)

            yield told

    return cutting


def _end_session(pid: int) -> None:
    other = connections.create_connection("default")
    with contextlib.closing(other), other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@pytest.mark.django_db(transaction=True)
def test_what_the_machine_broke_off_is_rolled_back_said_and_resumed(tmp_path: Path, data_folder: Path) -> None:
    wanted_file = write_register(tmp_path / "calm.csv", "D", ROWS, 7)
    import_book(actor=SYSTEM, now=NOW, reading=read(wanted_file))
    wanted = digest()
    wipe()

    boss = person("boss", "owner")
    (data_folder / "uploads").mkdir()
    upload = write_register(data_folder / "uploads" / "list.csv", "D", ROWS, 7)
    waiting = receive_upload(actor=actor_of(boss), now=NOW, path=upload, name="list.csv")
    start_import(actor=actor_of(boss), now=NOW, waiting=waiting)
    before = digest()
    with full_disk(), pytest.raises(DatabaseError) as caught:
        run_import.func(waiting, boss.pk)
    print(connection.vendor, repr(caught.value))
    assert [table.objects.count() for table in TABLES] == [0, 0, 0, 0] and digest() == before
    found = import_by_id(waiting)
    assert found.state == "failed" and "Nothing was written: start it again" in found.faults[0].message
    assert upload.exists()

    start_import(actor=actor_of(boss), now=NOW, waiting=waiting)
    assert run_import.func(waiting, boss.pk) == "done"
    assert digest() == wanted and not upload.exists()
    assert [problem.message for problem in problems()] == []
