"""What goes into an intake and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from goodstanding.inbound.fields import TABLES, schema
from goodstanding.kernel.errors import RowFault

UNDONE = "import_undone"  # the reason of a reversal that undid an import: its number may be posted again
UNDONE_KEY = "import-undone:"  # how the key of such a match's undo begins


def _known(table: str, *, without: tuple[str, ...] = (), extra: tuple[tuple[str, pa.DataType], ...]) -> pa.Schema:
    own = [field for field in schema(table) if field.name not in ("row", *without)]
    return pa.schema([*own, *(pa.field(name, kind) for name, kind in extra)])


ID = (("id", pa.int64()),)
CUSTOMERS = _known("customers", extra=ID)
CONTACTS = _known("contacts", extra=())
ITEMS = _known("items", extra=ID)
MATCHES = pa.schema(
    [
        ("id", pa.int64()),
        ("key", pa.string()),
        ("date", pa.date32()),
        ("credit_id", pa.int64()),
        ("debit_id", pa.int64()),
        ("amount", pa.int64()),
        ("undoes", pa.int64()),
        ("undone", pa.bool_()),
        ("undone_by_import", pa.bool_()),
    ]
)
HOLDS = pa.schema(
    [
        ("id", pa.int64()),
        ("key", pa.string()),
        ("item_id", pa.int64()),
        ("amount", pa.int64()),
        ("reason", pa.string()),
        ("source", pa.string()),
        ("placed", pa.date32()),
        ("released", pa.date32()),
    ]
)
PROMISES = _known(
    "promises",
    without=("id",),
    extra=(*ID, ("key", pa.string()), ("undone", pa.bool_()), ("renewed", pa.bool_())),
)
PROMISE_ITEMS = pa.schema([("promise", pa.int64()), ("item", pa.int64()), ("amount", pa.int64())])
# `given`: the id in the file; `id`: the one it has in the book, another where it was taken back and came again
TOUCHES = _known("touches", extra=(("given", pa.string()), ("undone", pa.bool_())))
DEMANDS = pa.schema([("item", pa.int64()), ("level", pa.int64()), ("made", pa.date32())])


@dataclass(frozen=True, slots=True)
class Known:
    """The part of the book that a file can touch, as columns. Empty by default: a new book.

    `customers`: all. `items`: every entry of the numbers the file names. `matches`: those on these items and those
    whose keys the file names. `holds`, `promises`, `touches`: those whose keys the file names.
    `promise_items`: of these promises. `demands`: of these items, but for those an undone import brought.
    `periods`: all, oldest first.
    """

    customers: pa.Table = field(default_factory=CUSTOMERS.empty_table)
    contacts: pa.Table = field(default_factory=CONTACTS.empty_table)
    items: pa.Table = field(default_factory=ITEMS.empty_table)
    matches: pa.Table = field(default_factory=MATCHES.empty_table)
    holds: pa.Table = field(default_factory=HOLDS.empty_table)
    promises: pa.Table = field(default_factory=PROMISES.empty_table)
    promise_items: pa.Table = field(default_factory=PROMISE_ITEMS.empty_table)
    touches: pa.Table = field(default_factory=TOUCHES.empty_table)
    demands: pa.Table = field(default_factory=DEMANDS.empty_table)
    periods: tuple[tuple[date, str], ...] = ()
    closed_through: date | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that was left out because the book has it already. `why` is a message template."""

    table: str
    row: int
    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would write, its items and matches named by `ref`s.

    A positive ref is an id of the database, −n the n-th new row of the table.
    """

    customers: pa.Table  # merged_into and merged_on where it was merged
    contacts: pa.Table
    items: pa.Table  # customer (code) … reason, reverses (ref)
    matches: pa.Table  # key, date, credit, debit (refs), amount, undoes (ref)
    holds: pa.Table  # key, item (ref), amount, reason, source, placed
    releases: pa.Table  # hold (ref), released, reason
    promises: pa.Table  # key, customer (code) … renews (ref), state, judged, received, reason
    promise_items: pa.Table  # promise, item (refs), amount
    revived: pa.Table  # promise (id), judged: those an undone import brought, coming again
    touches: pa.Table  # key, customer (code) … withdrawn_reason
    demands: pa.Table  # item (ref), level, made, how
    periods: tuple[tuple[date, str], ...]
    skipped: pa.Table  # table, row, key, why
    faults: list[RowFault]

    @property
    def merges(self) -> int:
        """How many of the customers were merged into others."""
        return len(self.customers) - self.customers["merged_into"].null_count

    @property
    def counts(self) -> dict[str, int]:
        """Table → rows that would be created."""
        tables = ("customers", "contacts", "items", "matches", "holds", "releases", "promises", "touches", "demands")
        counts = {name: getattr(self, name).num_rows for name in tables} | {"periods": len(self.periods)}
        return {name: count for name, count in counts.items() if count}


def conform(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Every table of the book with all of its columns: what a file leaves out is empty."""
    whole = {}
    for name in TABLES:
        wanted = schema(name)
        given = tables.get(name)
        if given is None:
            whole[name] = wanted.empty_table()
            continue
        columns = [
            given.column(field.name).cast(field.type)
            if field.name in given.column_names
            else pa.nulls(given.num_rows, field.type)
            for field in wanted
        ]
        whole[name] = pa.table(columns, schema=wanted)
    return whole
