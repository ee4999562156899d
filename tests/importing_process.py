"""A process that has everything loaded and forks a child for each import, to be killed or not."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from killing import answer, killed_in, problems

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
TABLES = ("receivables_item", "receivables_match", "receivables_balance", "parties_customer")


def prepare() -> dict[str, object]:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    return {"vendor": connection.vendor}


def rows() -> dict[str, object]:
    """How many rows each table has, and how many imports say that they are done, all of one moment.

    One statement: a server may still be committing what a killed client asked it to commit.
    """
    from django.db import connection

    counts = [f"(SELECT count(*) FROM {table})" for table in TABLES]
    counts.append("(SELECT count(*) FROM inbound_import WHERE state = 'done')")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}")
        return dict(zip((*TABLES, "done"), cursor.fetchone(), strict=True))


def digests() -> dict[str, object]:
    from goodstanding.reports.book import digest

    return dict(digest())


def bring(file: str, step: str = "", delay: float = 0.0) -> dict[str, object]:
    """Import the file in a child, killed `delay` seconds after it begins the step."""
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.import_book import import_book
    from goodstanding.inbound.reading import read

    def work(progress: Any) -> None:
        progress("reading", 0, 0)
        import_book(actor=SYSTEM, now=NOW, reading=read(Path(file)), progress=progress)

    return killed_in(step, delay, work)


def race(file: str, threads: int) -> list[dict[str, Any]]:
    """Import one file with so many threads at once; what each was told."""
    from django.db import connection

    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.import_book import import_book
    from goodstanding.inbound.reading import read

    reading, answers, start = read(Path(file)), [], threading.Barrier(threads)

    def one() -> None:
        try:
            start.wait(30)
            done = import_book(actor=SYSTEM, now=NOW, reading=reading)
            answers.append({"id": done.id, "repeated": done.repeated})
        finally:
            connection.close()

    workers = [threading.Thread(target=one) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return answers


def main() -> None:
    import django

    django.setup()
    import goodstanding.actions.import_book
    import goodstanding.inbound.reading  # noqa: F401  loaded before the forks

    answer(prepare, rows, digests, problems, bring, race)


if __name__ == "__main__":
    main()
