"""Read a file or folder as a whole: its tables, or everything that is wrong with it."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from goodstanding.inbound import book, headers, mapping, references, register
from goodstanding.inbound.fields import REGISTER, TABLES
from goodstanding.inbound.register import Result
from goodstanding.inbound.sources import Sources, open_sources
from goodstanding.inbound.tabular.grid import Grid
from goodstanding.inbound.types import Options, Preview, Reading, SourcePreview
from goodstanding.kernel.errors import Refused, RowFault
from goodstanding.kernel.money import exponent


def read(
    path: Path,
    *,
    options: Options | None = None,
    remembered: Callable[[str], Options | None] | None = None,
    name: str = "",
) -> Reading:
    """Read a book folder, a CSV or a workbook.

    Bad content never raises: it is in `faults`, all of it at once, and `tables` is empty then. `remembered` gives
    the options kept for a shape; it is asked when `options` is not given. `name` is what the
    file is called where its path isn't (an upload); its ending still tells the format. Raises OSError when the path can't be opened.
    """
    chosen = options or Options()
    name = name or path.name
    sources = open_sources(path, chosen, name)
    shape = headers.fingerprint(
        [[grid.name if sources.is_book else "", *grid.headers] for grid in sources.grids.values()]
    )
    kept = remembered(shape) if remembered and options is None else None
    if kept is not None:
        chosen = kept
        if chosen.encoding or chosen.delimiter:
            sources = open_sources(path, chosen, name)
    digest = hashlib.sha256(f"{sources.digest}\n{chosen.digest()}".encode()).hexdigest()
    faults = _wrong_options(name, chosen)
    results: dict[str, Result] = {}
    if not faults:
        results = _read(sources, chosen)
        faults = sources.faults + [fault for grid in sources.grids.values() for fault in grid.faults.sorted()]
    tables = {name: table for result in results.values() for name, table in result.tables.items()}
    preview = Preview(
        sources=tuple(_preview(name, sources.grids[name], result) for name, result in results.items()),
        will_create={} if faults else {name: table.num_rows for name, table in tables.items()},
        noise_cells=sum(result.noise_cells for result in results.values()),
        shape=shape,
        fields=_fields(sources),
        not_used=tuple(sources.not_used),
    )
    columns = {name: {field: sources.grids[name].headers[place] for field, place in result.places.items()}
               for name, result in results.items()}  # fmt: skip
    return Reading(
        shape="book" if sources.is_book else "register",
        name=name,
        digest=digest,
        tables={} if faults else tables,
        faults=tuple(faults),
        preview=preview,
        source_columns=columns if sources.is_book else _shared(columns),
    )


def _read(sources: Sources, options: Options) -> dict[str, Result]:
    readable = {name: grid for name, grid in sources.grids.items() if grid.headers}
    if sources.is_book:
        results = book.read(readable, options)
        references.check(results, readable, options)
        return results
    return {name: register.read(grid, options) for name, grid in readable.items()}


def _shared(columns: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """A register's columns are the source of each table that comes out of it."""
    only = next(iter(columns.values()), {})
    return {"register": only, "customers": only, "items": only, "matches": only}


def _wrong_options(name: str, options: Options) -> list[RowFault]:
    if not options.currency:
        return []
    try:
        exponent(options.currency)
    except Refused as refused:
        params = {key: value for key, value in refused.params.items() if key != "value"}
        return [RowFault(name, 0, "", repr(options.currency), refused.template, params)]
    return []


def _fields(sources: Sources) -> tuple[str, ...]:
    if not sources.is_book:
        return tuple(field.name for field in REGISTER)
    return tuple(f"{name}.{field.name}" for name in sources.grids for field in TABLES[name])


def _preview(name: str, grid: Grid, result: Result) -> SourcePreview:
    columns = mapping.preview(grid, result.places, result.written)
    return SourcePreview(grid.name, name, grid.encoding, grid.delimiter, columns, len(grid.rows))
