"""FORMULAS 20: until when a claim can be enforced, and what restarts the clock."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from goodstanding.receivables.limitation import Proof, Term, anniversary, clock

DUE = date(2024, 5, 1)
TODAY = date(2026, 6, 30)


def test_three_years_from_the_due_day() -> None:
    found = clock(DUE, [], [], TODAY)
    assert (found.until, found.proof, found.days_left) == (date(2027, 5, 1), None, 305)


def test_a_demand_that_can_be_proved_restarts_it() -> None:
    letter = Proof(date(2025, 9, 1), "letter", "reminder 2")
    found = clock(DUE, [Proof(date(2025, 1, 1), "message"), letter], [], TODAY)
    assert (found.until, found.proof) == (date(2028, 9, 1), letter)


def test_one_to_come_or_before_the_due_day_counts_nothing() -> None:
    assert clock(DUE, [Proof(date(2024, 4, 1), "letter"), Proof(date(2026, 7, 1), "letter")], [], TODAY).proof is None


def test_after_the_end_only_an_acknowledgement_restarts_it() -> None:
    late = date(2027, 6, 1)
    assert clock(DUE, [Proof(late, "letter")], [], late).expired
    assert clock(DUE, [Proof(late, "promise")], [], late).until == date(2030, 6, 1)
    assert not clock(DUE, [], [], date(2027, 5, 1)).expired, "the last day is still in time"


def test_the_years_are_those_of_the_day_on_which_the_clock_starts() -> None:
    terms = [Term(date(2025, 1, 1), 2)]
    assert clock(DUE, [], terms, TODAY).until == date(2027, 5, 1)
    assert clock(DUE, [Proof(date(2025, 2, 1), "letter")], terms, TODAY).until == date(2027, 2, 1)


def test_a_leap_day_ends_on_the_28th() -> None:
    assert anniversary(date(2024, 2, 29), 3) == date(2027, 2, 28)


@given(
    st.lists(st.tuples(st.integers(-400, 3000), st.sampled_from(["letter", "message", "promise"])), max_size=8),
    st.integers(0, 3000),
)
def test_a_further_proof_never_shortens_it(proofs: list[tuple[int, str]], days: int) -> None:
    told = [Proof(DUE + timedelta(days=number), kind) for number, kind in proofs]
    as_of = DUE + timedelta(days=days)
    before = clock(DUE, told[:-1], [], as_of)
    assert clock(DUE, told, [], as_of).until >= before.until
    assert clock(DUE, told[::-1], [], as_of) == clock(DUE, told, [], as_of)
