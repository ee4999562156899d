"""Holds begin and end on days; a closed period takes nothing more; the journal follows."""

import pytest
from django.db import connection

from goodstanding.access.models import AuditEntry
from goodstanding.actions.close_period import close_period
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.release_hold import release_hold
from goodstanding.parties.models import Customer
from goodstanding.receivables import models, queries
from goodstanding.receivables.operations import lock_exclusive, lock_shared, rebuild_balances
from goodstanding.reports.integrity import problems
from goodstanding.reports.journal import trial_balance, trial_balance_digest
from ledger import BY, NOW, customer, day, give_up, pay, post, refused, reverse, settle, undo

pytestmark = pytest.mark.django_db


def hold(number: str, amount: int, on: object, **more: object) -> object:
    return place_hold(**BY, item=("C1", number, 0), amount=amount, day=on, reason="dispute", **more)  # type: ignore[arg-type]


@pytest.fixture
def invoice() -> None:
    customer("C1")
    post("C1", "INV-1", 23100, day(1, 5))


@pytest.mark.usefixtures("invoice")
class TestHolds:
    def test_from_its_day_to_the_day_before_its_release(self) -> None:
        placed = hold("INV-1", 8400, day(1, 10), source="complaint 7")
        release_hold(**BY, key=placed.key, day=day(1, 20), reason="answered")
        item = queries.items([models.Item.objects.get().pk])
        held = [queries.held(item, day(1, each)).get(item[0].id, 0) for each in (9, 10, 19, 20)]
        assert held == [0, 8400, 8400, 0]
        story = queries.item_story(item[0].customer_id, "INV-1", 0, day(1, 19))
        assert story.holds[0].released is None and story.holds[0].source == "complaint 7"
        assert queries.item_story(item[0].customer_id, "INV-1", 0, day(1, 20)).holds[0].release_reason == "answered"
        assert not problems()

    def test_never_more_is_held_than_is_open(self) -> None:
        hold("INV-1", 8400, day(1, 10))
        hold("INV-1", 20000, day(1, 10))
        pay("C1", "P-1", 20000, day(1, 15), "oldest")
        (item,) = queries.items([models.Item.objects.get(number="INV-1").pk], day(1, 15))
        assert queries.held([item], day(1, 15)) == {item.id: 3100}

    def test_above_what_is_open_both_figures_are_named(self) -> None:
        pay("C1", "P-1", 20000, day(1, 15), "oldest")
        hold("INV-1", 23100, day(1, 14))
        with refused("over_open", "31.01 EUR", "31.00 EUR"):
            hold("INV-1", 3101, day(1, 15))

    def test_on_debits_with_a_reason_not_before_the_item(self) -> None:
        pay("C1", "P-1", 100, day(1, 15))
        with refused("wrong_side"):
            hold("P-1", 100, day(1, 16))
        with refused("before_item", "2026-01-05"):
            hold("INV-1", 100, day(1, 4))
        with refused("no_reason"):
            place_hold(**BY, item=("C1", "INV-1", 0), amount=1, day=day(1, 9), reason="")
        with refused("amount_not_positive"):
            hold("INV-1", 0, day(1, 9))

    def test_one_key_one_effect(self) -> None:
        first = hold("INV-1", 100, day(1, 10), key="complaint:7")
        assert hold("INV-1", 100, day(1, 10), key="complaint:7") == first
        with refused("key_reused"):
            hold("INV-1", 101, day(1, 10), key="complaint:7")
        done = release_hold(**BY, key="complaint:7", day=day(1, 20))
        assert release_hold(**BY, key="complaint:7", day=day(1, 20)) == done
        with refused("already_released", "2026-01-20"):
            release_hold(**BY, key="complaint:7", day=day(1, 21))
        with refused("no_such_hold"):
            release_hold(**BY, key="none", day=day(1, 21))
        assert (models.Hold.objects.count(), models.HoldRelease.objects.count()) == (1, 1)

    def test_a_release_is_never_before_its_hold(self) -> None:
        placed = hold("INV-1", 100, day(1, 10))
        with refused("before_item", "2026-01-10"):
            release_hold(**BY, key=placed.key, day=day(1, 9))


@pytest.mark.usefixtures("invoice")
class TestPeriods:
    def test_nothing_is_dated_in_a_closed_one(self) -> None:
        paid = pay("C1", "P-1", 100, day(1, 10))
        matched = settle("C1", "P-1", "INV-1", 50, day(1, 11))
        held = hold("INV-1", 100, day(1, 10))
        assert close_period(**BY, through=day(1, 31))
        for try_it in (
            lambda: post("C1", "INV-2", 100, day(1, 31)),
            lambda: pay("C1", "P-2", 100, day(1, 31)),
            lambda: settle("C1", "P-1", "INV-1", 50, day(1, 31)),
            lambda: undo(matched, day(1, 31)),
            lambda: reverse("C1", "INV-1", day(1, 31), undo_matches=True),
            lambda: give_up("C1", "INV-1", day(1, 31)),
            lambda: hold("INV-1", 100, day(1, 31)),
            lambda: release_hold(**BY, key=held.key, day=day(1, 31)),
        ):
            with refused("closed_period", "2026-01-31"):
                try_it()
        assert pay("C1", "P-1", 100, day(1, 10)).item.id == paid.item.id  # what is there already is no new fact
        post("C1", "INV-2", 100, day(2, 1))
        undo(matched, day(2, 1))
        assert not problems()

    def test_reopening_needs_a_reason(self) -> None:
        close_period(**BY, through=day(1, 31))
        with refused("no_reason", "2026-01-31"):
            close_period(**BY, through=day(1, 15))
        assert close_period(**BY, through=day(1, 15), reason="late invoices")
        post("C1", "INV-2", 100, day(1, 16))
        with refused("closed_period", "2026-01-15"):
            post("C1", "INV-3", 100, day(1, 15))
        assert close_period(**BY, through=day(1, 31))
        assert not problems()
        assert [each.through for each in models.PeriodClose.objects.order_by("pk")] == [
            day(1, 31),
            day(1, 15),
            day(1, 31),
        ]

    def test_the_same_again_changes_nothing(self) -> None:
        assert close_period(**BY, through=day(1, 31)) and not close_period(**BY, through=day(1, 31))
        assert models.PeriodClose.objects.count() == 1

    def test_the_trial_balance_of_a_closed_period_stays(self) -> None:
        close_period(**BY, through=day(1, 31))
        before = trial_balance_digest(day(1, 31))
        post("C1", "INV-2", 100, day(2, 1))
        pay("C1", "P-1", 100, day(2, 2), "oldest")
        assert trial_balance_digest(day(1, 31)) == before == models.PeriodClose.objects.get().digest
        assert trial_balance_digest(day(2, 2)) != before


def test_locks_need_a_transaction(transactional_db: None) -> None:
    from django.db.transaction import TransactionManagementError

    for lock in (lock_shared, lock_exclusive):
        with pytest.raises(TransactionManagementError):
            lock()


@pytest.mark.usefixtures("invoice")
class TestJournal:
    def test_every_account(self) -> None:
        post("C1", "INV-2", 11900, day(1, 5), tax=1900)
        post("C1", "CN-1", 1190, day(1, 6), "credit_note", tax=190)
        post("C1", "CN-2", 200, day(1, 6), "credit_note", reason="discount")
        post("C1", "OB-1", 5000, day(1, 1), "opening")
        post("C1", "OB-2", 50, day(1, 1), "credit_note", reason="opening")
        post("C1", "LF-1", 40, day(1, 7), "late_fee")
        pay("C1", "P-1", 4998, day(1, 8), "oldest", tolerance=5)
        post("C1", "RF-1", 30, day(1, 8), "refund")
        give_up("C1", "INV-1", day(1, 9))
        post("C1", "RC-1", 100, day(1, 10), "recovery", reference="INV-1-WO")
        lines = {each.account: each.balance for each in trial_balance()}
        assert lines == {
            "sales": -(23100 + 10000),
            "tax": -1900 + 190,
            "credit notes": 1000,
            "discounts": 200,
            "opening balances": -5000 + 50,
            "late fees": -40,
            "cash": 4998 - 30 + 100,
            "bad debts": 23100,
            "small differences": 2,
            "recoveries": -100,
            "receivable": 11900 + 40 + 30,
            "unapplied": -(1190 + 200 + 50),
        }
        assert sum(lines.values()) == 0 and not problems()

    def test_a_reversal_takes_everything_back(self) -> None:
        reverse("C1", "INV-1", day(2, 1))
        assert {each.account: each.balance for each in trial_balance()} == {"sales": 0, "receivable": 0, "unapplied": 0}
        assert {each.account: each.balance for each in trial_balance(day(1, 31))}["sales"] == -23100


class TestAsOf:
    def test_a_report_of_a_past_day_is_the_same_whatever_came_later(self) -> None:
        customer("C1")
        owner = [Customer.objects.get().pk]
        post("C1", "INV-1", 1000, day(1, 5), due=day(1, 20))
        post("C1", "CN-1", 100, day(1, 7), "credit_note")
        pay("C1", "P-1", 300, day(1, 10), "oldest")
        asked = lambda: (  # noqa: E731
            queries.open_items(owner, day(1, 31)),
            queries.account(owner, day(1, 31)),
            queries.item_story(owner[0], "INV-1", 0, day(1, 31)),
        )
        then = asked()
        pay("C1", "P-2", 500, day(2, 1), "oldest")
        undo(queries.matches([then[0][1].id])[0], day(2, 2))
        reverse("C1", "CN-1", day(2, 3))
        reverse("C1", "INV-1", day(2, 4), undo_matches=True)
        hold_on = post("C1", "INV-9", 50, day(2, 5))
        assert asked() == then
        assert [(each.number, each.open) for each in then[0]] == [("CN-1", 100), ("INV-1", 700)]
        assert [line.balance for line in then[1]] == [1000, 900, 600]
        assert [each.number for each in queries.open_items(owner)] == ["P-1", "P-2", "INV-9"]
        assert hold_on.days_past_due(day(2, 6)) == 1

    def test_an_account_may_begin_later_and_keeps_its_balance(self) -> None:
        customer("C1")
        owner = [Customer.objects.get().pk]
        post("C1", "INV-1", 1000, day(1, 5)), post("C1", "INV-2", 500, day(2, 5))
        post("C1", "USD-1", 7, day(2, 6), currency="USD")
        lines = queries.account(owner, day(2, 28), since=day(2, 1))
        assert [(line.item.number, line.amount, line.balance) for line in lines] == [
            ("INV-2", 500, 1500),
            ("USD-1", 7, 7),
        ]


class TestDoubts:
    def test_same_amount_within_seven_days_same_order_near_numbers(self) -> None:
        customer("C1"), customer("C2")
        post("C1", "A-100", 1000, day(1, 1))
        post("C1", "B-777", 1000, day(1, 8))
        post("C1", "C-555", 1000, day(1, 16))  # eight days later
        post("C1", "D-1", 70, day(1, 1), order="O-1"), post("C1", "E-22", 80, day(5, 1), order="O-1")
        post("C1", "INV-1234", 555, day(2, 1)), post("C1", "INV-1243", 555, day(6, 1))
        post("C1", "INV-1235", 444, day(2, 1))  # another amount: how a counter counts
        post("C2", "INV-1234", 555, day(2, 1))  # another customer
        found = {(each.first[1], each.second[1], each.why) for each in queries.doubtful_items()}
        assert found == {("A-100", "B-777", "amount"), ("D-1", "E-22", "order"), ("INV-1234", "INV-1243", "number")}
        assert queries.doubtful_items([Customer.objects.get(code="C2").pk]) == []
        reverse("C1", "B-777", day(1, 9))
        assert ("A-100", "B-777", "amount") not in {
            (each.first[1], each.second[1], each.why) for each in queries.doubtful_items()
        }


def test_every_action_is_in_the_trail_and_a_repeated_one_is_not(invoice: None) -> None:
    before = AuditEntry.objects.count()
    pay("C1", "P-1", 100, day(1, 10), "oldest"), pay("C1", "P-1", 100, day(1, 10), "oldest")
    close_period(**BY, through=day(1, 31)), close_period(**BY, through=day(1, 31))
    entries = AuditEntry.objects.order_by("sequence")[before:]
    assert [(each.action, each.subject) for each in entries] == [
        ("record_payment", "item C1 P-1"),
        ("close_period", "books"),
    ]
    assert entries[0].after["settled"] == [["C1", "INV-1", 1, 100]]


def test_kept_amounts_that_went_wrong_are_found_and_rebuilt(invoice: None) -> None:
    pay("C1", "P-1", 100, day(1, 10), "oldest")
    models.Balance.objects.filter(item__number="INV-1").update(open=22999)
    assert {each.code for each in problems()} == {"balance", "journal_items"}
    assert rebuild_balances() == 1 and not problems()
    models.Balance.objects.filter(item__number="P-1").delete()
    assert rebuild_balances() == 1 and not problems()
    assert rebuild_balances() == 0


def test_what_breaks_an_invariant_is_found(invoice: None) -> None:
    """Each check can fail: facts that no action would write are inserted past them."""
    other = customer("C2")
    debit = models.Item.objects.get(number="INV-1")
    pay("C1", "P-1", 1000, day(1, 10))
    pay("C2", "P-1", 1000, day(1, 10))
    pay("C1", "P-2", 1000, day(1, 10), currency="USD")
    credit, foreign, dollars = models.Item.objects.filter(kind="payment").order_by("pk")

    def match(key: str, one: models.Item, two: models.Item, amount: int, on: object, **more: object) -> models.Match:
        return models.Match.objects.create(
            key=key, credit_item=one, debit_item=two, amount=amount, date=on, posted_at=NOW, **more
        )

    def entry(number: int, **more: object) -> None:
        body = {"kind": "invoice", "amount": 5, "currency": "EUR", "date": day(1, 1), "due": day(1, 1)} | more
        models.Item.objects.create(customer=other, number="E", entry=number, posted_at=NOW, **body)

    def release(key: str, amount: int, placed: object, released: object) -> None:
        row = models.Hold.objects.create(key=key, item=debit, amount=amount, reason="x", placed=placed, posted_at=NOW)
        models.HoldRelease.objects.create(hold=row, released=released, posted_at=NOW)

    faults = {
        "sides": lambda: match("sides", debit, credit, 1, day(1, 11)),
        "currency": lambda: match("currency", dollars, debit, 1, day(1, 11)),
        "group": lambda: match("group", foreign, debit, 1, day(1, 11)),
        "date": lambda: match("date", credit, debit, 1, day(1, 9)),
        "over_allocation": lambda: match("over", credit, debit, 5000, day(1, 11)),
        "undo": lambda: match("undo", credit, debit, 2, day(1, 11), undoes=match("m", credit, debit, 3, day(1, 11))),
        "entry": lambda: entry(4),
        "reversal": lambda: (entry(1), entry(2, reverses=models.Item.objects.get(number="E", entry=1))),
        "hold": lambda: release("h", 5, day(1, 10), day(1, 9)),
        "ledger_state": lambda: models.LedgerState.objects.update(closed_through=day(1, 1)),
        "closed_period": lambda: models.PeriodClose.objects.create(through=day(1, 31), digest="0" * 64, posted_at=NOW),
        "balance": lambda: models.Balance.objects.filter(item=debit).update(open=1),
        "journal_items": lambda: models.Balance.objects.filter(item=credit).update(open=1),
    }
    from django.db import transaction

    for code, break_it in faults.items():
        assert not problems(), code
        mark = transaction.savepoint()
        break_it()
        assert code in {each.code for each in problems()}, code
        transaction.savepoint_rollback(mark)
    with connection.cursor() as cursor:
        where = " ON receivables_item" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER receivables_item_no_update{where}")
    assert [each.code for each in problems()] == ["triggers"]
