"""Decisions for a large book in one run, beside a bare reading of the same open items in the same process.

    python benchmarks/collect.py [--customers 50000] [--items 20]

Builds a book in bulk on SQLite: everybody with so many items, most of them past due, a part payment, unapplied money,
disputes, promises, contacts made, and steps completed before. Then, in a process of its own, reads the open items
bare, decides as a trial, as a stored run, and once more (nothing changed). Target for 50,000 customers with 1,000,000
items: each at most 60 s on 2 cores; the memory holds columns and decisions, and the facts of one batch.
"""

import argparse
import cProfile
import os
import pstats
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

MOST, SEED = 60.0, 20260630
DAY = date(2026, 6, 30)
NOW = datetime(2026, 6, 30, 4, tzinfo=UTC)
ITEM = (
    'customer_id, number, entry, kind, date, due, amount, tax, currency, reference, "order", seller, reason, posted_at'
)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--customers", type=int, default=50_000)
    asked.add_argument("--items", type=int, default=20, help="items of each customer")
    asked.add_argument("--profile", action="store_true", help="print where the stored run spends its time")
    asked.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    chosen = asked.parse_args()
    if chosen.measure:
        django_up()
        sys.exit(measure(profile=chosen.profile))
    with tempfile.TemporaryDirectory(prefix="goodstanding-") as home:
        os.environ |= {"GOODSTANDING_HOME": home, "DJANGO_SETTINGS_MODULE": "goodstanding.config.settings"}
        os.environ.pop("GOODSTANDING_DATABASE_URL", None)
        django_up()
        begun = time.perf_counter()
        build(chosen.customers, chosen.items)
        print(f"book         {time.perf_counter() - begun:6.1f} s", flush=True)
        again = [sys.executable, str(Path(__file__)), "--measure", *(["--profile"] if chosen.profile else [])]
        sys.exit(subprocess.run(again, check=False).returncode)


def django_up() -> None:
    import django

    django.setup()


def build(customers: int, each: int) -> None:
    """The book, in bulk; the same for the same seed."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from goodstanding.collections.operations import strategy_row
    from goodstanding.parties.models import Contact, Customer
    from goodstanding.reports import snapshot

    call_command("migrate", verbosity=0)
    chance = random.Random(SEED)
    with transaction.atomic(), connection.cursor() as cursor:
        made = [Customer(code=f"C{n:06}", name=f"Customer {n}", currency="EUR") for n in range(1, customers + 1)]
        Customer.objects.bulk_create(made, batch_size=5000)
        people = [Contact(customer=who, name="Accounts", email=f"accounts@{who.code}.example") for who in made]
        Contact.objects.bulk_create(people, batch_size=5000)
        places = ", ".join(["%s"] * (ITEM.count(",") + 1))
        for start in range(0, customers, 1000):
            rows = [row for who in made[start : start + 1000] for row in items_of(who.pk, each, chance)]
            cursor.executemany(f"INSERT INTO receivables_item ({ITEM}) VALUES ({places})", rows)
        for statement in filter(None, map(str.strip, BESIDE.split(";"))):
            cursor.execute(statement)
        version = strategy_row(0, now=NOW).pk
        for statement in filter(None, map(str.strip, BEFORE.split(";"))):
            cursor.execute(statement.format(strategy=version))
    snapshot.take()


def items_of(customer: int, each: int, chance: random.Random) -> Iterator[tuple[object, ...]]:
    """A payment and invoices, four in five past due."""
    for n in range(each):
        due = DAY - timedelta(days=chance.randint(-20, 100))
        kind, amount = ("payment", 4_000) if n == 0 else ("invoice", chance.randint(5_000, 500_000))
        yield customer, f"{kind[0]}-{customer}-{n}", 1, kind, min(due, DAY), due, amount, 0, "EUR", "", "", "", "", NOW


# every other payment settles a part of the customer's first invoice, the rest is unapplied; disputes, promises, calls
BESIDE = """
INSERT INTO receivables_match (key, date, credit_item_id, debit_item_id, amount, posted_at)
  SELECT 'm' || p.id, '2026-06-30', p.id, p.id + 1, 4000, p.posted_at FROM receivables_item p
  WHERE p.kind = 'payment' AND p.customer_id % 2 = 0;
INSERT INTO receivables_balance (item_id, open)
  SELECT i.id, i.amount - COALESCE((SELECT m.amount FROM receivables_match m
    WHERE m.credit_item_id = i.id OR m.debit_item_id = i.id), 0) FROM receivables_item i;
INSERT INTO receivables_hold (key, item_id, amount, reason, source, placed, posted_at)
  SELECT 'h' || id, id, amount / 2, 'dispute', '', '2026-06-20', posted_at FROM receivables_item
  WHERE kind = 'invoice' AND id % 50 = 7;
INSERT INTO promises_promise (key, customer_id, by, kind, made, due, tolerance, amount, currency, subject, contact,
    owner, plan, step, level, posted_at)
  SELECT 'p' || id, id, 'them', 'pay', '2026-06-25', '2026-07-05', 3, 50000, 'EUR', '', '', '', '', 0, 1,
    '2026-06-25 04:00:00' FROM parties_customer WHERE id % 20 = 3;
INSERT INTO relations_touch (key, customer_id, kind, at, purpose, by, minutes, cost, currency, outcome, contact, note,
    source, posted_at)
  SELECT 't' || id, id, 'call', '2026-06-29 04:00:00', 'collect', '', 5, 0, 'EUR', 'reached', '', '', '',
    '2026-06-29 04:00:00' FROM parties_customer WHERE id % 5 = 2
"""
# an earlier run, by which the first step was completed for half of the items that were late by then
BEFORE = """
INSERT INTO collections_run (as_of, strategy_id, fingerprint, counts, by, posted_at)
  VALUES ('2026-06-10', {strategy}, '', '{{}}', '', '2026-06-10 04:00:00');
INSERT INTO collections_decision (run_id, customer_id, currency, action, step, level, channel, tone, purpose, who,
    variant, amount, credits, items, reasons, code, gain_amount, chance, expected, minutes, rank)
  SELECT (SELECT max(id) FROM collections_run), id, 'EUR', 'remind', 'friendly word', 1, 'email', 'friendly',
    'reminder', 'collector', '', 1, 0, '[]', '[]', 'late', 1, 1, 1, 1, 1 FROM parties_customer;
INSERT INTO collections_completion (decision_id, item, level, "on", how, posted_at)
  SELECT d.id, i.id, 1, '2026-06-10', 'message', '2026-06-10 04:00:00' FROM receivables_item i
  JOIN collections_decision d ON d.customer_id = i.customer_id
  WHERE i.kind = 'invoice' AND i.due < '2026-06-07' AND i.id % 2 = 0
"""


def peak() -> float:
    """The most memory this process ever held, in GB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024 / 1024
    return 0.0


def bare() -> int:
    """Read the same open items and nothing else."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.id, i.customer_id, i.number, i.currency, i.kind, i.due, b.open FROM receivables_item i"
            " JOIN receivables_balance b ON b.item_id = i.id WHERE b.open > 0 ORDER BY i.customer_id, i.currency, i.due"
        )
        return sum(len(rows) for rows in iter(lambda: cursor.fetchmany(20_000), []))


def measure(*, profile: bool) -> int:
    """Read bare, try, store, store again; print and judge."""
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.run_collections import run_collections

    begun, busy = time.perf_counter(), time.process_time()
    count = bare()
    base, busy = time.perf_counter() - begun, time.process_time() - busy
    print(
        f"bare read    {base:6.1f} s ({busy:.1f} s of a processor)  {count:,} open items  peak {peak():.2f} GB",
        flush=True,
    )
    missed = False
    for name, dry in (("trial", True), ("stored run", False), ("again", False)):
        seen = cProfile.Profile() if profile and name == "stored run" else None
        begun, busy = time.perf_counter(), time.process_time()
        if seen:
            seen.enable()
        done = run_collections(actor=SYSTEM, now=NOW, as_of=DAY, dry_run=dry)
        if seen:
            seen.disable()
        took, busy = time.perf_counter() - begun, time.process_time() - busy
        decisions, counts = len(done.decisions), dict(sorted(done.counts.items()))
        assert done.unchanged == (name == "again"), "the same facts give the same run"
        del done
        print(
            f"{name:12} {took:6.1f} s ({busy:.1f} s of a processor)  {count / took:,.0f} items/s  {decisions:,} decisions  {took / base:.1f} times"
            f" the bare read  peak {peak():.2f} GB  {counts}",
            flush=True,
        )
        missed |= took > MOST
        if seen:
            pstats.Stats(seen).sort_stats("cumulative").print_stats(45)
    print(f"target {MOST:.0f} s each: {'MISSED' if missed else 'met'}")
    return int(missed)


if __name__ == "__main__":
    main()
