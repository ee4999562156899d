"""A table as it stands in a file: headers, columns of text, and which row each line was."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.inbound.faults import FaultList
from goodstanding.kernel.cells import INERT
from goodstanding.kernel.errors import N_

# Numbers and days that a workbook keeps as such are told from text by a leading mark no file may hold.
NUMBER_MARK, DAY_MARK = "\x01", "\x02"


@dataclass
class Grid:
    """`columns[i]` belongs to `headers[i]`: trimmed text, null where empty.

    `numbers[i]` marks the cells that a workbook held as numbers (None: all cells are text). `rows` counts as a
    person does: the header is row 1.
    """

    name: str
    headers: list[str]
    columns: list[pa.Array]
    rows: npt.NDArray[np.int64]
    faults: FaultList
    encoding: str = ""
    delimiter: str = ""
    numbers: list[pa.Array | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.numbers:
            self.numbers = [None] * len(self.columns)

    def take(self, keep: npt.NDArray[np.bool_]) -> None:
        """Keep only the marked rows."""
        mask = pa.array(keep)
        self.columns = [column.filter(mask) for column in self.columns]
        self.numbers = [None if number is None else number.filter(mask) for number in self.numbers]
        self.rows = self.rows[keep]


def tidy(column: pa.Array) -> pa.Array:
    """A column of raw text trimmed, with null for empty and the inert apostrophe of our exports taken off."""
    column = pc.utf8_trim_whitespace(column)
    if pc.any(pc.match_substring_regex(column, "^" + INERT.pattern)).as_py():
        marked = pc.match_substring_regex(column, "^" + INERT.pattern)
        column = pc.if_else(marked, pc.utf8_slice_codeunits(column, 1), column)
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def drop_empty_rows(grid: Grid) -> None:
    """Leave out rows without a single value: a spreadsheet writes plenty at its end."""
    filled = np.zeros(len(grid.rows), dtype=bool)
    for column in grid.columns:
        filled |= column.is_valid().to_numpy(zero_copy_only=False)
    if not filled.all():
        grid.take(filled)


def check_headers(grid: Grid) -> None:
    """Fault double and missing headers; a column without header and without values is dropped."""
    empty = [
        index
        for index, (header, column) in enumerate(zip(grid.headers, grid.columns, strict=True))
        if not header and column.null_count == len(column)
    ]
    for index in reversed(empty):
        for part in (grid.headers, grid.columns, grid.numbers):
            del part[index]
    seen: dict[str, int] = {}
    for index, header in enumerate(grid.headers, start=1):
        if not header:
            grid.faults.add(1, "", N_("column {index} has values but no header"), index=index)
        elif header in seen:
            grid.faults.add(
                1, header, N_("the header stands twice, in columns {first} and {second}"), header,
                first=seen[header], second=index,
            )  # fmt: skip
        seen.setdefault(header, index)
