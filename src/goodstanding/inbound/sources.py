"""What a path holds: one register, or the tables of a book; each file as a grid of text."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from goodstanding.inbound.fields import LATER_TABLES, TABLES
from goodstanding.inbound.headers import recognise
from goodstanding.inbound.tabular.delimited import read_csv
from goodstanding.inbound.tabular.grid import Grid
from goodstanding.inbound.tabular.parquet import read_parquet
from goodstanding.inbound.tabular.workbook import SUFFIXES as WORKBOOKS
from goodstanding.inbound.tabular.workbook import read_workbook
from goodstanding.inbound.types import Options
from goodstanding.kernel.errors import N_, RowFault
from goodstanding.kernel.money import suggest

TEXT = (".csv", ".tsv", ".txt", "")
REGISTER = "register"
_KNOWN = tuple(TABLES)


@dataclass
class Sources:
    """`grids` by table; a single register stands under "register"."""

    is_book: bool
    grids: dict[str, Grid] = field(default_factory=dict)
    faults: list[RowFault] = field(default_factory=list)
    not_used: list[str] = field(default_factory=list)
    digest: str = ""


def open_sources(path: Path, options: Options, name: str) -> Sources:
    """Open a folder, a text file, a workbook or a Parquet file, called `name`. Raises OSError when there is none."""
    return _folder(path, options, name) if path.is_dir() else _file(path, options, name)


def _folder(path: Path, options: Options, name: str) -> Sources:
    sources, digest = Sources(is_book=True), hashlib.sha256()
    for file in sorted(path.iterdir()):
        table = file.stem.lower()
        if file.name.startswith(".") or file.is_dir():
            continue
        if table not in _KNOWN or file.suffix.lower() not in (".csv", ".parquet"):
            sources.not_used.append(file.name)
            near = suggest(table, list(_KNOWN), 1)
            if near and table not in LATER_TABLES and file.suffix.lower() in (".csv", ".parquet"):
                template = N_("{value} is not a table of a book; did you mean {suggestion}?")
                sources.faults.append(RowFault(file.name, 0, "", repr(file.name), template, {}, near[0]))
            continue
        if table in sources.grids:
            template = N_("the table stands in two files: {one} and {two}")
            params = {"one": sources.grids[table].name, "two": file.name}
            sources.faults.append(RowFault(table, 0, "", "", template, params))
            continue
        digest.update(f"{table}\n{_digest(file)}\n".encode())
        is_parquet = file.suffix.lower() == ".parquet"
        sources.grids[table] = (
            read_parquet(file, table) if is_parquet else read_csv(file, table, options.encoding, options.delimiter)
        )
    if not sources.grids and not sources.faults:
        template = N_("the folder holds no table of a book; one of {tables} is needed")
        sources.faults.append(RowFault(name, 0, "", "", template, {"tables": ", ".join(_KNOWN)}))
    sources.digest = digest.hexdigest()
    return sources


def _file(path: Path, options: Options, name: str) -> Sources:
    suffix, stem = Path(name).suffix.lower(), Path(name).stem.lower()
    sources = Sources(is_book=False, digest=_digest(path))
    if suffix in WORKBOOKS:
        grids, sources.not_used, sources.is_book = read_workbook(path, _KNOWN, name)
    elif suffix == ".parquet":
        grids, sources.is_book = {stem: read_parquet(path, stem)}, True
        if stem not in TABLES:
            grids = {}
            template = N_("{value} is not a table of a book; name the file after one of {tables}")
            sources.faults.append(RowFault(name, 0, "", repr(name), template, {"tables": ", ".join(_KNOWN)}))
    elif suffix in TEXT:
        grids = {REGISTER: read_csv(path, name, options.encoding, options.delimiter)}
        if stem in TABLES and _fits(grids[REGISTER], stem):
            grids = {stem: grids[REGISTER]}
            grids[stem].faults.name_table(stem)
            sources.is_book = True
    else:
        template = N_("files of the kind {value} can't be read; save the table as CSV or .xlsx")
        sources.faults.append(RowFault(name, 0, "", repr(suffix), template))
        grids = {}
    sources.grids = grids
    return sources


def _fits(grid: Grid, table: str) -> bool:
    """Whether a single file named like a table has that table's required columns, too."""
    needed = [field.name for field in TABLES[table] if field.required]
    return len(recognise(table, needed, grid.headers)) == len(needed)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
