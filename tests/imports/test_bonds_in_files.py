"""Promises and touches come in by files: judged or as told, once, refused by cell, taken back, and come again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.utils.timezone import make_aware

from goodstanding.actions.export_book import export_book
from goodstanding.actions.import_book import Imported, import_book
from goodstanding.actions.judge_promises import judge_all
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.record_touch import record_touch
from goodstanding.actions.set_rates import set_rates
from goodstanding.actions.undo_import import Depended, undo_import
from goodstanding.inbound.reading import read
from goodstanding.inbound.types import Options
from goodstanding.kernel.errors import Faults
from goodstanding.parties.models import Customer
from goodstanding.promises import models, queries
from goodstanding.promises.types import About, NewPromise, Promise
from goodstanding.receivables import queries as receivables
from goodstanding.receivables.models import Hold
from goodstanding.relations.models import Touch
from goodstanding.relations.types import NewTouch, Rate
from goodstanding.reports.book import digest
from goodstanding.reports.integrity import problems
from ledger import BY, NOW, customer, day, pay, post

pytestmark = pytest.mark.django_db

PROMISES = "id,customer,by,kind,made,due,amount,outcome,judged,received\n"
TOUCHES = "id,customer,kind,at,by,purpose,minutes,cost,outcome\n"


def bring(folder: Path, **tables: str) -> Imported:
    where = folder / f"book{len(list(folder.iterdir()))}"
    where.mkdir()
    for name, text in tables.items():
        (where / f"{name}.csv").write_text(text, encoding="utf-8")
    return import_book(**BY, reading=read(where, options=Options(currency="EUR")))


def said(folder: Path, **tables: str) -> list[str]:
    before = digest()
    with pytest.raises(Faults) as caught:
        bring(folder, **tables)
    assert digest() == before
    return [str(fault) for fault in caught.value.faults]


def stands(key: str) -> Promise:
    found = queries.find(key)
    assert found is not None
    return found


@pytest.fixture
def shop() -> Customer:
    return customer("A", currency="EUR")


@pytest.mark.usefixtures("shop")
def test_promises_are_judged_by_the_money_unless_the_file_says_what_became_of_them(tmp_path: Path) -> None:
    pay("A", "P-1", 4_000, day(2, 10))
    bring(
        tmp_path,
        promises=PROMISES
        + "kept,A,them,pay,2026-02-01,2026-02-12,30.00,,,\n"
        + "part,A,them,pay,2026-02-02,2026-02-15,20.00,,,\n"
        + "old,A,them,pay,2024-01-01,2024-02-01,50.00,,,\n"
        + "told,A,them,pay,2026-03-01,2026-03-09,70.00,kept,2026-03-08,\n"
        + "soon,A,them,pay,2026-06-20,2026-07-09,70.00,,,\n"
        + "back,A,us,call_back,2026-03-01,2026-03-02,,broken,2026-03-03,\n",
    )
    found = {key: stands(key) for key in ("kept", "part", "old", "told", "soon", "back")}
    assert [(each.state, each.received, each.judged) for each in found.values()] == [
        ("kept", 3_000, day(2, 10)),
        ("partly_kept", 1_000, day(2, 16)),
        ("broken", 0, datetime(2024, 2, 2, tzinfo=UTC).date()),
        ("kept", 7_000, day(3, 8)),
        ("open", 0, None),
        ("broken", 0, day(3, 3)),
    ]
    assert found["told"].given and not found["kept"].given
    judge_all(**BY, as_of=NOW.date())
    assert {key: (stands(key).state, stands(key).received) for key in found} == {
        key: (each.state, each.received) for key, each in found.items()
    }
    assert not problems()


@pytest.mark.usefixtures("shop")
def test_money_that_a_file_brings_keeps_the_promises_of_the_book(tmp_path: Path) -> None:
    promise = NewPromise("them", "pay", day(6, 1), day(6, 20), 5_000, "EUR")
    make_promise(**BY, customer="A", promise=promise, key="p")
    assert stands("p").state == "broken"
    bring(tmp_path, items="customer,number,kind,date,amount\nA,R-1,payment,2026-06-19,50.00\n")
    assert stands("p").state == "kept"


@pytest.mark.usefixtures("shop")
def test_the_same_rows_again_are_left_out_and_others_under_their_ids_refused(tmp_path: Path) -> None:
    post("A", "I-1", 9_000, day(1, 5))
    row, about = "p1,A,them,pay,2026-06-01,2026-07-20,30.00,,,\n", "promise,customer,item,amount\np1,A,I-1,30.00\n"
    touch = "t1,A,call,2026-06-03 10:15,Li,collect,12,3.50,promised\n"
    bring(tmp_path, promises=PROMISES + row, promise_items=about, touches=TOUCHES + touch)
    before = digest()
    again = bring(
        tmp_path,
        promises=PROMISES + row + "p2,A,us,answer,2026-06-02,2026-07-03,,,,\n",
        promise_items=about,
        touches=TOUCHES + touch + "t2,A,visit,2026-06-04,Li,care,60,,\n",
    )
    assert again.created == {"promises": 1, "touches": 1}
    assert again.skipped is not None
    assert {(each["table"], each["key"]) for each in again.skipped.to_pylist()} == {
        ("promises", "p1"),
        ("touches", "t1"),
    }
    assert digest() != before
    other = said(
        tmp_path, promises=PROMISES + row.replace("30.00", "31.00"), touches=TOUCHES + touch.replace(",12,", ",13,")
    )
    assert [each.split(":")[0] for each in other] == ['row 2, "id"', 'row 2, "id"'], other
    assert said(tmp_path, promise_items=about.replace("30.00", "29.00"))
    noon = make_aware(datetime(2026, 6, 4, 12))  # noqa: DTZ001 — of this firm's clock
    assert Touch.objects.get(key="t2").at == noon
    assert Touch.objects.get(key="t1").at == make_aware(datetime(2026, 6, 3, 10, 15))  # noqa: DTZ001


BAD = {
    "them,delivery,2026-06-01,2026-07-01,1.00,,,": "kind",
    "they,pay,2026-06-01,2026-07-01,1.00,,,": "by",
    "them,pey,2026-06-01,2026-07-01,1.00,,,": "kind",
    "them,pay,2026-06-01,2026-07-01,,,,": "amount",
    "them,pay,2026-06-01,2026-07-01,0,,,": "amount",
    "them,pay,2026-06-01,2026-05-01,1.00,,,": "due",
    "them,pay,2026-06-01,2026-06-31,1.00,,,": "due",
    "them,pay,2026-06-01,2026-07-01,1.00,maybe,2026-07-02,": "outcome",
    "them,pay,2026-06-01,2026-07-01,1.00,kept,,": "outcome",
    "them,pay,2026-06-01,2026-07-01,1.00,,2026-07-01,": "judged",
    "them,pay,2026-06-01,2026-07-01,1.00,broken,2026-05-02,": "judged",
    "them,pay,2026-06-01,2026-07-01,1.00,partly_kept,2026-07-02,": "outcome",
    "them,pay,2026-06-01,2026-07-01,1.00,kept,2026-07-02,0.50": "outcome",
    "them,pay,2026-06-01,2026-07-01,1.00,partly_kept,2026-07-02,1.50": "received",
}


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("cells", BAD)
def test_a_bad_cell_of_a_promise_is_refused_by_row_and_field(cells: str, tmp_path: Path) -> None:
    found = said(tmp_path, promises=f"{PROMISES}good,A,us,answer,2026-06-01,2026-07-01,,,,\np,A,{cells}\n")
    assert [each for each in found if each.startswith(f'row 3, "{BAD[cells]}"')], found
    assert all(each.startswith("row 3") for each in found)


@pytest.mark.usefixtures("shop")
def test_a_bad_cell_of_a_touch_is_refused_by_row_and_field(tmp_path: Path) -> None:
    found = said(
        tmp_path,
        touches=TOUCHES
        + "1,B,call,2026-06-03 10:15,Li,collect,12,3.50,promised\n"
        + "2,A,yodel,2026-06-03 10:15,Li,collect,12,3.50,promised\n"
        + "3,A,call,2026-06-03 25:15,Li,collect,12,3.50,promised\n"
        + "4,A,call,2026-06-03 10:15,Li,sing,12,3.50,promised\n"
        + "5,A,call,2026-06-03 10:15,Li,collect,1441,3.50,promised\n"
        + "6,A,call,2026-06-03 10:15,Li,collect,12,-3.50,promised\n"
        + "7,A,call,2026-06-03 10:15,Li,collect,12,3.50,hm\n"
        + "2,A,call,2026-06-03 10:15,Li,collect,12,3.50,\n",
    )
    fields = {each.split(":")[0] for each in found}
    assert fields == {
        'row 3, "kind"',
        'row 4, "at"',
        'row 5, "purpose"',
        'row 6, "minutes"',
        'row 7, "cost"',
        'row 8, "outcome"',
        'row 9, "id"',
    }, found
    assert said(tmp_path, touches=TOUCHES + "1,B,call,2026-06-03,Li,collect,12,3.50,\n", customers="code,name\nC,C\n")
    assert "future" not in str(found)


@pytest.mark.usefixtures("shop")
def test_items_of_promises_are_of_the_group_and_the_currency_and_not_above_the_item(tmp_path: Path) -> None:
    customer("Z", currency="EUR")
    post("Z", "I-9", 9_000, day(1, 5))
    post("A", "I-1", 9_000, day(1, 5))
    post("A", "I-2", 9_000, day(1, 5), currency="USD")
    row = "p1,A,them,pay,2026-06-01,2026-07-20,30.00,,,\n"
    found = said(
        tmp_path,
        promises=PROMISES + row,
        promise_items="promise,customer,item,amount\np1,Z,I-9,\np1,A,I-1,90.01\np1,A,I-2,\np1,A,I-3,\np7,A,I-1,\n",
    )
    assert [each.split(":")[0] for each in found] == [
        'row 2, "customer"',
        'row 3, "amount"',
        'row 4, "item"',
        'row 5, "item"',
        'row 6, "promise"',
    ], found


@pytest.mark.usefixtures("shop")
def test_a_promise_is_renewed_once_and_only_by_its_customer(tmp_path: Path) -> None:
    customer("Z", currency="EUR")
    make_promise(**BY, customer="Z", promise=NewPromise("us", "visit", day(5, 1), day(5, 2)), key="z")
    head = "id,customer,by,kind,made,due,renews\n"
    found = said(
        tmp_path,
        promises=head
        + "a,A,us,visit,2026-05-01,2026-05-09,\nb,A,us,visit,2026-05-10,2026-05-12,a\n"
        + "c,A,us,visit,2026-05-11,2026-05-13,a\nd,A,us,visit,2026-05-11,2026-05-13,z\n"
        + "e,A,us,visit,2026-05-11,2026-05-13,none\nf,A,us,visit,2026-05-11,2026-05-13,f\n",
    )
    assert [each.split(":")[0] for each in found] == [f'row {n}, "renews"' for n in (3, 4, 5, 6, 7)], found
    bring(
        tmp_path,
        promises=head + "a,A,us,visit,2026-05-01,2026-05-09,\nb,A,us,visit,2026-05-10,2026-05-12,a\n",
    )
    assert stands("b").renews == "a"


@pytest.mark.usefixtures("shop")
def test_an_import_is_taken_back_and_comes_again_as_often_as_one_likes(tmp_path: Path) -> None:
    promise = PROMISES + "p1,A,them,pay,2026-06-01,2026-07-20,30.00,,,\n"
    touch = TOUCHES + "t1,A,call,2026-06-03 10:15,Li,collect,12,3.50,promised\n"
    for times in (1, 2, 3):
        done = bring(tmp_path, promises=promise, touches=touch)
        assert not done.repeated
        assert stands("p1").state == "open"
        assert Touch.objects.filter(withdrawal=None).count() == 1
        assert models.Promise.objects.count() == 1 and Touch.objects.count() == times
        undone = undo_import(**BY, import_id=done.id)
        assert undone.counts["promises"] == undone.counts["touches"] == 1
        assert stands("p1").state == "withdrawn"
        assert not Touch.objects.filter(withdrawal=None).exists()
    assert not problems()


@pytest.mark.usefixtures("shop")
def test_what_leans_on_an_imports_promise_is_named_and_its_customers_stay(tmp_path: Path) -> None:
    done = bring(tmp_path, customers="code,name,currency\nN,New,EUR\n")
    record_touch(**BY, customer="N", touch=NewTouch("call", NOW, "care"), key="x")
    assert undo_import(**BY, import_id=done.id).counts["customers"] == 0
    done = bring(tmp_path, promises=PROMISES + "p1,A,us,answer,2026-06-01,2026-06-20,,,,\n")
    bring(tmp_path, promises="id,customer,by,kind,made,due,renews\np2,A,us,answer,2026-06-21,2026-06-29,p1\n")
    with pytest.raises(Depended) as caught:
        undo_import(**BY, import_id=done.id)
    assert "p2" in caught.value.message


@pytest.mark.usefixtures("shop")
def test_what_a_touch_cost_comes_from_the_rates_where_the_file_is_silent(tmp_path: Path) -> None:
    set_rates(**BY, rates=[Rate("call", "EUR", day(1, 1), 100, 50)])
    bring(tmp_path, touches=TOUCHES + "1,A,call,2026-06-03 10:15,Li,,12,,\n2,A,call,2026-06-03 10:15,Li,,12,1.00,\n")
    assert list(Touch.objects.order_by("key").values_list("cost", "currency", "purpose", "outcome")) == [
        (1_250, "EUR", "care", "done"),
        (100, "EUR", "care", "done"),
    ]


@pytest.mark.usefixtures("shop")
def test_our_broken_promise_holds_once_though_the_book_went_out_and_in(tmp_path: Path) -> None:
    item = post("A", "I-1", 9_000, day(1, 5))
    promise = NewPromise("us", "credit_note", day(5, 1), day(5, 9), items=(About(item.id),))
    make_promise(**BY, customer="A", promise=promise, key="ours")
    judge_all(**BY, as_of=NOW.date())
    assert Hold.objects.count() == 1
    before = digest()
    export_book(**BY, folder=tmp_path / "out")
    from conftest import wipe

    connection.check_constraints()  # PostgreSQL empties no table that still waits to be checked
    wipe()
    post("A", "early", 1, day(1, 1)) if Customer.objects.exists() else customer("OTHER", currency="EUR")
    post("OTHER", "first", 100, day(1, 1))  # so that ids differ
    import_book(**BY, reading=read(tmp_path / "out"))
    judge_all(**BY, as_of=NOW.date())
    assert Hold.objects.count() == 1
    assert {name: digest()[name] for name in ("promises", "promise_items", "holds", "touches")} == {
        name: before[name] for name in ("promises", "promise_items", "holds", "touches")
    }


@pytest.mark.usefixtures("shop")
def test_undoing_an_import_lets_go_of_what_its_promises_held_and_it_may_come_again(tmp_path: Path) -> None:
    item = post("A", "I-1", 9_000, day(1, 5))
    files = {
        "promises": PROMISES + "ours,A,us,credit_note,2026-05-01,2026-05-09,,,,\n",
        "promise_items": "promise,customer,item\nours,A,I-1\n",
    }
    for times in (1, 2, 3):
        done = bring(tmp_path, **files)
        judge_all(**BY, as_of=NOW.date())
        assert receivables.held([item], NOW.date()) == {item.id: 9_000}, times
        judge_all(**BY, as_of=NOW.date())
        assert Hold.objects.count() == times
        assert undo_import(**BY, import_id=done.id).counts["holds"] == 1
        assert receivables.held([item], NOW.date()) == {}
    assert not problems()


@pytest.mark.usefixtures("shop")
def test_what_an_import_s_promise_holds_of_the_import_s_own_does_not_keep_it_in_the_book(tmp_path: Path) -> None:
    done = bring(
        tmp_path,
        promises=PROMISES + "ours,A,us,credit_note,2026-05-01,2026-05-09,,,,\n",
        promise_items="promise,customer,item\nours,A,I-2\n",
        items="number,customer,kind,date,amount\nI-2,A,invoice,2026-01-05,10.00\n",
    )
    judge_all(**BY, as_of=NOW.date())
    assert Hold.objects.count() == 1
    assert undo_import(**BY, import_id=done.id).counts["holds"] == 1
    assert not problems()


@pytest.mark.usefixtures("shop")
def test_what_an_import_s_payments_kept_is_judged_again_when_it_is_undone(tmp_path: Path) -> None:
    make_promise(**BY, customer="A", promise=NewPromise("them", "pay", day(6, 1), day(6, 20), 3_000, "EUR"), key="p")
    make_promise(**BY, customer="A", promise=NewPromise("them", "pay", day(6, 1), day(7, 20), 3_000, "EUR"), key="q")
    done = bring(
        tmp_path,
        items="number,customer,kind,date,amount\nP-1,A,payment,2026-06-10,30.00\nP-2,A,payment,2026-06-11,30.00\n",
    )
    assert (stands("p").state, stands("q").state) == ("kept", "kept")
    undo_import(**BY, import_id=done.id)
    assert (stands("p").state, stands("q").state) == ("broken", "open")
    assert stands("p").received == stands("q").received == 0
