"""People and customers change through actions only: rights, visibility, versions, circles, and what the trail tells."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction

from goodstanding.access.models import AuditEntry
from goodstanding.access.queries import trail, verify_chain
from goodstanding.access.types import SYSTEM, Actor
from goodstanding.actions.edit_customer import add_customer, edit_customer
from goodstanding.actions.merge_customers import merge_customers
from goodstanding.actions.save_contact import save_contact
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused, StaleVersion
from goodstanding.parties.bulk import save_contacts, save_customers
from goodstanding.parties.models import Contact as ContactRow
from goodstanding.parties.models import Customer as CustomerRow
from goodstanding.parties.models import Merge
from goodstanding.parties.queries import contacts, customer, groups_of, ids, merges, search, survivors
from goodstanding.parties.types import Contact, Customer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
SELLER = Actor(5, "Chen", frozenset({"account_manager"}), frozenset({"North"}), frozenset({"South"}))


def add(code: str, actor: Actor = SYSTEM, **details: Any) -> Customer:
    return add_customer(actor=actor, now=NOW, code=code, details={"name": f"Shop {code}", **details})


def change(code: str, actor: Actor = SYSTEM, **changes: Any) -> Customer:
    version = CustomerRow.objects.get(code=code).version
    return edit_customer(actor=actor, now=NOW, code=code, version=version, changes=changes)


def merge(merged: str, survivor: str, *, on: date = TODAY, actor: Actor = SYSTEM) -> None:
    version = dict(CustomerRow.objects.values_list("code", "version"))
    merge_customers(
        actor=actor,
        now=NOW,
        merged=merged,
        merged_version=version.get(merged, 1),
        survivor=survivor,
        survivor_version=version.get(survivor, 1),
        on=on,
        reason="same shop",
    )


def refused(code: str, kind: type[Refused], attempt: Any, /, *words: Any, **given: Any) -> Refused:
    """The attempt is refused, and nothing at all is written."""
    before = [list(model.objects.order_by("pk").values()) for model in (CustomerRow, ContactRow, Merge, AuditEntry)]
    with pytest.raises(kind) as refusal, transaction.atomic():
        attempt(*words, **given)
    after = [list(model.objects.order_by("pk").values()) for model in (CustomerRow, ContactRow, Merge, AuditEntry)]
    assert before == after
    assert refusal.value.code == code
    assert refusal.value.message
    return refusal.value


def test_a_customer_is_added_found_and_changed() -> None:
    made = add(" C1 ", name=" 单氏咖啡 ", currency="CNY", credit_limit=5_000_00, terms="月结30天", territory="North")
    assert (made.code, made.name, made.version, made.credit_limit) == ("C1", "单氏咖啡", 1, 500_000)
    assert [each.code for each in search(SYSTEM, "shanshi")] == ["C1"]
    changed = change("C1", name="曾氏咖啡", kind="cafe", territory="North")
    assert (changed.name, changed.kind, changed.version) == ("曾氏咖啡", "cafe", 2)
    assert search(SYSTEM, "shanshi") == []
    assert [each.code for each in search(SYSTEM, "zengshi")] == ["C1"]
    newest = trail(subject="customer C1")[0]
    assert newest.before == {"name": "单氏咖啡", "kind": ""}
    assert newest.after == {"name": "曾氏咖啡", "kind": "cafe"}
    assert change("C1", name="曾氏咖啡").version == 2, "what changes nothing is not written"
    assert len(trail(subject="customer C1")) == 2
    assert verify_chain() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "empty"),
        ({"name": "  "}, "empty"),
        ({"name": "x" * 201}, "text_too_long"),
        ({"name": "Luna\r\nBcc: x"}, "text"),
        ({"name": "Luna\0"}, "text"),
        ({"name": "Luna\ud800"}, "text"),
        ({"kind": "a\u2028b"}, "text"),
        ({"currency": "EURO"}, "unknown_currency"),
        ({"terms": "as agreed"}, "terms"),
        ({"credit_limit": -1, "currency": "EUR"}, "credit_limit"),
        ({"credit_limit": 1.5, "currency": "EUR"}, "credit_limit"),
        ({"credit_limit": True, "currency": "EUR"}, "credit_limit"),
        ({"credit_limit": 10**15 + 1, "currency": "EUR"}, "credit_limit"),
        ({"credit_limit": 100}, "limit_without_currency"),
        ({"status": "merged"}, "status"),
        ({"status": "gone"}, "status"),
        ({"version": 7}, "unknown_field"),
        ({"search": "x"}, "unknown_field"),
        ({"id": 9}, "unknown_field"),
        ({"parent": "C1"}, "circle"),
    ],
)
def test_unfit_changes_are_refused(changes: dict[str, Any], code: str) -> None:
    add("C1")
    refused(code, Refused, change, "C1", **changes)


def test_a_number_is_no_detail_even_when_it_is_the_same() -> None:
    add("C1")
    refused("unknown_field", Refused, change, "C1", id=CustomerRow.objects.get(code="C1").pk)


def test_unfit_customers_are_refused() -> None:
    add("C1", currency="EUR", credit_limit=100)
    refused("code_taken", Refused, add, "C1")
    refused("empty", Refused, add, "  ")
    refused("text_too_long", Refused, add, "C" * 65)
    refused("text", Refused, add, "C\n2")
    refused("limit_without_currency", Refused, change, "C1", currency="")
    refused("no_such_customer", NotFound, add, "C2", parent="C9")


def test_somebody_was_quicker() -> None:
    read = add("C1")
    change("C1", kind="cafe")
    refused(
        "stale_version",
        StaleVersion,
        edit_customer,
        actor=SYSTEM,
        now=NOW,
        code="C1",
        version=read.version,
        changes={"kind": "bar"},
    )


def test_groups_never_run_in_circles() -> None:
    for code, parent in (("A", ""), ("B", "A"), ("C", "B"), ("D", "C")):
        add(code, parent=parent)
    for parent in "ABCD":
        refused("circle", Refused, change, "A", parent=parent)
    refused("circle", Refused, change, "B", parent="D")
    change("D", parent="A")
    change("C", parent="D")
    assert customer(SYSTEM, "C").parent == "D"
    numbers = ids()
    assert set(groups_of(numbers.values()).values()) == {numbers["A"]}


def test_others_customers_do_not_exist() -> None:
    add("N", territory="North")
    add("S", territory="South")
    add("W", territory="West")
    unseen = refused("no_such_customer", NotFound, change, "S", SELLER, kind="x")
    never = refused("no_such_customer", NotFound, edit_customer, actor=SELLER, now=NOW, code="X", version=1, changes={})
    assert unseen.message.replace("'S'", "'X'") == never.message
    refused("no_such_customer", NotFound, change, "N", SELLER, parent="S")
    refused("territory_of_others", Refused, change, "N", SELLER, territory="South")
    refused("territory_of_others", Refused, add, "Z", SELLER, territory="South")
    refused("no_such_customer", NotFound, save_contact, actor=SELLER, now=NOW, contact=Contact("S", "Li"))
    assert change("N", SELLER, kind="bar").kind == "bar"
    assert change("W", SELLER, territory="North").territory == "North"
    change("N", SYSTEM, parent="S")
    assert customer(SELLER, "N").parent == "" and customer(SYSTEM, "N").parent == "S"
    assert change("N", SELLER, kind="cafe").kind == "cafe"
    assert customer(SYSTEM, "N").parent == "S", "an edit leaves the unseen group alone"


def test_credit_terms_need_their_own_right() -> None:
    add("C1", currency="EUR", terms="net 30", credit_limit=100)
    for changes in ({"terms": "net 60"}, {"credit_limit": 200}, {"status": "on_hold"}, {"credit_limit": None}):
        refused("not_allowed", NotAllowed, change, "C1", SELLER, **changes)
    assert change("C1", SELLER, terms="net 30", credit_limit=100, kind="bar").kind == "bar"
    refused("not_allowed", NotAllowed, add, "C2", SELLER, credit_limit=100, currency="EUR")
    assert add("C3", SELLER, kind="bar", status="active").code == "C3"


def test_merging_loses_nothing() -> None:
    add("A", name="Luna", terms="net 30")
    add("B", name="Luna Bar", territory="North")
    add("A1", parent="A")
    save_contact(actor=SYSTEM, now=NOW, contact=Contact("A", "Li"))
    save_contact(actor=SYSTEM, now=NOW, contact=Contact("B", "Wang"))
    merge("A", "B", on=date(2026, 2, 1))
    assert [(m.merged, m.survivor, m.on, m.reason) for m in merges()] == [("A", "B", date(2026, 2, 1), "same shop")]
    gone = customer(SYSTEM, "A")
    assert (gone.status, gone.name, gone.terms) == ("merged", "Luna", "net 30")
    assert [(each.customer, each.name) for each in contacts(SYSTEM, "B")] == [("A", "Li"), ("B", "Wang")]
    assert [each.name for each in contacts(SYSTEM, "A")] == ["Li"]
    assert customer(SYSTEM, "A1").parent == "B"
    numbers = ids()
    assert set(groups_of(numbers.values()).values()) == {numbers["B"]}
    told = trail(subject="customer A", action="merge_customers")[0]
    assert told.after == {"survivor": "B", "on": "2026-02-01", "reason": "same shop", "members": ["A1"]}
    before = told.before
    assert isinstance(before, dict) and before["name"] == "Luna" and before["contacts"] == ["Li"]
    assert trail(subject="customer B", action="merge_customers")[0].after == {"absorbed": "A", "on": "2026-02-01"}
    assert survivors(date(2026, 1, 31)) == {}
    assert survivors(date(2026, 2, 1)) == {"A": "B"}
    refused("merged", Refused, change, "A", kind="bar")
    refused("parent_merged", Refused, change, "A1", parent="A")


def test_chains_of_merges_end_at_who_carries_on() -> None:
    for code in "ABCDE":
        add(code)
    merge("A", "B", on=date(2026, 1, 10))
    merge("B", "C", on=date(2026, 1, 5))
    merge("D", "C", on=date(2026, 1, 20))
    merge("C", "E", on=date(2026, 2, 1))
    assert survivors(date(2026, 1, 4)) == {}
    assert survivors(date(2026, 1, 5)) == {"B": "C"}
    assert survivors(date(2026, 1, 10)) == {"A": "C", "B": "C"}
    assert survivors(date(2026, 1, 31)) == {"A": "C", "B": "C", "D": "C"}
    assert survivors(date(2026, 2, 1)) == {"A": "E", "B": "E", "C": "E", "D": "E"}
    numbers = ids()
    assert set(groups_of(numbers.values()).values()) == {numbers["E"]}


def test_merges_that_make_no_sense_are_refused() -> None:
    for code, parent in (("A", ""), ("B", "A"), ("C", "B"), ("X", ""), ("Y", "")):
        add(code, parent=parent)
    refused("merge_itself", Refused, merge, "A", "A")
    refused("merge_descendant", Refused, merge, "A", "B")
    refused("merge_descendant", Refused, merge, "A", "C")
    refused("no_such_customer", NotFound, merge, "A", "Z")
    refused("no_such_customer", NotFound, merge, "Z", "A")
    refused("day_to_come", Refused, merge, "X", "Y", on=date(2026, 3, 3))
    merge("X", "Y")
    refused("already_merged", Refused, merge, "X", "A")
    refused("already_merged", Refused, merge, "A", "X")
    refused("already_merged", Refused, merge, "Y", "X")
    refused("not_allowed", NotAllowed, merge, "A", "Y", actor=SELLER)
    merge("C", "A")
    assert customer(SYSTEM, "C").parent == "B"
    numbers = ids()
    assert groups_of(numbers.values())[numbers["C"]] == numbers["A"]


def test_a_merge_of_what_somebody_just_changed_is_refused() -> None:
    read = {code: add(code).version for code in ("A", "B")}
    for changed in ("A", "B"):
        change(changed, kind=f"{changed} bar")
        refused(
            "stale_version",
            StaleVersion,
            merge_customers,
            actor=SYSTEM,
            now=NOW,
            merged="A",
            merged_version=read["A"],
            survivor="B",
            survivor_version=read["B"],
            on=TODAY,
            reason="",
        )
        read[changed] += 1
    merge("A", "B")


def test_a_contact_is_added_and_changed() -> None:
    add("C1")
    li = Contact("C1", "Li", role="owner", email="li@shop.example", birthday="02-30", birthday_calendar="lunar")
    save_contact(actor=SELLER, now=NOW, contact=li)
    (kept,) = contacts(SYSTEM, "C1")
    assert (kept.email, kept.birthday, kept.may_contact, kept.version) == ("li@shop.example", "02-30", True, 1)
    renamed = Contact("C1", "Li Na", may_contact=False, version=1)
    save_contact(actor=SELLER, now=NOW, contact=renamed, was="Li")
    (kept,) = contacts(SYSTEM, "C1")
    assert (kept.name, kept.email, kept.may_contact, kept.version) == ("Li Na", "", False, 2)
    before = trail(subject="contact C1 Li Na")[0].before
    assert isinstance(before, dict) and before["name"] == "Li" and before["email"] == "li@shop.example"
    refused("stale_version", StaleVersion, save_contact, actor=SELLER, now=NOW, contact=renamed, was="Li")
    refused("stale_version", StaleVersion, save_contact, actor=SELLER, now=NOW, contact=renamed)
    refused("contact_taken", Refused, save_contact, actor=SELLER, now=NOW, contact=Contact("C1", "Li Na"))
    save_contact(actor=SELLER, now=NOW, contact=Contact("C1", "Wu"))
    clash = Contact("C1", "Wu", version=2)
    refused("contact_taken", Refused, save_contact, actor=SELLER, now=NOW, contact=clash, was="Li Na")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": " "}, "empty"),
        ({"name": "Li\r\nBcc: x@y.z"}, "text"),
        ({"email": "a@b.c, z@z.z"}, "email"),
        ({"email": "a@b.c\r\nBcc: z@z.z"}, "text"),
        ({"email": "nobody"}, "email"),
        ({"email": "a b@c.d"}, "email"),
        ({"email": "<a@b.c>"}, "email"),
        ({"phone": "1" * 65}, "text_too_long"),
        ({"birthday": "2026-13-01"}, "birthday"),
        ({"birthday": "1999-02-29"}, "birthday"),
        ({"birthday": "04-31"}, "birthday"),
        ({"birthday": "02-31", "birthday_calendar": "lunar"}, "birthday"),
        ({"birthday": "1 May"}, "birthday"),
        ({"birthday": "٠٢-٠١"}, "birthday"),
        ({"birthday_calendar": "julian"}, "calendar"),
    ],
)
def test_unfit_contacts_are_refused(given: dict[str, Any], code: str) -> None:
    add("C1")
    contact = Contact(**{"customer": "C1", "name": "Li", **given})
    refused(code, Refused, save_contact, actor=SYSTEM, now=NOW, contact=contact)


def test_a_file_adds_changes_and_merges() -> None:
    add("OLD", name="Old", kind="bar")
    saved = save_customers(
        {
            "code": ["C", "A", "B", "OLD", "M"],
            "name": ["Child", "Head", "Middle", "Old", "Merged"],
            "parent": ["B", None, "A", "A", None],
            "kind": ["x", None, "", None, ""],
            "merged_into": [None, None, None, None, "A"],
            "merged_on": [None, None, None, None, date(2026, 1, 5)],
            "since": [date(2020, 1, 1), None, None, None, None],
        },
        batch=7,
    )
    assert saved.ids == ids()
    assert (saved.created, saved.merged) == (["C", "A", "B", "M"], ["M"])
    assert saved.changed == {"OLD": {"parent": ""}}
    assert [customer(SYSTEM, code).parent for code in ("C", "B", "OLD", "A")] == ["B", "A", "A", ""]
    assert customer(SYSTEM, "OLD").kind == "bar", "an empty cell says nothing"
    assert customer(SYSTEM, "OLD").version == 2
    assert customer(SYSTEM, "M").status == "merged" and survivors(TODAY) == {"M": "A"}
    assert set(CustomerRow.objects.exclude(code="OLD").values_list("batch", flat=True)) == {7}
    again = save_customers(
        {"code": ["C", "M"], "name": ["Child", "Merged"], "kind": ["x", "bar"], "status": [None, "active"]}
    )
    assert (again.created, again.changed) == ([], {"M": {"kind": ""}})
    assert customer(SYSTEM, "M").status == "merged"
    made, changed = save_contacts({"customer": ["C", "A"], "name": ["Li", "Li"], "email": ["", "a@b.c"]}, saved.ids)
    assert (made, changed) == (2, {})
    made, changed = save_contacts({"customer": ["A", "A"], "name": ["Li", "Wu"], "email": ["x@b.c", None]}, saved.ids)
    assert (made, changed) == (1, {"A Li": {"email": "a@b.c"}})


def test_a_files_faults_are_told_all_at_once() -> None:
    add("HEAD")
    add("GONE")
    merge("GONE", "HEAD")
    table = {
        "row": [2, 3, 5, 6, 7, 8, 9, 10],
        "code": ["A", "B", "C", "D", "E", "GONE", "F", "HEAD"],
        "name": ["a", "b", "", "d\n", "e" * 201, "g", "f", "h"],
        "parent": ["B", "A", "HAED", None, None, None, None, "F"],
        "merged_into": [None, None, None, "E", "D", "A", "NOBODY", None],
        "merged_on": [None, None, None, None, TODAY, TODAY, TODAY, None],
        "credit_limit": [None, None, None, -5, None, None, None, None],
    }
    before = CustomerRow.objects.count()
    with pytest.raises(Refused) as refusal:
        save_customers(table)
    faults = {(fault.row, fault.column) for fault in refusal.value.faults}  # type: ignore[attr-defined]
    assert faults == {
        (2, "parent"), (3, "parent"), (5, "name"), (5, "parent"), (6, "name"), (7, "name"), (6, "credit_limit"),
        (6, "merged_on"), (6, "merged_into"), (7, "merged_into"), (8, "merged_into"), (9, "merged_into"),
    }  # fmt: skip
    messages = [str(fault) for fault in refusal.value.faults]  # type: ignore[attr-defined]
    assert "row 5, \"parent\": there is no customer 'HAED'; did you mean HEAD?" in messages
    assert CustomerRow.objects.count() == before
