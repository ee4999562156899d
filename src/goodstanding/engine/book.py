"""A book in the engine's hands: made from file tables, read from Parquet, extended by newer facts."""

import itertools
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from goodstanding.engine import enriching
from goodstanding.engine.backend import DuckDB, Engine, Spark, sql
from goodstanding.engine.contract import BOOK_TABLES, conform
from goodstanding.kernel.errors import N_, Refused

if TYPE_CHECKING:
    import ibis.expr.types as ir

_spaces = itertools.count(1)


@dataclass(frozen=True, eq=False)
class Book:
    """The tables of `contract.BOOK_TABLES`, loaded where `engine` answers questions about them.

    A book never changes; questions may come from any number of threads at once.
    """

    engine: Engine

    def run(self, expression: "ir.Table") -> pa.Table:
        """The answer to an expression over the tables of `asof`, as an Arrow table."""
        return self.engine.run(sql(expression, self.engine.dialect))

    def rows(self, expression: "ir.Table") -> list[dict[str, Any]]:
        """The answer as one dict a row."""
        answer: list[dict[str, Any]] = self.run(expression).to_pylist()
        return answer

    def table(self, name: str) -> pa.Table:
        """One whole table of the book."""
        return conform(self.engine.run(f"SELECT * FROM {name}"), BOOK_TABLES[name])

    @classmethod
    def from_parquet(
        cls, folder: Path, *, engine: str = "duckdb", threads: int = 0, memory: str = "", master: str = "local[*]"
    ) -> "Book":
        """The book that `write_parquet` left in `folder`, in this process or on a Spark cluster.

        Raises Refused when a table is missing, the engine is unknown or the cluster isn't installed.
        """
        _demand(folder)
        if engine == "spark":
            spark = Spark(master)
            for name in BOOK_TABLES:
                spark.view(name, str(_path(folder, name)))
            return cls(spark)
        if engine != "duckdb":
            raise Refused("unknown_engine", N_("There is no engine named {engine}: duckdb or spark."), engine=engine)
        database = DuckDB(threads=threads, memory=memory, folder=folder.resolve())
        for name in BOOK_TABLES:
            path = str(_path(folder.resolve(), name)).replace("'", "''")
            database.run_all(f"CREATE TABLE {name} AS FROM read_parquet('{path}')")
        return cls(database)

    def write_parquet(self, folder: Path) -> None:
        """One Parquet file for each table, in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in BOOK_TABLES:
            pq.write_table(self.table(name), folder / f"{name}.parquet", compression="zstd")

    def extended(self, tables: Mapping[str, pa.Table]) -> "Book":
        """This book and the newer facts of `tables` (file tables, items with their `id`).

        Given customers replace the customers table whole. The base is shared, not copied; only the
        staircases of the items that were touched are built again.
        """
        if not isinstance(self.engine, DuckDB):
            raise Refused("not_embedded", N_("Only an embedded book can be extended."))
        base = self.engine
        space = base.beside(f"book{next(_spaces)}")
        enriching.extend(space, base, tables)
        book = Book(space)
        weakref.finalize(book, _drop, space.connection, space.space, base)
        return book


def enrich(tables: Mapping[str, pa.Table], *, threads: int = 0, memory: str = "") -> Book:
    """A book from file tables (`contract.FILE_TABLES`; items may bring `id`, matches `credit_id` and `debit_id`).

    Raises Refused: "match_without_item", "ambiguous_number", "unknown_kind", "not_the_contract".
    """
    database = DuckDB(threads=threads, memory=memory)
    enriching.build(database, tables)
    return Book(database)


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"


def _demand(folder: Path) -> None:
    for name in BOOK_TABLES:
        if not _path(folder, name).exists():
            raise Refused(
                "no_book",
                N_("{folder} is not a prepared book: {file} is missing."),
                folder=str(folder),
                file=f"{name}.parquet",
            )


def _drop(connection: Any, space: str, base: DuckDB) -> None:
    """Forget an extension nobody holds any more; `base` stays alive until then."""
    del base
    connection.cursor().execute(f"DROP SCHEMA {space} CASCADE").fetchall()
