"""Amounts, dates and identifiers that can't be taken are refused by row and column, all at once."""

from datetime import date

import pytest

from goodstanding.inbound.types import Options
from goodstanding.kernel.days import DateOrder
from goodstanding.kernel.money import NumberStyle

GOOD = ["1,A,2026-01-01,10.00", "2,A,2026-01-02,20.00", "3,A,2026-01-03,30.00", "4,A,2026-01-04,40", "5,A,2026-01-05,5"]


def register(cell: str, *, day: str = "2026-01-06", currency: str = "EUR") -> str:
    rows = [f"{row},{currency}" for row in GOOD] if currency == "EUR" else []
    rows += [f'6,A,{day},"{cell}",{currency}']
    return "Number,Customer,Date,Amount,Currency\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    "cell",
    ["NaN", "Infinity", "-inf", "1e400", "1E5", "1_000", "１２３", "1.2.3", "abc", "12-", "0x1F", "€5", "5 EUR", "(5)"],
)
def test_what_is_no_amount(read_text, cell: str) -> None:
    reading = read_text(register(cell))
    assert [str(fault) for fault in reading.faults] == [f"row 7, \"Amount\": '{cell}' is not an amount"]


@pytest.mark.parametrize(
    ("cell", "currency", "words"),
    [
        ("1,234", "EUR", "'1,234' is not an amount until you choose how numbers are written"),
        ("12,50", "EUR", "'12,50' is not an amount"),
        ("1.005", "EUR", "'1.005' has more decimals than EUR (2)"),
        ("10.5", "JPY", "'10.5' has more decimals than JPY (0)"),
        ("0", "EUR", "'0' is zero; the amount must be above zero"),
        ("0.00", "EUR", "is zero"),
        ("-5", "EUR", "'-5' is below zero"),
        ("-5.00", "EUR", "'-5.00' is below zero"),
        ("10000000000000.01", "EUR", "is above the largest amount"),
        ("99999999999999999999999999", "EUR", "is above the largest amount"),
    ],
)
def test_amounts_the_book_does_not_take(read_text, cell: str, currency: str, words: str) -> None:
    reading = read_text(register(cell, currency=currency))
    assert len(reading.faults) == 1
    assert str(reading.faults[0]).startswith(f'row {7 if currency == "EUR" else 2}, "Amount": ')
    assert words in str(reading.faults[0])


def amounts(reading) -> list[int]:
    assert [str(fault) for fault in reading.faults] == []
    return reading.tables["items"]["amount"].to_pylist()


@pytest.mark.parametrize(
    ("cells", "style", "expected"),
    [
        (["1,234", "1,234.56"], NumberStyle.POINT, [123400, 123456]),
        (["1,234", "1,234,567"], NumberStyle.POINT, [123400, 123456700]),
        (["1.234", "1.234,56"], NumberStyle.COMMA, [123400, 123456]),
        (["12,5", "1.234"], NumberStyle.COMMA, [1250, 123400]),
        (["1 234,50", "12,50"], NumberStyle.SPACE, [123450, 1250]),
        (["1'234.50", "12.50"], NumberStyle.SWISS, [123450, 1250]),
        (["1234.50", "7"], NumberStyle.PLAIN, [123450, 700]),
    ],
)
def test_a_column_s_own_proof_decides_how_numbers_are_written(read_text, cells, style, expected) -> None:
    rows = "".join(f'{n};A;2026-01-01;"{cell}"\n' for n, cell in enumerate(cells))
    reading = read_text("number;customer;date;amount\n" + rows)
    assert amounts(reading) == expected
    assert reading.preview.columns[3].written == style
    assert reading.preview.delimiter == ";"


def test_a_chosen_number_style_decides_where_nothing_proves_it(read_text) -> None:
    text = 'number,customer,date,amount\n1,A,2026-01-01,"1,234"\n'
    assert amounts(read_text(text, Options(currency="EUR", number_style=NumberStyle.POINT))) == [123400]
    assert amounts(read_text(text, Options(currency="KWD", number_style=NumberStyle.COMMA))) == [1234]


def test_conflicting_proof_of_a_number_style_is_refused(read_text) -> None:
    reading = read_text('number,customer,date,amount\n1,A,2026-01-01,"1,234.56"\n2,A,2026-01-01,"1.234,56"\n')
    assert len(reading.faults) == 1
    assert "are written in two ways" in str(reading.faults[0])
    assert "'1,234.56'" in str(reading.faults[0])


def test_spreadsheet_noise_is_read_as_its_unit_and_counted(read_text) -> None:
    text = "number,customer,date,amount\n1,A,2026-01-01,0.30000000000000004\n2,A,2026-01-01,12.3399999\n3,A,2026-01-01,1.00\n"
    reading = read_text(text)
    assert amounts(reading) == [30, 1234, 100]
    assert reading.preview.noise_cells == 2


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("31.02.2026", "'31.02.2026' is not a date"),
        ("02/03/2026", "'02/03/2026' can be two days; say whether the day or the month comes first"),
        ("0202-03-02", "the year must lie between 1900 and 2199"),
        ("2026-02-30", "is not a date"),
        ("soon", "'soon' is not a date"),
        ("46000", "'46000' is not a date"),
        ("2/3/26", "is not a date"),
    ],
)
def test_what_is_no_day(read_text, day: str, words: str) -> None:
    reading = read_text(register("60.00", day=day))
    assert len(reading.faults) == 1
    assert str(reading.faults[0]).startswith('row 7, "Date": ')
    assert words in str(reading.faults[0])


def days(reading) -> list[date]:
    assert [str(fault) for fault in reading.faults] == []
    return reading.tables["items"]["date"].to_pylist()


def test_a_column_s_own_proof_decides_the_order_of_dates(read_text) -> None:
    text = "number,customer,date,amount\n1,A,02/03/2026,1\n2,A,{},1\n"
    assert days(read_text(text.format("13/03/2026")))[0] == date(2026, 3, 2)
    assert days(read_text(text.format("03/13/2026")))[0] == date(2026, 2, 3)
    chosen = Options(currency="EUR", date_order=DateOrder.DMY)
    assert days(read_text(text.format("04/03/2026"), chosen)) == [date(2026, 3, 2), date(2026, 3, 4)]


def test_the_proof_of_another_column_is_none(read_text) -> None:
    reading = read_text("number,customer,date,due,amount\n1,A,02/03/2026,31/03/2026,1\n")
    assert "can be two days" in str(reading.faults[0])


def test_conflicting_proof_of_the_order_of_dates_is_refused(read_text) -> None:
    reading = read_text("number,customer,date,amount\n1,A,13/03/2026,1\n2,A,03/13/2026,1\n")
    assert len(reading.faults) == 1
    assert "choose the order of dates" in str(reading.faults[0])
    chosen = read_text("number,customer,date,amount\n1,A,13/03/2026,1\n2,A,03/13/2026,1\n",
                       Options(currency="EUR", date_order=DateOrder.DMY))  # fmt: skip
    assert [str(fault) for fault in chosen.faults] == ["row 3, \"date\": '03/13/2026' is not a date"]


def test_identifiers_stay_text(read_text) -> None:
    text = "number,customer,date,amount\n00123,1E5,2026-01-01,1\n123,0x5,2026-01-01,1\n1234567890123456789,1.0,2026-01-01,1\n"
    reading = read_text(text)
    assert reading.tables["items"]["number"].to_pylist() == ["00123", "123", "1234567890123456789"]
    assert reading.tables["items"]["customer"].to_pylist() == ["1E5", "0x5", "1.0"]


def test_an_unknown_currency_names_the_nearest(read_text) -> None:
    reading = read_text(register("60.00", currency="EUO"))
    assert str(reading.faults[0]).startswith("row 2, \"Currency\": 'EUO' is not a currency code; did you mean EUR")


def test_control_characters_and_over_long_text_are_refused(read_text) -> None:
    long = "x" * 201
    reading = read_text(
        f'number,customer,date,amount,reference\n"1\n2",A,2026-01-01,1,ok\n3,B\x07,2026-01-01,1,{long}\n'
    )
    assert [str(fault) for fault in reading.faults] == [
        "row 2, \"number\": '1\\n2' has a control character",
        "row 3, \"customer\": 'B\\x07' has a control character",
        'row 3, "reference": the text is longer than 200 characters',
    ]


def test_all_faults_are_told_at_once_in_the_order_of_rows(read_text) -> None:
    reading = read_text("number,customer,date,amount\n1,A,2026-01-01,x\n2,A,y,1\n,A,2026-01-01,1_000\n")
    assert [(fault.row, fault.column) for fault in reading.faults] == [
        (2, "amount"),
        (3, "date"),
        (4, "number"),
        (4, "amount"),
    ]
    assert reading.tables == {}
    assert reading.preview.will_create == {}


def test_thousands_of_faults_are_counted_not_kept(read_text) -> None:
    rows = "".join(f"{n},A,2026-01-01,x\n" for n in range(6000))
    reading = read_text("number,customer,date,amount\n" + rows)
    assert len(reading.faults) == 5001
    assert str(reading.faults[-1]).endswith("… and 1000 more faults")
