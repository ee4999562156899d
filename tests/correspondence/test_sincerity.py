"""A message says only what the ledger says."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from goodstanding.correspondence.rules.sincerity import Truth, check

TRUTH = Truth(
    currency="EUR",
    amounts=frozenset({123450, 1200000}),
    days=frozenset({date(2026, 11, 5)}),
    counts=frozenset({21}),
    items=frozenset({"INV-7"}),
    closed={"INV-8": "disputed"},
    words=frozenset({"DE89 3704 0044"}),
)


@pytest.mark.parametrize(
    "text",
    [
        "EUR 1,234.50", "€1234.50", "1,234.50 EUR", "1234.5", "EUR1234.50", "1.2万欧元", "１２３４.５０", "12,000",
        "2026-11-05", "5 Nov 2026", "Nov 5, 2026", "5th November", "2026年11月5日", "11月5日", "21 days late",
        "发票INV-7的", "Pay to DE89 3704 0044.", "Thank you.",
    ],
)  # fmt: skip
def test_the_truth_passes(text: str) -> None:
    assert check(text, "en", TRUTH) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EUR 1,234.51", "wrong_amount"), ("$1,234.50", "wrong_amount"), ("USD1234.50", "wrong_amount"),
        ("1.234,50", "wrong_amount"), ("1,234.50 usd", "wrong_amount"), ("dollars 1,234.50", "wrong_amount"), ("-1,234.50", "wrong_amount"), ("1.3万欧元", "wrong_amount"),
        ("一千二百元", "in_words"), ("1千元", "wrong_amount"), ("6 Nov 2026", "wrong_day"), ("2025年11月5日", "wrong_day"),
        ("05/11/2026", "wrong_day"), ("INV-8", "closed_item"), ("INV-77", "unknown_item"), ("22 days", "wrong_amount"),
        ("As you promised", "no_promise"), ("您上周答应", "no_promise"),
    ],
)  # fmt: skip
def test_what_the_ledger_denies_is_named(text: str, code: str) -> None:
    assert [fault.code for fault in check(text, "en", TRUTH)] == [code]


def test_a_short_number_is_not_read_into_a_day_and_a_day_not_into_a_long_number() -> None:
    truth = Truth("EUR", days=frozenset({date(2026, 6, 1)}), items=frozenset({"1"}), closed={"2": "held"})
    assert check("1, due 1 Jun 2026 or 2026年6月1日", "en", truth) == []
    assert [fault.code for fault in check("2, due 2026-06-01", "en", truth)] == ["closed_item"]
    named = Truth("EUR", days=truth.days, closed={"INV-2026-06-01": "held", "2026-06-01": "held"})
    assert [fault.code for fault in check("INV-2026-06-01", "en", named)] == ["closed_item"]
    assert [fault.code for fault in check("2026-06-01", "en", named)] == ["closed_item"]


@given(
    st.integers(1, 10**9), st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 99999), st.integers(1, 999),
    st.sampled_from(["en", "zh"]), st.data(),
)  # fmt: skip
def test_true_facts_pass_and_one_changed_digit_fails(
    minor: int, day: date, number: int, late: int, language: str, data: st.DataObject
) -> None:
    truth = Truth("CNY", frozenset({minor}), frozenset({day}), frozenset({late}), frozenset({f"INV-{number}"}))
    amount = f"{minor // 100:,}.{minor % 100:02}"
    text = {
        "en": f"{amount} CNY was due on {day.day} {day:%b} {day.year}, {late} days ago (INV-{number}).",
        "zh": f"发票INV-{number}，¥{amount}，{day.year}年{day.month}月{day.day}日到期，已过{late}天。",
    }[language]
    assert check(text, language, truth) == []
    place = data.draw(st.sampled_from([at for at, char in enumerate(text) if char.isdigit()]))
    digit = data.draw(st.sampled_from("0123456789"))
    assume(digit != text[place])
    assert check(text[:place] + digit + text[place + 1 :], language, truth)
