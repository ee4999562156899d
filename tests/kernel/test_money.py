"""Amounts parse strictly, split exactly and come back as they were."""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.kernel.errors import Refused
from goodstanding.kernel.money import (
    CURRENCIES,
    MAXIMUM,
    NumberStyle,
    decimal_text,
    exponent,
    format_amount,
    parse_amount,
    read_amount,
    split,
    suggest,
)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("0", "EUR", 0),
        ("1", "EUR", 100),
        ("1234.5", "EUR", 123450),
        ("1234.50", "EUR", 123450),
        ("-3", "EUR", -300),
        ("00012.30", "EUR", 1230),
        ("10", "JPY", 10),
        ("10.00", "JPY", 10),
        ("1.500", "KWD", 1500),
        ("1.5000", "EUR", 150),
        ("1234.500", "EUR", 123450),
        ("0.0001", "CLF", 1),
        ("10000000000000.00", "EUR", MAXIMUM),
    ],
)
def test_a_plain_amount_is_read_to_the_minor_unit(text: str, currency: str, minor: int) -> None:
    assert read_amount(text, currency) == (minor, False)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "NaN",
            "nan",
            "Infinity",
            "-inf",
            "1e400",
            "1E5",
            "1e2",
            "1_000",
            "１２３",
            "٣",
            "1,234",
            "1,234.56",
            "1.234,56",
        ),
        *(
            "",
            " ",
            "-",
            "+5",
            "5-",
            "(5)",
            ".5",
            "5.",
            "1.2.3",
            "--5",
            "0x10",
            "1 000",
            " 5",
            "5 ",
            "5\n",
            "5\x00",
            "¥5",
        ),
        *("9" * 61, "1" + "0" * 400, "½", "五", "12a", "True", "None", "#REF!", "=1+1"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_value_quoted(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_amount(text, "EUR")
    assert refused.value.code == "amount"
    assert refused.value.message == f"{text[:60]!r} is not an amount"


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        *(("1.005", "EUR"), ("10.5", "JPY"), ("0.001", "EUR"), ("1.500", "EUR"), ("12.345", "EUR"), ("1.2345", "KWD")),
        *(
            ("0.000001", "EUR"),
            ("1.0000011", "EUR"),
            ("1.0050000001", "EUR"),
            ("1.00001", "EUR"),
            ("1.00000100001", "EUR"),
        ),
    ],
)
def test_more_decimals_than_the_currency_has_are_refused(text: str, currency: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_amount(text, currency)
    assert refused.value.code == "decimals"


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        *(("10.0000001", "JPY", 10), ("0.30000000000000004", "EUR", 30), ("12.3400001", "EUR", 1234)),
        *(("12.3399999", "EUR", 1234), ("1.0000010", "EUR", 100), ("-0.30000000000000004", "EUR", -30)),
        ("5.00000000000000000000000000000000000000000001", "EUR", 500),
    ],
)
def test_spreadsheet_noise_is_taken_off_and_told(text: str, currency: str, minor: int) -> None:
    assert read_amount(text, currency) == (minor, True)


@pytest.mark.parametrize("text", ["10000000000000.01", "-10000000000000.01", "99999999999999999999"])
def test_above_the_maximum_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_amount(text, "EUR")
    assert refused.value.code == "maximum"


@pytest.mark.parametrize(
    ("text", "style"),
    [
        *(("1,234.50", NumberStyle.POINT), ("1.234,50", NumberStyle.COMMA), ("1 234,50", NumberStyle.SPACE)),
        *(("1\u00a0234,5", NumberStyle.SPACE), ("1\u202f234,5", NumberStyle.SPACE), ("1'234.50", NumberStyle.SWISS)),
        *(("1234.50", NumberStyle.POINT), ("1234,50", NumberStyle.COMMA)),
    ],
)
def test_a_chosen_style_reads_its_marks(text: str, style: NumberStyle) -> None:
    assert parse_amount(text, "EUR", style) == 123450


@pytest.mark.parametrize(
    ("text", "style"),
    [
        *(("1,23", NumberStyle.POINT), ("12,34,567", NumberStyle.POINT), (",123", NumberStyle.POINT)),
        *(("1,234,", NumberStyle.POINT), ("1234,567.00", NumberStyle.POINT), ("1,234", NumberStyle.PLAIN)),
        *(("1.234.5", NumberStyle.COMMA), ("1.23", NumberStyle.COMMA), ("1,234.50", NumberStyle.COMMA)),
    ],
)
def test_a_chosen_style_refuses_another(text: str, style: NumberStyle) -> None:
    with pytest.raises(Refused):
        parse_amount(text, "EUR", style)


def test_exponents_follow_iso_4217_not_locale_data() -> None:
    assert [exponent(code) for code in ("EUR", "CNY", "JPY", "KWD", "CLF", "IQD", "ISK")] == [2, 2, 0, 3, 4, 3, 0]
    assert len(CURRENCIES) >= 160


def test_an_unknown_currency_names_the_nearest() -> None:
    with pytest.raises(Refused) as refused:
        exponent("EURO")
    assert refused.value.code == "unknown_currency"
    assert "did you mean EUR" in refused.value.message
    with pytest.raises(Refused) as refused:
        exponent("")
    assert refused.value.message == "'' is not a currency code"


@given(st.integers(-MAXIMUM, MAXIMUM), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_written_amounts_come_back(minor: int, currency: str) -> None:
    text = decimal_text(minor, currency)
    assert read_amount(text, currency) == (minor, False)
    assert Decimal(text).scaleb(exponent(currency)) == minor


@given(st.floats(0, 1e9, allow_nan=False), st.integers(0, 10**9))
def test_a_float_is_never_read_as_more_than_a_millionth_away(drift: float, cents: int) -> None:
    text = format(Decimal(repr(cents / 100 + drift / 1e12)), "f")
    try:
        minor, _noisy = read_amount(text, "EUR")
    except Refused:
        return
    assert abs(Decimal(minor) / 100 - Decimal(text)) <= Decimal("0.000001")


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    for style in NumberStyle:
        try:
            assert isinstance(parse_amount(text, "EUR", style), int)
        except Refused as refused:
            assert refused.message


def test_a_thousand_random_splits_sum_exactly() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(1000):
        amount = chance.randint(-MAXIMUM, MAXIMUM)
        weights = [chance.choice([0, 1, 3, chance.randint(0, 10**12)]) for _ in range(chance.randint(1, 40))]
        parts = split(amount, weights)
        assert sum(parts) == amount
        total = sum(weights) or len(weights)
        for part, weight in zip(parts, weights if any(weights) else [1] * len(weights), strict=True):
            assert abs(part * total - amount * weight) < total  # never a whole unit off its fair share


def test_splits_give_the_left_over_unit_to_the_largest_remainder_then_the_earlier() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]
    assert split(10, [0, 1]) == [0, 10]
    assert split(5, [0, 0]) == [3, 2]
    for wrong in ([], [-1, 2]):
        with pytest.raises(ValueError, match="weights"):
            split(1, wrong)


def test_amounts_for_people_keep_the_currency_s_decimals() -> None:
    assert format_amount(123450, "EUR", "en") == "€1,234.50"
    assert format_amount(123450, "JPY", "en") == "¥123,450"
    assert format_amount(-123450, "KWD", "en") == "-KWD123.450"
    assert "1.234,50" in format_amount(123450, "EUR", "de")
    assert format_amount(123450, "CNY", "zh-hans") == "¥1,234.50"


def test_suggestions_are_near_or_absent() -> None:
    assert suggest("invioce", ["invoice", "payment"]) == ["invoice"]
    assert suggest("zzz", ["invoice", "payment"]) == []
