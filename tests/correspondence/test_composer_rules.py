"""Feel, Felt, Found: complete in both languages, and Found only with enough behind it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.correspondence.rules.composing import FEWEST, NOBODY, OBJECTIONS, TOO_FEW, Found, compose
from goodstanding.correspondence.rules.sincerity import Truth, check
from goodstanding.kernel.errors import Refused


@given(
    st.sampled_from(sorted(OBJECTIONS)), st.sampled_from(["en", "zh"]), st.integers(0, 30), st.integers(0, 90), st.data()
)  # fmt: skip
def test_found_has_its_exact_counts_and_never_fewer_than_five(
    objection: str, language: str, similar: int, days: int, data: st.DataObject
) -> None:
    paid = data.draw(st.integers(0, similar))
    made = compose(objection, language, Found(similar, paid, days))
    if similar < FEWEST or not paid:
        assert (made.found, made.without) == ("", TOO_FEW if similar < FEWEST else NOBODY)
    else:
        assert [int(digits) for digits in re.findall(r"\d+", made.found)] == [similar, paid, days]
        text = f"{made.feel} {made.felt} {made.found}"
        assert check(text, language, Truth("EUR", counts=frozenset({similar, paid, days}))) == []


def test_four_customers_are_too_few() -> None:
    assert compose("forgot", "en", Found(4, 4, 7)).found == ""
    assert compose("forgot", "en", Found(5, 4, 7)).found.startswith("Of 5 customers in a similar position, 4 had paid")
    assert compose("forgot", "en", None).without == TOO_FEW


def test_what_is_not_written_is_refused() -> None:
    for objection, language in (("rude", "en"), ("forgot", "fr")):
        with pytest.raises(Refused):
            compose(objection, language, None)
