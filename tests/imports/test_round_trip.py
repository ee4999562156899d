"""A book kept by hand, with every kind of correction, leaves by export and comes back the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from conftest import wipe
from goodstanding.actions.close_period import close_period
from goodstanding.actions.export_book import export_book
from goodstanding.actions.import_book import import_book
from goodstanding.actions.keep_promise import keep_promise, renew_promise, withdraw_promise
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.match_items import match_items
from goodstanding.actions.merge_customers import merge_customers
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.record_touch import record_touch
from goodstanding.actions.release_hold import release_hold
from goodstanding.actions.withdraw_touch import withdraw_touch
from goodstanding.collections.models import Completion, Undoing
from goodstanding.inbound.reading import read
from goodstanding.parties.models import Contact, Customer
from goodstanding.promises.types import About, NewPromise
from goodstanding.receivables.models import Item
from goodstanding.receivables.types import Match
from goodstanding.relations.types import NewTouch
from goodstanding.reports.book import database_tables, digest
from goodstanding.reports.integrity import problems
from ledger import BY, NOW, customer, day, give_up, pay, post, reverse, undo

NASTY = (
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@sum",
    "'quoted",
    "''",
    'a "b", c',
    "咖啡",
    "a;b",
    "00123",
    "1E5",
    "|x",
    "%y",
)


def keep_a_book() -> None:
    head = customer("G", currency="EUR", credit_limit=500_000)
    customer("A", parent=head, terms="net 30", territory="north")
    customer("B", parent=head)
    old = customer("OLD")
    Contact.objects.create(customer=head, name="=Li 雷", email="li@example.org", role="owner", birthday="02-29")
    post("A", "1", 10_000, day(1, 5), reference="'=1", seller="Müller", order="PO, 7")
    post("A", "2", 5_000, day(1, 6), kind="debit_note", tax=800)
    post("B", "1", 7_000, day(1, 7), currency="JPY", tax=70)
    post("OLD", "9", 900, day(1, 8))
    pay("A", "P1", 9_990, day(2, 1), "oldest", tolerance=50)
    pay("G", "P2", 3_000, day(2, 2))
    undo(_settled(), day(2, 5))
    reverse("B", "1", day(2, 6))
    post("B", "1", 7_700, day(2, 7), currency="JPY", entry=3)
    lost = give_up("OLD", "9", day(3, 1))
    post("OLD", "REC", 400, day(3, 5), kind="recovery", reference=lost.number)
    place_hold(**BY, item=("A", "2", 0), amount=2_000, reason="dispute", day=day(2, 9), key="h1", source="call")
    place_hold(**BY, item=("A", "2", 0), amount=1_000, reason="promise", day=day(2, 9), key="h2")
    release_hold(**BY, key="h1", day=day(2, 20), reason="settled")
    keep_promises()
    close_period(**BY, through=day(1, 31))
    merge_customers(
        **BY,
        merged="OLD",
        merged_version=old.version,
        survivor="A",
        survivor_version=1,
        on=day(4, 1),
        reason="one shop",
    )


def keep_promises() -> None:
    """Promises of both sides in every state, touches, one of them withdrawn, and steps, one of which came back."""
    about = (About(next(each.id for each in Item.objects.filter(customer__code="A") if each.number == "2"), 300),)
    pledge = NewPromise("them", "pay", day(2, 1), day(2, 20), 3_000, "EUR", 2, "=1", "Li 雷", "me", about, "plan", 1)
    make_promise(**BY, customer="A", promise=pledge, key="kept")
    make_promise(**BY, customer="B", promise=replace(pledge, due=day(3, 1), items=()), key="=broken")
    renew_promise(**BY, key="=broken", due=day(7, 20), day=day(3, 5))
    make_promise(**BY, customer="OLD", promise=NewPromise("us", "visit", day(2, 1), day(2, 9)), key="ours")
    keep_promise(**BY, key="ours", day=day(2, 20))
    make_promise(**BY, customer="A", promise=NewPromise("us", "answer", day(2, 1), day(2, 9)), key="dropped")
    withdraw_promise(**BY, key="dropped", day=day(2, 3), reason="a 'slip'")
    item = next(each.id for each in Item.objects.filter(customer__code="A") if each.number == "2")
    Completion.objects.create(item=item, level=1, on=day(3, 1), how="=call", posted_at=NOW)
    back = Completion.objects.create(item=item, level=2, on=day(3, 9), how="message", posted_at=NOW)
    Undoing.objects.create(completion=back, on=day(3, 10), why="bounced", posted_at=NOW)
    touch = NewTouch("call", NOW, "collect", minutes=7, cost=450, currency="EUR", outcome="promised", note="a,\n=b")
    record_touch(**BY, customer="A", touch=touch, key="t1")
    gone = record_touch(**BY, customer="B", touch=replace(touch, kind="visit", currency="JPY"), key="t2")
    withdraw_touch(**BY, customer="B", touch=gone.id, reason="twice")


def _settled() -> Match:
    """A payment of the group's head on its shop's debit note."""
    return match_items(**BY, credit=("G", "P2", 0), debit=("A", "2", 0), amount=1_000, day=day(2, 3))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_book_kept_by_hand_comes_back(form: str, tmp_path: Path) -> None:
    keep_a_book()
    before = digest()
    counts = export_book(**BY, folder=tmp_path / "out", form=form)
    assert {
        "promises": 5,
        "promise_items": 1,
        "touches": 2,
        "demands": 1,
        "holds": 2,
        "periods": 1,
        "contacts": 1,
        "customers": 4,
    }.items() <= counts.items() and counts["items"] >= 11
    wipe()
    done = import_book(**BY, reading=read(tmp_path / "out"))
    assert not done.repeated and digest() == before
    assert {name: table.num_rows for name, table in database_tables().items()} == counts
    assert [problem.message for problem in problems()] == []


@pytest.mark.django_db(transaction=True)
def test_what_a_spreadsheet_would_run_survives_inert(tmp_path: Path) -> None:
    for at, text in enumerate(NASTY):
        Customer.objects.create(code=f"K{at}", name=text, currency="EUR", territory=text[:60])
    before = digest()
    export_book(**BY, folder=tmp_path / "out")
    written = (tmp_path / "out" / "customers.csv").read_text("utf-8")
    assert "'=cmd" in written and ",=cmd" not in written and "'@sum" in written and "'+1" in written
    wipe()
    import_book(**BY, reading=read(tmp_path / "out"))
    assert dict(Customer.objects.values_list("code", "name")) == {f"K{at}": text for at, text in enumerate(NASTY)}
    assert digest() == before
