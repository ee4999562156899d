"""Workbooks are read as a person sees them: days, digits, noise, sheets, both epochs."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from goodstanding.inbound.types import Options
from inbound import malformed_files as bad

AFTERNOON = datetime(2026, 1, 5, 13, 30)  # noqa: DTZ001 — spreadsheets know no zone


def items(reading) -> list[dict[str, object]]:
    assert [str(fault) for fault in reading.faults] == []
    return reading.tables["items"].to_pylist()


def read_rows(read_text, *rows: list[object], **options: object):
    return read_text(bad.workbook([bad.GOOD_ROWS[0], *rows], **options), name="register.xlsx")


def test_days_numbers_and_text_come_out_as_shown(read_text) -> None:
    reading = read_rows(read_text, ["0012", "第三空间", AFTERNOON, 61.74], [13, "B", "2026-01-06", "7.50"])
    found = items(reading)
    assert [(item["number"], item["date"], item["amount"]) for item in found] == [
        ("0012", date(2026, 1, 5), 6174),
        ("13", date(2026, 1, 6), 750),
    ]
    assert reading.preview.encoding == "XLSX"
    assert reading.preview.noise_cells == 0


@pytest.mark.parametrize("epoch", [False, True])
def test_both_epochs_give_the_same_day(read_text, epoch: bool) -> None:
    reading = read_rows(read_text, ["1", "A", date(2026, 2, 28), 1.0], date_1904=epoch)
    assert items(reading)[0]["date"] == date(2026, 2, 28)


def test_the_days_around_the_leap_day_that_never_was(read_text) -> None:
    content = bad.changed(
        bad.SHEET, lambda c: c.replace(b"<v>46023</v>", b"<v>59</v>").replace(b"<v>46024</v>", b"<v>61</v>")
    )
    assert [item["date"] for item in items(read_text(content, name="r.xlsx"))] == [date(1900, 2, 28), date(1900, 3, 1)]


def test_noise_is_taken_off_and_counted_and_digits_of_floats_are_none(read_text) -> None:
    reading = read_text(bad.swap("<v>10</v>", "<v>0.30000000000000004</v>"), name="r.xlsx")
    assert [item["amount"] for item in items(reading)] == [30, 2050]
    assert reading.preview.noise_cells == 1
    written = bad.swap("<v>10</v>", "<v>61.740000000000002</v>")  # how spreadsheets store 61.74
    reading = read_text(written, name="r.xlsx")
    assert items(reading)[0]["amount"] == 6174
    assert reading.preview.noise_cells == 0


def test_numbers_of_cells_need_no_style_even_where_text_does(read_text) -> None:
    reading = read_rows(read_text, ["1", "A", date(2026, 1, 1), 1234.5], ["2", "A", date(2026, 1, 1), "1.234,50"])
    assert [item["amount"] for item in items(reading)] == [123450, 123450]


def test_whole_numbers_as_identifiers_are_their_digits_up_to_fifteen(read_text) -> None:
    reading = read_rows(read_text, [123456789012345, 42, date(2026, 1, 1), 1])
    assert (items(reading)[0]["number"], items(reading)[0]["customer"]) == ("123456789012345", "42")
    reading = read_rows(read_text, [1234567890123456, 42, date(2026, 1, 1), 1])
    assert "the spreadsheet lost digits" in str(reading.faults[0])


def test_a_lying_dimension_hides_no_row(read_text) -> None:
    content = bad.changed(bad.SHEET, lambda c: c.replace(b'<dimension ref="A1:D3"/>', b'<dimension ref="A1:D2"/>'))
    assert b'"A1:D2"' in zipfile.ZipFile(io.BytesIO(content)).read(bad.SHEET)
    assert len(items(read_text(content, name="r.xlsx"))) == 2


def test_a_formula_with_a_stored_value_is_its_value(read_text) -> None:
    reading = read_text(bad.swap("<v>10</v>", "<f>5+6</f><v>11</v>"), name="r.xlsx")
    assert items(reading)[0]["amount"] == 1100


def test_rows_keep_their_numbers_over_gaps(read_text) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for place, row in (
        (3, bad.GOOD_ROWS[0]),
        (4, ["1", "A", date(2026, 1, 1), 5]),
        (9, ["2", "A", date(2026, 1, 1), "x"]),
    ):
        for column, value in enumerate(row, start=1):
            sheet.cell(place, column, value)
    target = io.BytesIO()
    book.save(target)
    assert [str(fault) for fault in read_text(target.getvalue(), name="r.xlsx").faults] == [
        "row 9, \"amount\": 'x' is not an amount"
    ]


def test_rich_and_inline_text_is_read_without_its_hints(read_text) -> None:
    rich = '<si><r><t>A</t></r><r><rPr><b/></rPr><t>B</t></r><rPh sb="0" eb="1"><t>hint</t></rPh></si>'
    content = bad.changed(bad.STRINGS, lambda c: c.replace(b"<si><t>A</t></si>", rich.encode()))
    content = bad.changed(
        bad.SHEET,
        lambda c: c.replace(b'<c r="A2" t="s"><v>4</v></c>', b'<c r="A2" t="inlineStr"><is><t>00</t></is></c>'),
        content,
    )
    found = items(read_text(content, name="r.xlsx"))
    assert (found[0]["customer"], found[0]["number"]) == ("AB", "00")


def test_sheets_named_like_tables_are_a_book_and_others_are_left_alone(read_text) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        tables = {
            "Notes": [["x"], ["y"]],
            "Customers": [["code", "name"], ["A", "Café"]],
            "items": [["customer", "number", "kind", "date", "amount"], ["A", "1", "invoice", "2026-01-01", 5]],
        }
        for name, rows in tables.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    reading = read_text(target.getvalue(), Options(currency="EUR"), name="book.xlsx")
    assert items(reading)[0]["amount"] == 500
    assert reading.shape == "book"
    assert reading.preview.will_create == {"customers": 1, "items": 1}
    assert reading.preview.not_used == ("Notes",)


def test_hidden_sheets_are_not_read(read_text) -> None:
    content = bad.swap('name="Sheet1"', 'name="Sheet1" state="hidden"', bad.BOOK)
    assert str(read_text(content, name="r.xlsx").faults[0]) == "r.xlsx: the file is empty"
