r"""The workbook reader that runs alone: a process of its own with limits, standard library only.

    python -I -S workbook_child.py FILE TABLE,TABLE,…

It writes JSON lines: {"sheets": […]}, then per sheet {"sheet": name}, {"headers": […], "row": n},
{"rows": […], "cells": [column, …]} and {"fault": [row, header, code, value]}. A number starts with \x01, a day with
\x02; XML allows neither in text. It reads the XML itself because what matters here is what other readers drop: a
formula without a stored value, the digits of a number, a cell far outside.
"""

import json
import posixpath
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from xml.parsers import expat  # DOCTYPE is refused below, and with it every entity

MOST_COLUMNS, MOST_ROWS, MOST_FAULTS, CHUNK, CELL = 256, 1_048_576, 5_000, 20_000, 32_767
INFLATED, RATIO, LARGE = 1 << 30, 100, 100 << 20  # bytes a workbook may inflate to; ratio that a large one may have
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]{1,3})?|-?\.[0-9]+")
DAY_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
Attributes = dict[str, str]


class Bad(Exception):  # noqa: N818 — an answer, not a failure
    """The whole workbook is refused; the code says why."""


def emit(**line: Any) -> None:
    """One line of JSON to whoever started this."""
    sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")


@cache
def local(name: str) -> str:
    """An element's name without its prefix; a file has few."""
    return name.rpartition(":")[2]


class Book:
    """The archive, checked before anything is inflated."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:  # noqa: PTH123 — no pathlib: it doubles the time to start
            magic = file.read(4)
        if magic == b"\xd0\xcf\x11\xe0":
            raise Bad("encrypted")
        if magic != b"PK\x03\x04":
            raise Bad("renamed")
        self.zip = zipfile.ZipFile(path)
        members = self.zip.infolist()
        names = [member.filename for member in members]
        for name in names:
            parts = name.replace("\\", "/").split("/")
            if name.startswith("/") or "\\" in name or ".." in parts or ":" in parts[0]:
                raise Bad("members")
        if len(set(names)) != len(names) or len(names) > 5000:
            raise Bad("broken")
        if any(member.flag_bits & 1 for member in members):
            raise Bad("encrypted")
        inflated = sum(member.file_size for member in members)
        packed = max(sum(member.compress_size for member in members), 1)
        if inflated > INFLATED or (inflated > LARGE and inflated > RATIO * packed):
            raise Bad("bomb")
        self.names = set(names)

    def parse(self, name: str, start: Callable[[str, Attributes], None], end: Callable[[str], None] | None = None,
              text: Callable[[str], None] | None = None) -> None:  # fmt: skip
        """Stream one XML member through the handlers; a DOCTYPE is refused."""
        if name not in self.names:
            raise Bad("renamed" if name == "xl/workbook.xml" else "broken")
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = refuse_doctype
        with self.zip.open(name) as stream:
            while block := stream.read(1 << 16):
                parser.Parse(block, False)  # noqa: FBT003 — expat's signature
        parser.Parse(b"", True)  # noqa: FBT003


def refuse_doctype(*_: Any) -> None:
    """Entities are declared in a DOCTYPE, and no workbook has one."""
    raise Bad("doctype")


def relations(book: Book, part: str) -> dict[str, tuple[str, str]]:
    """Relation id → (last word of its type, path of the target part)."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, given: Attributes) -> None:
        if local(tag) == "Relationship" and given.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, given.get("Target", ""))).lstrip("/")
            found[given.get("Id", "")] = (given.get("Type", "").rpartition("/")[2], target)

    book.parse(posixpath.join(folder, "_rels", name + ".rels"), start)
    return found


def shared_strings(book: Book, part: str | None) -> list[str]:
    """The texts that cells point to, without the phonetic hints."""
    strings: list[str] = []
    pieces: list[str] = []
    state = {"text": 0, "hint": 0}

    def start(tag: str, _given: Attributes) -> None:
        state["text"] += (name := local(tag)) == "t"
        state["hint"] += name == "rPh"

    def end(tag: str) -> None:
        name = local(tag)
        state["text"] -= name == "t"
        state["hint"] -= name == "rPh"
        if name == "si":
            strings.append(unescaped("".join(pieces)))
            pieces.clear()

    def text(data: str) -> None:
        if state["text"] and not state["hint"]:
            pieces.append(data)

    if part:
        book.parse(part, start, end, text)
    return strings


def unescaped(text: str) -> str:
    """Workbooks write a carriage return as _x000D_."""
    return text.replace("_x000D_", "\r").replace("_x000A_", "\n") if "_x000" in text else text


def day_styles(book: Book, part: str | None) -> set[int]:
    """The cell styles that show a number as a day."""
    custom: set[int] = set()
    styles: list[int] = []
    inside = [False]

    def start(tag: str, given: Attributes) -> None:
        name = local(tag)
        if name == "numFmt":
            code = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", given.get("formatCode", "")).lower()
            if "general" not in code and re.search(r"[dmyhs]", code):
                custom.add(int(given.get("numFmtId", "0")))
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0]:
            styles.append(int(given.get("numFmtId", "0")))

    def end(tag: str) -> None:
        if local(tag) == "cellXfs":
            inside[0] = False

    if part:
        book.parse(part, start, end)
    return {index for index, style in enumerate(styles) if style in DAY_FORMATS or style in custom}


class Sheet:
    """Reads one sheet cell by cell; the first row with a value is the header."""

    def __init__(self, strings: list[str], days: set[int], epoch_1904: bool) -> None:
        self.strings, self.epoch_1904 = strings, epoch_1904
        self.days = {str(style) for style in days}  # as cells write it
        self.headers: list[str] = []
        self.header_row = self.row = self.column = self.faults = 0
        self.cells: dict[int, str] = {}
        self.rows: list[int] = []
        self.columns: list[list[str | None]] = []
        self.places: dict[str, int] = {}
        self.kind = self.style = ""
        self.has_formula = self.has_value = self.is_open = self.is_text = False
        self.hint = 0
        self.pieces: list[str] = []

    def start(self, tag: str, given: Attributes) -> None:
        """An element opens."""
        name = local(tag)
        if name == "c":
            self.kind, self.style = given.get("t", "n"), given.get("s", "0")
            place = given.get("r")
            self.column = self.place(place) if place else self.column + 1
            self.has_formula = self.has_value = False
            self.is_open = True
        elif name == "v" or (name == "t" and not self.hint):
            self.is_text, self.has_value = self.is_open, True
            self.pieces.clear() if name == "v" else None
        elif name == "f":
            self.has_formula = True
        elif name == "rPh":
            self.hint += 1
        elif name == "row":
            row = int(given["r"]) if "r" in given else self.row + 1
            if not self.row < row <= MOST_ROWS:
                raise Bad("broken")
            self.row, self.column = row, 0

    def end(self, tag: str) -> None:
        """An element closes."""
        name = local(tag)
        if name in ("v", "t"):
            self.is_text = False
        elif name == "c":
            self.cell()
            self.pieces.clear()
            self.is_open = False
        elif name == "rPh":
            self.hint -= 1
        elif name == "row":
            self.end_row()

    def text(self, data: str) -> None:
        """Text inside a value."""
        if self.is_text:
            self.pieces.append(data)

    def place(self, reference: str) -> int:
        """Column number of a reference like AB12, from 1."""
        letters = reference.rstrip("0123456789")
        if letters not in self.places:
            if not re.fullmatch("[A-Z]{1,3}", letters):
                raise Bad("broken")
            number = 0
            for letter in letters:
                number = number * 26 + ord(letter) - 64
            self.places[letters] = number
        if reference[len(letters) :] != str(self.row):
            raise Bad("broken")
        return self.places[letters]

    def cell(self) -> None:
        """A cell closes: keep its value or fault it."""
        value = "".join(self.pieces)
        if self.has_formula and not self.has_value:
            self.fault("formula", "")
        elif self.kind == "e":
            self.fault("error", value)
        elif value:
            if self.column in self.cells:
                raise Bad("broken")
            if self.column > MOST_COLUMNS or (self.headers and self.column > len(self.headers)):
                self.fault("outside", self.reference())
                return
            if found := self.value(value):
                self.cells[self.column] = found

    def value(self, raw: str) -> str | None:  # noqa: PLR0911 — one line for each type of cell
        """A cell's value as text; numbers and days with their mark."""
        if self.kind == "s":
            if not raw.isascii() or not raw.isdigit() or int(raw) >= len(self.strings):
                raise Bad("broken")
            return self.long(self.strings[int(raw)])
        if self.kind in ("str", "inlineStr"):
            return self.long(unescaped(raw))
        if self.kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        if self.kind == "d":
            return "\x02" + raw.strip()[:40]
        if not NUMBER.fullmatch(raw.strip()):
            self.fault("number", raw)
            return None
        number = float(raw)
        if self.style in self.days:
            return self.day(number)
        if abs(number) > 1e40:
            return "\x01" + raw.strip()[:60]
        plain = repr(number)
        if "e" in plain:
            plain = format(Decimal(plain), "f")
        return "\x01" + (plain[:-2] if plain.endswith(".0") else plain)

    def long(self, text: str) -> str | None:
        """A text within what a spreadsheet allows in a cell."""
        if len(text) > CELL:
            self.fault("long", text[:60])
            return None
        return text

    def day(self, serial: float) -> str | None:
        """The day a serial number shows; the epoch is the workbook's. 1900 was no leap year, but Excel has 29 February."""
        if not 0 <= serial < 3_000_000:
            self.fault("day", repr(serial))
            return None
        whole = timedelta(days=int(serial))
        start = date(1904, 1, 1) if self.epoch_1904 else date(1899, 12, 30 if serial >= 60 else 31)
        try:
            return "\x02" + (start + whole).isoformat()
        except OverflowError:
            self.fault("day", repr(serial))
            return None

    def reference(self) -> str:
        """The cell's own name, such as XFD1048576."""
        letters, number = "", self.column
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self.row}"

    def fault(self, code: str, value: str) -> None:
        """One fault of the current cell."""
        self.faults += 1
        header = self.headers[self.column - 1] if 0 < self.column <= len(self.headers) else ""
        if self.faults <= MOST_FAULTS:
            emit(fault=[self.row, header, code, value[:60]])

    def end_row(self) -> None:
        """A row closes: the first with a value is the header, the others are data."""
        if self.cells and not self.headers:
            width = max(self.cells)
            self.headers = [self.cells.get(column, "").lstrip("\x01\x02") for column in range(1, width + 1)]
            self.header_row = self.row
            self.columns = [[] for _ in self.headers]
            emit(headers=self.headers, row=self.row)
        elif self.cells:
            self.rows.append(self.row)
            for column, values in enumerate(self.columns, start=1):
                values.append(self.cells.get(column))
            if len(self.rows) == CHUNK:
                self.flush()
        self.cells = {}

    def flush(self) -> None:
        """Hand over what is ready."""
        if self.rows:
            emit(rows=self.rows, cells=self.columns)
        self.rows, self.columns = [], [[] for _ in self.headers]


def sheets(book: Book) -> tuple[list[tuple[str, str]], dict[str, str], bool]:
    """Visible sheets as (name, part), other parts by type, and whether the days count from 1904."""
    main = "xl/workbook.xml"
    if "_rels/.rels" in book.names:
        main = next((part for kind, part in relations(book, "").values() if kind == "officeDocument"), main)
    parts = relations(book, main) if main in book.names else {}
    found: list[tuple[str, str]] = []
    epoch = [False]

    def start(tag: str, given: Attributes) -> None:
        name = local(tag)
        if name == "workbookPr":
            epoch[0] = given.get("date1904", "0") in ("1", "true")
        elif name == "sheet" and given.get("state", "visible") == "visible":
            reference = next((value for key, value in given.items() if key.endswith(":id")), "")
            kind, part = parts.get(reference, ("", ""))
            if kind == "worksheet":
                found.append((given.get("name", ""), part))

    book.parse(main, start)
    return found, dict(parts.values()), epoch[0]


def wanted(found: list[tuple[str, str]], tables: list[str]) -> Iterator[tuple[str, str]]:
    """The sheets named like tables of the book, else all: the first one with a value is read."""
    named = [(name, part) for name, part in found if name.strip().lower() in tables]
    yield from named or found


def run(path: str, tables: list[str]) -> None:
    """Read the workbook and write its lines."""
    book = Book(path)
    found, parts, epoch_1904 = sheets(book)
    emit(sheets=[name for name, _part in found])
    is_book = any(name.strip().lower() in tables for name, _part in found)
    strings = shared_strings(book, parts.get("sharedStrings"))
    days = day_styles(book, parts.get("styles"))
    for name, part in wanted(found, tables):
        emit(sheet=name)
        sheet = Sheet(strings, days, epoch_1904)
        book.parse(part, sheet.start, sheet.end, sheet.text)
        sheet.flush()
        if not is_book and sheet.headers:
            break
    emit(done=True)


def main() -> None:
    """Any breakage of the file ends as one line that says so."""
    try:
        run(sys.argv[1], sys.argv[2].split(","))
    except Bad as bad:
        emit(bad=str(bad))
    except MemoryError:
        emit(bad="memory")
    except (
        *(zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError),
        *(NotImplementedError, RuntimeError, ValueError, KeyError, OverflowError, RecursionError, LookupError),
    ):
        emit(bad="broken")


if __name__ == "__main__":
    main()
