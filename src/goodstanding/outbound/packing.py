"""The book's folder as one ZIP: the same files give the same bytes."""

import os
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa

from goodstanding.outbound.folder import write_folder

EPOCH = (1980, 1, 1, 0, 0, 0)  # the only day that every ZIP knows
CHUNK = 1 << 20
Tell = Callable[[str, int, int], None]


def write_zip(tables: Mapping[str, pa.Table], target: Path, form: str, tell: Tell) -> dict[str, int]:
    """Write the tables as a packed folder; `target` appears whole, by one rename. Gives table → rows."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    work = target.with_suffix(".work")
    part = target.with_suffix(".part")
    shutil.rmtree(work, ignore_errors=True)  # what a killed worker left
    total = sum(table.num_rows for table in tables.values())
    try:
        tell("writing", 0, total)
        counts = write_folder(tables, work, form)
        with zipfile.ZipFile(part, "w") as packed:
            done = 0
            for name in counts:
                tell("packing", done, total)
                _add(packed, work / f"{name}.{form}")
                done += counts[name]
        with part.open("rb") as written:
            os.fsync(written.fileno())
        tell("finishing", total, total)
        part.replace(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        part.unlink(missing_ok=True)
    return counts


def _add(packed: zipfile.ZipFile, file: Path) -> None:
    kind = zipfile.ZIP_STORED if file.suffix == ".parquet" else zipfile.ZIP_DEFLATED
    entry = zipfile.ZipInfo(file.name, EPOCH)
    entry.compress_type = kind
    entry.external_attr = 0o644 << 16
    entry.file_size = file.stat().st_size
    with file.open("rb") as source, packed.open(entry, "w") as sink:
        shutil.copyfileobj(source, sink, CHUNK)
