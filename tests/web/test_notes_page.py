"""Notes and documents on the customer's page: written, attached, fetched, withdrawn; who sees what; always a download."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk import client_of, manager, named, person, small_book, team, text
from goodstanding.access.models import AuditEntry, Person
from goodstanding.access.queries import actor_of
from goodstanding.access.types import SYSTEM
from goodstanding.actions.attach_file import attach_file
from goodstanding.actions.merge_customers import merge_customers
from goodstanding.actions.write_note import write_note
from goodstanding.inbound import files
from goodstanding.parties import queries as parties
from goodstanding.parties.models import Attachment, Customer, Note
from ledger import BY, day

pytestmark = pytest.mark.django_db


def at(code: str, what: str = "notes") -> str:
    return f"/customers/{Customer.objects.get(code=code).pk}/{what}/"


def again(username: str = "lin") -> Any:
    return client_of(Person.objects.get(username=username))


def key_of(client: Any, code: str = "A") -> str:
    return re.findall(r'name="key" value="(\w+)"', client.get(at(code)).content.decode())[0]


def upload(client: Any, code: str, *given: tuple[str, bytes], kind: str = "contract", title: str = "") -> Any:
    sent = [SimpleUploadedFile(name, content, "text/html") for name, content in given]
    return client.post(at(code, "files"), {"kind": kind, "title": title, "files": sent})


def followed(client: Any, answer: Any) -> str:
    assert answer.status_code == 302, text(answer)
    return text(client.get(answer["Location"]))


def test_a_note_is_written_shown_everywhere_and_taken_back() -> None:
    small_book()
    client = manager()
    key = key_of(client)
    sent = {"key": key, "text": "First line\r\nand <b>second</b>", "pinned": "on"}
    answer = client.post(at("A"), sent)
    page = followed(client, answer)
    assert "The note is kept. Undo" in page and "First line and <b>second</b> pinned Lin" in page
    client.post(at("A"), sent)
    assert Note.objects.count() == 1, "the same form again writes nothing"
    source = client.get(at("A")).content.decode()
    assert "First line\nand &lt;b&gt;second" in source
    timeline = client.get(at("A", "").replace("//", "/")).content.decode()
    assert "pinned" in timeline and "First line\nand" in timeline
    note = Note.objects.get()
    told = followed(client, client.post(f"{at('A')}{note.pk}/withdraw/"))
    assert "The note is withdrawn." in told and "withdrawn by Lin" in told
    assert "<s" in client.get(at("A", "").replace("//", "/")).content.decode()
    assert [e.action for e in AuditEntry.objects.filter(subject=f"note A {note.pk}").order_by("sequence")] == [
        "write_note",
        "withdraw_note",
    ]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"text": " "}, "This field is required."),
        ({"text": "x" * 4001}, "at most 4000 characters"),
        ({"text": "a\x07b"}, "holds a character"),
        ({"text": "a", "key": ""}, ""),
    ],
)
def test_a_note_that_is_refused_keeps_what_was_typed(sent: dict[str, str], told: str) -> None:
    small_book()
    client = manager()
    answer = client.post(at("A"), {"key": "k1"} | sent)
    assert answer.status_code == 200 and told in text(answer)
    assert sent["text"].strip()[:40] in answer.content.decode()
    assert Note.objects.count() == 0


def test_files_are_attached_once_and_always_downloaded() -> None:
    small_book()
    client = manager()
    script = b"<script>alert(1)</script>"
    page = followed(client, upload(client, "A", ("合同 & 附件.html", script), ("b.pdf", b"%PDF"), title=""))
    assert "2 files attached." in page and "合同 & 附件.html" in page and "Contract 25 bytes Lin" in page
    again_ = followed(
        client, upload(client, "A", ("copy.html", script), ("c.txt", b"new"), kind="letter", title="Ours")
    )
    assert "copy.html is here already, as 合同 & 附件.html." in again_ and "1 file attached." in again_
    assert Attachment.objects.count() == 3
    one = Attachment.objects.get(name="合同 & 附件.html")
    answer = client.get(f"{at('A', 'files')}{one.pk}/")
    assert answer.content == script
    assert answer["Content-Type"] == "application/octet-stream" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E5%90%88%E5%90%8C%20%26%20%E9%99%84%E4%BB%B6.html"
    )
    assert "no-store" in answer["Cache-Control"]
    assert one.digest in client.get(at("A")).content.decode()
    files.path_of(one.digest).write_bytes(b"forged")
    assert client.get(f"{at('A', 'files')}{one.pk}/").status_code == 409


def test_files_that_are_refused() -> None:
    small_book()
    client = manager()
    large = b"x" * (10 * 1024**2 + 1)
    answer = upload(client, "A", ("good.txt", b"good"), ("large.bin", large), ("empty.txt", b""))
    assert "large.bin is too large: a file may have 10.0 MB at most." in text(answer)
    assert "empty.txt is empty." in text(answer) and Attachment.objects.count() == 0, "none of them is kept"
    assert "Choose a file first." in text(client.post(at("A", "files"), {"kind": "contract"}))
    assert "Select a valid choice" in text(upload(client, "A", ("a", b"a"), kind="x"))
    assert "at most 200" in text(upload(client, "A", ("a", b"a"), title="x" * 201))
    many = upload(client, "A", *((f"{n}", f"{n}".encode()) for n in range(21)))
    assert "At most 20 files at once." in text(many) and Attachment.objects.count() == 0
    assert client.get(at("A", "files")).status_code == 302


def test_a_file_is_withdrawn_with_a_reason() -> None:
    small_book()
    client = manager()
    upload(client, "A", ("a.txt", b"a"))
    one = Attachment.objects.get()
    address = f"{at('A', 'files')}{one.pk}/withdraw/"
    assert client.get(address).status_code == 302
    refused = client.post(address, {"reason": ""})
    assert refused.status_code == 200 and "This field is required." in text(refused)
    assert "The file is withdrawn." in followed(client, client.post(address, {"reason": "other customer's"}))
    assert "withdrawn by Lin" in text(client.get(at("A"))) and "other customer's" in text(client.get(at("A")))
    collector = client_of(person("col", "collector"))
    assert "a.txt" not in text(collector.get(at("A")))
    assert collector.get(f"{at('A', 'files')}{one.pk}/").status_code == 404
    assert client.get(f"{at('A', 'files')}{one.pk}/").status_code == 200
    assert client_of(person("aud", "auditor")).get(f"{at('A', 'files')}{one.pk}/").status_code == 200


def test_who_may_do_what() -> None:
    small_book()
    manager()
    author = person("ann", "collector")
    note = write_note(actor=actor_of(author), now=timezone.now(), customer="A", text="Mine", key="k")
    mine, other = client_of(author), client_of(person("ben", "collector"))
    withdraw = f"{at('A')}{note}/withdraw/"
    assert withdraw in mine.get(at("A")).content.decode() and withdraw not in other.get(at("A")).content.decode()
    assert other.post(withdraw).status_code == 403
    assert withdraw in again().get(at("A")).content.decode(), "a credit manager withdraws anybody's"
    auditor = client_of(person("aud", "auditor"))
    page = auditor.get(at("A")).content.decode()
    assert "Mine" in page and "<textarea" not in page and "withdraw/" not in page
    assert auditor.post(at("A"), {"key": "x", "text": "x"}).status_code == 403
    past = mine.get(f"{at('A')}?as_of=2026-06-30").content.decode()
    assert "Mine" not in past and "<textarea" not in past, "on that day nobody had written it; a past day is read only"


def test_another_teams_records_are_like_none() -> None:
    small_book()
    team("South", "south", [person("member", "collector").username])
    note = write_note(actor=SYSTEM, now=timezone.now(), customer="C", text="Secret", key="k")
    file = attach_file(actor=SYSTEM, now=timezone.now(), customer="C", name="secret.txt", kind="other", content=[b"s"])
    mine = attach_file(actor=SYSTEM, now=timezone.now(), customer="A", name="a.txt", kind="other", content=[b"a"])
    stranger = client_of(person("stranger", "collector"))
    for address in (at("C"), f"{at('C', 'files')}{file}/", f"{at('A', 'files')}{file}/", f"{at('C', 'files')}{mine}/"):
        answer = stranger.get(address)
        assert answer.status_code == 404 and b"ecret" not in answer.content, address
    assert stranger.get(f"{at('A', 'files')}987654/").status_code == 404
    for address, sent in (
        (at("C"), {"key": "x", "text": "x"}),
        (f"{at('C')}{note}/withdraw/", {}),
        (f"{at('A')}{note}/withdraw/", {}),
        (at("C", "files"), {"kind": "other"}),
        (f"{at('C', 'files')}{file}/withdraw/", {"reason": "x"}),
        (f"{at('A', 'files')}{file}/withdraw/", {"reason": "x"}),
    ):
        assert stranger.post(address, sent).status_code == 404, address
    assert stranger.get(f"{at('A', 'files')}{mine}/").status_code == 200
    member = client_of(Person.objects.get(username="member"))
    assert member.get(f"{at('C', 'files')}{file}/").content == b"s"
    assert member.get(f"{at('A', 'files')}{file}/").status_code == 404, "only below its own customer"


def test_a_survivor_shows_what_the_merged_one_had() -> None:
    small_book()
    write_note(actor=SYSTEM, now=timezone.now(), customer="D", text="From D", key="k")
    file = attach_file(actor=SYSTEM, now=timezone.now(), customer="D", name="d.txt", kind="other", content=[b"d"])
    d, e = (parties.customer(SYSTEM, code) for code in ("D", "E"))
    versions = {"merged_version": d.version, "survivor_version": e.version}
    merge_customers(**BY, merged="D", survivor="E", on=day(6, 20), reason="same", **versions)
    client = manager()
    page = text(client.get(at("E")))
    assert "From D" in page and "d.txt" in page and " D " in page
    assert client.get(f"{at('E', 'files')}{file}/").content == b"d"
    assert "From D" in text(client.get(at("E", "").replace("//", "/")))
    own = text(client.get(at("D")))
    assert "From D" in own and "Add the note" not in own


def test_how_many_queries_the_tab_asks() -> None:
    small_book()
    client = manager()
    counts = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(at("A"))
        counts.append(len(asked))
        for number in range(10):
            name = f"{turn}-{number}"
            write_note(actor=SYSTEM, now=timezone.now(), customer="A", text=name, key=name)
            named(name, "More")
    print(counts)
    assert counts[0] == counts[1] <= 18
