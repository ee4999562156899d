"""The engine's aging as of a past day beside the bare query, over the same Parquet in the same run.

    python benchmarks/aging_engine.py [--items 1000000] [--customers 50000]
    python benchmarks/aging_engine.py --items 10000000

The bare query is what one would write by hand: the union of postings up to the day, summed by item, then by customer
and bucket. It is run as DuckDB reads the Parquet files, and over the same tables loaded. The engine answers with names,
totals, counts and currencies apart, over its staircases. The answers are held equal before any time is believed.
Target: at most 2 x the bare query over the Parquet.
"""

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
from generated_book import generate

from goodstanding.engine.aging import aging
from goodstanding.engine.book import Book, enrich

DAYS = [date(2023, 3, 31), date(2023, 9, 30), date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 15)]
MOST = 2.0
BARE = """
WITH postings AS (
  SELECT id AS item, amount * sign AS amount FROM {items} WHERE date <= $day AND sign <> 0
  UNION ALL
  SELECT debit_id, CASE WHEN undo THEN amount ELSE -amount END FROM {matches} WHERE date <= $day
  UNION ALL
  SELECT credit_id, CASE WHEN undo THEN -amount ELSE amount END FROM {matches} WHERE date <= $day
), net AS (SELECT item, sum(amount) AS left_open FROM postings GROUP BY item HAVING sum(amount) <> 0)
SELECT customer, currency,
  CASE WHEN left_open < 0 THEN -1 WHEN due >= $day THEN 0 WHEN $day - due <= 30 THEN 1
       WHEN $day - due <= 60 THEN 2 WHEN $day - due <= 90 THEN 3 ELSE 4 END AS bucket,
  sum(left_open)::BIGINT AS amount, count(*) AS items
FROM net JOIN {items} ON id = item GROUP BY ALL
"""


def timed(work: Callable[[date], object]) -> float:
    """The median of the days' seconds, each the better of two runs after a first one that warms up."""
    work(DAYS[0])
    taken = []
    for day in DAYS:
        runs = []
        for _ in range(2):
            started = time.perf_counter()
            work(day)
            runs.append(time.perf_counter() - started)
        taken.append(min(runs))
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=50_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="goodstanding-") as name:
        folder = Path(name)
        started = time.perf_counter()
        made = enrich(generate(asked.items, asked.customers))
        made.write_parquet(folder)
        items = made.table("items").num_rows
        matches = made.table("matches").num_rows
        del made
        print(f"{items:,} items, {matches:,} matches, {asked.customers:,} customers")
        print(f"from file tables to Parquet   {time.perf_counter() - started:8.2f} s")
        started = time.perf_counter()
        book = Book.from_parquet(folder)
        print(f"loading the Parquet           {time.perf_counter() - started:8.2f} s  (once for a process)")
        files = {table: f"read_parquet('{folder / table}.parquet')" for table in ("items", "matches")}
        plain = duckdb.connect(config={"memory_limit": "8GB"})
        for table, source in files.items():
            plain.execute(f"CREATE TABLE {table} AS FROM {source}")
        over_files, over_tables = BARE.format(**files), BARE.format(items="items", matches="matches")

        def bare(query: str) -> Callable[[date], object]:
            return lambda day: plain.sql(query, params={"day": day}).to_arrow_table()

        for day in DAYS:
            equal(book, plain, over_tables, day)
        ours = timed(lambda day: aging(book, day))
        by_files, by_tables = timed(bare(over_files)), timed(bare(over_tables))
    print(f"bare query over the Parquet   {by_files:8.3f} s")
    print(f"bare query, tables loaded     {by_tables:8.3f} s")
    print(f"engine, aging by customer     {ours:8.3f} s")
    print(f"ratio to the Parquet's        {ours / by_files:8.2f}    (at most {MOST})")
    print(f"ratio to the loaded tables'   {ours / by_tables:8.2f}")
    print(f"peak memory                   {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:8.2f} GB")


def equal(book: Book, plain: duckdb.DuckDBPyConnection, query: str, day: date) -> None:
    """Stop unless both give the same sums and counts for each currency and bucket."""
    theirs = plain.execute(
        f"SELECT currency, bucket, sum(amount)::BIGINT, sum(items)::BIGINT FROM ({query}) GROUP BY ALL", {"day": day}
    ).fetchall()
    said = {(currency, bucket): (amount, items) for currency, bucket, amount, items in theirs}
    for total in aging(book, day).totals:
        for place, cell in enumerate(total.buckets):
            found = said.get((total.currency, place), (0, 0))
            if (cell.amount, cell.items) != found:
                raise SystemExit(f"{day} {total.currency} bucket {place}: {cell} is not {found}")
        if total.unapplied != said.get((total.currency, -1), (0, 0))[0]:
            raise SystemExit(f"{day} {total.currency}: unapplied {total.unapplied}")


if __name__ == "__main__":
    main()
