"""Notes and files of customers: kept once, withdrawn and never changed, seen by whom they exist for, whole on disk."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from goodstanding.access.models import AuditEntry
from goodstanding.access.queries import trail, verify_chain
from goodstanding.access.types import SYSTEM, Actor
from goodstanding.actions.attach_file import attach_file, withdraw_file
from goodstanding.actions.merge_customers import merge_customers
from goodstanding.actions.write_note import withdraw_note, write_note
from goodstanding.inbound import files
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.parties import models, records
from goodstanding.parties.known import made_by
from goodstanding.parties.queries import customer
from goodstanding.reports import integrity
from ledger import customer as add

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANN = Actor(5, "Ann", frozenset({"collector"}), frozenset({"North"}), frozenset({"South"}))
BEN = Actor(15, "Ben", frozenset({"collector"}), frozenset({"North"}), frozenset({"South"}))
CHIEF = Actor(7, "Chief", frozenset({"credit_manager"}))
AUDITOR = Actor(8, "Audit", frozenset({"auditor"}))
TABLES = (models.Note, models.NoteWithdrawal, models.Attachment, models.AttachmentWithdrawal, AuditEntry)


def write(text: str = "They close in August.", actor: Actor = ANN, code: str = "C1", **more: Any) -> int:
    return write_note(actor=actor, now=NOW, customer=code, text=text, **{"key": text[:60], **more})


def attach(content: bytes = b"signed", actor: Actor = ANN, code: str = "C1", **more: Any) -> int:
    given = {"name": "contract.pdf", "kind": "contract", **more}
    return attach_file(actor=actor, now=NOW, customer=code, content=[content], **given)


def notes(actor: Actor, *codes: str) -> list[records.Note]:
    return records.notes(actor, [models.Customer.objects.get(code=code).pk for code in codes or ("C1",)])


def attached(actor: Actor, *codes: str) -> list[records.Attachment]:
    return records.attachments(actor, [models.Customer.objects.get(code=code).pk for code in codes or ("C1",)])


def refused(code: str, attempt: Any, /, *words: Any, error: type[Refused] = Refused, **given: Any) -> str:
    """The attempt is refused and nothing is written; its message."""
    before = [list(table.objects.order_by("pk").values()) for table in TABLES]
    with pytest.raises(error) as refusal, transaction.atomic():
        attempt(*words, **given)
    assert refusal.value.code == code
    assert [list(table.objects.order_by("pk").values()) for table in TABLES] == before
    return refusal.value.message


@pytest.fixture(autouse=True)
def two_customers(db: None) -> None:
    add("C1", territory="North")
    add("S1", territory="South")


def test_a_note_is_kept_once_with_who_and_when() -> None:
    number = write(" Two\r\nlines\rand a third. ", pinned=True, key="k1")
    assert write(" Two\r\nlines\rand a third. ", pinned=True, key="k1") == number
    (note,) = notes(BEN)
    assert (note.text, note.pinned, note.by, note.at) == ("Two\nlines\nand a third.", True, "Ann #5", NOW)
    (entry,) = trail(subject=f"note C1 {number}")
    assert entry.action == "write_note"
    assert entry.after == {"pinned": True, "sha256": hashlib.sha256(note.text.encode()).hexdigest()}
    refused("key_reused", write, "Another text", key="k1")
    assert verify_chain() == []


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), (" \r\n ", "empty"), ("x" * 4001, "text_too_long"), ("a\0b", "text"), ("a\ud800b", "text")],
)
def test_unfit_notes_are_refused(text: str, code: str) -> None:
    refused(code, write, text, key="k")


def test_the_longest_note_and_every_sign_of_a_text() -> None:
    write("字" * 4000, key="long")
    odd = "tab\there, \u202eturned\u2028next 😀"
    write(odd, key="odd")
    assert {note.text for note in notes(ANN)} == {"字" * 4000, odd}


def test_a_withdrawn_note_stays_for_its_author_and_the_trails_readers() -> None:
    number = write()
    withdraw_note(actor=ANN, now=NOW, customer="C1", note=number)
    for reader in (ANN, CHIEF, AUDITOR):
        (note,) = notes(reader)
        assert (note.withdrawn_by, note.withdrawn_at) == ("Ann #5", NOW)
    assert notes(BEN) == []
    withdraw_note(actor=ANN, now=NOW + timedelta(days=1), customer="C1", note=number)
    assert models.NoteWithdrawal.objects.get().at == NOW, "the same again changes nothing"
    assert [entry.action for entry in trail(subject=f"note C1 {number}")] == ["withdraw_note", "write_note"]


def test_who_may_write_and_withdraw() -> None:
    number, file = write(), attach()
    assert not ANN.signed("Ann #15") and ANN.signed("Ann Married #5") and SYSTEM.signed("terminal")
    theirs = {"actor": BEN, "now": NOW, "customer": "C1"}
    refused("not_allowed", withdraw_note, **theirs, note=number, error=NotAllowed)
    refused("not_allowed", withdraw_file, **theirs, file=file, reason="x", error=NotAllowed)
    refused("not_allowed", write, actor=AUDITOR, error=NotAllowed)
    refused("not_allowed", attach, b"other", actor=AUDITOR, error=NotAllowed)
    withdraw_note(actor=CHIEF, now=NOW, customer="C1", note=number)
    withdraw_file(actor=CHIEF, now=NOW, customer="C1", file=file, reason="wrong customer")
    assert notes(ANN)[0].withdrawn_by == attached(ANN)[0].withdrawn_by == "Chief #7"


def test_another_teams_customer_is_like_none() -> None:
    number, file = write(code="S1", actor=CHIEF), attach(code="S1", actor=CHIEF)
    there = refused("no_such_customer", write, code="S1", key="x", error=NotFound)
    assert there.replace("S1", "Z9") == refused("no_such_customer", write, code="Z9", key="x", error=NotFound)
    refused("no_such_customer", attach, b"other", code="S1", error=NotFound)
    assert not files.is_kept(hashlib.sha256(b"other").hexdigest(), 5), "nothing is kept for who may not"
    assert notes(ANN, "S1") == [] and attached(ANN, "S1") == []
    for code in ("S1", "C1"):
        by = {"actor": ANN, "now": NOW, "customer": code}
        refused("no_such_note", withdraw_note, **by, note=number, error=NotFound)
        refused("no_such_file", withdraw_file, **by, file=file, reason="x", error=NotFound)


def test_a_file_is_kept_by_its_bytes_and_once_a_customer() -> None:
    number = attach(b"signed", title=" Supply 2026 ", name="C:\\scans\\..\\合同 №1.pdf")
    (file,) = attached(BEN)
    assert (file.id, file.name, file.title, file.kind, file.size) == (
        number,
        "合同 №1.pdf",
        "Supply 2026",
        "contract",
        6,
    )
    assert files.read(file.digest) == b"signed" and file.digest == hashlib.sha256(b"signed").hexdigest()
    assert "is here already, as Supply 2026." in refused("same_file", attach, b"signed", name="copy.pdf")
    attach(b"signed", code="S1", actor=CHIEF)
    (entry,) = trail(subject=f"file C1 {number}")
    assert entry.after["sha256"] == file.digest and entry.after["name"] == "合同 №1.pdf"
    withdraw_file(actor=ANN, now=NOW, customer="C1", file=number, reason=" wrong version ")
    again = attach(b"signed")
    assert [(f.id, f.reason) for f in attached(ANN)] == [(again, ""), (number, "wrong version")]
    assert [f.id for f in attached(BEN)] == [again]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\\b\\c.txt", "c.txt"),
        ("", "file"),
        ("..", "file"),
        ("x\r\nSet-Cookie: a=b.txt", "x__Set-Cookie: a=b.txt"),
        ("a\0b.pdf", "a_b.pdf"),
        ('q"uote.pdf', 'q"uote.pdf'),
        ("\u202etxt.exe", "\u202etxt.exe"),
        ("长" * 300 + ".xlsx", "长" * 195 + ".xlsx"),
    ],
)
def test_names_of_files(given: str, name: str) -> None:
    attach(name=given)
    assert attached(ANN)[0].name == name


def test_unfit_files_are_refused() -> None:
    refused("no_bytes", attach, b"")
    refused("too_large", attach, b"x" * (10 * 1024**2 + 1))
    refused("file_kind", attach, kind="virus")
    refused("text_too_long", attach, title="x" * 201)
    refused("text", attach, title="a\nb")
    number = attach(b"x" * 10 * 1024**2)
    refused("no_reason", withdraw_file, actor=ANN, now=NOW, customer="C1", file=number, reason="  ")


def test_a_survivor_shows_what_the_merged_one_had() -> None:
    add("C2", territory="North")
    note, file = write(code="C2"), attach(code="C2")
    versions = {"merged_version": customer(SYSTEM, "C2").version, "survivor_version": customer(SYSTEM, "C1").version}
    merge_customers(actor=SYSTEM, now=NOW, merged="C2", survivor="C1", on=NOW.date(), reason="same", **versions)
    withdraw_note(actor=ANN, now=NOW, customer="C1", note=note)
    withdraw_file(actor=ANN, now=NOW, customer="C1", file=file, reason="x")
    assert trail(subject=f"note C2 {note}")[0].action == "withdraw_note"


def test_an_upload_that_breaks_off_leaves_nothing(data_folder: Path) -> None:
    def breaks() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        attach_file(actor=ANN, now=NOW, customer="C1", name="a", kind="other", content=breaks())
    assert [path for path in (data_folder / "documents").rglob("*") if path.is_file()] == []
    assert attached(ANN) == []


def test_a_damaged_or_lost_file_is_said_and_never_served() -> None:
    attach(b"signed")
    digest = attached(ANN)[0].digest
    assert integrity.problems() == []
    files.path_of(digest).write_bytes(b"forged")
    with pytest.raises(Refused) as damaged:
        files.read(digest)
    assert damaged.value.code == "damaged_file"
    files.path_of(digest).write_bytes(b"sig")
    assert [problem.code for problem in integrity.problems()] == ["files"]
    files.path_of(digest).unlink()
    (problem,) = integrity.problems()
    assert problem.examples == (digest,)
    files.keep([b"signed"], most=100)
    assert integrity.problems() == [] and files.read(digest) == b"signed", "the same bytes again heal it"


def test_an_import_undone_leaves_customers_somebody_wrote_about() -> None:
    for code in ("I1", "I2", "I3"):
        add(code, batch=1)
    write(code="I1", key="i1")
    attach(code="I2")
    assert made_by(1) == [models.Customer.objects.get(code="I3").pk]


KILLED = """
import os, signal, sys
import django
django.setup()
from datetime import UTC, datetime
from django.db import transaction
from goodstanding.access.types import SYSTEM
from goodstanding.actions.attach_file import attach_file
from goodstanding.parties import records

where = sys.argv[1]
def content():
    yield b"x" * 100_000
    if where == "writing":
        os.kill(os.getpid(), signal.SIGKILL)
    yield b"y" * 100_000
if where == "before the row":
    records.attach = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
if where == "before the commit":
    plain = records.attach
    def attach(*a, **k):
        plain(*a, **k)
        os.kill(os.getpid(), signal.SIGKILL)
    records.attach = attach
attach_file(actor=SYSTEM, now=datetime(2026, 3, 2, tzinfo=UTC), customer="C1", name="a", kind="other", content=content())
"""
SEEN = """
import django
django.setup()
from goodstanding.inbound import files
from goodstanding.parties.models import Attachment
from goodstanding.reports import integrity
print([problem.code for problem in integrity.problems()], [len(files.read(row.digest)) for row in Attachment.objects.all()])
"""


def test_a_kill_leaves_no_row_without_its_file(fresh_database: Callable[[], str], tmp_path: Path) -> None:
    environment = {**os.environ, "GOODSTANDING_HOME": str(tmp_path), "GOODSTANDING_DATABASE_URL": fresh_database()}
    environment["DJANGO_SETTINGS_MODULE"] = "goodstanding.config.settings"

    def run(code: str, *words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", code, *words]
        return subprocess.run(command, check=False, env=environment, capture_output=True, text=True)

    made = "import django; django.setup(); from goodstanding.parties.models import Customer; Customer.objects.create(code='C1', name='x')"
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=environment, check=True)
    assert run(made).returncode == 0
    for where in ("writing", "before the row", "before the commit"):
        assert run(KILLED, where).returncode == -signal.SIGKILL, where
        assert run(SEEN).stdout.strip() == "[] []", where
    done = run(KILLED, "nowhere")
    assert done.returncode == 0, done.stderr
    assert run(SEEN).stdout.strip() == "[] [200000]"
