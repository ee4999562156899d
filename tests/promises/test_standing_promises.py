"""What a judge must not get wrong: a past day asked again, money on the day of a renewal, chains of ours, many holds."""

from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodstanding.access.types import SYSTEM
from goodstanding.actions.judge_promises import judge_all
from goodstanding.actions.keep_promise import keep_promise, renew_promise, withdraw_promise
from goodstanding.actions.make_promise import make_promise
from goodstanding.promises import queries
from goodstanding.promises.models import Judgement, Promise
from goodstanding.promises.types import About, NewPromise
from goodstanding.receivables import queries as receivables
from goodstanding.receivables.models import Item
from ledger import BY, NOW, customer, day, pay, post, refused, reverse

pytestmark = pytest.mark.django_db
JUNE, IN_THE_END = day(6, 1), day(12, 31)


@pytest.fixture(autouse=True)
def somebody(db: None) -> None:
    customer("C1")
    post("C1", "INV-1", 10_000, day(5, 1))


def theirs(amount: int, due: date, key: str, made: date = JUNE, **more: Any) -> None:
    make_promise(**BY, customer="C1", promise=NewPromise("them", "pay", made, due, amount, "EUR", **more), key=key)


def ours(due: date, key: str, *items: About) -> None:
    make_promise(**BY, customer="C1", promise=NewPromise("us", "call_back", day(6, 1), due, items=items), key=key)


def state(key: str, as_of: date = IN_THE_END) -> tuple[str, int]:
    found = queries.promise(key, as_of)
    return found.state, found.received


def night(as_of: date) -> tuple[int, int]:
    return judge_all(actor=SYSTEM, now=NOW, as_of=as_of)


def held(as_of: date) -> dict[int, int]:
    return receivables.held(receivables.items([Item.objects.get(number="INV-1").pk], as_of), as_of)


def test_a_night_of_the_past_run_again_leaves_the_later_days_as_they_are() -> None:
    theirs(600, day(7, 20), "p")
    pay("C1", "RC-1", 600, day(6, 12))
    written = Judgement.objects.count()
    assert night(day(6, 11)) == (0, 0) and Judgement.objects.count() == written
    assert state("p") == ("kept", 600) and state("p", day(6, 11)) == ("open", 0)
    theirs(100, day(6, 14), "q", made=day(6, 13))
    withdraw_promise(**BY, key="q", day=day(6, 20), reason="a mistake")
    night(day(6, 15))
    assert state("q", day(6, 15)) == ("broken", 0) and state("q")[0] == "withdrawn"


def test_money_that_comes_after_a_renewal_on_its_day_is_for_the_new_promise() -> None:
    theirs(600, day(7, 1), "old")
    pay("C1", "RC-1", 100, day(6, 10))
    renew_promise(**BY, key="old", due=day(7, 20), day=day(6, 15), new_key="new")
    assert queries.promise("new", IN_THE_END).amount == 500
    pay("C1", "RC-2", 500, day(6, 15))
    assert state("old") == ("renewed", 100) and state("new") == ("kept", 500)


def test_what_was_kept_is_not_withdrawn() -> None:
    theirs(600, day(7, 20), "p")
    pay("C1", "RC-1", 600, day(6, 12))
    with refused("closed_promise"):
        withdraw_promise(**BY, key="p", day=day(6, 20), reason="tidying up")
    reverse("C1", "RC-1", day(6, 21))
    assert withdraw_promise(**BY, key="p", day=day(6, 22), reason="bounced").state == "withdrawn"


@pytest.mark.parametrize("how", ["kept", "withdrawn"])
def test_a_renewal_of_ours_holds_on_and_its_end_lets_go_of_the_whole_chain(how: str) -> None:
    item = Item.objects.get(number="INV-1").pk
    ours(day(7, 5), "first", About(item, 4_000))
    night(day(7, 6))
    renew_promise(**BY, key="first", due=day(7, 20), day=day(7, 7), new_key="second")
    assert held(day(7, 8)) == {item: 4_000}, "the first word is still not kept"
    if how == "kept":
        assert keep_promise(**BY, key="second", day=day(7, 18)).state == "kept"
    else:
        withdraw_promise(**BY, key="second", day=day(7, 18), reason="they did without")
    assert held(day(7, 18)) == {} and queries.broken_ours(day(7, 18)) == {}
    assert held(day(7, 17)) == {item: 4_000} and queries.broken_ours(day(7, 17)) != {}
    assert state("first")[0] == "broken", "late stays late"
    assert night(day(7, 30)) == (0, 0) and held(day(7, 30)) == {}


def test_items_are_named_once_with_an_amount_and_in_any_order() -> None:
    one, two = Item.objects.get(number="INV-1").pk, post("C1", "INV-2", 500, day(5, 2)).id
    for items in ((About(one), About(one)), (About(one, 0),), (About(one, -5),)):
        with refused("items"):
            ours(day(7, 5), "p", *items)
    ours(day(7, 5), "p", About(two), About(one, 5))
    ours(day(7, 5), "p", About(two), About(one, 5))
    assert Promise.objects.count() == 1


def test_a_night_asks_once_for_what_all_of_ours_are_about() -> None:
    item = About(Item.objects.get(number="INV-1").pk, 10)

    def asked(on: date) -> int:
        with CaptureQueriesContext(connection) as caught:
            night(on)
        return len(caught)

    ours(day(7, 5), "p0", item)
    night(day(7, 6))
    alone = asked(day(7, 7))
    for n in range(1, 12):
        ours(day(7, 5), f"p{n}", item)
    night(day(7, 8))
    assert asked(day(7, 9)) == alone


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_payments_at_once_are_both_counted() -> None:
    theirs(600, day(7, 20), "p")

    def second() -> None:
        pay("C1", "RC-2", 200, day(6, 12))
        connection.close()

    other = Thread(target=second)
    with transaction.atomic():
        pay("C1", "RC-1", 400, day(6, 12))
        other.start()
        other.join(1)  # it waits for this one to be committed
    other.join(20)
    assert state("p") == ("kept", 600)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("promise"), st.integers(1, 300), st.integers(0, 12), st.integers(0, 2)),
        st.tuples(st.just("pay"), st.integers(1, 300)),
        st.tuples(st.just("reverse"), st.integers(0, 5)),
        st.tuples(st.just("renew"), st.integers(0, 5), st.integers(1, 12)),
        st.tuples(st.just("withdraw"), st.integers(0, 5)),
    ),
    max_size=9,
)  # fmt: skip


def walk(drawn: list[tuple[Any, ...]], today: date, n: int, live: list[str], paid: list[str]) -> None:
    """One step of a customer's life on a day."""
    by = {"actor": SYSTEM, "now": NOW.replace(month=today.month, day=today.day)}
    what, *more = drawn[n]
    if what == "promise":
        new = NewPromise("them", "pay", today, today + timedelta(days=more[1]), more[0], "EUR", more[2])
        make_promise(**by, customer="C1", promise=new, key=f"p{n}")
        live.append(f"p{n}")
    elif what == "pay":
        pay("C1", f"RC-{n}", more[0], today)
        paid.append(f"RC-{n}")
    elif what == "reverse" and more[0] < len(paid):
        reverse("C1", paid.pop(more[0]), today)
    elif what == "withdraw" and more[0] < len(live) and state(live[more[0]])[0] != "kept":
        withdraw_promise(**by, key=live.pop(more[0]), day=today, reason="x")
    elif what == "renew" and more[0] < len(live) and state(live[more[0]])[0] == "open":
        renew_promise(**by, key=live.pop(more[0]), due=today + timedelta(days=more[1]), day=today, new_key=f"p{n}")
        live.append(f"p{n}")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_a_life_of_promises_counts_no_money_twice_and_the_past_stays(drawn: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        live: list[str] = []
        paid: list[str] = []
        for n in range(len(drawn)):
            today = day(7, 1) + timedelta(days=n // 2)  # two things happen on a day
            walk(drawn, today, n, live, paid)
            night(today)
            then = {each.key: (each.state, each.received) for each in queries.all_promises(today)}
            stands = sum(item.amount for item in Item.objects.filter(kind="payment", reverses=None, reversal=None))
            open_or_judged = sum(got for each, got in then.values() if each not in ("withdrawn", "renewed"))
            assert open_or_judged <= stands, "no more than came"
            night(today)
            for past in range(n // 2 + 1):
                night(day(7, 1) + timedelta(days=past))
            again = {each.key: (each.state, each.received) for each in queries.all_promises(today)}
            assert again == then, "nights run again change nothing"
        transaction.set_rollback(True)
