"""Shares and differences with their intervals, against the figures of the papers they come from."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.collections.rules.experiments import Subject, findings
from goodstanding.collections.rules.intervals import BETTER, CANNOT_TELL, WORSE, Interval, newcombe, verdict, wilson

DAY = date(2026, 3, 2)
FEW = st.integers(0, 400)
SHARES = st.tuples(FEW, FEW).map(lambda pair: (min(pair), max(pair)))
ROUNDING = 1e-9


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_bounds(hits: int, of: int, low: float, high: float) -> None:
    """Newcombe 1998 a, table I, method 3."""
    found = wilson(hits, of)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_gives_the_published_bounds(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe 1998 b, table II, method 10."""
    found = newcombe(one, other)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_nobody_asked_has_no_share() -> None:
    assert wilson(0, 0) is None
    assert newcombe((0, 0), (1, 2)) is None
    assert newcombe((1, 2), (0, 0)) is None


@pytest.mark.parametrize(("hits", "of"), [(-1, 4), (5, 4), (0, -1)])
def test_more_hits_than_asked_is_a_fault_of_the_caller(hits: int, of: int) -> None:
    with pytest.raises(ValueError, match="of"):
        wilson(hits, of)


@given(SHARES)
def test_the_share_lies_inside_its_bounds_and_they_inside_none_and_all(share: tuple[int, int]) -> None:
    found = wilson(*share)
    if found is not None:
        assert 0 <= found.low <= found.value + ROUNDING
        assert found.value <= found.high + ROUNDING
        assert found.high <= 1


@given(SHARES)
def test_not_paying_is_the_mirror_of_paying(share: tuple[int, int]) -> None:
    hits, of = share
    paid, unpaid = wilson(hits, of), wilson(of - hits, of)
    if paid is not None and unpaid is not None:
        assert paid.low == pytest.approx(1 - unpaid.high, abs=ROUNDING)
        assert paid.high == pytest.approx(1 - unpaid.low, abs=ROUNDING)


@given(SHARES, SHARES)
def test_the_other_way_round_is_the_same_with_the_other_sign(one: tuple[int, int], other: tuple[int, int]) -> None:
    there, back = newcombe(one, other), newcombe(other, one)
    if there is None or back is None:
        assert there is back
        return
    assert -1 <= there.low <= there.value + ROUNDING
    assert there.value <= there.high + ROUNDING
    assert there.high <= 1
    assert (there.value, there.low, there.high) == pytest.approx((-back.value, -back.high, -back.low), abs=ROUNDING)


@given(st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_same_share_of_more_customers_is_surer(share: tuple[int, int]) -> None:
    few, many = wilson(*share), wilson(10 * share[0], 10 * share[1])
    assert few is not None
    assert many is not None
    assert many.high - many.low < few.high - few.low


def test_an_interval_that_holds_nought_tells_nothing() -> None:
    assert verdict(Interval(0.1, 0.01, 0.2)) == BETTER
    assert verdict(Interval(-0.1, -0.2, -0.01)) == WORSE
    assert verdict(Interval(0.1, 0.0, 0.2)) == CANNOT_TELL
    assert verdict(Interval(0.0, -0.1, 0.1)) == CANNOT_TELL
    assert verdict(None) == CANNOT_TELL


def _subjects(variant: str, paid: int, of: int) -> list[Subject]:
    """The first `paid` of them pay after 1, 2, 3 … days, ten at most."""
    return [Subject(variant, DAY, DAY + timedelta(days=1 + n % 10) if n < paid else None) for n in range(of)]


def test_the_published_difference_comes_out_of_an_experiment() -> None:
    subjects = _subjects("warm", 56, 70) + _subjects("holdout", 48, 80)
    warm, holdout = findings(subjects, ("warm", "holdout"), 14, DAY + timedelta(days=14))
    assert (warm.assigned, warm.counted, warm.paid, warm.median, warm.verdict) == (70, 70, 56, 5, BETTER)
    assert warm.difference is not None
    assert (round(warm.difference.low, 4), round(warm.difference.high, 4)) == (0.0524, 0.3339)
    assert (holdout.counted, holdout.paid, holdout.difference) == (80, 48, None)


def test_without_a_holdout_the_first_variant_is_compared_with() -> None:
    plain, warm = findings(_subjects("plain", 1, 4) + _subjects("warm", 2, 4), ("plain", "warm"), 14, date(2026, 6, 1))
    assert plain.difference is None
    assert warm.difference is not None
    assert warm.difference.value == 0.25
    assert warm.verdict == CANNOT_TELL


def test_only_those_count_whose_days_have_passed() -> None:
    """Assigned on the 2nd with 14 days: counted from the 16th on, even when they paid at once."""
    subjects = [Subject("warm", DAY, DAY)]
    (early,) = findings(subjects, ("warm",), 14, DAY + timedelta(days=13))
    (ripe,) = findings(subjects, ("warm",), 14, DAY + timedelta(days=14))
    assert (early.assigned, early.counted, early.paid, early.rate, early.median) == (1, 0, 0, None, None)
    assert (ripe.assigned, ripe.counted, ripe.paid, ripe.median) == (1, 1, 1, 0)


@pytest.mark.parametrize(("after", "paid"), [(-1, 0), (0, 1), (14, 1), (15, 0)])
def test_paid_in_time_is_from_the_day_assigned_to_the_last_day(after: int, paid: int) -> None:
    (found,) = findings([Subject("warm", DAY, DAY + timedelta(days=after))], ("warm",), 14, date(2026, 6, 1))
    assert found.paid == paid


def test_nobody_and_nothing_asked() -> None:
    assert findings([], (), 14, DAY) == []
    (found,) = findings([Subject("gone", DAY), Subject("warm", DAY + timedelta(days=1))], ("warm",), 14, DAY)
    assert (found.assigned, found.counted, found.rate) == (0, 0, None)
