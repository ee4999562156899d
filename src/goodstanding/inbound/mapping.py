"""Which column becomes which field: what was chosen, then what is recognised; the rest is a fault or ignored."""

from goodstanding.inbound.fields import Field
from goodstanding.inbound.headers import normal, recognise
from goodstanding.inbound.tabular.grid import Grid
from goodstanding.inbound.types import ColumnPreview, Options
from goodstanding.kernel.errors import N_
from goodstanding.kernel.money import suggest

SAMPLES = 3


def places(grid: Grid, table: str, fields: tuple[Field, ...], options: Options) -> dict[str, int]:
    """Field → index of its column. Choices that name no column of the file become faults."""
    names = [field.name for field in fields]
    chosen: dict[str, int] = {}
    left_out: set[str] = set()
    for key, header in options.mapping.items():
        field = key.removeprefix(f"{table}.")
        if field not in names:
            if table == "register":
                near = ", ".join(suggest(key, names))
                grid.faults.add(
                    0, "", N_("there is no field {value}; did you mean {suggestion}?"), key, near or names[0]
                )
            continue
        if not header:
            left_out.add(field)
            continue
        index = _column(grid.headers, header)
        if index is None:
            near = ", ".join(suggest(header, grid.headers)) or ", ".join(grid.headers[:12])
            grid.faults.add(1, "", N_("there is no column {value}; did you mean {suggestion}?"), header, near)
        else:
            chosen[field] = index
    free = [name for name in names if name not in chosen and name not in left_out]
    found = recognise(table, free, [("" if index in chosen.values() else h) for index, h in enumerate(grid.headers)])
    return found | chosen


def _column(headers: list[str], wanted: str) -> int | None:
    if wanted in headers:
        return headers.index(wanted)
    return next((index for index, header in enumerate(headers) if normal(header) == normal(wanted)), None)


def missing(grid: Grid, fields: list[str], known: dict[str, int]) -> None:
    """One fault for each field that must have a column and has none, with the nearest unused header."""
    unused = [header for index, header in enumerate(grid.headers) if index not in known.values()]
    for field in fields:
        if field in known:
            continue
        near = ", ".join(suggest(field, unused, 1))
        template = N_("there is no column for {field}; map one to it")
        if near:
            template = N_("there is no column for {field}; is it {suggestion}?")
        grid.faults.add(1, "", template, "", near, field=field)


def preview(grid: Grid, known: dict[str, int], written: dict[str, str]) -> tuple[ColumnPreview, ...]:
    """Each column with the field it becomes and a few of its values."""
    fields = {index: field for field, index in known.items()}
    return tuple(
        ColumnPreview(
            header,
            fields.get(index),
            tuple(str(value)[:60] for value in column.slice(0, 1000).drop_null().slice(0, SAMPLES).to_pylist()),
            written.get(fields.get(index, ""), ""),
        )
        for index, (header, column) in enumerate(zip(grid.headers, grid.columns, strict=True))
    )
