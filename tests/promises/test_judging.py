"""Promises are judged on the money received in their window, each unit of it once: FORMULAS 6."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.promises.rules import Given, instalments, judge, next_level, rates
from ledger import day, refused

JUNE = day(6, 1)


def promise(key: str, amount: int, due: date, made: date = JUNE, tolerance: int = 0, closed: date | None = None):
    return Given(key, made, due, tolerance, amount, closed)


def stands(verdicts) -> dict[str, tuple[str, int]]:
    return {each.key: (each.state, each.received) for each in verdicts}


def test_the_worked_example() -> None:
    given_ = [
        promise(key, amount, day(6, 10)) for key, amount in (("a", 10_000), ("b", 5_000), ("c", 8_000), ("d", 2_000))
    ]
    received = {"a": 10_000, "b": 3_000, "c": 0, "d": 2_000}
    states = []
    for each in given_:  # four customers, one promise each
        (verdict,) = judge([each], [(day(6, 9), received[each.key])] if received[each.key] else [], day(6, 11))
        states.append((verdict.state, each.amount, verdict.received))
    assert [state for state, *_rest in states] == ["kept", "partly_kept", "broken", "kept"]
    found = rates(states)
    assert (found.by_count, found.by_amount, found.received) == (
        Fraction(50, 100),
        Fraction(48, 100),
        Fraction(60, 100),
    )


def test_nothing_judged_gives_no_rate() -> None:
    assert rates([("open", 100, 0), ("withdrawn", 100, 0)]) == rates([])
    assert rates([]).by_count is None


def test_it_is_kept_the_day_the_last_of_it_came_and_broken_the_day_after_its_tolerance() -> None:
    one = [promise("a", 100, day(6, 10), tolerance=2)]
    assert stands(judge(one, [], day(6, 12))) == {"a": ("open", 0)}
    assert judge(one, [], day(6, 13))[0].on == day(6, 13)
    assert stands(judge(one, [], day(6, 13))) == {"a": ("broken", 0)}
    kept = judge(one, [(day(6, 3), 40), (day(6, 12), 60), (day(6, 13), 500)], day(7, 1))[0]
    assert (kept.state, kept.on, kept.received) == ("kept", day(6, 12), 100)


@pytest.mark.parametrize(("on", "counts"), [(day(5, 31), 0), (day(6, 1), 50), (day(6, 12), 50), (day(6, 13), 0)])
def test_the_window_is_from_the_day_it_was_made_to_its_tolerance(on: date, counts: int) -> None:
    assert judge([promise("a", 100, day(6, 10), tolerance=2)], [(on, 50)], day(7, 1))[0].received == counts


def test_what_is_due_first_takes_the_money_first() -> None:
    two = [promise("later", 100, day(6, 20)), promise("sooner", 100, day(6, 10))]
    assert stands(judge(two, [(day(6, 5), 150)], day(6, 30))) == {"sooner": ("kept", 100), "later": ("partly_kept", 50)}


def test_a_renewed_promise_keeps_the_money_it_got_and_the_new_one_counts_from_its_own_day() -> None:
    old = promise("old", 100, day(6, 30), closed=day(6, 10))
    new = promise("new", 60, day(7, 10), made=day(6, 10))
    money = [(day(6, 5), 40), (day(7, 1), 60)]
    assert stands(judge([old, new], money, day(7, 20))) == {"new": ("kept", 60)}
    assert stands(judge([old, new], money[:1], day(7, 20))) == {"new": ("broken", 0)}


def test_levels_rise_unless_part_was_kept() -> None:
    assert (next_level("broken", 1), next_level("open", 2), next_level("partly_kept", 2)) == (2, 3, 2)


@given(st.integers(1, 10**12), st.integers(1, 60))
def test_instalments_sum_exactly(amount: int, steps: int) -> None:
    if amount < steps:
        with refused("steps"):
            instalments(amount, steps)
        return
    parts = instalments(amount, steps)
    assert sum(parts) == amount and len(parts) == steps and min(parts) > 0
    assert max(parts[:-1], default=0) <= parts[-1] < min(parts[:-1], default=amount) + steps + 1


days = st.integers(0, 60).map(lambda n: day(1, 1) + timedelta(days=n))
many = st.lists(
    st.tuples(days, st.integers(0, 30), st.integers(0, 5), st.integers(1, 500), st.none() | st.integers(0, 40)),
    max_size=8,
)


@given(many, st.lists(st.tuples(days, st.integers(1, 400)), max_size=12), days)
def test_no_money_is_counted_twice_and_later_money_changes_nothing(drawn, money, as_of) -> None:
    given_ = [
        Given(
            f"p{n}",
            made,
            made + timedelta(days=late),
            tolerance,
            amount,
            None if shut is None else made + timedelta(days=shut),
        )
        for n, (made, late, tolerance, amount, shut) in enumerate(drawn)
    ]
    verdicts = judge(given_, money, as_of)
    by_key = {each.key: each for each in given_}
    assert {each.key for each in verdicts} == {each.key for each in given_ if each.closed is None}
    assert sum(each.received for each in verdicts) <= sum(amount for on, amount in money if on <= as_of)
    for each in verdicts:
        mine = by_key[each.key]
        window = [amount for on, amount in money if mine.made <= on <= min(mine.until, as_of)]
        assert 0 <= each.received <= min(mine.amount, sum(window))
        assert (each.state == "kept") == (each.received == mine.amount)
        assert (each.state == "open") == (each.received < mine.amount and as_of <= mine.until)
    assert verdicts == judge(reversed(given_), reversed(money), as_of), "the order in which they are given is no matter"
    assert verdicts == judge(given_, [*money, (as_of + timedelta(days=1), 10**6)], as_of), (
        "tomorrow's money is not here"
    )
