"""Files that must be refused, each with words its refusal must hold. Built here; none is a real file."""

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

HEAD = "number,customer,date,amount\n"
ROW = "1,A,2026-01-01,10.00\n"
GOOD = HEAD + ROW + "2,B,2026-01-02,20.00\n"

# name → (content, what the first fault says)
CSV: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "register.csv: the file is empty"),
    "blank": (b" \r\n\r\n\t\n", "register.csv: the file is empty"),
    "only a mark": (b"\xef\xbb\xbf", "register.csv: the file is empty"),
    "header only": (HEAD.encode(), "register.csv: the file has a header and no rows"),
    "unterminated quote": (
        (HEAD + ROW + '2,"B,2026-01-02,20.00\n' + ROW * 9).encode(),
        "row 3: a quote opens in this row",
    ),
    "unterminated quote in a large file": (
        (HEAD + ROW + '2,"B,2026-01-02,20.00\n' + ROW * 20_000).encode(),
        "row 3: a cell is longer than 131072 characters; a quote may be left open",
    ),
    "unterminated quote in the header": (('"' + GOOD).encode(), "row 1: a quote opens in this row"),
    "text after a quote": ((HEAD + '1,"A"b,2026-01-01,1\n').encode(), "row 2: text follows a closing quote"),
    "extra cells": ((HEAD + "1,A,2026-01-01,10.00,x\n").encode(), "row 2: there are 5 cells, more than the 4 headers"),
    "decimal comma unquoted": ((HEAD + "1,A,2026-01-01,10,00\n").encode(), "row 2: there are 5 cells"),
    "missing cells": ((GOOD + "3,C,2026-01-03\n").encode(), "row 4: there are 3 cells, fewer than the 4 headers"),
    "double header": (
        b"number,customer,date,amount,amount\n1,A,2026-01-01,1,2\n",
        'row 1, "amount": the header stands twice',
    ),
    "missing header": (b"number,customer,,amount\n1,A,2026-01-01,1\n", "row 1: column 3 has values but no header"),
    "no header at all": (ROW.encode() * 3, "there is no column for number"),
    "undecodable": (GOOD.encode() + b"3,\xff\xfe\xff,2026-01-03,1\n", "row 4: byte 0xFF at position"),
    "latin": ((HEAD + "1,Müller,2026-01-01,1\n").encode("latin-1"), "row 2: byte 0xFC at position 31"),
    "cut in a character": ((GOOD + "3,客户第三空间客").encode()[:-1], "row 4: byte 0xE5"),
    "one byte of chinese lost": (
        (GOOD + "3,客户第三空间,2026-01-03,1\n").encode().replace(b"\xb7", b""),
        "row 4: byte 0x",
    ),
    "nul": ((HEAD + "1,A\x00,2026-01-01,1\n").encode(), "row 2: there is a NUL character"),
    "nul in chinese": ((GOOD + "3,客\x00,2026-01-01,1\n").encode(), "row 4: there is a NUL character"),
    "large cell": (
        (HEAD + f"1,{'A' * 200_000},2026-01-01,1\n").encode(),
        "row 2: a cell is longer than 131072 characters",
    ),
    "one endless line": (b"a" * (9 << 20), "row 1: the row is longer than"),
    "too many columns": (
        (",".join(f"c{n}" for n in range(300)) + "\n" + ROW).encode(),
        "there are more than 256 columns",
    ),
    "a workbook renamed": (b"PK\x03\x04" + b"\x00" * 99, "is a workbook or an archive, not text"),
    "an old workbook renamed": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 999, "old or encrypted workbook"),
    "a pdf renamed": (b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
    "parquet renamed": (b"PAR1\x15\x04", "is Parquet"),
    "compressed": (b"\x1f\x8b\x08\x00", "is compressed"),
    "utf-32": (GOOD.encode("utf-32"), "is UTF-32"),
    "utf-16 cut in half a character": (GOOD.encode("utf-16") + b"\x31", "can't be read as UTF-16"),
    "utf-16 with a lone surrogate": (GOOD.encode("utf-16") + b"\x00\xd8\x31\x00", "can't be read as UTF-16"),
    "html": (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "has a header and no rows"),
    "json": (b'[{"number": "1", "amount": 5},\n{"number": "2", "amount": 5}]', "row "),
}


def workbook(rows: list[list[object]] | None = None, **options: object) -> bytes:
    """A sound workbook with one sheet."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, **options})
    sheet, day = book.add_worksheet("Sheet1"), book.add_format({"num_format": "yyyy-mm-dd"})
    for place, row in enumerate(rows or GOOD_ROWS):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(place, column, value, day)
            elif isinstance(value, str) and value.startswith("="):
                sheet.write_formula(place, column, value, None, 0)
            else:
                sheet.write(place, column, value)
    book.close()
    return target.getvalue()


GOOD_ROWS: list[list[object]] = [
    ["number", "customer", "date", "amount"],
    ["1", "A", date(2026, 1, 1), 10.0],
    ["2", "B", date(2026, 1, 2), 20.5],
]
SHEET, BOOK, STRINGS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"


def changed(member: str, change: Callable[[bytes], bytes], source: bytes | None = None) -> bytes:
    """A workbook with one member changed."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(source or workbook())) as before,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content) if name == member else content)
    return target.getvalue()


def swap(old: str, new: str, member: str = SHEET) -> bytes:
    """A workbook with a piece of one member's XML replaced; the piece must be there."""

    def change(content: bytes) -> bytes:
        assert old.encode() in content, (old, content)
        return content.replace(old.encode(), new.encode(), 1)

    return changed(member, change)


def added(name: str, content: bytes = b"x") -> bytes:
    """A workbook with one more member."""
    target = io.BytesIO(workbook())
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(name, content)
    return target.getvalue()


def bomb() -> bytes:
    """About 616 KB that inflate to 600 MB."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            if name != SHEET:
                after.writestr(name, before.read(name))
        with after.open(SHEET, "w", force_zip64=True) as stream:
            for _ in range(600):
                stream.write(b" " * (1 << 20))
    return target.getvalue()


def encrypted_flag() -> bytes:
    """A workbook whose members say that they are encrypted."""
    content = bytearray(workbook())
    place = 0
    while (place := content.find(b"PK\x01\x02", place)) >= 0:
        flags = struct.unpack_from("<H", content, place + 8)[0]
        struct.pack_into("<H", content, place + 8, flags | 1)
        place += 4
    return bytes(content)


END = "</sheetData>"
XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def with_doctype(member: str, doctype: str) -> bytes:
    """A workbook with a DOCTYPE before one member's root."""
    return changed(member, lambda content: doctype.encode() + content[content.index(b"?>") + 2 :])


XLSX: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "is not a workbook, whatever its name says"),
    "text renamed": (GOOD.encode, "is not a workbook, whatever its name says"),
    "old or encrypted": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 9999, "is encrypted or in the old .xls format"),
    "members encrypted": (encrypted_flag, "is encrypted"),
    "only the start of a zip": (lambda: b"PK\x03\x04" + b"\x00" * 500, "is damaged"),
    "cut": (lambda: workbook()[:-300], "is damaged"),
    "another archive": (lambda: _zip({"a.txt": b"x"}), "is not a workbook, whatever its name says"),
    "bomb": (bomb, "inflates beyond all measure"),
    "xxe": (lambda: with_doctype(SHEET, XXE), "declares entities"),
    "laughs in the strings": (lambda: with_doctype(STRINGS, LAUGHS), "declares entities"),
    "laughs in the book": (lambda: with_doctype(BOOK, LAUGHS), "declares entities"),
    "a member outside": (lambda: added("../../etc/evil"), "points outside of it"),
    "a member from the root": (lambda: added("/etc/evil"), "points outside of it"),
    "a member by backslash": (lambda: added("xl\\..\\..\\evil"), "points outside of it"),
    "no sheet": (lambda: changed(BOOK, lambda c: c.replace(b"r:id", b"r:no")), "the file is empty"),
    "a sheet that is not there": (lambda: swap("worksheets/sheet1.xml", "worksheets/sheet9.xml", "xl/_rels/workbook.xml.rels"), "is damaged"),
    "broken xml": (lambda: swap(END, ""), "is damaged"),
    "a cell far outside": (
        lambda: swap(END, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + END),
        "row 1048576: the cell 'XFD1048576' stands outside the table's columns",
    ),
    "a row that is not": (lambda: swap(END, '<row r="1048577"><c r="A1048577"><v>1</v></c></row>' + END), "is damaged"),
    "rows that go back": (lambda: swap(END, '<row r="1"><c r="A1"><v>1</v></c></row>' + END), "is damaged"),
    "a cell of another row": (lambda: swap('<c r="A2"', '<c r="A9"'), "is damaged"),
    "a string that is not there": (lambda: swap('t="s"><v>0</v>', 't="s"><v>99</v>'), "is damaged"),
    "a formula without value": (
        lambda: swap("<v>10</v>", "<f>5+5</f>"), 'row 2, "amount": the formula has no stored value',
    ),
    "a formula with an error": (
        lambda: swap("><v>10</v>", ' t="e"><f>A9</f><v>#REF!</v>'), "row 2, \"amount\": the formula ended in the error '#REF!'",
    ),
    "no number": (lambda: swap("<v>10</v>", "<v>1_000</v>"), "row 2, \"amount\": '1_000' is not a number"),
    "infinite": (lambda: swap("<v>10</v>", "<v>1e999</v>"), "row 2, \"amount\": '1e999' is not an amount"),
    "lost digits": (
        lambda: swap('<c r="A2" t="s"><v>4</v>', '<c r="A2"><v>1234567890123456</v>'),
        "row 2, \"number\": '1234567890123456': the spreadsheet lost digits",
    ),
    "empty sheet": (lambda: workbook([[""]]), "the file is empty"),
    "header only": (lambda: workbook(GOOD_ROWS[:1]), "has a header and no rows"),
    "double header": (lambda: workbook([["number", "number"], ["1", "2"]]), "the header stands twice"),
    "missing header": (lambda: workbook([["number", "", "date"], ["1", "2", "3"]]), "has values but no header"),
    "a day as a bare number": (lambda: workbook([GOOD_ROWS[0], ["1", "A", 46000, 1.0]]), "row 2, \"date\": '46000' is not a date"),
    "an amount as a day": (lambda: workbook([GOOD_ROWS[0], ["1", "A", date(2026, 1, 1), date(2026, 1, 1)]]), "is not an amount"),
    "half a cent": (lambda: workbook([GOOD_ROWS[0], ["1", "A", date(2026, 1, 1), 1.005]]), "'1.005' has more decimals than EUR (2)"),
}  # fmt: skip


def _zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


ITEMS = pa.table(
    {
        "customer": ["A", "B", "C"],
        "number": ["1", "2", "3"],
        "kind": ["invoice"] * 3,
        "date": pa.array([date(2026, 1, day) for day in (1, 2, 3)]),
        "amount": pa.array([100, 200, 300], pa.int64()),
        "currency": ["EUR"] * 3,
    }
)


def parquet(table: pa.Table = ITEMS, **options: object) -> bytes:
    """A Parquet file of items."""
    target = io.BytesIO()
    pq.write_table(table, target, **options)
    return target.getvalue()


def instead(name: str, values: object) -> bytes:
    """The good items with one column replaced."""
    return parquet(ITEMS.set_column(ITEMS.schema.get_field_index(name), name, pa.array(values)))


NOT_SOUND = "is not a sound Parquet file"
PARQUET: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", NOT_SOUND),
    "text renamed": (GOOD.encode, NOT_SOUND),
    "only the magic": (lambda: b"PAR1PAR1", NOT_SOUND),
    "cut": (lambda: parquet()[:-20], NOT_SOUND),
    "a footer of 4 GB": (lambda: parquet()[:-8] + b"\xff\xff\xff\xff" + b"PAR1", NOT_SOUND),
    "encrypted": (lambda: parquet()[:-4] + b"PARE", NOT_SOUND),
    "no data pages": (lambda: (c := parquet())[:4] + b"\x00" * 200 + c[204:], NOT_SOUND),
    "no rows": (lambda: parquet(ITEMS.slice(0, 0)), "has a header and no rows"),
    "a missing column": (lambda: parquet(ITEMS.drop_columns(["amount"])), "there is no column for amount"),
    "float amounts": (lambda: instead("amount", [1.0, 2.0, 3.0]), "columns of the type double can't be read"),
    "decimal amounts": (lambda: instead("amount", pa.array(["1.00", "2.00", "3.00"]).cast(pa.decimal128(9, 2))), "can't be read"),
    "nested": (lambda: instead("number", [["1"], ["2"], ["3"]]), "can't be read"),
    "binary": (lambda: instead("number", [b"1", b"2", b"\xff"]), "columns of the type binary can't be read"),
    "too large for 64 bits": (lambda: instead("amount", pa.array([2**64 - 1] * 3, pa.uint64())), "don't fit"),
    "days as numbers": (lambda: instead("date", [1, 2, 3]), "a column of the type int64 can't be a date"),
    "kinds as numbers": (lambda: instead("kind", [1, 2, 3]), "a column of the type int64 can't be a kind"),
    "a zero amount": (lambda: instead("amount", [0, 2, 3]), "row 2, \"amount\": '0' is zero"),
    "a negative amount": (lambda: instead("amount", [1, -2, 3]), "row 3, \"amount\": '-2' is below zero"),
    "above the maximum": (lambda: instead("amount", [1, 2, 10**15 + 1]), "row 4, \"amount\": '1000000000000001' is above"),
    "year 202": (lambda: instead("date", [date(202, 1, 1)] * 3), "the year must lie between 1900 and 2199"),
    "an empty key": (lambda: instead("number", ["1", None, "3"]), 'row 3, "number": the cell is empty'),
    "a double key": (
        lambda: parquet(pa.concat_tables([ITEMS, ITEMS])), "row 5, \"number\": '1' stands already in row 2"),
    "a nul": (lambda: instead("number", ["1", "2\x00", "3"]), "row 3, \"number\": '2\\x00' has a control character"),
}  # fmt: skip
