"""An answer of `engine.report` as JSON, as CSV or as a table for people. All three come from the same shape."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from goodstanding.cli import console
from goodstanding.kernel.cells import inert

WIDEST = 10_000
LAST = ("why", "notes")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
Rows = tuple[tuple[str, ...], list[tuple[str, ...]]]  # header and cells


def show(answer: Mapping[str, Any], form: str, *parts: tuple[str, Rows]) -> None:
    """Write the answer; the last part is the one a CSV holds, a table shows them all under their titles."""
    if form == "json":
        console.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
    elif form == "csv":
        console.write(_csv(*parts[-1][1]))
    else:
        for title, rows in parts:
            _print(title, *rows)


def aging_totals(answer: Mapping[str, Any]) -> Rows:
    """One row a currency: what is owed and how old it is."""
    labels = [bucket["label"] for bucket in answer["totals"][0]["buckets"]] if answer["totals"] else []
    header = ("currency", "total", "unapplied", *labels, "items", "customers")
    cells = [
        (
            total["currency"],
            total["total"],
            total["unapplied"],
            *(bucket["amount"] for bucket in total["buckets"]),
            str(total["items"]),
            str(total["customers"]),
        )
        for total in answer["totals"]
    ]
    return header, cells


def aging_rows(answer: Mapping[str, Any], by: str) -> Rows:
    """One row for each customer (or what was grouped by) and currency."""
    labels = [bucket["label"] for bucket in answer["totals"][0]["buckets"]] if answer["totals"] else []
    cells = [
        (_text(row[by]), row["currency"], row["total"], row["unapplied"], *row["buckets"]) for row in answer["rows"]
    ]
    return (by, "currency", "total", "unapplied", *labels), cells


def objects(rows: Sequence[Mapping[str, Any]], only: Sequence[str] = ()) -> Rows:
    """Objects as a table, all of their fields or the ones named; a class and its reason are two columns."""
    flat = [_flat(row) for row in rows]
    header = tuple(only or dict.fromkeys(key for row in flat for key in row))
    return header, [tuple(_text(row.get(key)) for key in header) for row in flat]


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with "value": {"class", "reason"} as value and value_reason; notes and reasons come last."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, Mapping) and value.keys() == {"class", "reason"}:
            flat |= {key: value["class"], f"{key}_reason": value["reason"]}
        else:
            flat[key] = value
    return {key: value for key, value in flat.items() if key not in LAST} | {k: flat[k] for k in LAST if k in flat}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_text(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_text(each) for each in value)
    return str(value)


def _csv(header: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    """CSV whose cells no spreadsheet takes for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cell if _is_number(cell) else inert(cell) for cell in row] for row in cells)
    return text.getvalue()


def _print(title: str, header: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    """A table as wide as it needs to be: an amount is never cut short, the terminal may wrap."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(header):
        right = place and _numeric(row[place] for row in cells)
        table.add_column(escape(name), justify="right" if right else "left", no_wrap=True)
    for row in cells:
        table.add_row(*(escape(console.printable(cell)) for cell in row))
    out = console.out()
    out.width = max(out.width, out.measure(table, options=out.options.update(width=WIDEST)).maximum)
    out.print(table)


def _numeric(cells: Iterator[str]) -> bool:
    return all(not cell or _is_number(cell) for cell in cells)


def _is_number(cell: str) -> bool:
    return NUMBER.fullmatch(cell) is not None
