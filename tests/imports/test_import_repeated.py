"""The same file again, overlapping files, other bodies under a known key, and taking an import back."""

from datetime import date
from pathlib import Path

import pytest

from goodstanding.access.models import AuditEntry
from goodstanding.access.types import SYSTEM
from goodstanding.actions.import_book import Imported, import_book
from goodstanding.actions.undo_import import Depended, undo_import
from goodstanding.engine.aging import aging
from goodstanding.inbound.reading import read
from goodstanding.inbound.types import Options
from goodstanding.kernel.errors import Faults, Refused
from goodstanding.parties.models import Customer
from goodstanding.receivables.models import Item, Match
from goodstanding.reports.book import current_book, digest
from goodstanding.reports.integrity import problems
from ledger import BY, NOW, day, open_of, pay, post

pytestmark = pytest.mark.django_db

HEAD = "number,customer,date,due,amount,paid on,currency\n"
FIRST = HEAD + "I-1,A,2026-05-01,2026-05-31,100.00,2026-06-10,EUR\nI-2,B,2026-05-02,2026-06-01,50.00,,EUR\n"


def bring(folder: Path, text: str, name: str = "list.csv", **options: object) -> Imported:
    (folder / name).write_text(text, encoding="utf-8")
    chosen = Options(**options)
    return import_book(**BY, reading=read(folder / name, options=chosen), options=chosen)


def faults_of(folder: Path, text: str, name: str = "list.csv") -> list[str]:
    before, rows = digest(), Item.objects.count()
    with pytest.raises(Faults) as caught:
        bring(folder, text, name)
    assert digest() == before and Item.objects.count() == rows
    return [str(fault) for fault in caught.value.faults]


def test_the_same_file_again_does_nothing_and_names_the_first(tmp_path: Path) -> None:
    first = bring(tmp_path, FIRST)
    assert dict(first.created) == {"customers": 2, "items": 3, "matches": 1}
    before, entries = digest(), AuditEntry.objects.count()
    again = bring(tmp_path, FIRST, "other name.csv")
    assert (again.id, again.repeated, again.rows) == (first.id, True, 0)
    assert digest() == before
    assert AuditEntry.objects.count() == entries
    assert not problems()


def test_overlapping_lists_skip_and_list_what_is_there(tmp_path: Path) -> None:
    bring(tmp_path, FIRST)
    more = FIRST + "I-3,A,2026-06-03,2026-07-03,70.00,,EUR\n"
    second = bring(tmp_path, more, "june.csv")
    assert second.created["items"] == 1
    skipped = second.skipped
    assert skipped is not None
    listed = {(row["table"], row["row"]) for row in skipped.to_pylist()}
    assert {("items", 2), ("items", 3)} <= listed
    assert open_of("A", "I-3") == 7000 and open_of("A", "I-1") == 0
    assert not problems()


def test_two_equal_payments_of_one_day_are_both_kept(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "customers.csv").write_text("code,name,currency\nA,Anna,EUR\n")
    (book / "items.csv").write_text(
        "customer,number,kind,date,amount,currency\n"
        "A,P-1,payment,2026-06-01,25.00,EUR\nA,P-2,payment,2026-06-01,25.00,EUR\n"
    )
    done = import_book(**BY, reading=read(book))
    assert done.created["items"] == 2
    assert Item.objects.filter(kind="payment", amount=2500).count() == 2


def test_a_known_number_with_another_body_is_refused_by_row_and_column(tmp_path: Path) -> None:
    bring(tmp_path, FIRST)
    said = faults_of(tmp_path, FIRST.replace("I-2,B,2026-05-02,2026-06-01,50.00", "I-2,B,2026-05-02,2026-06-01,51.00"))
    assert len(said) == 1
    assert said[0].startswith("row 3, ") and "amount" in said[0] and "50.00" in said[0], said


def test_unknown_customers_of_a_book_are_refused_with_the_nearest(tmp_path: Path) -> None:
    Customer.objects.create(code="HARBOUR", name="Harbour Light", currency="EUR")
    said = faults_of(
        tmp_path, "customer,number,kind,date,amount,currency\nHARBUOR,X-1,invoice,2026-06-01,5.00,EUR\n", "items.csv"
    )
    assert len(said) == 1 and said[0].startswith('row 2, "customer"') and "HARBOUR" in said[0], said


def test_an_unknown_currency_is_refused_with_the_nearest(tmp_path: Path) -> None:
    said = faults_of(tmp_path, HEAD + "I-1,A,2026-05-01,,100.00,,EUX\n")
    assert len(said) == 1 and said[0].startswith('row 2, "currency"') and "EUR" in said[0], said


def test_all_faults_at_once_and_nothing_written(tmp_path: Path) -> None:
    said = faults_of(
        tmp_path,
        HEAD
        + "I-1,A,2026-02-30,,100.00,,EUR\nI-2,A,2026-02-03,,1_000,,EUR\nI-3,A,2026-02-03,,1.005,,EUR\n"
        + "I-4,A,2026-02-03,,10.00,,EUR\nI-4,A,2026-02-03,,11.00,,EUR\n",
    )
    assert [message.split(",")[0] for message in said] == ["row 2", "row 3", "row 4", "row 6"], said
    assert [message.split('"')[1] for message in said] == ["date", "amount", "amount", "number"], said
    assert not Customer.objects.exists()


def test_a_file_into_a_closed_period_is_refused_naming_it(tmp_path: Path) -> None:
    from goodstanding.actions.close_period import close_period

    close_period(**BY, through=date(2026, 5, 31))
    said = faults_of(tmp_path, FIRST)
    assert said and all("2026-05-31" in message for message in said), said


def test_undone_by_reversal_an_earlier_day_keeps_its_answer(tmp_path: Path) -> None:
    post_before = bring(tmp_path, HEAD + "K-1,A,2026-01-01,2026-01-31,10.00,,EUR\n", "kept.csv")
    done = bring(tmp_path, FIRST)
    earlier = aging(current_book(), date(2026, 6, 15)).rows
    undone = undo_import(**BY, import_id=done.id)
    assert undone.counts["items"] == 3 and undone.counts["matches"] == 1
    assert aging(current_book(), date(2026, 6, 15)).rows.equals(earlier)
    after = {row["key"]: row["total"] for row in aging(current_book(), NOW.date()).rows.to_pylist()}
    assert after == {"A": 1000}
    assert Item.objects.filter(batch=done.id).count() == 6 and Match.objects.filter(undoes__isnull=False).count() == 1
    assert not problems()
    with pytest.raises(Refused) as twice:
        undo_import(**BY, import_id=done.id)
    assert twice.value.code == "import_state"
    again = bring(tmp_path, FIRST)
    assert not again.repeated and again.id not in (done.id, post_before.id)
    assert open_of("B", "I-2") == 5000
    assert not problems()


def test_what_later_facts_lean_on_is_not_taken_back(tmp_path: Path) -> None:
    done = bring(tmp_path, FIRST)
    pay("B", "PAY-9", 5000, day(6, 20), "oldest")
    before = digest()
    with pytest.raises(Depended) as caught:
        undo_import(**BY, import_id=done.id)
    assert caught.value.code == "import_depended_on" and "PAY-9" in caught.value.message
    assert digest() == before


def test_undoing_into_a_closed_period_is_refused(tmp_path: Path) -> None:
    from goodstanding.actions.close_period import close_period

    done = bring(tmp_path, FIRST)
    close_period(**BY, through=date(2026, 6, 30))
    before = digest()
    with pytest.raises(Refused) as caught:
        undo_import(**BY, import_id=done.id, on=date(2026, 6, 30))
    assert caught.value.code == "closed_period" and "2026-06-30" in caught.value.message
    assert digest() == before


def test_an_undone_import_frees_only_customers_nobody_uses(tmp_path: Path) -> None:
    done = bring(tmp_path, FIRST)
    Customer.objects.create(code="OWN", name="Own", currency="EUR")
    post("A", "LATER", 100, day(6, 1))
    undo_import(**BY, import_id=done.id)
    assert set(Customer.objects.values_list("code", flat=True)) >= {"A", "B", "OWN"}


def test_only_who_may_import_imports(tmp_path: Path) -> None:
    from dataclasses import replace

    from goodstanding.kernel.errors import NotAllowed

    (tmp_path / "list.csv").write_text(FIRST)
    guest = replace(SYSTEM, roles=frozenset({"auditor"}))
    with pytest.raises(NotAllowed):
        import_book(actor=guest, now=NOW, reading=read(tmp_path / "list.csv"))
    assert not Item.objects.exists()
