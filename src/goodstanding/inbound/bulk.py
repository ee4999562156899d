"""Columns into tables and back at the databases' own speed: COPY on PostgreSQL, executemany on SQLite.

Everything runs on Django's connection, inside the caller's transaction.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import repeat

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from django.db import connection

BATCH = 50_000
Tell = Callable[[int], None]


def _quiet(_rows: int) -> None:
    """Nobody is told."""


def insert(table: str, rows: pa.Table, constants: Mapping[str, object] | None = None, tell: Tell = _quiet) -> int:
    """Append `rows` (its columns are the table's) to `table`; `constants` fill further columns of every row.

    `tell` hears of the rows written after each batch. Gives the number of rows. IntegrityError as the database has it.
    """
    constants = dict(constants or {})
    if not rows.num_rows:
        return 0
    write = _copy if connection.vendor == "postgresql" else _executemany
    write(table, rows, constants, tell)
    return rows.num_rows


def _copy(table: str, rows: pa.Table, constants: dict[str, object], tell: Tell) -> None:
    names = ", ".join(f'"{name}"' for name in (*rows.column_names, *constants))
    tail = [_csv_scalar(value) for value in constants.values()]
    options = pacsv.WriteOptions(include_header=False, quoting_style="needed")
    # What goes wrong while rows flow is raised by the driver itself: make it Django's error, as everywhere else.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({names}) FROM STDIN (FORMAT csv)') as copy,
    ):
        for batch in rows.to_batches(max_chunksize=BATCH):
            columns = [*batch.columns, *(pa.repeat(value, batch.num_rows) for value in tail)]
            sink = io.BytesIO()
            pacsv.write_csv(pa.table(columns, names=[str(n) for n in range(len(columns))]), sink, options)
            copy.write(sink.getbuffer())
            tell(batch.num_rows)


def _csv_scalar(value: object) -> pa.Scalar:
    if isinstance(value, datetime):
        return pa.scalar(value.isoformat())
    return pa.scalar(value)


def _executemany(table: str, rows: pa.Table, constants: dict[str, object], tell: Tell) -> None:
    names = ", ".join(f'"{name}"' for name in (*rows.column_names, *constants))
    marks = ", ".join(["%s"] * (rows.num_columns + len(constants)))
    tail = [_stored(value) for value in constants.values()]
    with connection.cursor() as cursor:
        for batch in rows.to_batches(max_chunksize=BATCH):
            columns = [_python(column) for column in batch.columns]
            lines = zip(*columns, *(repeat(value) for value in tail), strict=False)
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', lines)
            tell(batch.num_rows)


def _python(column: pa.Array) -> list[object]:
    """Values as SQLite stores them: days as text."""
    return (pc.cast(column, pa.string()) if pa.types.is_date(column.type) else column).to_pylist()


def _stored(value: object) -> object:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


# A run without a gap, as nearly always, is told by its beginning: a million numbers one by one take seconds.
_RESERVE = """SELECT min(id), CASE WHEN max(id) - min(id) + 1 > count(*) THEN array_agg(id ORDER BY id) END
    FROM (SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id'))::regclass) AS id FROM generate_series(1, %s)) AS taken"""


def reserve_ids(table: str, count: int) -> pa.Array:
    """`count` fresh ids of `table`, ascending, that no other transaction will get."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_RESERVE, [table, count])
            first, apart = cursor.fetchone()
            if apart is not None:  # somebody else took some in between
                return pa.array(apart, pa.int64())
            return pa.array(range(first or 0, (first or 0) + count), pa.int64())
        # SQLite has one writer, and this transaction is it; AUTOINCREMENT remembers the highest id ever used.
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        first = cursor.fetchone()[0] + 1
    return pa.array(range(first, first + count), pa.int64())


def resolved(refs: pa.ChunkedArray, ids: pa.Array) -> pa.Array:
    """Refs as ids: a positive one is an id already, −n means the n-th of `ids`."""
    refs = refs.combine_chunks()
    if not len(ids):
        return refs
    plain = refs.fill_null(0).to_numpy()
    fresh = ids.to_numpy()[np.clip(-plain - 1, 0, len(ids) - 1)]
    return pc.if_else(refs.is_null(), pa.scalar(None, pa.int64()), pa.array(np.where(plain < 0, fresh, plain)))


def refresh_statistics(*tables: str) -> None:
    """Tell PostgreSQL's planner of what a bulk load changed: its own vacuum comes a minute too late."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE " + ", ".join(f'"{table}"' for table in tables))


@contextmanager
def listed(values: pa.Array, kind: str) -> Iterator[str]:
    """A temporary table with one column `value` of SQL type `kind` holding the distinct values; yields its name."""
    name = f"listed_{id(values):x}"
    distinct = pc.drop_null(pc.unique(values))
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMPORARY TABLE "{name}" (value {kind} PRIMARY KEY)')
        insert(name, pa.table({"value": distinct}))
        if connection.vendor == "postgresql":
            cursor.execute(f'ANALYZE "{name}"')
        yield name
        cursor.execute(f'DROP TABLE "{name}"')


def fetch(sql: str, schema: pa.Schema, params: Sequence[object] = ()) -> pa.Table:
    """The rows of a query as columns of `schema`, in its order."""
    parts: list[pa.RecordBatch] = []
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(BATCH):
            columns = zip(*rows, strict=True)
            arrays = [_array(list(column), field.type) for column, field in zip(columns, schema, strict=True)]
            parts.append(pa.record_batch(arrays, schema=schema))
    return pa.Table.from_batches(parts, schema=schema)


def _array(values: list[object], kind: pa.DataType) -> pa.Array:
    if pa.types.is_date(kind) and any(isinstance(value, str) for value in values):
        return pc.cast(pa.array([value and str(value) for value in values], pa.string()), kind)
    if pa.types.is_boolean(kind):
        return pa.array([None if value is None else bool(value) for value in values], kind)
    return pa.array(values, kind)


def count_rows() -> None:
    """Let the database learn how many rows of what it has, so that it chooses its indexes well.

    PostgreSQL does so by itself; SQLite only when told, here by looking at a part of each index.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
