"""Every invariant that `verify` recomputes is found when it is broken behind the triggers' backs, and only then."""

import pytest
from django.db import connection

from goodstanding.actions.close_period import close_period
from goodstanding.actions.keep_promise import renew_promise
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.record_touch import record_touch
from goodstanding.promises.types import About, NewPromise
from goodstanding.receivables.models import Item
from goodstanding.relations.types import NewTouch
from goodstanding.reports import integrity
from ledger import BY, NOW, customer, day, pay, post, reverse, undo
from tampering import behind_the_triggers

REVERSAL = "(SELECT id FROM receivables_item WHERE reverses_id IS NOT NULL)"
FIRST_MATCH = "id = (SELECT MIN(id) FROM receivables_match)"
LAST_JUDGEMENT = (
    "(SELECT MAX(j.id) FROM promises_judgement j JOIN promises_promise p ON p.id = j.promise_id WHERE p.key = 'kept')"
)
STRANGER = "(SELECT id FROM parties_customer WHERE code = 'Z')"
# code of the invariant → what breaks it
BROKEN = {  # not "journal": it is made from the facts in pairs, only a fault of the program could unbalance it
    "balance": "UPDATE receivables_balance SET open = open + 1 WHERE item_id = (SELECT MIN(id) FROM receivables_item)",
    "over_allocation": f"UPDATE receivables_match SET amount = 5000 WHERE {FIRST_MATCH}",
    "sides": f"UPDATE receivables_match SET credit_item_id = debit_item_id, debit_item_id = credit_item_id WHERE {FIRST_MATCH}",
    "currency": "UPDATE receivables_item SET currency = 'USD' WHERE number = 'P-1'",
    "group": "UPDATE receivables_item SET customer_id = (SELECT id FROM parties_customer WHERE code = 'Z') WHERE number = 'P-1'",
    "date": f"UPDATE receivables_match SET date = '2026-01-01' WHERE {FIRST_MATCH}",
    "undo": "UPDATE receivables_match SET amount = amount - 1 WHERE undoes_id IS NOT NULL",
    "entry": "UPDATE receivables_item SET entry = 4 WHERE entry = 2",
    "reversal": f"UPDATE receivables_match SET amount = amount - 1 WHERE credit_item_id IN {REVERSAL}",
    "hold": "UPDATE receivables_hold SET amount = 999999",
    "ledger_state": "UPDATE receivables_ledgerstate SET closed_through = NULL",
    "promise_received": "UPDATE promises_judgement SET received = 401 WHERE state = 'kept'",
    "promise_kept": "UPDATE promises_judgement SET state = 'broken' WHERE state = 'kept'",
    "promise_judged": f"""UPDATE promises_judgement SET "on" = '2026-01-08' WHERE id = {LAST_JUDGEMENT}""",
    "promise_item": "UPDATE promises_promiseitem SET item = item + 1000",
    "promise_renewed": f"UPDATE promises_promise SET customer_id = {STRANGER} WHERE key = 'again'",
    "bare_amount": "UPDATE relations_touch SET currency = ''",
    "closed_period": "UPDATE receivables_item SET amount = amount + 1 WHERE number = 'INV-1'",
    "journal_items": "UPDATE receivables_balance SET open = open - 1 WHERE open > 10",
}


def promise() -> None:
    """A promise that was kept in two parts, one of ours that was renewed, and a call."""
    item = Item.objects.get(customer__code="A", number="INV-1")
    theirs = NewPromise("them", "pay", day(1, 9), day(1, 20), 400, "EUR", items=(About(item.id, 400),))
    make_promise(**BY, customer="A", promise=theirs, key="kept")
    make_promise(**BY, customer="A", promise=NewPromise("us", "answer", day(1, 9), day(1, 20)), key="ours")
    renew_promise(**BY, key="ours", due=day(8, 1), day=day(1, 12), new_key="again")
    record_touch(**BY, customer="A", touch=NewTouch("call", NOW, "collect", cost=100, currency="EUR"), key="call")


MORE = {
    "promise_item": (
        f"UPDATE promises_promise SET customer_id = {STRANGER} WHERE key = 'kept'",
        "UPDATE promises_promise SET currency = 'USD' WHERE key = 'kept'",
        "UPDATE promises_promiseitem SET amount = 100000",
    ),
    "promise_kept": ("UPDATE promises_judgement SET received = received - 1 WHERE state = 'kept'",),
    "promise_received": ("UPDATE promises_judgement SET received = 1 WHERE state = 'renewed'",),
    "promise_judged": ("UPDATE promises_promise SET made = '2026-01-11', due = '2026-01-12' WHERE key = 'kept'",),
    "promise_renewed": (
        """UPDATE promises_promise SET "by" = 'them', kind = 'pay', amount = 1, currency = 'EUR' WHERE key = 'again'""",
        "UPDATE promises_promise SET made = '2026-01-08' WHERE key = 'again'",
        "UPDATE promises_promise SET level = 0 WHERE key = 'again'",
    ),
    "bare_amount": ("UPDATE promises_promise SET currency = '' WHERE key = 'kept'",),
}


@pytest.fixture
def sound_book(db: None) -> None:
    """A book with every kind of fact, and nothing wrong with it."""
    head = customer("A")
    customer("B", parent=head)
    customer("Z")
    post("A", "INV-1", 1000, day(1, 5))
    undo(pay("A", "P-1", 400, day(1, 10), "oldest").matches[0], day(1, 12))
    pay("B", "P-2", 300, day(1, 11), "none")
    post("A", "INV-2", 700, day(1, 6))
    reverse("A", "INV-2", day(1, 9))
    place_hold(**BY, item=("A", "INV-1", 0), amount=100, reason="dispute", day=day(1, 11))
    promise()
    close_period(**BY, through=day(1, 31))
    post("A", "INV-3", 500, day(2, 5))
    pay("A", "P-3", 200, day(2, 6), "oldest")
    assert integrity.problems() == []


@pytest.mark.usefixtures("sound_book")
@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_invariant_is_found(code: str) -> None:
    behind_the_triggers(BROKEN[code])
    found = {problem.code: problem for problem in integrity.problems()}
    assert code in found, found
    assert found[code].count >= 1 and found[code].examples


@pytest.mark.usefixtures("sound_book")
@pytest.mark.parametrize(("code", "statement"), [(code, each) for code, some in MORE.items() for each in some])
def test_each_way_to_break_a_promise_behind_our_backs_is_found(code: str, statement: str) -> None:
    behind_the_triggers(statement)
    found = {problem.code: problem for problem in integrity.problems()}
    assert code in found and found[code].examples, found


@pytest.mark.usefixtures("sound_book")
def test_a_lost_trigger_is_found() -> None:
    connection.check_constraints()  # PostgreSQL alters no table with checks still to be made
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE receivables_item DISABLE TRIGGER receivables_item_no_delete")
        else:
            cursor.execute('DROP TRIGGER "receivables_item_no_delete"')
    assert [problem.code for problem in integrity.problems()] == ["triggers"]
    assert "receivables_item_no_delete" in integrity.problems()[0].message


def test_every_check_has_what_breaks_it() -> None:
    codes = {code for code, _template, _statement in integrity.CHECKS}
    assert codes <= set(BROKEN)
    assert set(BROKEN) - codes == {"closed_period", "journal_items"}
