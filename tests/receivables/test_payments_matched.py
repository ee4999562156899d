"""What a payment settles: by list, by age, by reference; tolerance, short payments, and every refusal."""

import pytest

from goodstanding.access.types import Actor
from goodstanding.actions.record_payment import record_payment
from goodstanding.parties.models import Customer
from goodstanding.receivables import models, queries
from goodstanding.receivables.types import Allocation
from goodstanding.reports.integrity import problems
from ledger import BY, NOW, customer, day, new, open_of, pay, post, refused, settle, undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> None:
    """Three invoices of one customer; the one posted last is due first."""
    customer("C1")
    post("C1", "INV-1", 1000, day(1, 5), due=day(3, 5))
    post("C1", "INV-2", 500, day(1, 20), due=day(2, 20))
    post("C1", "INV-3", 300, day(2, 1), due=day(2, 10))


def opens(*numbers: str) -> list[int]:
    return [open_of("C1", number) for number in numbers]


@pytest.mark.usefixtures("three")
class TestAllocation:
    def test_oldest_due_first(self) -> None:
        paid = pay("C1", "P-1", 900, day(2, 15), "oldest")
        assert opens("INV-1", "INV-2", "INV-3") == [900, 0, 0]
        assert [(match.debit[1], match.amount) for match in paid.matches] == [
            ("INV-3", 300),
            ("INV-2", 500),
            ("INV-1", 100),
        ]
        assert paid.unapplied == 0
        assert not problems()

    def test_what_is_too_much_stays_unapplied(self) -> None:
        paid = pay("C1", "P-1", 2000, day(2, 15), "oldest")
        assert paid.unapplied == 200 and opens("INV-1", "INV-2", "INV-3") == [0, 0, 0]

    def test_by_reference_only_what_is_named_in_its_order(self) -> None:
        paid = pay("C1", "P-1", 1200, day(2, 15), "reference", reference="for INV-1, INV-3；NONE thanks")
        assert [(match.debit[1], match.amount) for match in paid.matches] == [("INV-1", 1000), ("INV-3", 200)]
        assert opens("INV-2") == [500]

    def test_a_number_inside_another_is_not_named(self) -> None:
        post("C1", "INV-11", 50, day(2, 1))
        pay("C1", "P-1", 50, day(2, 15), "reference", reference="INV-11")
        assert opens("INV-1", "INV-11") == [1000, 0]

    def test_by_list(self) -> None:
        paid = pay("C1", "P-1", 700, day(2, 15), [Allocation("INV-1", 200), Allocation("INV-2", 400)])
        assert opens("INV-1", "INV-2", "P-1") == [800, 100, 100]
        assert [(each.item[1], each.paid, each.short) for each in paid.short] == [
            ("INV-1", 200, 800),
            ("INV-2", 400, 100),
        ]

    def test_a_list_may_name_an_item_twice(self) -> None:
        pay("C1", "P-1", 700, day(2, 15), [Allocation("INV-1", 200), Allocation("INV-1", 100)])
        assert opens("INV-1", "P-1") == [700, 400]

    def test_none_settles_nothing(self) -> None:
        assert pay("C1", "P-1", 700, day(2, 15)).unapplied == 700

    def test_an_advance_payment_settles_from_the_invoices_day_on(self) -> None:
        paid = pay("C1", "P-1", 300, day(1, 15), [Allocation("INV-3", 300)])
        assert paid.matches[0].date == day(2, 1)
        assert open_of("C1", "P-1", day(1, 31)) == 300 and open_of("C1", "P-1", day(2, 1)) == 0

    def test_other_currencies_are_left_alone(self) -> None:
        post("C1", "USD-1", 300, day(1, 1), currency="USD")
        pay("C1", "P-1", 5000, day(2, 15), "oldest")
        assert opens("USD-1") == [300]

    def test_more_than_is_open_names_both_figures(self) -> None:
        with refused("over_allocation", "5.01 EUR", "5.00 EUR", "INV-2"):
            pay("C1", "P-1", 700, day(2, 15), [Allocation("INV-2", 501)])
        assert not models.Item.objects.filter(kind="payment").exists()  # all or nothing

    def test_more_than_was_paid_names_both_figures(self) -> None:
        with refused("over_allocation", "12.00 EUR", "7.00 EUR", "P-1"):
            pay("C1", "P-1", 700, day(2, 15), [Allocation("INV-1", 900), Allocation("INV-3", 300)])

    @pytest.mark.parametrize("amount", [0, -5])
    def test_nothing_or_less_is_no_part(self, amount: int) -> None:
        with refused("amount_not_positive"):
            pay("C1", "P-1", 700, day(2, 15), [Allocation("INV-1", amount)])

    def test_another_currency(self) -> None:
        post("C1", "USD-1", 300, day(1, 1), currency="USD")
        with refused("other_currency", "EUR", "USD"):
            pay("C1", "P-1", 700, day(2, 15), [Allocation("USD-1", 300)])

    def test_an_unknown_item_and_an_unknown_way(self) -> None:
        with refused("no_such_item", "INV-9"):
            pay("C1", "P-1", 700, day(2, 15), [Allocation("INV-9", 300)])
        for way in ("newest", "list"):
            with refused("allocation", way):
                pay("C1", "P-1", 700, day(2, 15), way)
        with refused("other_action"):
            record_payment(**BY, customer="C1", payment=new("X", 700, day(2, 15)))

    def test_the_same_payment_again_gives_the_same_answer(self) -> None:
        for number, how in (("P-1", "oldest"), ("P-2", "none"), ("P-3", [Allocation("INV-1", 50)])):
            first = pay("C1", number, 100, day(2, 15), how, tolerance=5)
            before = models.Item.objects.count(), models.Match.objects.count()
            again = pay("C1", number, 100, day(2, 15), how, tolerance=5)
            assert again == first and again.repeated
            assert (models.Item.objects.count(), models.Match.objects.count()) == before

    def test_also_after_its_match_was_undone(self) -> None:
        listed = [Allocation("INV-1", 100)]
        first = pay("C1", "P-1", 100, day(2, 15), listed)
        undo(first.matches[0], day(2, 20))
        assert pay("C1", "P-1", 100, day(2, 15), listed).item.id == first.item.id
        assert opens("INV-1", "P-1") == [1000, 100]

    @pytest.mark.parametrize(
        "other", ["none", "reference", [Allocation("INV-3", 99)], [Allocation("INV-1", 100)], []], ids=str
    )
    def test_matched_in_another_way_it_is_another_payment(self, other: object) -> None:
        pay("C1", "P-1", 100, day(2, 15), [Allocation("INV-3", 100)], reference="INV-3")
        with refused("key_reused", "P-1"):
            pay("C1", "P-1", 100, day(2, 15), other, reference="INV-3")

    def test_with_another_tolerance_too(self) -> None:
        pay("C1", "P-1", 100, day(2, 15), "oldest", tolerance=5)
        with refused("key_reused", "P-1"):
            pay("C1", "P-1", 100, day(2, 15), "oldest", tolerance=6)


class TestTolerance:
    def test_within_it_the_rest_is_written_off_with_its_reason(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        paid = pay("C1", "P-1", 995, day(2, 1), "oldest", tolerance=5)
        (rest,) = paid.written_off
        assert (rest.kind, rest.amount, rest.reason, rest.reference, rest.date) == (
            "write_off",
            5,
            "tolerance",
            "P-1",
            day(2, 1),
        )
        assert paid.short == () and opens("INV-1") == [0]
        assert not problems()

    def test_a_cent_outside_it_is_a_named_short_payment(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        paid = pay("C1", "P-1", 994, day(2, 1), "oldest", tolerance=5)
        assert paid.written_off == ()
        (short,) = paid.short
        assert (short.item, short.paid, short.short, short.currency) == (("C1", "INV-1", 1), 994, 6, "EUR")
        owner = Customer.objects.get(code="C1").pk
        assert queries.short_payments([owner], day(1, 31)) == []
        assert queries.short_payments([owner], day(2, 1)) == [short]
        pay("C1", "P-2", 6, day(2, 9), "oldest")
        assert queries.short_payments([owner], day(2, 9)) == []
        assert queries.short_payments([owner], day(2, 8)) == [short]

    def test_nothing_is_written_off_while_money_is_left(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        paid = pay("C1", "P-1", 2000, day(2, 1), [Allocation("INV-1", 998)], tolerance=5)
        assert paid.written_off == () and opens("INV-1") == [2]

    def test_it_is_small_change_only(self) -> None:
        customer("C1")
        for wrong in (1001, -1, True):
            with refused("tolerance", "10.00 EUR"):
                pay("C1", "P-1", 2000, day(2, 1), tolerance=wrong)
        with refused("tolerance", "10 JPY"):
            pay("C1", "P-1", 2000, day(2, 1), tolerance=11, currency="JPY")

    def test_two_payments_of_parts_get_two_numbers(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        pay("C1", "P-1", 995, day(2, 1), "oldest", tolerance=5)
        from ledger import reverse

        reverse("C1", "INV-1-TOL", day(2, 2), undo_matches=True)
        paid = pay("C1", "P-2", 3, day(2, 3), "oldest", tolerance=5)
        assert [each.number for each in paid.written_off] == ["INV-1-TOL-2"]
        assert not problems()


class TestGroups:
    def test_a_group_pays_for_its_members_and_nobody_elses(self) -> None:
        group = customer("G")
        customer("A", parent=group), customer("B", parent=group), customer("Z")
        for code in "ABZ":
            post(code, "INV-1", 1000, day(1, 5))
        pay("G", "P-1", 1500, day(2, 1), [Allocation("INV-1", 1000, "A"), Allocation("INV-1", 500, "B")])
        assert open_of("A", "INV-1") == 0 and open_of("B", "INV-1") == 500
        with refused("other_customer", "Z", "A"):
            pay("A", "P-1", 10, day(2, 1), [Allocation("INV-1", 10, "Z")])
        assert not problems()

    def test_sub_groups_count_and_merges_are_followed(self) -> None:
        from goodstanding.parties.models import Merge

        top = customer("TOP")
        sub = customer("SUB", parent=top)
        leaf, old = customer("LEAF", parent=sub), customer("OLD")
        post("OLD", "INV-1", 100, day(1, 5))
        with refused("other_customer"):
            pay("TOP", "P-1", 100, day(2, 1), [Allocation("INV-1", 100, "OLD")])
        Merge.objects.create(merged=old, survivor=leaf, on=day(1, 10))
        pay("TOP", "P-1", 60, day(2, 1), [Allocation("INV-1", 60, "OLD")])
        pay("LEAF", "P-1", 40, day(2, 1), "oldest")  # who carries on pays what the merged code owes
        assert open_of("OLD", "INV-1") == 0
        assert not problems()

    def test_what_one_does_not_see_does_not_exist(self) -> None:
        customer("SEEN", territory="north"), customer("HIDDEN", territory="south")
        post("SEEN", "INV-1", 100, day(1, 5)), post("HIDDEN", "INV-1", 100, day(1, 5))
        cashier = Actor(
            id=7,
            name="Kim",
            roles=frozenset({"cashier"}),
            territories=frozenset({"north"}),
            hidden_territories=frozenset({"south"}),
        )
        body = new("P-1", 100, day(2, 1), "payment")
        with refused("no_such_customer"):
            record_payment(actor=cashier, now=NOW, customer="HIDDEN", payment=body)
        with refused("no_such_customer"):
            listed = [Allocation("INV-1", 100, "HIDDEN")]
            record_payment(actor=cashier, now=NOW, customer="SEEN", payment=body, allocation=listed)
        record_payment(actor=cashier, now=NOW, customer="SEEN", payment=body, allocation="oldest")
        auditor = Actor(id=8, name="Lee", roles=frozenset({"auditor"}))
        with refused("not_allowed"):
            record_payment(actor=auditor, now=NOW, customer="SEEN", payment=body)


class TestMatches:
    def test_by_hand_undone_and_matched_again(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        post("C1", "CN-1", 400, day(1, 8), "credit_note")
        first = settle("C1", "CN-1", "INV-1", 300, day(1, 10))
        undone = undo(first, day(1, 20))
        assert (undone.undoes, undone.amount, undone.date) == (first.key, 300, day(1, 20))
        assert undo(first, day(1, 20)) == undone
        with refused("already_undone", "2026-01-20"):
            undo(first, day(1, 21))
        with refused("is_undo"):
            undo(undone, day(1, 22))
        settle("C1", "CN-1", "INV-1", 400, day(1, 25))
        assert [open_of("C1", "INV-1", day(1, each)) for each in (9, 10, 19, 20, 25)] == [1000, 700, 700, 1000, 600]
        assert not problems()

    def test_no_day_in_between_may_go_below_zero(self) -> None:
        """Settled in full 10–20 January: on the 15th nothing is open, whatever is open today."""
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        pay("C1", "P-1", 1000, day(1, 8)), pay("C1", "P-2", 1000, day(1, 8))
        first = settle("C1", "P-1", "INV-1", 1000, day(1, 10))
        undo(first, day(1, 20))
        with refused("over_allocation", "0.01 EUR", "0.00 EUR"):
            settle("C1", "P-2", "INV-1", 1, day(1, 15))
        settle("C1", "P-2", "INV-1", 1000, day(1, 20))
        assert not problems()

    def test_an_undo_is_never_before_its_match(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        paid = pay("C1", "P-1", 1000, day(1, 8), "oldest")
        with refused("before_item", "2026-01-08"):
            undo(paid.matches[0], day(1, 7))
        with refused("no_such_match"):
            from goodstanding.actions.undo_match import undo_match

            undo_match(**BY, key="nothing", day=day(1, 9))

    def test_a_reversals_settlement_stays(self) -> None:
        from ledger import reverse

        customer("C1")
        item = post("C1", "INV-1", 1000, day(1, 5))
        reverse("C1", "INV-1", day(1, 9))
        (settled,) = queries.matches([item.id])
        with refused("settles_reversal"):
            undo(settled, day(1, 10))

    def test_sides_and_days(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5)), post("C1", "INV-2", 1000, day(1, 5))
        pay("C1", "P-1", 1000, day(1, 8))
        with refused("wrong_side", "INV-1"):
            settle("C1", "INV-1", "INV-2", 10, day(1, 9))
        with refused("wrong_side", "P-1"):
            settle("C1", "P-1", "P-1", 10, day(1, 9))
        with refused("before_item", "P-1", "2026-01-08"):
            settle("C1", "P-1", "INV-1", 10, day(1, 7))
        with refused("over_allocation", "10.01 EUR", "10.00 EUR"):
            settle("C1", "P-1", "INV-1", 1001, day(1, 9))
        with refused("amount_not_positive"):
            settle("C1", "P-1", "INV-1", 0, day(1, 9))

    def test_a_refund_settles_a_payment(self) -> None:
        customer("C1")
        pay("C1", "P-1", 1000, day(1, 8))
        post("C1", "R-1", 1000, day(1, 9), "refund")
        settle("C1", "P-1", "R-1", 1000, day(1, 9))
        assert opens("P-1", "R-1") == [0, 0]

    def test_its_key_is_one_effect(self) -> None:
        customer("C1")
        post("C1", "INV-1", 1000, day(1, 5))
        pay("C1", "P-1", 1000, day(1, 8))
        first = settle("C1", "P-1", "INV-1", 400, day(1, 9), key="req-1")
        assert settle("C1", "P-1", "INV-1", 400, day(1, 9), key="req-1") == first
        assert models.Match.objects.count() == 1
        with refused("key_reused", "req-1"):
            settle("C1", "P-1", "INV-1", 401, day(1, 9), key="req-1")
        with refused("key_reused"):
            settle("C1", "P-1", "INV-1", 400, day(1, 10), key="req-1")
