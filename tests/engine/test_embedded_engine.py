"""The embedded engine: locked up, safe for threads, and free of the optimizer's wrong sums."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import duckdb
import pytest

from engine.naive_book import Plain
from goodstanding.engine import aging
from goodstanding.engine.backend import DuckDB
from goodstanding.engine.book import Book, enrich


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET threads = 64",
    ],
)
def test_nothing_outside_is_reached_and_nothing_is_reconfigured(query: str) -> None:
    with pytest.raises(duckdb.Error):
        DuckDB().run(query)


def test_a_book_from_a_folder_reads_that_folder_alone(generated: Book, tmp_path: Path) -> None:
    generated.write_parquet(tmp_path / "book")
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    book = Book.from_parquet(tmp_path / "book")
    with pytest.raises(duckdb.Error):
        book.engine.run(f"SELECT * FROM read_csv('{tmp_path}/secret.csv')")


def test_threads_and_memory_are_as_asked() -> None:
    engine = DuckDB(threads=1, memory="256MB")
    (row,) = engine.run(
        "SELECT current_setting('threads')::INT AS threads, current_setting('memory_limit') AS memory"
    ).to_pylist()
    assert row["threads"] == 1
    assert row["memory"].startswith("244") or row["memory"].startswith("256")


def test_threads_of_a_server_ask_at_once(generated: Book) -> None:
    days = [date(2023, month, 28) for month in range(1, 13)]
    alone = {day: aging.aging(generated, day).totals for day in days}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda day: (day, aging.aging(generated, day, by="customer").totals), days * 8))
    assert all(alone[day] == totals for day, totals in together)


def test_extensions_made_and_dropped_by_threads_do_not_meet() -> None:
    plain = Plain()
    plain.item("A", "invoice", date(2024, 1, 1), 100)
    base = plain.book()

    def one(amount: int) -> tuple[int, int]:
        more = Plain(list(plain.items))
        more.item("A", "invoice", date(2024, 1, 1), amount)
        return amount, aging.aging(base.extended(more.tables(since=(1, 0))), date(2024, 6, 1)).totals[0].total

    with ThreadPoolExecutor(8) as pool:
        assert all(total == amount + 100 for amount, total in pool.map(one, range(1, 65)))


def test_sums_of_sums_survive_a_sort() -> None:
    """DuckDB 2.0.0 packs such sums into one byte: it gives 1000 as -24, or refuses the conversion."""
    engine = DuckDB()
    engine.run_all(
        "CREATE TABLE steps AS SELECT 'C' || (i % 20) AS customer, i % 5 AS place FROM range(5000) t(i)",
        "CREATE TABLE survivors (merged VARCHAR, since DATE)",
    )
    query = """
        SELECT currency, sum(found)::BIGINT AS found FROM (
            SELECT g.* FROM (
                SELECT customer, 'USD' AS currency, sum(CASE WHEN place = 1 THEN 1 ELSE 0 END) AS found
                FROM steps GROUP BY 1, 2
            ) g LEFT JOIN (FROM survivors WHERE since <= DATE '2024-01-01') s ON g.customer = s.merged
        ) GROUP BY 1 ORDER BY 1"""
    assert engine.run(query).to_pylist() == [{"currency": "USD", "found": 1000}]


def test_the_engine_knows_no_django() -> None:
    import subprocess
    import sys

    code = (
        "import sys, pkgutil, importlib, goodstanding.engine as e\n"
        "for m in pkgutil.iter_modules(e.__path__): importlib.import_module('goodstanding.engine.' + m.name)\n"
        "sys.exit(any(n.split('.')[0] in ('django', 'pyspark') for n in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_empty_book_answers() -> None:
    answer = aging.aging(enrich({}), date(2024, 1, 1))
    assert (answer.rows.num_rows, answer.totals) == (0, ())
