"""Tables as CSV and XLSX whose cells no spreadsheet runs.

CSV: a text that could be a formula gets an apostrophe in front (`kernel.cells`), which our own reading takes off again.
XLSX: text is stored as text, which is never run; the same apostrophe keeps the two formats equal when read back.
"""

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

import xlsxwriter

from goodstanding.kernel.cells import inert

BOM = "\ufeff"  # without it a spreadsheet takes UTF-8 for the machine's old encoding
ROWS, CELL = 1_048_576, 32_767  # what a sheet holds: rows, and characters in a cell
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
DIGITS = 15  # a spreadsheet's numbers keep so many; longer ones are written as text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Collection[int] = ()) -> bytes:
    """A table as UTF-8 CSV for spreadsheets. Cells of the columns `numbers` are decimal text and stay as they are."""
    sink = io.StringIO()
    sink.write(BOM)
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow([inert(name) for name in header])
    writer.writerows(_safe(row, numbers) for row in rows)
    return sink.getvalue().encode("utf-8")


def _safe(row: Sequence[str], numbers: Collection[int]) -> list[str]:
    return [cell if at in numbers and _is_number(cell) else inert(cell) for at, cell in enumerate(row)]


def _is_number(cell: str) -> bool:
    """Whether a cell is plain decimal text; anything else in a column of numbers is text after all."""
    whole, _, decimals = cell.removeprefix("-").partition(".")
    return cell.isascii() and whole.isdigit() and (decimals.isdigit() or not decimals) and not cell.endswith(".")


def xlsx_bytes(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Collection[int] = (), sheet: str = "Sheet1"
) -> bytes:
    """A table as an XLSX workbook of one sheet. Text only as text: no formula, no link, no number out of a code.

    ValueError when a sheet can't hold the rows or a cell its text: nothing is cut off silently.
    """
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(sink, {"constant_memory": True})
    book.set_properties({"created": EPOCH})  # no clock: the same table gives the same bytes
    page = book.add_worksheet(sheet)
    bold, amount = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    whole = book.add_format({"num_format": "#,##0"})
    for column, name in enumerate(header):
        _text(page, 0, column, name, bold)
    for at, row in enumerate(rows, start=1):
        if at >= ROWS:
            raise ValueError("a sheet holds 1,048,576 rows")
        for column, cell in enumerate(row):
            if column in numbers and _is_number(cell) and sum(map(str.isdigit, cell)) <= DIGITS:
                page.write_number(at, column, Decimal(cell), amount if "." in cell else whole)
            elif cell:
                _text(page, at, column, cell)
    page.freeze_panes(1, 0)
    book.close()
    return sink.getvalue()


def _text(page: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: str, style: object = None) -> None:
    if len(cell) >= CELL:
        raise ValueError("a cell holds 32,767 characters")
    page.write_string(row, column, inert(cell), style)
