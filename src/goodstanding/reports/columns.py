"""The database as columns: queries straight into Arrow, all of them over one and the same state of the book.

ADBC drivers read one to two million rows a second on a connection of their own. Inside a transaction (an action, a
test) that connection would not see what was just written: then Django's cursor reads, ten times slower.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import pyarrow as pa
from adbc_driver_postgresql import dbapi as adbc_postgresql
from adbc_driver_sqlite import dbapi as adbc_sqlite
from django.db import connection
from psycopg.conninfo import make_conninfo

from goodstanding.inbound import bulk


class Fetch(Protocol):
    """A query's rows as columns of the schema, by position. Queries give no NULL: see `reports.book`."""

    def __call__(self, sql: str, schema: pa.Schema) -> pa.Table: ...


@contextmanager
def one_state() -> Iterator[Fetch]:
    """A function that answers queries over the book as it is now, whatever is posted meanwhile."""
    if connection.in_atomic_block or not _has_file():
        yield bulk.fetch
        return
    opened = adbc_postgresql.connect(_conninfo()) if connection.vendor == "postgresql" else adbc_sqlite.connect(_path())
    with opened as link, link.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        else:
            cursor.execute("PRAGMA busy_timeout = 20000")
            cursor.fetchall()

        def fetch(sql: str, schema: pa.Schema) -> pa.Table:
            cursor.execute(sql)
            return _typed(cursor.fetch_arrow_table(), schema)

        yield fetch
        link.rollback()


def _has_file() -> bool:
    return connection.vendor == "postgresql" or "memory" not in str(connection.settings_dict["NAME"])


def _path() -> str:
    return str(connection.settings_dict["NAME"])


def _conninfo() -> str:
    given = connection.settings_dict
    named = {"dbname": given["NAME"], "user": given["USER"], "password": given["PASSWORD"]}
    named |= {"host": given["HOST"], "port": given["PORT"]}
    return make_conninfo(**{name: str(value) for name, value in named.items() if value})


def _typed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The driver's types as promised: SQLite has days as text, and no type at all where there are no rows."""
    if not table.num_rows:
        return schema.empty_table()
    return pa.table(
        [column.cast(field.type) for column, field in zip(table.columns, schema, strict=True)], schema=schema
    )
