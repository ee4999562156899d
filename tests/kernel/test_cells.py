"""Text that a spreadsheet might run is made inert and comes back unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.kernel.cells import inert, original


@pytest.mark.parametrize(
    "text", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "|x", "%x", "'=1", "''=1"]
)
def test_active_text_is_made_inert(text: str) -> None:
    assert inert(text) == "'" + text
    assert original(inert(text)) == text


@pytest.mark.parametrize("text", ["", "Café", "'tis", "客户", "00123", "a=b"])
def test_harmless_text_stays(text: str) -> None:
    assert inert(text) == text == original(text)


@given(st.text(alphabet="'=+-@|%\t\r\nab客", max_size=8))
def test_every_text_comes_back(text: str) -> None:
    assert original(inert(text)) == text
