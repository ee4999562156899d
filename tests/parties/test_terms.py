"""Terms of payment, as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.parties.rules.terms import due_day, parse_terms
from goodstanding.parties.types import Discount, Terms

TWO_TEN = (Discount(200, 10),)
MEANT = [
    ("net 30", Terms(30)),
    ("Net 30 days", Terms(30)),
    ("NET30", Terms(30)),
    ("n/30", Terms(30)),
    ("n30", Terms(30)),
    ("30", Terms(30)),
    ("30 days", Terms(30)),
    ("30d", Terms(30)),
    ("30 days net", Terms(30)),
    ("０", Terms(0)),
    ("0", Terms(0)),
    ("30天", Terms(30)),
    ("３０天", Terms(30)),
    ("票到30天", Terms(30)),
    ("票到30天付款", Terms(30)),
    ("货到30天", Terms(30)),
    ("账期45天", Terms(45)),
    ("2/10 net 30", Terms(30, discounts=TWO_TEN)),
    ("2/10, net 30", Terms(30, discounts=TWO_TEN)),
    ("2/10 n/30", Terms(30, discounts=TWO_TEN)),
    ("2/10n30", Terms(30, discounts=TWO_TEN)),
    ("2%/10 net 30", Terms(30, discounts=TWO_TEN)),
    ("2％/10，net 30", Terms(30, discounts=TWO_TEN)),
    ("2/10, 30", Terms(30, discounts=TWO_TEN)),
    ("2.5/10 net 30", Terms(30, discounts=(Discount(250, 10),))),
    ("3/10, 2/20, net 45", Terms(45, discounts=(Discount(300, 10), Discount(200, 20)))),
    ("2/10 月结30天", Terms(30, end_of_month=True, discounts=TWO_TEN)),
    ("2/10 EOM", Terms(0, end_of_month=True, discounts=TWO_TEN)),
    ("月结30天", Terms(30, end_of_month=True)),
    ("月结 30 天", Terms(30, end_of_month=True)),
    ("月结30", Terms(30, end_of_month=True)),
    ("月结", Terms(0, end_of_month=True)),
    ("当月结", Terms(0, end_of_month=True)),
    ("EOM", Terms(0, end_of_month=True)),
    ("30 EOM", Terms(30, end_of_month=True)),
    ("net 30 EOM", Terms(30, end_of_month=True)),
    ("EOM + 30", Terms(30, end_of_month=True)),
    ("end of month 15 days", Terms(15, end_of_month=True)),
    ("货到付款", Terms(0)),
    ("COD", Terms(0)),
    ("cash on delivery", Terms(0)),
    ("due on receipt", Terms(0)),
    ("现结", Terms(0)),
    ("预付", Terms(0, prepaid=True)),
    ("预付款", Terms(0, prepaid=True)),
    ("款到发货", Terms(0, prepaid=True)),
    ("prepaid", Terms(0, prepaid=True)),
]


@pytest.mark.parametrize(("text", "meant"), MEANT)
def test_meant(text: str, meant: Terms) -> None:
    assert parse_terms(text) == meant
    assert parse_terms(f"  {text.upper()} ") == meant


@pytest.mark.parametrize(
    "text",
    ["", " ", "as agreed", "net", "net x", "-30", "30.5", "1e3", "net 1000", "99999", "2/10", "2/10 net 5", "0/10 net 30",
     "2/20, 3/10, net 45", "2/10, 3/10, net 45", "net 30 net 60", "30 60", "月结x", "٣٠", "30 days?", "1/2/3", "30 months"],
)  # fmt: skip
def test_not_told(text: str) -> None:
    assert parse_terms(text) is None


@given(st.text(max_size=64))
def test_any_text_is_taken_or_left(text: str) -> None:
    terms = parse_terms(text)
    assert terms is None or 0 <= terms.days <= 999


@pytest.mark.parametrize(
    ("text", "issued", "due"),
    [
        ("net 30", date(2026, 1, 31), date(2026, 3, 2)),
        ("0", date(2026, 1, 31), date(2026, 1, 31)),
        ("月结30天", date(2026, 1, 1), date(2026, 3, 2)),
        ("月结30天", date(2026, 1, 31), date(2026, 3, 2)),
        ("EOM", date(2028, 2, 1), date(2028, 2, 29)),
        ("货到付款", date(2026, 5, 5), date(2026, 5, 5)),
    ],
)
def test_due_day(text: str, issued: date, due: date) -> None:
    terms = parse_terms(text)
    assert terms is not None and due_day(terms, issued) == due
