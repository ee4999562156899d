"""Work done on pages: record, match, undo, write off, reverse, edit. Every action, its refusals, and its trail."""

import re
from typing import Any

import pytest

from desk import client_of, manager, named, person, small_book, team, text
from goodstanding.access.models import AuditEntry
from goodstanding.access.types import SYSTEM
from goodstanding.parties import queries as parties
from goodstanding.parties.models import Contact, Customer
from goodstanding.receivables import queries
from goodstanding.receivables.models import Item, Match
from ledger import day, pay, post

pytestmark = pytest.mark.django_db
PAYMENT = {
    "number": "R1",
    "date": "2026-06-30",
    "amount": "120.00",
    "currency": "EUR",
    "way": "oldest",
    "reference": "",
}


def at(code: str, what: str) -> str:
    return f"/customers/{Customer.objects.get(code=code).pk}/{what}/"


def item_at(number: str, what: str = "") -> str:
    return f"/items/{Item.objects.get(number=number, entry=1).pk}/" + (f"{what}/" if what else "")


def open_of(number: str, code: str = "A") -> int:
    return queries.item(Customer.objects.get(code=code).pk, number).open


def said(client: Any, answer: Any) -> str:
    """What the page that an answer leads to says."""
    assert answer.status_code == 302, text(answer)
    return text(client.get(answer["Location"]))


def initial(client: Any, address: str) -> dict[str, str]:
    """The values of a page's form as a browser would send them back."""
    source = client.get(address).content.decode()
    found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', source))
    chosen = re.findall(r'<select[^>]*name="(\w+)".*?</select>', source, flags=re.S)
    for name in chosen:
        block = re.search(rf'<select[^>]*name="{name}".*?</select>', source, flags=re.S)
        picked = re.search(r'value="([^"]*)" selected', block.group(0)) if block else None
        found[name] = picked.group(1) if picked else ""
    return found


def test_a_payment_settles_the_oldest_first_and_says_so() -> None:
    small_book()
    client = manager()
    answer = client.post(at("A", "payment"), PAYMENT | {"amount": "1,000.00"})
    page = said(client, answer)
    assert "R1 recorded: it settles 2 items. 650.00 EUR is not matched yet." in page
    assert open_of("A2") == open_of("A1") == 0 and open_of("R1") == 65000
    entry = AuditEntry.objects.filter(action="record_payment").latest("sequence")
    assert entry.actor.startswith("Lin #") and entry.subject == "item A R1"
    again = client.post(at("A", "payment"), PAYMENT | {"amount": "1000.00"})
    assert "R1 was recorded already; nothing changed." in said(client, again)
    assert Item.objects.filter(number="R1").count() == 1


def test_a_payment_matched_by_hand_across_the_group() -> None:
    small_book()
    client = manager()
    mine, theirs = Item.objects.get(number="A1").pk, Item.objects.get(number="B1").pk
    form = client.get(at("A", "payment")).content.decode()
    assert f'name="part-{mine}"' in form and f'name="part-{theirs}"' in form, "members of the group are listed"
    assert f'name="part-{Item.objects.get(number="C1").pk}"' not in form
    parts = {f"part-{mine}": "50", f"part-{theirs}": "70.00"}
    assert "R1 recorded: it settles 2 items." in said(
        client, client.post(at("A", "payment"), PAYMENT | parts | {"way": "list"})
    )
    assert open_of("A1") == 5000 and open_of("B1", "B") == 0 and open_of("R1") == 0


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"amount": "1_000"}, "'1_000' is not an amount"),
        ({"amount": "１２３"}, "is not an amount"),
        ({"amount": "NaN"}, "'NaN' is not an amount"),
        ({"amount": "1.005"}, "'1.005' has more decimals than EUR (2)"),
        ({"amount": "0"}, "The amount must be above zero"),
        ({"amount": "-5"}, "The amount must be above zero"),
        ({"date": "2026-02-31"}, "Enter a valid date."),
        ({"date": ""}, "This field is required."),
        ({"number": " "}, "This field is required."),
        ({"number": "x" * 65}, "at most 64 characters"),
        ({"currency": "EUX"}, "Select a valid choice."),
        ({"way": "list"}, "Give an amount for at least one item below"),
        ({"tolerance": "99999"}, "tolerance"),
        ({"number": "PA", "amount": "51.00"}, "PA"),
    ],
)
def test_a_payment_that_is_refused_keeps_what_was_typed(changes: dict[str, str], told: str) -> None:
    small_book()
    client = manager()
    before = Item.objects.count(), Match.objects.count(), AuditEntry.objects.count()
    answer = client.post(at("A", "payment"), PAYMENT | {"reference": "as typed"} | changes)
    assert answer.status_code == 200
    assert told in text(answer), text(answer)[-900:]
    assert 'value="as typed"' in answer.content.decode()
    assert (Item.objects.count(), Match.objects.count(), AuditEntry.objects.count()) == before


def test_more_than_was_paid_can_not_be_given_away() -> None:
    small_book()
    client = manager()
    part = {f"part-{Item.objects.get(number='A2').pk}": "250.00", "way": "list"}
    answer = client.post(at("A", "payment"), PAYMENT | part)
    assert answer.status_code == 200 and "250.00" in text(answer) and "120.00" in text(answer)
    assert not Item.objects.filter(number="R1").exists()


def test_a_rest_within_the_tolerance_is_written_off() -> None:
    small_book()
    client = manager()
    parts = {f"part-{Item.objects.get(number='A1').pk}": "99.50", "way": "list"}
    page = said(client, client.post(at("A", "payment"), PAYMENT | parts | {"amount": "99.50", "tolerance": "1.00"}))
    assert "0.50 EUR was written off within the tolerance." in page
    assert open_of("A1") == 0


def test_other_documents() -> None:
    small_book()
    client = manager()
    given = {
        "kind": "credit_note",
        "number": "CN1",
        "date": "2026-06-29",
        "amount": "30",
        "currency": "EUR",
        "tax": "",
        "reference": "",
        "order": "",
        "seller": "",
        "reason": "discount",
        "due": "",
    }
    assert "CN1 recorded." in said(client, client.post(at("A", "document"), given))
    assert open_of("CN1") == 3000
    refused = client.post(at("A", "document"), given | {"amount": "31"})
    assert refused.status_code == 200 and "CN1" in text(refused)
    late = client.post(at("A", "document"), given | {"number": "CN2", "tax": "99"})
    assert "The tax must lie between zero and the amount." in text(late)


def test_match_by_hand_and_undo_it() -> None:
    small_book()
    client = manager()
    post("A", "A3", 2000, day(6, 1))
    pay("A", "P3", 2000, day(6, 2), "none")
    form = initial(client, item_at("P3"))
    assert form["other"] == "" or form["other"]
    chosen = str(Item.objects.get(number="A3").pk)
    assert f'value="{chosen}" data-fits="20.00"' in client.get(item_at("P3")).content.decode()
    sent = {"key": form["key"], "other": chosen, "amount": "20.00", "day": "2026-06-30"}
    assert "Matched with A3." in said(client, client.post(item_at("P3", "match"), sent))
    assert open_of("A3") == open_of("P3") == 0
    client.post(item_at("P3", "match"), sent)
    assert Match.objects.filter(credit_item__number="P3").count() == 1, "the same form again changes nothing"
    key = Match.objects.get(credit_item__number="P3").key
    assert "A3 is open again" in said(client, client.post(item_at("A3", "undo-match"), {"key": key}))
    assert open_of("A3") == open_of("P3") == 2000
    over = client.post(item_at("P3", "match"), sent | {"key": "other", "amount": "20.01"})
    assert "20.01" in said(client, over) and open_of("P3") == 2000
    for wrong in (
        {"other": ""},
        {"other": "x"},
        {"amount": ""},
        {"amount": "ten"},
        {"day": "31.02."},
        {"other": "999999"},
    ):
        answer = client.post(item_at("P3", "match"), sent | {"key": "w"} | wrong)
        assert answer.status_code in (302, 404), wrong
    assert open_of("P3") == 2000


def test_write_off_once_and_take_it_back() -> None:
    small_book()
    client = manager()
    form = initial(client, item_at("A2"))
    assert form["number"] == "A2-WO"
    sent = {"number": "A2-WO", "amount": "250.00", "reason": "bad_debt", "day": "2026-06-30"}
    assert "Written off from A2." in said(client, client.post(item_at("A2", "write-off"), sent))
    client.post(item_at("A2", "write-off"), sent)
    assert open_of("A2") == 0 and Item.objects.filter(kind="write_off").count() == 1
    reversed_ = client.post(
        item_at("A2-WO", "reverse"), {"day": "2026-06-30", "reason": "paid after all", "undo_matches": "on"}
    )
    assert "A2-WO is reversed" in said(client, reversed_)
    assert open_of("A2") == 25000


def test_a_reversal_needs_a_reason_and_open_matches_undone() -> None:
    small_book()
    client = manager()
    for sent in ({"day": "2026-06-30", "reason": ""}, {"day": "2026-06-30", "reason": "typing error"}):
        client.post(item_at("PA", "reverse"), sent)
    assert not Item.objects.filter(number="PA", entry=2).exists(), "no reason; then matched"
    client.post(item_at("PA", "reverse"), {"day": "2026-06-30", "reason": "typing error", "undo_matches": "on"})
    assert open_of("A2") == 30000


def test_facts_change_once_and_a_stale_form_is_refused() -> None:
    small_book()
    client = manager()
    form = initial(client, at("A", "edit"))
    assert form["version"] == "1" and form["name"] == "Harbour Light Cafés"
    changed = form | {"account_manager": "Wei Chen", "credit_limit": "9,000.00", "currency": "EUR", "terms": "net 30"}
    assert "Saved." in said(client, client.post(at("A", "edit"), changed))
    found = parties.customer(SYSTEM, "A")
    assert (found.account_manager, found.credit_limit, found.terms, found.version) == ("Wei Chen", 900000, "net 30", 2)
    stale = client.post(at("A", "edit"), changed | {"name": "Other"})
    assert (
        stale.status_code == 200 and "Somebody changed Harbour Light Cafés since you opened it." in text(stale)
    ) or "Somebody changed" in text(stale)
    assert parties.customer(SYSTEM, "A").name == "Harbour Light Cafés"
    fresh = initial(client, at("A", "edit"))
    for wrong, told in (
        ({"terms": "soon"}, "terms"),
        ({"parent": "B"}, "group"),
        ({"parent": "ZZ"}, "ZZ"),
        ({"name": ""}, "required"),
        ({"credit_limit": "1e9"}, "not an amount"),
    ):
        answer = client.post(at("A", "edit"), fresh | wrong)
        assert answer.status_code in (200, 404) and parties.customer(SYSTEM, "A").version == 2, wrong
        if answer.status_code == 200:
            assert told in text(answer), wrong


def test_who_may_not_lend_edits_the_rest_only() -> None:
    small_book()
    client = client_of(person("ann", "account_manager"))
    form = initial(client, at("A", "edit"))
    sent = form | {"kind": "roastery", "credit_limit": "1.00", "terms": "net 90", "status": "closed"}
    assert "Saved." in said(client, client.post(at("A", "edit"), sent))
    found = parties.customer(SYSTEM, "A")
    assert (found.kind, found.credit_limit, found.terms, found.status) == ("roastery", None, "", "active")


def test_contacts_are_added_changed_and_never_lost() -> None:
    small_book()
    client = manager()
    form = initial(client, at("A", "people/edit")) | {"name": "何俊", "role": "owner", "may_contact": "on"}
    assert "何俊 saved." in said(client, client.post(at("A", "people/edit"), form))
    assert "already has a contact 何俊" in text(client.post(at("A", "people/edit"), form))
    change = initial(client, at("A", "people/edit") + "?name=何俊")
    assert (change["was"], change["version"]) == ("何俊", "1")
    sent = change | {"name": "何军", "email": "he@example.com", "may_contact": "on"}
    client.post(at("A", "people/edit"), sent)
    assert list(Contact.objects.values_list("name", "email", "version")) == [("何军", "he@example.com", 2)]
    assert "Somebody changed" in text(client.post(at("A", "people/edit"), sent | {"phone": "1"}))
    assert "not" in text(client.post(at("A", "people/edit"), form | {"name": "X", "email": "a@b.c, z@z.z"})).lower()
    assert Contact.objects.count() == 1


def test_nobody_works_on_what_they_may_not_see() -> None:
    small_book()
    team("South", "south", [person("member", "cashier").username])
    stranger = client_of(person("stranger", "cashier", "credit_manager"))
    hidden_client = client_of(person("outside", "cashier"))
    for what in ("payment", "document"):
        assert hidden_client.get(at("C", what)).status_code == 404
        assert hidden_client.post(at("C", what), PAYMENT).status_code == 404
        assert stranger.get(at("C", what)).status_code == 200
    assert hidden_client.post(item_at("C1", "match"), {"other": "1", "amount": "1.00"}).status_code == 404
    assert hidden_client.post(item_at("C1", "undo-match"), {"key": "x"}).status_code == 404
    assert client_of(person("audit", "auditor")).get(at("A", "payment")).status_code == 403
    page = text(client_of(person("audit2", "auditor")).get(item_at("A2")))
    assert "Work on it" not in page and "Write off" not in page
    assert "Work on it" not in text(manager().get(item_at("A2") + "?as_of=2026-06-29")), "a past day is read only"


def test_a_merged_customer_takes_no_payment() -> None:
    small_book()
    named("Z", "Old name", status="merged")
    assert "Record a payment" not in text(manager().get(f"/customers/{Customer.objects.get(code='Z').pk}/"))
