"""The Import pages: upload, preview, correction, confirmation, what came of it, undo; and uploads that lie."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from desk import client_of, links, manager, person, text
from goodstanding.actions.import_book import import_book
from goodstanding.inbound.models import Import, Mapping
from goodstanding.inbound.reading import read
from goodstanding.jobs.imports import run_import
from goodstanding.parties.models import Customer
from goodstanding.receivables.models import Item
from goodstanding.web.pages.imports import uploads

pytestmark = pytest.mark.django_db(transaction=True)

REGISTER = """number,customer,name,date,due,amount,currency,paid_on
R1,A,Harbour Light,2026-05-01,2026-05-31,100.00,EUR,
R2,A,Harbour Light,2026-05-02,2026-06-01,50.50,EUR,2026-06-10
R3,B,咖啡之家,2026-06-01,2026-07-01,0.30000000000000004,EUR,
"""


def upload(client: Client, *files: tuple[str, bytes | str]) -> Any:
    given = [SimpleUploadedFile(name, body.encode() if isinstance(body, str) else body) for name, body in files]
    return client.post("/import/", {"files": given})


def waiting() -> Import:
    return Import.objects.latest("id")


def run(client: Client) -> None:
    """What the worker does with what was confirmed."""
    run_import.func(waiting().pk, int(client.session["_auth_user_id"]))


def test_a_register_from_upload_to_the_aging_and_back() -> None:
    client = manager()
    where = upload(client, ("register.csv", REGISTER))["Location"]
    page = client.get(where)
    said = text(page)
    assert "Will be created" in said and "Customers 2" in said and "Items 4" in said and "Matches 1" in said
    assert "utf-8" in said.lower() and "comma" in said and "1,234.50" in said
    assert "One amount carried spreadsheet noise" in said and "Harbour Light" in said
    assert not Item.objects.exists() and not Customer.objects.exists()

    assert client.post(f"{where}start/")["Location"] == where
    assert "Waiting for the worker" in text(client.get(where))
    assert b"<html" not in client.get(where, headers={"HX-Request": "true"}).content
    run(client)
    done = client.get(where)
    assert "in the book" in text(done) and "Items 4" in text(done) and "/receivables/" in links(done)
    aging = text(client.get("/receivables/?as_of=2026-06-05"))
    assert "Harbour Light A 150.50" in aging and "咖啡之家 B 0.30" in aging
    assert "Harbour Light A 100.00" in text(client.get("/receivables/?as_of=2026-06-10"))

    again = upload(client, ("same.csv", REGISTER))["Location"]
    assert "This file is in the book already" in text(client.get(again))
    assert f"{again}start/" not in client.get(again).content.decode()

    client.post(f"{where}undo/")
    assert "undone" in text(client.get(where))
    assert "Nothing was open on this day" in text(client.get("/receivables/?as_of=2030-01-01"))


def test_every_fault_is_listed_and_nothing_can_be_confirmed() -> None:
    client = manager()
    wrong = "number,customer,date,amount,currency\nR1,A,31.02.2026,1_000,EUR\nR2,B,2026-06-01,1.005,EUR\nR3,C,2026-06-01,5,EUX\n"
    where = upload(client, ("wrong.csv", wrong))["Location"]
    said = text(client.get(where))
    assert "faults" in said and "'1_000' is not an amount" in said and "31.02.2026" in said and "'1.005'" in said
    assert "did you mean" in said and "EUR" in said
    assert f"{where}start/" not in client.get(where).content.decode()
    client.post(f"{where}start/")
    run(client)
    assert waiting().state == "failed" and not Item.objects.exists()
    assert "not imported" in text(client.get(where)) and "'1_000' is not an amount" in text(client.get(where))


def test_faults_in_chinese() -> None:
    client = manager("zh-hans")
    where = upload(client, ("wrong.csv", "number,customer,date,amount,currency\nR1,A,2026-06-01,abc,EUR\n"))["Location"]
    assert "'abc' 不是金额" in text(client.get(where))


STRANGE = "Doc;Kunde;Tag;Summe\nX1;A;01/02/2026;1.234,50\nX2;B;13/02/2026;7,00\n"


def test_a_mapping_is_corrected_and_remembered() -> None:
    client = manager()
    where = upload(client, ("strange.csv", STRANGE))["Location"]
    assert "there is no column for" in text(client.get(where))
    chosen = {"column-0": "number", "column-1": "customer", "column-2": "date", "column-3": "amount"}
    client.post(f"{where}choose/", chosen | {"currency": "eur", "number_style": "1.234,50", "date_order": "dmy"})
    page = client.get(where)
    assert "Will be created" in text(page) and "Items 2" in text(page), text(page)
    assert Mapping.objects.count() == 1
    client.post(f"{where}start/")
    run(client)
    assert (
        Item.objects.get(number="X1").amount == 123450
        and Item.objects.get(number="X2").date.isoformat() == "2026-02-13"
    )

    later = upload(client, ("later.csv", STRANGE.replace("X1", "Y1").replace("X2", "Y2")))["Location"]
    page = client.get(later)
    assert "Read the way you confirmed" in text(page) and "Items 2" in text(page)
    client.post(f"{later}start/")
    run(client)
    assert Item.objects.get(number="Y1").amount == 123450


def test_a_correction_keeps_the_one_before() -> None:
    client = manager()
    where = upload(client, ("strange.csv", STRANGE))["Location"]
    chosen = {"column-0": "number", "column-1": "customer", "column-2": "date", "column-3": "amount"}
    rest = {"currency": "EUR", "number_style": "1.234,50", "date_order": "dmy"}
    client.post(f"{where}choose/", chosen | rest)
    client.post(f"{where}choose/", chosen | rest | {"date_order": "dmy", "currency": "USD"})
    assert Import.objects.get().options["mapping"] == {
        "number": "Doc",
        "customer": "Kunde",
        "date": "Tag",
        "amount": "Summe",
    }
    client.post(f"{where}choose/", chosen | rest | {"column-3": "", "column-2": "due"})
    mapping = Import.objects.get().options["mapping"]
    assert mapping["amount"] == "" and mapping["date"] == "" and mapping["due"] == "Tag"


def test_a_discarded_upload_is_gone() -> None:
    client = manager()
    where = upload(client, ("register.csv", REGISTER))["Location"]
    client.post(f"{where}discard/")
    assert waiting().state == "failed" and "Taken back" in text(client.get(where))
    assert not list((uploads.settings.HOME / uploads.FOLDER).iterdir())
    client.post(f"{where}undo/")
    assert waiting().state == "failed"


def test_a_lost_upload_is_said() -> None:
    client = manager()
    where = upload(client, ("register.csv", REGISTER))["Location"]
    uploads.discard(uploads.settings.HOME / waiting().path)
    assert client.get(where).status_code in (200, 409)
    client.post(f"{where}choose/", {"currency": "EUR"})
    client.post(f"{where}start/")
    assert not Item.objects.exists()


CUSTOMERS = "code,name\nA,Harbour Light\n"
ITEMS = "customer,number,kind,date,amount,currency\nA,I1,invoice,2026-06-01,10.00,EUR\n"


def zipped(*members: tuple[str, str]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in members:
            packed.writestr(name, body)
    return sink.getvalue()


@pytest.mark.parametrize(
    "files",
    [
        [("customers.csv", CUSTOMERS), ("items.csv", ITEMS)],
        [("book.zip", zipped(("mine/customers.csv", CUSTOMERS), ("mine/items.csv", ITEMS), ("__MACOSX/x.csv", "x")))],
    ],
    ids=["files", "zip"],
)
def test_a_book_in_several_files_or_one_zip(files: list[tuple[str, Any]]) -> None:
    client = manager()
    where = upload(client, *files)["Location"]
    said = text(client.get(where))
    assert "Customers 1" in said and "Items 1" in said, said
    client.post(f"{where}start/")
    run(client)
    assert Item.objects.get().number == "I1"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], "Choose a file first"),
        ([("a.csv", "x"), ("A.CSV", "y")], "Two files have the same name"),
        ([("b.zip", b"PK\x03\x04 nonsense")], "The ZIP can't be opened"),
        ([("b.zip", zipped(("../../evil.csv", "x")))], "names a file outside of itself"),
        ([("b.zip", zipped(("/etc/evil.csv", "x")))], "names a file outside of itself"),
        ([("b.zip", zipped(("a\\..\\..\\evil.csv", "x")))], "names a file outside of itself"),
        ([("b.zip", zipped(*[(f"{n}.csv", "x") for n in range(50)]))], "too much at once"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_uploads_that_are_refused(files: list[tuple[str, Any]], message: str) -> None:
    client = manager()
    answer = upload(client, *files)
    assert answer["Location"] == "/import/"
    assert message in text(client.get("/import/"))
    kept = uploads.settings.HOME / uploads.FOLDER
    assert not kept.exists() or not list(kept.iterdir()), "nothing is left behind"
    assert not Import.objects.exists()


def test_a_zip_that_lies_about_its_size_is_stopped(data_folder: Path) -> None:
    honest = bytearray(zipped(("items.csv", "x" * 5_000_000)))
    small = (5_000_000).to_bytes(4, "little")
    assert honest.count(small) == 2
    lying = bytes(honest.replace(small, (10).to_bytes(4, "little")))
    client = manager()
    upload(client, ("b.zip", lying))
    assert "can't be opened" in text(client.get("/import/")) or waiting().state == "pending"
    written = sum(path.stat().st_size for path in data_folder.rglob("*") if path.is_file())
    assert written < 1_000_000


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\book.csv", "book.csv"),
        ("a\0b\n.csv", "a_b_.csv"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("..", "file"),
        ("账 簿.csv", "账 簿.csv"),
        ("x" * 400 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_names_of_uploads_are_harmless(given: str, kept: str) -> None:
    assert uploads.safe_name(given) == kept


def test_an_auditor_sees_imports_and_changes_nothing() -> None:
    client = manager()
    where = upload(client, ("register.csv", REGISTER))["Location"]
    auditor = client_of(person("auditor", "auditor"))
    page = auditor.get(where)
    assert page.status_code == 200 and "Items 4" in text(page)
    assert "start/" not in page.content.decode() and 'name="files"' not in auditor.get("/import/").content.decode()
    assert auditor.post(f"{where}start/").status_code == 403


def test_an_import_that_later_facts_lean_on_is_not_undone(data_folder: Path) -> None:
    from django.utils import timezone

    from desk import PASSWORD  # noqa: F401
    from goodstanding.access.types import SYSTEM
    from ledger import day, pay

    file = data_folder / "r.csv"
    file.write_text("number,customer,date,amount,currency\nR1,A,2026-05-01,100.00,EUR\n")
    done = import_book(actor=SYSTEM, now=timezone.now(), reading=read(file))
    pay("A", "P1", 10000, day(6, 1), "oldest")
    client = manager()
    client.post(f"/import/{done.id}/undo/")
    assert "depend on this import" in text(client.get(f"/import/{done.id}/"))
    assert Import.objects.get().state == "done"
