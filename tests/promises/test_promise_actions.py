"""Promises are written down, judged when money moves and at night, renewed, withdrawn, kept; ours hold what they are about."""

from typing import Any

import pytest

from goodstanding.access.models import AuditEntry
from goodstanding.access.types import SYSTEM, Actor
from goodstanding.actions import judge_promises, own_promises
from goodstanding.actions.judge_promises import judge_all
from goodstanding.actions.keep_promise import keep_promise, renew_promise, withdraw_promise
from goodstanding.actions.make_promise import make_plan, make_promise
from goodstanding.actions.merge_customers import merge_customers
from goodstanding.kernel.errors import NotFound
from goodstanding.promises import operations, queries
from goodstanding.promises.models import Judgement, Promise
from goodstanding.promises.types import About, Keeping, NewPromise
from goodstanding.receivables import queries as receivables
from goodstanding.receivables.models import Item
from ledger import BY, NOW, customer, day, pay, post, refused, reverse

pytestmark = pytest.mark.django_db
JUNE, IN_THE_END = day(6, 1), day(12, 31)


def to_pay(amount: int, due, made=JUNE, **more: Any) -> NewPromise:
    return NewPromise("them", "pay", made, due, amount, "EUR", **more)


def theirs(amount: int, due, key: str = "", **more: Any):
    return make_promise(**BY, customer="C1", promise=to_pay(amount, due, **more), key=key)


def ours(due, *items: int, key: str = "ours", kind: str = "call_back", **more: Any):
    new = NewPromise("us", kind, day(6, 1), due, items=tuple(About(item) for item in items), **more)
    return make_promise(**BY, customer="C1", promise=new, key=key)


def state(key: str, as_of=IN_THE_END) -> tuple[str, int]:
    found = queries.promise(key, as_of)
    return found.state, found.received


def night(as_of) -> tuple[int, int]:
    return judge_all(actor=SYSTEM, now=NOW, as_of=as_of)


@pytest.fixture(autouse=True)
def somebody(db: None) -> None:
    customer("C1", territory="north")
    post("C1", "INV-1", 10_000, day(5, 1))


def test_money_that_comes_keeps_a_promise_at_once_and_taking_it_back_opens_it_again() -> None:
    theirs(600, day(7, 20), key="p")
    pay("C1", "RC-1", 400, day(6, 10), "oldest")
    assert state("p") == ("open", 400)
    pay("C1", "RC-2", 300, day(6, 12))
    assert state("p") == ("kept", 600)
    assert state("p", day(6, 11)) == ("open", 400) and state("p", day(6, 9)) == ("open", 0), "the days before"
    reverse("C1", "RC-2", day(6, 14), undo_matches=True)
    assert state("p", day(6, 13)) == ("kept", 600) and state("p", day(6, 14)) == ("open", 400)


def test_a_promise_whose_day_has_passed_is_judged_when_money_comes_late() -> None:
    theirs(600, day(6, 20), key="p")
    assert state("p") == ("broken", 0), "it is the 30th of June when it is written down"
    pay("C1", "RC-1", 400, day(6, 18))
    assert state("p") == ("partly_kept", 400)


def test_the_night_judges_what_nobody_paid_and_again_changes_nothing() -> None:
    theirs(600, day(7, 10), key="p", tolerance=3)
    assert night(day(7, 13)) == (0, 0)
    assert night(day(7, 14)) == (1, 0)
    assert state("p", day(7, 13)) == ("open", 0) and state("p", day(7, 14)) == ("broken", 0)
    written = Judgement.objects.count()
    assert night(day(7, 20)) == (0, 0) and Judgement.objects.count() == written
    assert queries.keeping(day(1, 1), day(7, 14)) == {Promise.objects.get().customer_id: Keeping(1, 0, 0, 0)}


def test_waiting_is_what_may_still_come_in_time() -> None:
    theirs(600, day(7, 10), key="p", tolerance=3)
    pay("C1", "RC-1", 200, day(6, 10))
    (waits,) = queries.waiting(day(7, 13))
    assert (waits.amount, waits.until, waits.currency) == (400, day(7, 13), "EUR")
    assert queries.waiting(day(7, 14)) == []
    assert queries.waiting(day(7, 13), customers=[]) == []


def test_the_same_again_is_one_promise_and_another_under_its_key_is_refused() -> None:
    first = theirs(600, day(7, 10), key="p")
    assert theirs(600, day(7, 10), key="p") == first
    with refused("key_reused"):
        theirs(700, day(7, 10), key="p")
    assert Promise.objects.count() == 1 and AuditEntry.objects.filter(action="make_promise").count() == 1


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("due", {"due": day(5, 31)}),
        ("amount", {"amount": 0}),
        ("amount", {"amount": 10**16}),
        ("amount", {"amount": None}),
        ("tolerance", {"tolerance": 61}),
        ("kind", {"kind": "visit"}),
        ("by", {"by": "nobody"}),
        ("currency", {"currency": ""}),
        ("text", {"subject": "a\nb"}),
    ],
)
def test_unfit_promises_are_refused_and_nothing_is_written(code: str, change: dict[str, Any]) -> None:
    values = {"by": "them", "kind": "pay", "made": day(6, 1), "due": day(6, 9), "amount": 5, "currency": "EUR"} | change
    with refused(code):
        make_promise(**BY, customer="C1", promise=NewPromise(**values))
    assert not Promise.objects.exists()


def test_an_item_of_somebody_else_or_in_another_currency_is_refused() -> None:
    customer("C2")
    other = post("C2", "INV-9", 100, day(5, 1)).id
    with pytest.raises(NotFound):
        theirs(100, day(7, 1), items=(About(other),))
    yen = post("C1", "INV-2", 100, day(5, 1), currency="JPY").id
    with refused("other_currency", "INV-2", "JPY"):
        theirs(100, day(7, 1), items=(About(yen),))


def test_another_team_s_customer_does_not_exist() -> None:
    stranger = Actor(7, "Ana", frozenset({"collector"}), frozenset({"south"}), frozenset({"north"}))
    theirs(600, day(7, 10), key="p")
    with pytest.raises(NotFound):
        make_promise(actor=stranger, now=NOW, customer="C1", promise=to_pay(5, day(7, 1)))
    for act in (withdraw_promise, keep_promise):
        with pytest.raises(NotFound):
            more = {"reason": "x"} if act is withdraw_promise else {}
            act(actor=stranger, now=NOW, key="p", day=day(6, 5), **more)
    assert queries.due_between(day(1, 1), day(12, 31), day(6, 30), hidden=frozenset({"north"})) == []


def test_a_renewed_promise_stands_a_level_higher_and_a_promise_for_the_rest_does_not() -> None:
    theirs(600, day(7, 1), key="p")
    new = renew_promise(**BY, key="p", due=day(7, 20), day=day(6, 15), new_key="q")
    assert (new.level, new.amount, new.renews, state("p")[0]) == (2, 600, "p", "renewed")
    assert renew_promise(**BY, key="p", due=day(7, 20), day=day(6, 15), new_key="q") == new
    with refused("closed_promise"):
        renew_promise(**BY, key="p", due=day(8, 1), day=day(6, 16), new_key="r")
    pay("C1", "RC-1", 100, day(6, 18))
    night(day(7, 21))
    assert state("q") == ("partly_kept", 100)
    rest = renew_promise(**BY, key="q", due=day(8, 20), day=day(7, 22), new_key="r")
    assert (rest.level, rest.amount, state("q")[0]) == (2, 500, "partly_kept")
    with refused("closed_promise"):
        renew_promise(**BY, key="q", due=day(9, 1), day=day(7, 23), new_key="s")


def test_a_withdrawn_promise_no_longer_counts_and_says_why() -> None:
    theirs(600, day(7, 10), key="p")
    with refused("no_reason"):
        withdraw_promise(**BY, key="p", day=day(6, 5), reason=" ")
    done = withdraw_promise(**BY, key="p", day=day(6, 5), reason="wrong customer")
    assert withdraw_promise(**BY, key="p", day=day(6, 5), reason="wrong customer") == done
    assert (done.state, done.reason) == ("withdrawn", "wrong customer")
    assert night(day(7, 30)) == (0, 0) and queries.keeping(day(1, 1), day(12, 31)) == {}
    assert state("p", day(6, 4)) == ("open", 0)


def test_a_plan_is_a_chain_whose_steps_sum_to_the_amount() -> None:
    made = make_plan(
        **BY, customer="C1", first=to_pay(1_000, day(6, 1)), days=[day(7, 1), day(8, 1), day(9, 1)], key="plan"
    )
    assert [(each.step, each.amount, each.due, each.plan) for each in made] == [
        (1, 333, day(7, 1), "plan"), (2, 333, day(8, 1), "plan"), (3, 334, day(9, 1), "plan"),
    ]  # fmt: skip
    with refused("steps"):
        make_plan(**BY, customer="C1", first=to_pay(1_000, day(6, 1)), days=[day(8, 1), day(7, 1)], key="other")
    pay("C1", "RC-1", 500, day(6, 20))
    assert [state(f"plan/{n}") for n in (1, 2, 3)] == [("kept", 333), ("open", 167), ("open", 0)]


def test_ours_overdue_holds_what_it_is_about_until_it_is_kept() -> None:
    item = Item.objects.get(number="INV-1").pk
    ours(day(7, 5), item)
    assert night(day(7, 5)) == (0, 0)
    assert night(day(7, 6)) == (0, 1)
    debit = receivables.items([item], day(7, 6))
    assert receivables.held(debit, day(7, 6)) == {item: 10_000}
    assert receivables.held(debit, day(7, 5)) == {}
    (hold,) = receivables.holds([item])
    assert (hold.reason, hold.source) == ("own_promise", "ours")
    assert night(day(7, 7)) == (0, 0), "once"
    assert next(iter(queries.broken_ours(day(7, 7)).values()))[0].key == "ours"
    good = keep_promise(**BY, key="ours", day=day(7, 8))
    assert (good.state, good.reason) == ("broken", "made good")
    assert receivables.held(debit, day(7, 8)) == {} and queries.broken_ours(day(7, 8)) == {}
    assert keep_promise(**BY, key="ours", day=day(7, 9)) == good
    assert night(day(7, 10)) == (0, 0)


def test_ours_kept_in_time_holds_nothing_and_counts_as_kept() -> None:
    ours(day(7, 5), Item.objects.get().pk, tolerance=1)
    assert keep_promise(**BY, key="ours", day=day(7, 6)).state == "kept"
    assert night(day(7, 30)) == (0, 0) and receivables.holds([Item.objects.get().pk]) == []
    assert list(queries.keeping(day(1, 1), day(7, 30)).values()) == [Keeping(0, 0, 1, 1)]


def test_theirs_is_not_kept_by_a_word() -> None:
    theirs(600, day(7, 10), key="p")
    with refused("not_ours"):
        keep_promise(**BY, key="p", day=day(7, 1))


def test_a_merged_customer_s_promise_is_kept_by_who_carries_on() -> None:
    customer("C2")
    theirs(600, day(7, 10), key="p")
    merge_customers(
        actor=SYSTEM, now=NOW, merged="C1", merged_version=1, survivor="C2", survivor_version=1, on=day(6, 5),
        reason="one shop",
    )  # fmt: skip
    pay("C2", "RC-1", 600, day(6, 20))
    assert state("p") == ("kept", 600)


def test_the_trail_tells_of_it() -> None:
    theirs(600, day(7, 10), key="p")
    withdraw_promise(**BY, key="p", day=day(6, 5), reason="by mistake")
    entry = AuditEntry.objects.get(action="withdraw_promise")
    assert entry.subject == "promise p" and "by mistake" in str(entry.after)


def test_the_night_sees_what_was_paid_until_it_had_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs(600, day(7, 10), key="p")
    really = operations.lock

    def lock(customers: Any) -> None:
        monkeypatch.setattr(operations, "lock", really)
        pay("C1", "RC-1", 600, day(7, 9))  # it had the lock first, and the night waited for it
        really(customers)

    monkeypatch.setattr(operations, "lock", lock)
    assert night(day(7, 14)) == (0, 0) and state("p") == ("kept", 600)


def test_the_night_goes_through_the_book_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_promises, "PART", 2)
    monkeypatch.setattr(own_promises, "PART", 1)
    item = Item.objects.get(number="INV-1").pk
    ours(day(7, 5), item)
    ours(day(7, 6), item, key="more")
    for number in range(2, 7):
        customer(f"C{number}")
        make_promise(**BY, customer=f"C{number}", promise=to_pay(600, day(7, 10)), key=f"p{number}")
    told: list[tuple[str, int, int]] = []
    done = judge_all(actor=SYSTEM, now=NOW, as_of=day(7, 14), progress=lambda *step: told.append(step))
    assert done == (5, 2) and night(day(7, 14)) == (0, 0)
    assert told == [("judging", 0, 5), ("judging", 2, 5), ("judging", 4, 5), ("holding", 5, 5)]
    assert AuditEntry.objects.filter(action="run_nightly").count() == 7
    assert {state(f"p{number}")[0] for number in range(2, 7)} == {"broken"}


def test_a_night_that_comes_after_it_was_kept_holds_nothing() -> None:
    item = Item.objects.get(number="INV-1").pk
    ours(day(7, 5), item)
    keep_promise(**BY, key="ours", day=day(7, 8))
    night(day(7, 7))
    assert receivables.holds([item]) == []


def test_another_team_s_renewal_is_not_handed_out() -> None:
    theirs(600, day(7, 10), key="p")
    renewed = renew_promise(**BY, key="p", due=day(7, 20), day=day(6, 5))
    assert renew_promise(**BY, key="p", due=day(7, 20), day=day(6, 5)) == renewed
    stranger = Actor(7, "Ana", frozenset({"collector"}), frozenset({"south"}), frozenset({"north"}))
    with pytest.raises(NotFound):
        renew_promise(actor=stranger, now=NOW, key="p", due=day(7, 20), day=day(6, 5))
