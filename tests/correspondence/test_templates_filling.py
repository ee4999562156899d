"""Templates take names of a closed list and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.correspondence.rules.filling import VARIABLES, fill, variables
from goodstanding.kernel.errors import Refused


def test_variables_are_written_out() -> None:
    assert fill("Dear {contact_name},\n{amount}", {"contact_name": "Li", "amount": "EUR 5.00"}) == "Dear Li,\nEUR 5.00"
    assert variables("{amount} {amount} {firm}") == {"amount", "firm"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\n{nobody}", "unknown_variable"),
        ("a\n{amount.real}", "malformed_variable"),
        ("a\n{amount[0]}", "malformed_variable"),
        ("a\n{amount!r}", "malformed_variable"),
        ("a\n{amount:>9}", "malformed_variable"),
        ("a\n{}", "malformed_variable"),
        ("a\n{{amount}}", "malformed_variable"),
        ("a\n{amount", "malformed_variable"),
        ("a\namount}", "malformed_variable"),
    ],
)
def test_anything_else_is_refused_with_its_line(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        variables(text)
    assert (refused.value.code, refused.value.params["line"]) == (code, 2)


def test_a_variable_without_a_value_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        fill("{amount}", {})
    assert refused.value.code == "missing_variable"


@given(st.text(min_size=1))
def test_values_are_never_read_as_templates(value: str) -> None:
    assert fill("{firm}", dict.fromkeys(VARIABLES, value)) == value
