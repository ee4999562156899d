"""A settled register becomes invoices, payments and matches; a mapping a person chose is used again for such a file."""

from datetime import date
from pathlib import Path

import pytest

from goodstanding.access.types import SYSTEM
from goodstanding.actions.choose_options import choose_options
from goodstanding.actions.import_book import import_book
from goodstanding.actions.receive_upload import receive_upload
from goodstanding.inbound.queries import remembered_options
from goodstanding.inbound.reading import read
from goodstanding.inbound.types import Options
from goodstanding.receivables.models import Item, Match
from goodstanding.reports.integrity import problems
from ledger import BY, NOW, day, open_of

pytestmark = pytest.mark.django_db

SETTLED = """number,customer,name,date,due,amount,open,paid on,currency
1,A,Harbour,2026-01-05,2026-02-04,100.00,,2026-02-10,EUR
2,A,Harbour,2026-01-06,2026-02-05,80.00,30.00,2026-02-11,EUR
3,B,咖啡之家,2026-01-07,2026-02-06,50.00,,,EUR
4,B,咖啡之家,2026-01-20,2026-02-19,60.00,,2026-01-15,EUR
"""
ODD = 'Beleg,Kunde,Wann,Brutto,Netto\nR1,A,25.01.2026,"119,00","100,00"\n'
CHOSEN = Options(mapping={"number": "Beleg", "customer": "Kunde", "date": "Wann", "amount": "Netto"}, currency="EUR")


def test_a_settled_register_becomes_invoices_payments_and_matches(tmp_path: Path) -> None:
    (tmp_path / "settled.csv").write_text(SETTLED, encoding="utf-8")
    done = import_book(**BY, reading=read(tmp_path / "settled.csv"))
    assert dict(done.created) == {"customers": 2, "items": 7, "matches": 3}
    payments = Item.objects.filter(kind="payment").order_by("number").values_list("number", "date", "amount")
    assert list(payments) == [
        ("1-PAID", date(2026, 2, 10), 10_000),
        ("2-PAID", date(2026, 2, 11), 5_000),
        ("4-PAID", date(2026, 1, 15), 6_000),
    ]
    matched = Match.objects.order_by("debit_item__number").values_list("debit_item__number", "date", "amount")
    assert list(matched) == [("1", date(2026, 2, 10), 10_000), ("2", date(2026, 2, 11), 5_000),
                             ("4", date(2026, 1, 20), 6_000)]  # fmt: skip
    assert [open_of("A", "1"), open_of("A", "2"), open_of("B", "3"), open_of("B", "4")] == [0, 3_000, 5_000, 0]
    assert [open_of("A", "1", day(2, 9)), open_of("A", "1", day(2, 10))] == [10_000, 0]
    assert [problem.message for problem in problems()] == []


def test_a_chosen_mapping_is_remembered_for_files_of_the_same_headers(tmp_path: Path, data_folder: Path) -> None:
    first = data_folder / "first.csv"
    first.write_text(ODD, encoding="utf-8")
    assert read(first).faults, "nobody can guess these headers"
    chosen = read(first, options=CHOSEN)
    waiting = receive_upload(actor=SYSTEM, now=NOW, path=first, name="first.csv")
    choose_options(actor=SYSTEM, now=NOW, waiting=waiting, reading=chosen, options=CHOSEN)

    (tmp_path / "second.csv").write_text(ODD.replace("R1", "R2").replace("100,00", "70,50"), encoding="utf-8")
    again = read(tmp_path / "second.csv", remembered=remembered_options)
    import_book(**BY, reading=again)
    assert list(Item.objects.values_list("number", "amount", "currency")) == [("R2", 7_050, "EUR")]

    other = "Nr,Kunde,Wann,Brutto,Netto\nR3,A,25.01.2026,1,1\n"
    (tmp_path / "other.csv").write_text(other, encoding="utf-8")
    assert read(tmp_path / "other.csv", remembered=remembered_options).faults, "another shape has no memory"
