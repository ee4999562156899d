"""How fast a book of a million items comes in, end to end, beside the bare load of the same rows.

    python benchmarks/import_book.py --items 1000000              # SQLite in a temporary folder
    python tests/with_postgres.py python benchmarks/import_book.py

End to end: read and check the CSV folder, hold it against the book, write, keep the balances, commit. Bare: COPY
(PostgreSQL) or executemany (SQLite) of the very same rows of items and matches into the same tables with the same
indexes and constraints, in the same run. Prints rows a second, their ratio, and the peak memory of each.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import numpy as np
import pyarrow as pa

FIRST = np.datetime64("2023-01-02")


def book(items: int, customers: int) -> dict[str, pa.Table]:
    """A plain book: 55% invoices, 45% payments, each payment matched with the invoice it settles."""
    invoices = items * 55 // 100
    payments = items - invoices
    rng = np.random.default_rng(2026)
    owner = rng.integers(0, customers, invoices)
    day = FIRST + rng.integers(0, 1000, invoices).astype("timedelta64[D]")
    amount = rng.integers(1_000, 5_000_000, invoices)
    paid_on = day[:payments] + rng.integers(1, 90, payments).astype("timedelta64[D]")
    codes = np.array([f"C{n:06}" for n in range(customers)])
    number = np.char.add("INV-", np.arange(invoices).astype(str))
    payment = np.char.add("PAY-", np.arange(payments).astype(str))

    def days(values: np.ndarray) -> pa.Array:
        return pa.array(values.astype("datetime64[D]"))

    def same(value: object, count: int, kind: pa.DataType) -> pa.Array:
        return pa.repeat(pa.scalar(value, kind), count)

    both_owner = np.concatenate([owner, owner[:payments]])
    both_day = np.concatenate([day, paid_on])
    tables = {
        "customers": {"code": pa.array(codes), "name": pa.array(np.char.add("Café ", codes)),
                      "currency": same("EUR", customers, pa.string())},
        "items": {"customer": pa.array(codes[both_owner]), "number": pa.array(np.concatenate([number, payment])),
                  "kind": pa.array(["invoice"] * invoices + ["payment"] * payments), "date": days(both_day),
                  "due": days(np.concatenate([day + np.timedelta64(30, "D"), paid_on])),
                  "amount": pa.array(np.concatenate([amount, amount[:payments]])),
                  "currency": same("EUR", items, pa.string())},
        "matches": {"id": pa.array(np.char.add("M", np.arange(payments).astype(str))), "date": days(paid_on),
                    "credit_customer": pa.array(codes[owner[:payments]]), "credit_item": pa.array(payment),
                    "debit_customer": pa.array(codes[owner[:payments]]), "debit_item": pa.array(number[:payments]),
                    "amount": pa.array(amount[:payments]), "currency": same("EUR", payments, pa.string())},
    }  # fmt: skip
    return {name: pa.table(columns) for name, columns in tables.items()}


def write(tables: dict[str, pa.Table], folder: Path) -> None:
    from goodstanding.engine.contract import FILE_TABLES, conform
    from goodstanding.outbound.folder import write_folder

    write_folder({name: conform(tables.get(name, schema.empty_table()), schema) if name != "holds"
                  else schema.append(pa.field("currency", pa.string())).empty_table()
                  for name, schema in FILE_TABLES.items()}, folder)  # fmt: skip


def start() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "goodstanding.config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def import_all(folder: Path) -> dict[str, float]:
    """The product: in a process of its own, so that its peak memory is its own."""
    start()
    from django.db import connection

    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.import_book import import_book
    from goodstanding.inbound.reading import read

    steps: dict[str, float] = {}
    before = time.perf_counter()

    def progress(step: str, _done: int, _total: int) -> None:
        steps.setdefault(step, time.perf_counter() - before)

    reading = read(folder)
    assert not reading.faults, reading.faults[:3]
    steps["read"] = time.perf_counter() - before
    done = import_book(actor=SYSTEM, now=datetime.now(UTC), reading=reading, progress=progress)
    seconds = time.perf_counter() - before
    print(
        json.dumps({"vendor": connection.vendor, "seconds": seconds, "rows": done.rows, "peak": peak(), "steps": steps})
    )
    return steps


def bare(folder: Path) -> None:
    """The same rows of items and matches into the same empty tables, by the fastest road there is."""
    start()
    from django.db import transaction

    from goodstanding.inbound import bulk
    from goodstanding.reports.columns import one_state

    with one_state() as fetch:
        item = fetch(*_stored("receivables_item"))
        match = fetch(*_stored("receivables_match"))
        customer = fetch(*_stored("parties_customer"))
    empty(folder)
    with transaction.atomic():
        bulk.insert("parties_customer", customer)
    before = time.perf_counter()
    with transaction.atomic():
        bulk.insert("receivables_item", item)
        bulk.insert("receivables_match", match)
    seconds = time.perf_counter() - before
    print(json.dumps({"seconds": seconds, "rows": item.num_rows + match.num_rows, "peak": peak()}))


def _stored(table: str) -> tuple[str, pa.Schema]:
    """A query and schema of all columns of a table, nulls left out where the load has none."""
    text, number = pa.string(), pa.int64()
    columns = {
        "parties_customer": {"id": number, "code": text, "name": text, "kind": text, "territory": text,
                             "account_manager": text, "currency": text, "terms": text, "status": text,
                             "search": text, "version": number, "batch": number},
        "receivables_item": {"id": number, "customer_id": number, "number": text, "entry": number, "kind": text,
                             "date": text, "due": text, "amount": number, "tax": number, "currency": text,
                             "reference": text, "order": text, "seller": text, "reason": text, "posted_at": text,
                             "batch": number},
        "receivables_match": {"id": number, "key": text, "date": text, "credit_item_id": number,
                              "debit_item_id": number, "amount": number, "posted_at": text, "batch": number},
    }[table]  # fmt: skip
    chosen = ", ".join(f'CAST("{name}" AS text)' if kind == text else f'"{name}"' for name, kind in columns.items())
    return f"SELECT {chosen} FROM {table} ORDER BY id", pa.schema(list(columns.items()))


def empty(folder: Path) -> None:
    """A fresh database of the same kind, and this process connected to it."""
    from django.core.management import call_command
    from django.db import connections

    settings = connections["default"].settings_dict
    connections["default"].close()
    if connections["default"].vendor == "postgresql":
        settings["NAME"] = "bare"
    else:
        settings["NAME"] = str(folder.parent / "bare.sqlite3")
    call_command("migrate", verbosity=0)


def child(word: str, folder: Path, environment: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, __file__, word, str(folder)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(run.stderr)
    return json.loads(run.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=50_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "GOODSTANDING_HOME": home}
        url = os.environ.get("GOODSTANDING_DATABASE_URL", "")
        if url.startswith("postgres"):
            import psycopg

            with psycopg.connect(url, autocommit=True) as admin:
                for name in ("benched", "bare"):
                    admin.execute(f"DROP DATABASE IF EXISTS {name}")
                    admin.execute(f"CREATE DATABASE {name}")
            environment["GOODSTANDING_DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path="/benched"))
        else:
            environment.pop("GOODSTANDING_DATABASE_URL", None)
        os.environ.update(environment)
        folder = Path(home) / "book"
        write(book(asked.items, asked.customers), folder)
        ours = child("import", folder, environment)
        plain = child("bare", folder, environment)
    speed, limit = ours["rows"] / ours["seconds"], plain["rows"] / plain["seconds"]
    print(f"{ours['vendor']}: {ours['rows']:,} rows, {asked.items:,} of them items, on {datetime.now(UTC):%Y-%m-%d}")
    print(f"  end to end  {ours['seconds']:6.1f} s  {speed:9,.0f} rows/s  peak {ours['peak']:,} MB")
    print("    until: " + ", ".join(f"{step} {at:.1f} s" for step, at in ours["steps"].items()))
    print(f"  bare load   {plain['seconds']:6.1f} s  {limit:9,.0f} rows/s  peak {plain['peak']:,} MB")
    print(f"  items/s end to end {asked.items / ours['seconds']:,.0f}; bare is {limit / speed:.1f} times as fast")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] in ("import", "bare"):
        (import_all if sys.argv[1] == "import" else bare)(Path(sys.argv[2]))
    else:
        main()
