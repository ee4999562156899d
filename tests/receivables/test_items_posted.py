"""Posting items: every kind, its sign, its key, and what no book can hold."""

from datetime import date

import pytest

from goodstanding.actions.record_item import record_item
from goodstanding.receivables import models, rules
from goodstanding.reports.integrity import problems
from ledger import BY, customer, day, give_up, new, open_of, pay, post, refused, reverse, settle

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["invoice", "debit_note", "refund", "late_fee", "opening"])
def test_debits_are_owed(kind: str) -> None:
    customer("C1")
    item = post("C1", "X-1", 1000, day(1, 5), kind)
    assert (item.sign, item.open, item.due) == (1, 1000, day(1, 5))
    assert not problems()


def test_a_credit_note_and_a_payment_are_unapplied_until_matched() -> None:
    customer("C1")
    note = post("C1", "CN-1", 300, day(1, 5), "credit_note")
    paid = pay("C1", "P-1", 500, day(1, 6)).item
    assert (note.sign, note.open, paid.sign, paid.open) == (-1, 300, -1, 500)


def test_every_kind_has_a_sign() -> None:
    assert set(rules.SIGNS) == set(models.Kind.values)
    assert {kind: rules.sign(kind, 2) for kind in rules.SIGNS} == {kind: -rules.sign(kind) for kind in rules.SIGNS}


def test_the_same_body_again_changes_nothing() -> None:
    customer("C1")
    first = record_item(**BY, customer="C1", item=new("INV-1", 1000, day(1, 5), reference="PO 7"))
    rows = models.Item.objects.count(), models.Balance.objects.count()
    again = record_item(**BY, customer="C1", item=new("INV-1", 1000, day(1, 5), reference="PO 7", due=day(1, 5)))
    assert again == first and again.repeated and not first.repeated
    assert (models.Item.objects.count(), models.Balance.objects.count()) == rows


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 1001},
        {"on": day(1, 6)},
        {"kind": "debit_note"},
        {"currency": "USD"},
        {"tax": 100},
        {"due": day(2, 5)},
        {"reference": "other"},
        {"order": "O-2"},
        {"seller": "Ann"},
        {"reason": "why"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_same_number_with_another_body_is_refused(change: dict[str, object]) -> None:
    customer("C1")
    post("C1", "INV-1", 1000, day(1, 5))
    body = {"number": "INV-1", "amount": 1000, "on": day(1, 5)} | change
    with refused("key_reused", "INV-1"):
        record_item(**BY, customer="C1", item=new(**body))
    assert models.Item.objects.get().amount == 1000


def test_two_customers_may_use_one_number() -> None:
    customer("C1"), customer("C2")
    post("C1", "INV-1", 1000, day(1, 5))
    post("C2", "INV-1", 70, day(1, 5))
    assert open_of("C1", "INV-1") == 1000 and open_of("C2", "INV-1") == 70


@pytest.mark.parametrize("amount", [0, -1, 10**15 + 1, True, 1.5, "5"])
def test_amounts_that_are_none(amount: object) -> None:
    customer("C1")
    code = {0: "amount_not_positive", -1: "amount_not_positive", 10**15 + 1: "maximum"}
    wanted = "amount" if amount is True else code.get(amount, "amount")  # type: ignore[call-overload]
    with refused(wanted):
        post("C1", "INV-1", amount, day(1, 5))  # type: ignore[arg-type]
    assert not models.Item.objects.exists()


def test_the_largest_amount_is_taken_and_sums_stay_exact() -> None:
    customer("C1")
    for number in range(5):
        post("C1", f"INV-{number}", 10**15, day(1, 5))
    assert not problems()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"currency": "EURO"}, "unknown_currency"),
        ({"kind": "gift"}, "unknown_kind"),
        ({"number": "  "}, "no_number"),
        ({"number": "X" * 65}, "text_too_long"),
        ({"reference": "a\r\nb"}, "text"),
        ({"seller": "a\0"}, "text"),
        ({"order": "\ud800"}, "text"),
        ({"tax": 1001}, "tax"),
        ({"tax": -1}, "tax"),
        ({"on": date(202, 1, 5)}, "year"),
        ({"due": date(2999, 1, 5)}, "year"),
        ({"kind": "payment"}, "other_action"),
        ({"kind": "write_off", "reason": "x"}, "other_action"),
        ({"entry": 2}, "entry"),
        ({"entry": 3}, "entry"),
    ],
    ids=str,
)
def test_items_that_no_book_can_hold(body: dict[str, object], code: str) -> None:
    customer("C1")
    with refused(code):
        record_item(**BY, customer="C1", item=new(**({"number": "INV-1", "amount": 1000, "on": day(1, 5)} | body)))
    assert not models.Item.objects.exists() and not models.Balance.objects.exists()


def test_unknown_and_merged_customers_get_no_items() -> None:
    with refused("no_such_customer", "C9"):
        post("C9", "INV-1", 1000, day(1, 5))
    from goodstanding.parties.models import Merge

    old, kept = customer("OLD", status="merged"), customer("KEPT")
    Merge.objects.create(merged=old, survivor=kept, on=day(1, 1))
    with refused("merged", "OLD", "KEPT"):
        post("OLD", "INV-1", 1000, day(1, 5))


class TestReversal:
    def test_it_settles_the_item_and_frees_the_number(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        gone = reverse("C1", "INV-1", day(2, 1))
        assert (gone.entry, gone.sign, gone.open, gone.date) == (2, -1, 0, day(2, 1))
        assert open_of("C1", "INV-1", entry=1) == 0
        assert open_of("C1", "INV-1", as_of=day(1, 31), entry=1) == 1000
        again = post("C1", "INV-1", 900, day(2, 2), entry=3)
        assert (again.sign, again.open) == (1, 900)
        assert open_of("C1", "INV-1") == 900
        assert not problems()

    def test_a_retry_after_the_reversal_finds_the_first_and_does_not_post_again(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        reverse("C1", "INV-1", day(2, 1))
        found = post("C1", "INV-1", 1000, day(1, 5))
        assert (found.entry, found.reversed_on, found.open) == (1, day(2, 1), 0)
        assert models.Item.objects.count() == 2

    def test_the_same_again_changes_nothing_another_is_refused(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        first = reverse("C1", "INV-1", day(2, 1))
        assert reverse("C1", "INV-1", day(2, 1)) == first
        with refused("already_reversed", "2026-02-01"):
            reverse("C1", "INV-1", day(2, 2))
        with refused("already_reversed"):
            reverse("C1", "INV-1", day(2, 1), reason="another")

    def test_matches_come_off_first(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        pay("C1", "P-1", 600, day(1, 10), "oldest")
        with refused("matched", "INV-1", "1"):
            reverse("C1", "INV-1", day(2, 1))
        reverse("C1", "INV-1", day(2, 1), undo_matches=True)
        assert open_of("C1", "P-1") == 600 and open_of("C1", "INV-1") == 0
        assert open_of("C1", "INV-1", day(1, 31)) == 400  # the past stays what it was
        assert not problems()

    def test_a_later_match_is_undone_on_its_own_day(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        pay("C1", "P-1", 600, day(3, 10), "oldest")
        reverse("C1", "INV-1", day(2, 1), undo_matches=True)
        assert [open_of("C1", "INV-1", each) for each in (day(1, 31), day(2, 1), day(3, 10))] == [1000, 0, 0]
        assert open_of("C1", "P-1", day(3, 10)) == 600
        assert not problems()

    def test_a_reversed_payment_opens_its_invoice(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        pay("C1", "P-1", 1000, day(1, 10), "oldest")
        bounced = reverse("C1", "P-1", day(1, 20), reason="bounced", undo_matches=True)
        assert bounced.sign == 1
        assert open_of("C1", "INV-1") == 1000 and open_of("C1", "INV-1", day(1, 19)) == 0
        assert not problems()

    def test_no_reversal_of_a_reversal_before_the_item_or_without_reason(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        with refused("before_item", "2026-01-05"):
            reverse("C1", "INV-1", day(1, 4))
        with refused("no_reason"):
            reverse("C1", "INV-1", day(2, 1), reason="")
        gone = reverse("C1", "INV-1", day(2, 1))
        from goodstanding.actions.reverse_item import reverse_item

        with refused("is_reversal"):
            reverse_item(**BY, item=gone.key, day=day(2, 2), reason="x")

    def test_a_day_on_which_a_match_still_held_it_is_refused(self) -> None:
        """Matched 1–20 January, undone on the 20th: on the 15th there was nothing to reverse in full."""
        from ledger import undo

        customer("C1")
        post("C1", "INV-1", 1000, day(1, 1))
        paid = pay("C1", "P-1", 1000, day(1, 2), "oldest")
        undo(paid.matches[0], day(1, 20))
        with refused("over_allocation", "1000"[:2], "0.00"):
            reverse("C1", "INV-1", day(1, 15))
        reverse("C1", "INV-1", day(1, 20))
        assert not problems()


class TestWriteOffAndRecovery:
    def test_what_is_open_leaves_with_a_reason(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        pay("C1", "P-1", 600, day(1, 10), "oldest")
        gone = give_up("C1", "INV-1", day(6, 1))
        assert (gone.number, gone.amount, gone.open, gone.reason) == ("INV-1-WO", 400, 0, "insolvent")
        assert open_of("C1", "INV-1") == 0 and open_of("C1", "INV-1", day(5, 31)) == 400
        with refused("nothing_open", "INV-1"):
            give_up("C1", "INV-1", day(6, 1))
        assert not problems()

    def test_in_parts_and_never_more_than_is_open(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        assert give_up("C1", "INV-1", day(6, 1), 300).number == "INV-1-WO"
        assert give_up("C1", "INV-1", day(6, 1), 300).number == "INV-1-WO-2"
        with refused("over_allocation", "4.01 EUR", "4.00 EUR"):
            give_up("C1", "INV-1", day(6, 1), 401)
        assert models.Item.objects.filter(kind="write_off").count() == 2

    def test_its_own_number_is_its_key(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        first = give_up("C1", "INV-1", day(6, 1), number="WO-1")
        assert give_up("C1", "INV-1", day(6, 1), number="WO-1") == first
        with refused("key_reused"):
            give_up("C1", "INV-1", day(6, 1), 5, number="WO-1")

    def test_no_reason_no_write_off_and_never_of_a_credit(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        pay("C1", "P-1", 600, day(1, 10))
        with refused("no_reason"):
            give_up("C1", "INV-1", day(6, 1), reason="")
        with refused("wrong_side"):
            give_up("C1", "P-1", day(6, 1))

    def test_a_recovery_names_its_write_off_and_stays_out_of_the_receivable(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        give_up("C1", "INV-1", day(6, 1))
        back = post("C1", "R-1", 700, day(6, 5), "recovery", reference="INV-1-WO")
        assert (back.sign, back.open) == (0, 0)
        with refused("over_recovery", "3.01 EUR", "3.00 EUR"):
            post("C1", "R-2", 301, day(6, 5), "recovery", reference="INV-1-WO")
        with refused("no_write_off", "INV-1"):
            post("C1", "R-3", 1, day(6, 5), "recovery", reference="INV-1")
        with refused("no_write_off"):
            post("C1", "R-3", 1, day(6, 5), "recovery")
        with refused("before_item"):
            post("C1", "R-3", 1, day(5, 31), "recovery", reference="INV-1-WO")
        with refused("other_currency"):
            post("C1", "R-3", 1, day(6, 5), "recovery", reference="INV-1-WO", currency="USD")
        with refused("wrong_side"):
            settle("C1", "R-1", "INV-1", 1, day(6, 6))
        with refused("recovered", "7.00 EUR"):
            reverse("C1", "INV-1-WO", day(6, 7), undo_matches=True)
        reverse("C1", "R-1", day(6, 7))
        reverse("C1", "INV-1-WO", day(6, 7), undo_matches=True)
        assert open_of("C1", "INV-1") == 1000
        assert not problems()
