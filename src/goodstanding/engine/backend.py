"""Where a book's tables live and SQL runs: DuckDB in this process, or a Spark cluster.

Both take the same expressions (see `sql`); neither reaches the network or a path it wasn't given.
"""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import pyarrow as pa
from ibis.backends.sql.compilers import DuckDBCompiler, PySparkCompiler

from goodstanding.kernel.errors import N_, Refused

if TYPE_CHECKING:
    import ibis.expr.types as ir

_COMPILERS = {"duckdb": (DuckDBCompiler(), "duckdb"), "spark": (PySparkCompiler(), "spark")}
_WRONG_OPTIMIZERS = "statistics_propagation,compressed_materialization"
_compiling = threading.Lock()


def sql(expression: "ir.Table", dialect: str, *, pretty: bool = False) -> str:
    """The SQL of an expression over unbound tables, in `dialect` ("duckdb" or "spark")."""
    compiler, name = _COMPILERS[dialect]
    with _compiling:  # the compilers number their tables in shared state
        return str(compiler.to_sqlglot(expression).sql(dialect=name, pretty=pretty))


class Engine(Protocol):
    """Answers SQL over one book's tables."""

    dialect: str

    def run(self, query: str) -> pa.Table:
        """The answer as an Arrow table."""


class DuckDB:
    """An embedded database of its own, in memory. Calls from any thread get a cursor each.

    `space` is the schema whose tables a query sees: a book that extends another one lives
    beside it in the same database (`beside`).
    """

    dialect = "duckdb"

    def __init__(self, *, threads: int = 0, memory: str = "", folder: Path | None = None) -> None:
        config: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        if threads:
            config["threads"] = threads
        if memory:
            config["memory_limit"] = memory
        self.connection = duckdb.connect(config=config)
        self.space = "main"
        if folder:
            self.connection.execute("SET allowed_directories = ?", [[str(folder)]]).fetchall()
        # DuckDB 2.0.0 sums a conditional bigint wrongly under this optimizer: 237223 came back as -89
        self.connection.execute("SET disabled_optimizers = 'compressed_materialization'").fetchall()
        # DuckDB 2.0.0 believes wrong bounds of a sum over a sum and packs it into one byte when it sorts: sums of
        # thousands came back as -38 (tests/engine/test_backend.py). Without its statistics it has no such belief.
        self.connection.execute(f"SET disabled_optimizers = '{_WRONG_OPTIMIZERS}'").fetchall()
        self.connection.execute("SET enable_external_access = false").fetchall()
        self.connection.execute("SET lock_configuration = true").fetchall()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection for one thread that sees this space."""
        cursor = self.connection.cursor()
        cursor.execute(f"USE {self.space}").fetchall()
        return cursor

    def run(self, query: str) -> pa.Table:
        cursor = self.cursor()
        try:
            return cursor.sql(query).to_arrow_table()
        finally:
            cursor.close()

    def load(self, name: str, table: pa.Table) -> None:
        """Keep an Arrow table as a table of this space."""
        cursor = self.cursor()
        try:
            cursor.register("incoming", table)
            cursor.execute(f"CREATE TABLE {name} AS FROM incoming").fetchall()
            cursor.unregister("incoming")
        finally:
            cursor.close()

    def beside(self, space: str) -> "DuckDB":
        """A new, empty space in the same database."""
        other = object.__new__(DuckDB)
        other.connection, other.space = self.connection, space
        self.run_all(f"CREATE SCHEMA {space}")
        return other

    def run_all(self, *queries: str) -> None:
        """Run statements whose answers nobody needs."""
        cursor = self.cursor()
        try:
            for query in queries:
                cursor.execute(query).fetchall()
        finally:
            cursor.close()


class Spark:
    """A Spark session of its own over the Parquet folder of a book."""

    dialect = "spark"

    def __init__(self, master: str = "local[*]", **settings: str) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError as missing:
            raise Refused(
                "cluster_missing",
                N_("The Spark engine is not installed: install the extra with {command}."),
                command="pip install 'goodstanding[cluster]'",
            ) from missing
        builder = SparkSession.builder.master(master).appName("goodstanding")
        for name, value in {**_SPARK, **settings}.items():
            builder = builder.config(name, value)
        # temporary views are the session's own, so two books on one cluster don't meet
        self.session = builder.getOrCreate().newSession()

    def view(self, name: str, path: str) -> None:
        """See the Parquet file or folder at `path` as table `name`."""
        self.session.read.parquet(path).createOrReplaceTempView(name)

    def define(self, name: str, query: str) -> None:
        """Keep the answer of `query` as table `name`, in the cluster's memory."""
        self.session.sql(query).cache().createOrReplaceTempView(name)

    def run(self, query: str) -> pa.Table:
        table: pa.Table = self.session.sql(query).toArrow()
        return table

    def stop(self) -> None:
        """End the cluster."""
        self.session.stop()


_SPARK = {
    "spark.sql.ansi.enabled": "true",  # an overflow is an error, never a wrong sum
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.log.level": "ERROR",
}
