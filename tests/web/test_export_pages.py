"""Exports on the desk: asked for, written by the worker, fetched by who may, removed after some days."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import wipe
from desk import client_of, manager, person, small_book, text
from goodstanding.access.models import AuditEntry
from goodstanding.access.rules import ALL_SEEING, PERMISSIONS
from goodstanding.access.types import NIGHTLY, SYSTEM
from goodstanding.actions.export_book import DAYS, export_book
from goodstanding.actions.import_book import import_book
from goodstanding.actions.remove_exports import remove_exports
from goodstanding.actions.start_export import resume_exports
from goodstanding.inbound.models import Import
from goodstanding.inbound.operations import open_import
from goodstanding.inbound.reading import read
from goodstanding.inbound.types import Options
from goodstanding.jobs import exports as jobs
from goodstanding.kernel import progress
from goodstanding.outbound.models import Export
from goodstanding.outbound.operations import fail, open_export
from goodstanding.outbound.progress import folder, told_in

pytestmark = pytest.mark.django_db(transaction=True)


def asked(client: Any, form: str = "csv") -> Export:
    assert client.post("/export/", {"form": form}).status_code == 302
    return Export.objects.latest("id")


def written(client: Any, form: str = "csv") -> Export:
    found = asked(client, form)
    jobs.run_export.func(found.pk, int(client.session["_auth_user_id"]))
    return Export.objects.get(pk=found.pk)


def unpacked(body: bytes, into: Path) -> dict[str, bytes]:
    into.mkdir()
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        packed.extractall(into)
    return {path.name: path.read_bytes() for path in sorted(into.iterdir())}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_page_s_file_brings_the_same_book_to_an_empty_desk(form: str, tmp_path: Path) -> None:
    small_book()
    client = manager()
    found = asked(client, form)
    waiting = text(client.get(f"/export/{found.pk}/"))
    assert "Waiting for the worker" in waiting and "You can leave this page" in waiting
    assert client.get(f"/export/{found.pk}/file/").status_code == 404, "there is no file yet"
    jobs.run_export.func(found.pk, int(client.session["_auth_user_id"]))
    page = client.get(f"/export/{found.pk}/")
    assert "ready" in text(page) and "Items" in text(page)
    assert b"<html" not in client.get(f"/export/{found.pk}/", headers={"HX-Request": "true"}).content
    answer = client.get(f"/export/{found.pk}/file/")
    assert answer.streaming and "attachment" in answer["Content-Disposition"]
    body = b"".join(answer.streaming_content)
    assert int(answer["Content-Length"]) == len(body) == Export.objects.get().size
    first = unpacked(body, tmp_path / "first")
    wipe()
    import_book(actor=SYSTEM, now=timezone.now(), reading=read(tmp_path / "first"))
    export_book(actor=SYSTEM, now=timezone.now(), folder=tmp_path / "second", form=form)
    second = {path.name: path.read_bytes() for path in sorted((tmp_path / "second").iterdir())}
    assert first == second and {"customers", "items", "matches"} <= {name.partition(".")[0] for name in first}


def test_the_trail_knows_who_asked_and_who_fetched() -> None:
    small_book()
    client = manager()
    found = written(client)
    b"".join(client.get(f"/export/{found.pk}/file/").streaming_content)
    assert client.head(f"/export/{found.pk}/file/").status_code == 200
    told = list(
        AuditEntry.objects.filter(action="export_book").order_by("sequence").values_list("actor", "subject", "after")
    )
    assert [subject for _actor, subject, _after in told] == [f"export {found.pk}"] * 3, "looking at its head is none"
    assert all(actor.startswith("Lin #") for actor, *_rest in told)
    assert (
        told[0][2]["state"] == "queued" and told[1][2]["rows"]["items"] > 5 and told[2][2]["fetched"].endswith(".zip")
    )


def test_only_who_sees_everything_may() -> None:
    may = {role for role, actions in PERMISSIONS.items() if "export_book" in actions}
    assert may <= ALL_SEEING, "an export holds every team's customers"
    small_book()
    found = written(manager())
    cashier = client_of(person("cash", "cashier"))
    assert cashier.post("/export/", {"form": "csv"}).status_code == 403
    for address in (f"/export/{found.pk}/", f"/export/{found.pk}/file/"):
        assert cashier.get(address).status_code == 403
    auditor = client_of(person("aud", "auditor"))
    assert auditor.get(f"/export/{found.pk}/file/").status_code == 200
    assert auditor.get("/export/999/").status_code == auditor.get("/export/999/file/").status_code == 404
    assert Export.objects.count() == 1


def test_one_at_a_time_and_known_forms_only() -> None:
    small_book()
    client = manager()
    first = asked(client)
    client.post("/export/", {"form": "csv"})
    assert f"Export {first.pk} is on its way" in text(client.get("/import/"))
    jobs.run_export.func(first.pk, 0)
    client.post("/export/", {"form": "docx"})
    assert "not 'docx'" in text(client.get("/import/")) and Export.objects.count() == 1
    assert jobs.run_export.func(first.pk, 0) == "done", "a task that comes twice does nothing"
    assert AuditEntry.objects.filter(action="export_book", after__has_key="rows").count() == 1


def test_a_failure_is_said_and_can_be_started_again() -> None:
    small_book()
    client = manager()
    found = asked(client)
    folder().parent.mkdir(exist_ok=True)
    folder().write_text("a file where the folder should be")
    with pytest.raises(OSError):
        jobs.run_export.func(found.pk, int(client.session["_auth_user_id"]))
    page = text(client.get(f"/export/{found.pk}/"))
    assert "not written" in page and "The machine could not finish it (FileExistsError)" in page
    assert client.get(f"/export/{found.pk}/file/").status_code == 404
    assert "系统未能完成" in text(client_of(person("wei", "owner"), "zh-hans").get(f"/export/{found.pk}/"))
    folder().unlink()
    client.post(f"/export/{found.pk}/restart/")
    jobs.run_export.func(found.pk, int(client.session["_auth_user_id"]))
    assert "ready" in text(client.get(f"/export/{found.pk}/"))
    client.post(f"/export/{found.pk}/restart/")
    assert "no longer as it was" in text(client.get(f"/export/{found.pk}/"))


def test_who_lost_the_right_meanwhile_gets_no_file() -> None:
    small_book()
    client = manager()
    found = asked(client)
    jobs.run_export.func(found.pk, person("cash", "cashier").pk)
    assert Export.objects.get().state == "failed"
    assert "Your roles don't permit this" in text(client.get(f"/export/{found.pk}/"))


def test_a_worker_that_died_is_told_from_one_that_works() -> None:
    small_book()
    client = manager()
    found = asked(client)
    path = told_in(found.pk)
    with progress.held(path) as tell:
        tell("packing", 3, 10)
        assert "Packing" in text(client.get(f"/export/{found.pk}/")) and "3 of 10 rows" in text(
            client.get(f"/export/{found.pk}/")
        )
        assert jobs.run_export.func(found.pk, 0) == "running", "another process is at it"
        kept = path.read_text()
    path.write_text(kept)  # what a killed process leaves: the word without the lock
    assert "broken off" in text(client.get(f"/export/{found.pk}/"))
    client.post(f"/export/{found.pk}/restart/")
    assert "Waiting for the worker" in text(client.get(f"/export/{found.pk}/"))
    assert resume_exports(actor=SYSTEM, now=timezone.now()) == [found.pk]
    jobs.run_export.func(found.pk, 0)
    assert Export.objects.get().state == "done"
    assert resume_exports(actor=SYSTEM, now=timezone.now()) == []


def test_old_files_are_removed_and_it_is_said() -> None:
    small_book()
    client = manager()
    found = written(client)
    file = folder() / f"{found.pk}.zip"
    stray = folder() / "777.part"
    stray.write_bytes(b"half")
    own = folder() / "notes.txt"
    own.write_text("of somebody else")
    now = timezone.now()
    assert remove_exports(actor=NIGHTLY, now=now + timedelta(days=DAYS - 1)) == []
    assert file.exists() and not stray.exists() and own.exists()
    assert remove_exports(actor=NIGHTLY, now=now + timedelta(days=DAYS, minutes=1)) == [found.pk]
    assert not file.exists()
    page = text(client.get(f"/export/{found.pk}/"))
    assert "removed" in page and "then the nightly run removed it" in page
    assert client.get(f"/export/{found.pk}/file/").status_code == 404
    assert AuditEntry.objects.get(subject=f"export {found.pk}", action="run_nightly").after == {"state": "removed"}
    assert remove_exports(actor=NIGHTLY, now=now + timedelta(days=99)) == []


def test_the_histories_turn_their_pages() -> None:
    client = manager()
    now = timezone.now()
    for number in range(53):
        open_import(digest=f"{number}", name=f"file {number}.csv", options=Options(), actor="Lin #1", now=now)
    for _number in range(12):
        fail(open_export(form="csv", actor="Lin #1", now=now), template="x", params={}, now=now)
    with CaptureQueriesContext(connection) as queries:
        page = text(client.get("/import/"))
    print(len(queries))
    assert len(queries) <= 8
    assert page.index("file 52.csv") < page.index("file 3.csv") and "file 2.csv" not in page
    newest = Import.objects.latest("id").pk
    older = text(client.get(f"/import/?before={newest - 49}"))
    assert "file 2.csv" in older and "file 0.csv" in older and "file 3.csv" not in older and "Newest" in older
    assert "export 12" in page.lower() and "export 2 " not in page.lower()
    for wrong in ("before=x", "before=-1", "before=99999999999999999999", "exports=%00"):
        assert client.get(f"/import/?{wrong}").status_code == 200
