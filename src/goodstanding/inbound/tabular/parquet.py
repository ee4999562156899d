"""Parquet files of a book: read in a jailed process; their columns come typed and skip the reading of text."""

import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa

from goodstanding.inbound.faults import FaultList
from goodstanding.inbound.tabular import jail, parquet_child
from goodstanding.inbound.tabular.grid import Grid, check_headers, drop_empty_rows, tidy
from goodstanding.kernel.errors import N_

MEMORY = 2 << 30
SECONDS = 300


def read_parquet(path: Path, table: str) -> Grid:
    """A Parquet file as a grid of typed columns; row 2 is the first, as in a file with a header."""
    faults = FaultList(table)
    grid = Grid(path.name, [], [], np.empty(0, np.int64), faults, encoding="Parquet")
    with tempfile.NamedTemporaryFile() as output:
        try:
            arguments = [str(path.resolve())]
            script = Path(parquet_child.__file__)
            jail.run(script, arguments, output, memory=MEMORY, seconds=SECONDS, bare=False)  # type: ignore[arg-type]
            with pa.memory_map(output.name) as source:
                content = pa.ipc.open_stream(source).read_all()
        except (jail.Jailed, pa.ArrowException):
            faults.add(0, "", N_("the file is not a sound Parquet file"))
            return grid
        grid.headers = list(content.schema.names)
        grid.columns = [_column(name, content[place], faults) for place, name in enumerate(grid.headers)]
        grid.numbers = [None] * len(grid.headers)
        grid.rows = np.arange(2, content.num_rows + 2, dtype=np.int64)
    drop_empty_rows(grid)
    check_headers(grid)
    if not len(grid.rows) and not faults.faults:
        faults.add(0, "", N_("the file has a header and no rows"))
    return grid


def _column(name: str, column: pa.ChunkedArray, faults: FaultList) -> pa.Array:
    """One contiguous column: text tidied, days as date32, whole numbers as int64; other types are faults."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind):
        return tidy(_one(column.cast(pa.string())))
    try:
        if pa.types.is_boolean(kind):
            return _one(column)
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            return _one(column.cast(pa.date32()))
        if pa.types.is_integer(kind):
            return _one(column.cast(pa.int64()))
    except pa.ArrowException:
        faults.add(0, name, N_("the values don't fit a day or a whole number of 64 bits"))
        return pa.nulls(len(column), pa.string())
    faults.add(0, name, N_("columns of the type {type} can't be read; amounts are whole minor units"), type=str(kind))
    return pa.nulls(len(column), pa.string())


def _one(column: pa.ChunkedArray) -> pa.Array:
    combined = column.combine_chunks()
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined
