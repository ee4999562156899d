"""Strict reading of CSV: every row has as many cells as the header, every quote closes."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa

from goodstanding.inbound.faults import FaultList
from goodstanding.inbound.tabular.grid import Grid, check_headers, drop_empty_rows, tidy
from goodstanding.inbound.tabular.plain import read_plain
from goodstanding.inbound.tabular.sniff import DELIMITERS, find_delimiter, find_encoding
from goodstanding.kernel.errors import N_

CHUNK = 50_000  # rows turned into columns at once
CELL = 131_072  # characters; csv's own limit, and far above any text of a book
COLUMNS = 256


class _Records:
    """Rows of a CSV with the row number of each; a row that breaks the format becomes a fault."""

    def __init__(self, file: IO[str], delimiter: str, faults: FaultList, skip: int) -> None:
        for _ in range(skip):
            file.readline()
        self._reader = csv.reader(file, delimiter=delimiter, strict=True)
        self._faults = faults
        self.row = skip

    def __iter__(self) -> Iterator[list[str]]:
        while True:
            self.row += 1
            try:
                record = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                if not self._explain(str(error)):
                    return
                record = []
            yield record

    def _explain(self, error: str) -> bool:
        """Turn csv's words into a fault; whether the rows after it can still be told apart."""
        if "unexpected end" in error:
            self._faults.add(self.row, "", N_("a quote opens in this row and is never closed"))
            return False
        if "field limit" in error:
            self._faults.add(
                self.row, "", N_("a cell is longer than {most} characters; a quote may be left open"), most=CELL
            )
            return False
        self._faults.add(self.row, "", N_("text follows a closing quote; write a quote inside quotes twice"))
        return True


def read_csv(path: Path, table: str, encoding: str | None, delimiter: str | None) -> Grid:
    """A CSV file as a grid, whose faults say what is wrong; without headers when it can't be read at all."""
    faults = FaultList(table)
    empty = Grid(path.name, [], [], np.empty(0, np.int64), faults)
    if delimiter and delimiter not in DELIMITERS:
        faults.add(0, "", N_("{value} is not a delimiter"), delimiter)
        return empty
    found = find_encoding(path, encoding, faults)
    if found is None:
        return empty
    mark, is_stated = find_delimiter(path, found)
    mark = delimiter or mark
    empty.encoding, empty.delimiter = found.upper(), mark
    csv.field_size_limit(CELL)
    with path.open(encoding=found, newline="") as file:
        records = _Records(file, mark, faults, int(is_stated))
        headers = next((each for each in records if any(map(str.strip, each))), None)
        if headers is None:
            if not faults.faults:
                faults.add(0, "", N_("the file is empty"))
            return empty
        if len(headers) > COLUMNS:
            faults.add(records.row, "", N_("there are more than {most} columns"), most=COLUMNS)
            return empty
        empty.headers = [header.strip() for header in headers]
        grid = None
        if found in ("utf-8", "utf-8-sig") and records.row == 1:
            grid = read_plain(path, mark, len(headers), CELL, empty)
        grid = grid or _columns(records, len(headers), empty)
    drop_empty_rows(grid)
    check_headers(grid)
    if not len(grid.rows) and not faults.faults:
        faults.add(0, "", N_("the file has a header and no rows"))
    return grid


def _columns(records: _Records, width: int, grid: Grid) -> Grid:
    """Turn rows into columns, a chunk at a time, so that a million rows never stand as Python lists."""
    chunks: list[list[pa.Array]] = [[] for _ in range(width)]
    rows: list[np.ndarray] = []
    rest = iter(records)
    while True:
        first = records.row + 1
        chunk = list(islice(rest, CHUNK))
        if not chunk:
            break
        numbers = np.arange(first, first + len(chunk), dtype=np.int64)
        if any(len(record) != width for record in chunk):
            chunk, numbers = _right_ones(chunk, numbers, width, grid.faults)
        for place, cells in enumerate(zip(*chunk, strict=True)):
            chunks[place].append(tidy(pa.array(cells, pa.string())))
        rows.append(numbers)
    grid.columns = [pa.concat_arrays(parts) if parts else pa.array([], pa.string()) for parts in chunks]
    grid.numbers = [None] * width
    grid.rows = np.concatenate(rows) if rows else grid.rows
    return grid


def _right_ones(
    chunk: list[list[str]], numbers: np.ndarray, width: int, faults: FaultList
) -> tuple[list[list[str]], np.ndarray]:
    """The rows with as many cells as the header; the others become faults, empty lines nothing."""
    right = []
    for place, record in enumerate(chunk):
        if len(record) == width:
            right.append(place)
        elif record:
            template = N_("there are {count} cells, more than the {width} headers")
            if len(record) < width:
                template = N_("there are {count} cells, fewer than the {width} headers")
            faults.add(numbers[place], "", template, count=len(record), width=width)
    return [chunk[place] for place in right], numbers[right]
