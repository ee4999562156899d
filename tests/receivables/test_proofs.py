"""What the clock of a claim is told: sent messages, letters, promises and confirmed balances; and who never hears of it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from goodstanding.actions.answer_confirmation import answer_confirmation
from goodstanding.actions.ask_confirmation import ask_confirmation, token
from goodstanding.actions.finish_contact import finish_contact
from goodstanding.actions.make_evidence import make_evidence
from goodstanding.actions.set_late_interest import set_limitation
from goodstanding.collections.models import Decision, Run, Strategy
from goodstanding.correspondence.models import Delivery, Message
from goodstanding.promises.models import Judgement, Promise, PromiseItem
from goodstanding.receivables import queries
from goodstanding.receivables.limitation import Clock, Proof, Term
from goodstanding.receivables.models import Item
from goodstanding.relations.models import Touch, TouchWithdrawal
from goodstanding.reports.limitation import clocks, expiring, proofs
from ledger import BY, NOW, customer, day, pay, post

pytestmark = pytest.mark.django_db
TODAY = day(6, 30)
AT = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def book(db: None) -> None:
    customer("C", territory="north")
    post("C", "I1", 1000, date(2025, 1, 1), due=date(2025, 2, 1))
    post("C", "I2", 2000, date(2025, 1, 1), due=date(2025, 2, 1))


def ours() -> Any:
    return Item.objects.get(number="I1").customer


def of(number: str, as_of: date = TODAY) -> Clock:
    found = queries.items([Item.objects.get(number=number).pk], as_of)
    return clocks(found, as_of)[0].clock


def message(state: str, channel: str = "email") -> None:
    made = Message.objects.create(
        key=state + channel, message_id=state + channel, customer=ours(), channel=channel, kind="reminder", to="a@b.example",
        language="en", subject="Reminder", body="x", items=[[Item.objects.get(number="I1").pk, 1000]], by="x", at=AT,
    )  # fmt: skip
    Delivery.objects.create(message=made, state=state, since=AT, not_before=AT)


@pytest.mark.parametrize("state", ["queued", "bounced", "failed", "withheld", "unknown", "cancelled"])
def test_a_message_that_did_not_go_or_came_back_is_no_proof(state: str) -> None:
    message(state)
    assert of("I1").proof is None


def test_a_message_that_was_sent_counts_for_the_items_it_names() -> None:
    message("sent")
    assert of("I1").until == date(2029, 3, 2) and of("I2").until == date(2028, 2, 1)
    assert of("I1", date(2026, 3, 1)).proof is None, "the day before, nobody knew of it"


def touch(kind: str, **more: Any) -> Touch:
    given = {
        "key": kind,
        "customer": ours(),
        "kind": kind,
        "at": AT,
        "purpose": "collect",
        "outcome": "done",
        "posted_at": NOW,
    }
    return Touch.objects.create(**(given | more))


def test_a_letter_written_down_counts_and_a_call_does_not() -> None:
    touch("call")
    assert of("I1").proof is None
    made = touch("letter")
    assert of("I1").proof.kind == "letter" and of("I2").until == date(2029, 3, 2)
    TouchWithdrawal.objects.create(touch=made, by="x", at=NOW)
    assert of("I1").proof is None


def test_a_promise_counts_for_its_items() -> None:
    made = Promise.objects.create(
        key="p",
        customer=ours(),
        by="them",
        kind="pay",
        made=day(4, 1),
        due=day(4, 9),
        amount=5,
        currency="EUR",
        posted_at=NOW,
    )
    assert of("I2").until == date(2029, 4, 1)
    PromiseItem.objects.create(promise=made, item=Item.objects.get(number="I1").pk)
    assert of("I1").until == date(2029, 4, 1) and of("I2").proof is None


def test_a_confirmed_balance_counts_and_one_that_differs_does_not() -> None:
    about = {**BY, "customer": "C", "currency": "EUR"}
    differs = ask_confirmation(**about, as_of=day(5, 31))
    answer_confirmation(now=NOW, day=day(6, 30), token=token(differs), agrees=False, name="W", amount=1, why="?")
    assert of("I1").proof is None
    agrees = ask_confirmation(**about, as_of=day(6, 30))
    answer_confirmation(now=NOW, day=day(6, 30), token=token(agrees), agrees=True, name="W")
    assert of("I1").until == date(2029, 6, 30)


def test_a_confirmation_speaks_of_no_item_that_came_after_its_day() -> None:
    found = ask_confirmation(**BY, customer="C", currency="EUR", as_of=day(5, 31))
    post("C", "I3", 500, day(6, 2), due=day(6, 3))
    answer_confirmation(now=NOW, day=day(6, 30), token=token(found), agrees=True, name="W")
    assert of("I1").until == date(2029, 6, 30) and of("I3").proof is None


def test_a_claim_paid_since_still_ends_soon_on_a_day_before() -> None:
    set_limitation(**BY, term=Term(date(2024, 1, 1), 1))
    pay("C", "P", 1000, day(7, 10), "oldest")
    assert [each.item.number for each in expiring(day(6, 30), 90)] == ["I1", "I2"]
    assert [each.item.number for each in expiring(day(7, 10), 90)] == ["I2"]


def test_the_book_s_claims_that_end_soon_and_whose_they_are() -> None:
    assert expiring(day(6, 30), 90) == []
    set_limitation(**BY, term=Term(date(2024, 1, 1), 1))
    assert [each.item.number for each in expiring(day(6, 30), 90)] == ["I1", "I2"]
    assert expiring(day(6, 30), 90, frozenset({"north"})) == []


def test_the_pack_is_the_same_again_and_needs_the_permission() -> None:
    message("sent")
    touch("call", note="Asked for the person in charge")
    made = Promise.objects.create(
        key="p",
        customer=ours(),
        by="them",
        kind="pay",
        made=day(4, 1),
        due=day(4, 9),
        amount=5,
        currency="EUR",
        posted_at=NOW,
    )
    Judgement.objects.create(promise=made, state="broken", on=day(4, 12), posted_at=NOW)
    first = make_evidence(**BY, customer="C", as_of=day(6, 30))
    assert first == make_evidence(**BY, customer="C", as_of=day(6, 30))
    assert first != make_evidence(**BY, customer="C", as_of=day(6, 30), language="zh-hans")


def decided(action: str = "letter") -> int:
    """The number of a decision that asks for I1 alone."""
    plan = Strategy.objects.create(version=1, start=TODAY, text="", by="x", posted_at=NOW)
    run = Run.objects.create(as_of=TODAY, strategy=plan, fingerprint="", by="x", posted_at=NOW)
    items = [[Item.objects.get(number="I1").pk, "I1", 1000, 1, 100]]
    return int(
        Decision.objects.create(run=run, customer=ours(), currency="EUR", action=action, items=items, amount=1000).pk
    )


@pytest.mark.parametrize(
    ("outcome", "counts"), [("done", True), ("reached", True), ("no_answer", False), ("other", False)]
)
@pytest.mark.parametrize(("action", "kind"), [("letter", "letter"), ("remind", "message")])
def test_a_step_that_was_finished_by_hand_counts_for_the_items_of_its_decision(
    action: str, kind: str, outcome: str, counts: bool
) -> None:
    finish_contact(**BY, decision=decided(action), day=TODAY, outcome=outcome, key="k")
    assert of("I2").proof is None
    if not counts:
        assert of("I1").proof is None
        return
    assert of("I1").until == date(2029, 6, 30)
    assert of("I1").proof == Proof(TODAY, kind, "I1")
    assert [one.proof.kind for one in proofs([ours().pk], TODAY)[ours().pk]] == [kind]


def test_a_step_of_another_book_proves_nothing_and_one_sent_by_the_outbox_counts_once() -> None:
    touch("letter", source=f"decision {decided()}", batch=1)
    touch("letter", key="none", source="decision 999999")
    touch("letter", key="odd", source="decision x")
    assert of("I1").proof is None and of("I2").proof is None
    message("sent", channel="post")
    touch("letter", key="sent", source=f"message {Message.objects.get().pk}")
    assert len(proofs([ours().pk], TODAY)[ours().pk]) == 1 and of("I2").proof is None
