"""Keys over whole columns: rows that stand twice, and rows that point to rows of another table."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.inbound.faults import FaultList
from goodstanding.kernel.errors import N_

SEPARATOR = "\x1f"  # refused in every cell, so joined keys can't collide


def joined(*columns: Any) -> pa.Array:
    """One text key out of several columns; null where any part is null."""
    parts = [column.cast(pa.string()) for column in columns]
    key = pc.binary_join_element_wise(*parts, SEPARATOR) if len(parts) > 1 else parts[0]
    return key.combine_chunks() if isinstance(key, pa.ChunkedArray) else key


def refuse_doubles(key: pa.Array, rows: npt.NDArray[np.int64], header: str, faults: FaultList) -> None:
    """A fault for each row whose key stood in an earlier row, naming that row."""
    if pc.count_distinct(key, mode="only_valid").as_py() == len(key) - key.null_count:
        return
    first: dict[str, int] = {}
    for row, text in zip(rows.tolist(), key.to_pylist(), strict=True):
        if text is None:
            continue
        if text in first:
            shown = text.split(SEPARATOR)[-1] if SEPARATOR not in text else text.split(SEPARATOR)[1]
            faults.add(row, header, N_("{value} stands already in row {first}"), shown, first=first[text])
        else:
            first[text] = row


def find(key: pa.Array, among: pa.Array) -> npt.NDArray[np.int64]:
    """For each key its place in `among`, −1 where it isn't there."""
    found: npt.NDArray[np.int64] = (
        pc.index_in(key, value_set=among).fill_null(-1).cast(pa.int64()).to_numpy(zero_copy_only=False)
    )
    if key.null_count:
        found = np.where(key.is_null().to_numpy(zero_copy_only=False), -1, found)
    return found
