"""The book as a folder that `import` takes: CSV (UTF-8, amounts as decimal text) or Parquet (minor units).

The folder appears whole, by one rename, or not at all.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from goodstanding.engine.contract import FILE_TABLES
from goodstanding.kernel.cells import ACTIVE
from goodstanding.kernel.errors import N_, Refused
from goodstanding.kernel.money import exponent

# Table → columns of minor units, written in the row's currency.
_AMOUNTS = {
    "customers": ("credit_limit",),
    "items": ("amount", "tax"),
    "matches": ("amount",),
    "holds": ("amount",),
    "promises": ("amount", "received"),
    "promise_items": ("amount",),
    "touches": ("cost",),
}


def write_folder(tables: Mapping[str, pa.Table], folder: Path, form: str = "csv") -> dict[str, int]:
    """Write the tables (`engine.contract.FILE_TABLES`) that have rows; gives table → rows.

    Holds and items of promises carry their item's `currency` beside the columns of the contract. Refused "folder_not_empty"
    when there is something in `folder` already, "unknown_form" for another form than csv or parquet.
    """
    if form not in ("csv", "parquet"):
        raise Refused("unknown_form", N_("A book is written as csv or parquet, not {form}."), form=repr(form))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("folder_not_empty", N_("{folder} is not an empty folder."), folder=str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    try:
        counts = {}
        for name in FILE_TABLES:
            # a book without any row is still a book: its customers' header says so
            if tables[name].num_rows or name == "customers":
                _write(tables[name], name, made, form)
                counts[name] = tables[name].num_rows
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return counts


def _write(table: pa.Table, name: str, folder: Path, form: str) -> None:
    columns = [field.name for field in FILE_TABLES[name]]
    if form == "csv":
        for column in _AMOUNTS.get(name, ()):
            place = table.column_names.index(column)
            table = table.set_column(place, column, decimal_column(table[column], table["currency"]))
    whole = pa.table([_cells(table[column]) for column in columns], names=columns)
    if form == "parquet":
        pq.write_table(whole, folder / f"{name}.parquet", compression="zstd")
        return
    quoting = "needed" if any(_needs_quotes(column) for column in whole.columns) else "none"
    pacsv.write_csv(whole, folder / f"{name}.csv", pacsv.WriteOptions(quoting_style=quoting, quoting_header="none"))


def _needs_quotes(column: pa.ChunkedArray) -> bool:
    """Whether a text of the column would be torn apart without quotes; a file without any is read much faster."""
    return pa.types.is_string(column.type) and bool(pc.any(pc.match_substring_regex(column, '[",\r\n]')).as_py())


def _cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text made inert; anything else as it is."""
    if not pa.types.is_string(column.type):
        return column
    active = pc.match_substring_regex(column, f"^(?:{ACTIVE.pattern})")
    if not pc.any(active).as_py():
        return column
    return pc.if_else(active, pc.binary_join_element_wise(pa.scalar("'"), column, ""), column)


def decimal_column(minor: pa.ChunkedArray, currency: pa.ChunkedArray) -> pa.ChunkedArray:
    """Minor units as plain decimal text by each row's currency, as `kernel.money.decimal_text`; null for null."""
    digits = {code: exponent(code) for code in pc.drop_null(pc.unique(currency)).to_pylist()}
    text = pa.nulls(len(minor), pa.string())
    for count in set(digits.values()):
        codes = pa.array([code for code, own in digits.items() if own == count])
        text = pc.if_else(pc.is_in(currency, value_set=codes), _decimal(minor, count), text)
    return text


def _decimal(minor: pa.ChunkedArray, digits: int) -> pa.ChunkedArray:
    if not digits:
        return minor.cast(pa.string())
    size = pc.abs(minor)
    whole = pc.divide(size, 10**digits)
    rest = pc.subtract(size, pc.multiply(whole, 10**digits))
    sign = pc.if_else(pc.less(minor, 0), "-", "")
    decimals = pc.utf8_lpad(rest.cast(pa.string()), digits, "0")
    return pc.binary_join_element_wise(pc.binary_join_element_wise(sign, whole.cast(pa.string()), ""), decimals, ".")
