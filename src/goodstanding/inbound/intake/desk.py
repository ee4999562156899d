"""The desk on which an intake is worked out: an embedded DuckDB over Arrow tables, locked down."""

from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa
from rapidfuzz import process

from goodstanding.inbound.faults import FaultList

SUGGESTED = 200  # faults that get a suggestion: looking for the nearest of many thousands takes a while


class Desk:
    """Tables by name, questions in SQL, and the faults found so far."""

    def __init__(self, headers: Mapping[str, Mapping[str, str]]) -> None:
        self._connection = duckdb.connect(
            config={"enable_external_access": "false", "preserve_insertion_order": "true"}
        )
        # DuckDB 2.0.0 sums a conditional bigint wrongly under this optimizer (engine/backend.py)
        self._connection.execute("SET disabled_optimizers = 'compressed_materialization'").fetchall()
        self._connection.execute("SET lock_configuration = true").fetchall()
        self._headers = headers
        self._faults: dict[str, FaultList] = {}
        self._suggested = 0

    def put(self, name: str, table: pa.Table) -> None:
        """Lay an Arrow table on the desk."""
        self._connection.register(name, table)

    def make(self, name: str, sql: str, params: dict[str, Any] | None = None) -> None:
        """Work out a table and keep it under a name."""
        self._connection.execute(f"CREATE TABLE {name} AS {sql}", params or {}).fetchall()

    def table(self, sql: str, params: dict[str, Any] | None = None) -> pa.Table:
        """The answer as columns."""
        return self._connection.sql(sql, params=params).to_arrow_table()

    def rows(self, sql: str, params: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """The answer as rows: for the few that need words."""
        cursor = self._connection.execute(sql, params or {})
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def count(self, name: str) -> int:
        """How many rows a table has."""
        return int(self._connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0])

    def fault(self, table: str, row: int, field: str, template: str, value: object = "", **params: object) -> None:
        """Note one fault of one cell, under the header its column has in the file."""
        faults = self._faults.setdefault(table, FaultList(table))
        column = self._headers.get(table, {}).get(field, field)
        suggestion = str(params.pop("suggestion", ""))
        faults.add(row, column, template, "" if value is None else str(value), suggestion, **params)

    def nearest(self, wrong: str, known: list[str], count: int = 3) -> list[str]:
        """The known words nearest to a wrong one, best first; none when none is near or enough was suggested."""
        if self._suggested >= SUGGESTED:
            return []
        self._suggested += 1
        found = process.extract(wrong, known, processor=str.casefold, limit=count, score_cutoff=60)
        return [word for word, _score, _index in found]

    @property
    def faults(self) -> list[Any]:
        """All faults, table by table, by row."""
        return [fault for faults in self._faults.values() for fault in faults.sorted()]

    def close(self) -> None:
        """Clear the desk."""
        self._connection.close()
