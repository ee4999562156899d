"""Statements as PDF on every core beside one process, one after another, in the same run.

    python benchmarks/statements.py [--customers 1000]

Writes and imports a sample book into a database of its own and prints a pile of statements twice, in both ways; the two
files are held equal before any time is believed. Target: 1,000 statements in at most 60 s on 2 cores.
"""

import argparse
import os
import tempfile
import time
from datetime import date
from pathlib import Path

MOST = 60.0


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    asked.add_argument("--customers", type=int, default=1000)
    count = asked.parse_args().customers
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"GOODSTANDING_HOME": home, "DJANGO_SETTINGS_MODULE": "goodstanding.config.settings"}
        os.environ.pop("GOODSTANDING_DATABASE_URL", None)
        import django

        django.setup()
        measure(count, Path(home))


def measure(count: int, home: Path) -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.import_book import import_book
    from goodstanding.actions.make_statements import statement_jobs
    from goodstanding.inbound.reading import read
    from goodstanding.outbound.paper.pile import write_pile
    from goodstanding.outbound.sample import THROUGH, write_sample
    from goodstanding.parties.queries import ids

    call_command("migrate", verbosity=0)
    write_sample(home / "book", count, 1)
    import_book(actor=SYSTEM, now=timezone.now(), reading=read(home / "book"))
    chosen = sorted(ids().values())[:count]
    first = date(THROUGH.year, 1, 1)
    took, bytes_of = {}, {}
    for words, processes in (("every core", None), ("one process", 1)):
        target = home / f"{processes or 'all'}.zip"
        begun = time.perf_counter()
        jobs = statement_jobs(SYSTEM, chosen, first, THROUGH, "")
        made = write_pile(jobs, len(chosen), target, lambda *_: None, processes)
        took[words], bytes_of[words] = time.perf_counter() - begun, target.read_bytes()
        print(f"{words:12} {made} statements in {took[words]:.1f} s, {made / took[words]:.1f} a second")
    assert bytes_of["every core"] == bytes_of["one process"], "both ways give the same bytes"
    print(f"ratio to one process, one after another: {took['one process'] / took['every core']:.2f}")
    scaled = took["every core"] * 1000 / len(chosen)
    print(f"1,000 statements: {scaled:.1f} s; target {MOST:.0f} s: {'met' if scaled <= MOST else 'MISSED'}")


if __name__ == "__main__":
    main()
