"""Workbooks (.xlsx, .xlsm): read in a jailed process, handed over as grids of text."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.inbound.faults import FaultList
from goodstanding.inbound.tabular import jail, workbook_child
from goodstanding.inbound.tabular.grid import DAY_MARK, NUMBER_MARK, Grid, check_headers, drop_empty_rows, tidy
from goodstanding.kernel.errors import N_

SUFFIXES = (".xlsx", ".xlsm")
MEMORY = 768 << 20
SECONDS = 90  # a million rows take about 30

_BAD = {
    "encrypted": N_("the workbook is encrypted or in the old .xls format; save it as .xlsx without a password"),
    "renamed": N_("the file is not a workbook, whatever its name says; give it its own name ending"),
    "members": N_("the workbook holds a member that points outside of it"),
    "broken": N_("the workbook is damaged; open it in a spreadsheet and save it again"),
    "bomb": N_("the workbook inflates beyond all measure"),
    "doctype": N_("the workbook declares entities; no spreadsheet writes that"),
    "memory": N_("the workbook needs more memory than a table of its size should; save it as CSV"),
    "time": N_("the workbook takes too long to read; save it as CSV"),
}
_CELL = {
    "formula": N_("the formula has no stored value; open the workbook in a spreadsheet and save it"),
    "error": N_("the formula ended in the error {value}"),
    "outside": N_("the cell {value} stands outside the table's columns"),
    "number": N_("{value} is not a number a spreadsheet writes"),
    "day": N_("{value} is not a day a spreadsheet can show"),
    "long": N_("the text is longer than a cell can hold"),
}


def read_workbook(path: Path, tables: tuple[str, ...], name: str) -> tuple[dict[str, Grid], list[str], bool]:
    """The grids of a workbook by table, the sheets left alone, and whether it is a book.

    Sheets named like tables make a book; else the first sheet with a value is a register.
    """
    with tempfile.TemporaryFile() as output:
        bad = ""
        try:
            arguments = [str(path.resolve()), ",".join(tables)]
            jail.run(Path(workbook_child.__file__), arguments, output, memory=MEMORY, seconds=SECONDS)
        except jail.Jailed as stopped:
            bad = str(stopped)
        output.seek(0)
        return _Lines(name, tables).grids(map(_whole, output), bad)


def _whole(line: bytes) -> dict[str, Any]:
    """A line of the reader; the last one is cut off when the reader was stopped."""
    try:
        found: dict[str, Any] = json.loads(line)
    except ValueError:
        return {"bad": "broken"}
    return found


class _Lines:
    """Puts the reader's lines together."""

    def __init__(self, name: str, tables: tuple[str, ...]) -> None:
        self.name, self.tables = name, tables
        self.found: dict[str, Grid] = {}
        self.chunks: list[list[tuple[pa.Array, pa.Array]]] = []
        self.rows: list[np.ndarray] = []
        self.sheets: list[str] = []
        self.grid: Grid | None = None

    def grids(self, lines: Iterable[dict[str, Any]], bad: str) -> tuple[dict[str, Grid], list[str], bool]:
        """All grids; a workbook that is refused as a whole gives one grid with that fault."""
        done = False
        for line in self._until_bad(lines):
            bad = bad or line.get("bad", "")
            done = done or "done" in line
        self._finish()
        is_book = any(self._table(name) in self.tables for name in self.sheets)
        if bad or not done:
            faults = FaultList(self.name)
            faults.add(0, "", _BAD[bad or "broken"])
            return {"register": Grid(self.name, [], [], np.empty(0, np.int64), faults)}, [], False
        if not self.found:
            faults = FaultList(self.name)
            faults.add(0, "", N_("the file is empty"))
            return {"register": Grid(self.name, [], [], np.empty(0, np.int64), faults)}, [], False
        used = {grid.name for grid in self.found.values()}
        return self.found, [name for name in self.sheets if name not in used], is_book

    def _until_bad(self, lines: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for line in lines:
            self._take(line)
            yield line

    def _take(self, line: dict[str, Any]) -> None:
        if "sheets" in line:
            self.sheets = line["sheets"]
        elif "sheet" in line:
            self._finish()
            self._begin(line["sheet"])
        elif self.grid is None:
            return
        elif "headers" in line:
            self.grid.headers = [header.strip() for header in line["headers"]]
            self.chunks = [[] for _ in self.grid.headers]
        elif "rows" in line:
            self.rows.append(np.array(line["rows"], np.int64))
            for column, cells in zip(self.chunks, line["cells"], strict=True):
                column.append(_column(cells))
        elif "fault" in line:
            row, header, code, value = line["fault"]
            self.grid.faults.add(row, header.strip(), _CELL[code], value)

    @staticmethod
    def _table(sheet: str) -> str:
        return sheet.strip().lower()

    def _begin(self, sheet: str) -> None:
        is_table = self._table(sheet) in self.tables
        table = self._table(sheet) if is_table else self.name
        self.grid = Grid(sheet, [], [], np.empty(0, np.int64), FaultList(table), encoding="XLSX")
        self.chunks, self.rows = [], []

    def _finish(self) -> None:
        """Close the sheet that is being read; one without a header counts for nothing."""
        grid, self.grid = self.grid, None
        if grid is None or not (grid.headers or grid.faults.faults):
            return
        grid.columns = [
            pa.concat_arrays([c for c, _ in parts]) if parts else pa.array([], pa.string()) for parts in self.chunks
        ]
        grid.numbers = [pa.concat_arrays([n for _, n in parts]) if parts else None for parts in self.chunks]
        grid.rows = np.concatenate(self.rows) if self.rows else grid.rows
        drop_empty_rows(grid)
        check_headers(grid)
        if not len(grid.rows) and not grid.faults.faults:
            grid.faults.add(0, "", N_("the file has a header and no rows"))
        table = self._table(grid.name)
        key = table if table in self.tables else "register"
        if key in self.found:
            self.found[key].faults.add(0, "", N_("two sheets have the name {value}"), grid.name)
        else:
            self.found[key] = grid


def _column(cells: list[str | None]) -> tuple[pa.Array, pa.Array]:
    """Text without marks, and which of it was a number."""
    column = pa.array(cells, pa.string())
    number = pc.starts_with(column, NUMBER_MARK).fill_null(False)  # noqa: FBT003 — Arrow's signature
    marked = pc.or_(number, pc.starts_with(column, DAY_MARK).fill_null(False))  # noqa: FBT003
    return pc.if_else(marked, pc.utf8_slice_codeunits(column, 1), tidy(column)), number
