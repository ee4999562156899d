"""No cell of an export is a formula to anybody, and each comes back to our own reading as it was."""

import csv
import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from goodstanding.inbound.sources import open_sources
from goodstanding.inbound.types import Options
from goodstanding.outbound.tabular import csv_bytes, xlsx_bytes

RUNS = re.compile(r"[=+\-@|%\t\r\n]")
WRITERS = {"csv": csv_bytes, "xlsx": xlsx_bytes}
letters = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cn"), include_characters="\t\r\n"
)
beginnings = st.sampled_from(
    ["", "=", "+", "-", "@", "\t", "\r", "\n", "'", "''=", "'\t", "=cmd|' /C calc'!A0", "|", "%"]
)
# Blanks at the end are trimmed by every reading: a text has none.
cells = st.tuples(beginnings, st.text(letters, max_size=12)).map(lambda parts: f"{''.join(parts)}x")


def seen_by_a_spreadsheet(form: str, content: bytes) -> list[list[str]]:
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)
    return [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]


def read_back(form: str, content: bytes) -> list[list[str]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"list.{form}"
        path.write_bytes(content)
        (grid,) = open_sources(path, Options(), path.name).grids.values()
    assert not grid.faults.faults, grid.faults.faults
    return [grid.headers, *map(list, zip(*(column.to_pylist() for column in grid.columns), strict=True))]


@pytest.mark.parametrize("form", sorted(WRITERS))
def test_any_cell_is_inert_and_comes_back(form: str) -> None:
    @settings(max_examples=150 if form == "csv" else 25, deadline=None, print_blob=True)
    @example([["=cmd", "\tx"], ["\rx", "+1x"], ["-1x", "@x"], ["'=x", "''x"]])
    @given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=20))
    def comes_back(rows: list[list[str]]) -> None:
        content = WRITERS[form](["first", "second"], rows)
        shown = seen_by_a_spreadsheet(form, content)
        assert not [cell for row in shown for cell in row if RUNS.match(cell)]
        assert read_back(form, content) == [["first", "second"], *rows]

    comes_back()


@pytest.mark.parametrize("form", sorted(WRITERS))
def test_numbers_stay_numbers_only_where_they_are_numbers(form: str) -> None:
    content = WRITERS[form](["amount"], [["-12.50"], ["-1+2"], ["=1"], ["12345678901234567.89"], ["1E5"]], numbers={0})
    shown = [row[0] for row in seen_by_a_spreadsheet(form, content)[1:]]
    assert shown == [{"csv": "-12.50", "xlsx": "-12.5"}[form], "'-1+2", "'=1", "12345678901234567.89", "1E5"]
