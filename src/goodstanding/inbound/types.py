"""What reading a file takes and gives: options, the preview, the tables and the faults."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from goodstanding.kernel.days import DateOrder
from goodstanding.kernel.errors import RowFault
from goodstanding.kernel.money import NumberStyle


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may choose when a file doesn't say it by itself. All are remembered by the file's shape.

    `mapping` is field → header as it stands in the file ("" = leave the field out); the field of a book's table is
    written `table.field`. `as_of` is the day at which a register's open amounts stood. `alone` makes a reference to
    what isn't in the file a fault (there is no database to look in).
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    number_style: NumberStyle | None = None
    date_order: DateOrder | None = None
    encoding: str | None = None
    delimiter: str | None = None
    as_of: date | None = None
    alone: bool = False

    def to_json(self) -> dict[str, Any]:
        """The options as stored with an import and in a remembered mapping (`alone` belongs to neither)."""
        return {
            "mapping": dict(self.mapping),
            "currency": self.currency,
            "number_style": str(self.number_style) if self.number_style else None,
            "date_order": str(self.date_order) if self.date_order else None,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Options":
        """The options that `to_json` gave. Raises ValueError for an unknown style, order or day."""
        return cls(
            mapping=dict(kept.get("mapping") or {}),
            currency=kept.get("currency") or None,
            number_style=NumberStyle(kept["number_style"]) if kept.get("number_style") else None,
            date_order=DateOrder(kept["date_order"]) if kept.get("date_order") else None,
            encoding=kept.get("encoding") or None,
            delimiter=kept.get("delimiter") or None,
            as_of=date.fromisoformat(kept["as_of"]) if kept.get("as_of") else None,
        )

    def digest(self) -> str:
        """SHA-256 over the options that change what is read."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """One column of the file: its header, the field it becomes (None = ignored), samples, how it is written."""

    header: str
    field: str | None
    samples: tuple[str, ...]
    written: str = ""  # the number style or date order it was read with


@dataclass(frozen=True, slots=True)
class SourcePreview:
    """One file or sheet: the table it becomes and how it was read."""

    name: str
    table: str
    encoding: str
    delimiter: str
    columns: tuple[ColumnPreview, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a person checks before anything is written."""

    sources: tuple[SourcePreview, ...] = ()
    will_create: Mapping[str, int] = field(default_factory=dict)  # table → rows
    noise_cells: int = 0  # amounts from which spreadsheet noise was taken off
    shape: str = ""  # fingerprint of the normalised headers: the key of a remembered mapping
    fields: tuple[str, ...] = ()  # the fields a column can be mapped to
    not_used: tuple[str, ...] = ()  # files and sheets that were left alone

    @property
    def columns(self) -> tuple[ColumnPreview, ...]:
        """The columns of the first source: all there are in a register."""
        return self.sources[0].columns if self.sources else ()

    @property
    def encoding(self) -> str:
        """The encoding of the first source."""
        return self.sources[0].encoding if self.sources else ""

    @property
    def delimiter(self) -> str:
        """The delimiter of the first source."""
        return self.sources[0].delimiter if self.sources else ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file or folder read as a whole: all of its tables, or all of its faults (then `tables` is empty).

    `shape` is "book" or "register". Tables follow the book's contract: amounts int64 minor units, days date32,
    and each has a column `row`, the row in its file.
    """

    shape: str
    name: str
    digest: str  # SHA-256 of the content and of the options
    tables: Mapping[str, pa.Table]
    faults: tuple[RowFault, ...]
    preview: Preview
    source_columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # table → field → header

    def columns(self) -> list[tuple[str, str]]:
        """Every header with the field it becomes ("" when left out); in a book, `items.number`."""
        found = []
        for source in self.preview.sources:
            prefix = "" if self.shape == "register" else f"{source.table}."
            found += [(each.header, f"{prefix}{each.field}" if each.field else "") for each in source.columns]
        return found

    @property
    def is_good(self) -> bool:
        """Whether there is something to import and nothing against it."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class ImportFacts:
    """One import as kept: `state` is pending, running, done, failed or undone; only a done one has rows in the book."""

    id: int
    digest: str
    name: str
    state: str
    path: str  # the upload that waits, below the data folder
    options: Options
    counts: Mapping[str, int]  # table → rows created
    faults: tuple[RowFault, ...]
    step: str
    progress: int  # rows so far
    total: int
    actor: str
    created_at: datetime
    finished_at: datetime | None

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return 100 if self.state == "done" else min(100 * self.progress // max(self.total, 1), 99)


@dataclass(frozen=True, slots=True)
class MappingFacts:
    """A remembered mapping: `columns` are (header, the field it becomes or ""), `used` counts confirmed imports."""

    id: int
    name: str
    options: Options
    columns: tuple[tuple[str, str], ...]
    used: int
    used_at: datetime | None
    updated_at: datetime
    version: int


def fault_to_json(fault: RowFault) -> dict[str, Any]:
    """A fault as stored with its import: the template, so that it is shown in each reader's language."""
    return {
        name: getattr(fault, name) for name in ("table", "row", "column", "value", "template", "params", "suggestion")
    }


def fault_from_json(kept: Mapping[str, Any]) -> RowFault:
    """The fault that `fault_to_json` gave."""
    return RowFault(**kept)
