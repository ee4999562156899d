"""A process that has everything imported and forks a child for each import, to be killed or not: see the tests beside.

Reads one JSON command a line and answers each with one JSON line.
"""

import json
import os
import select
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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


def problems() -> dict[str, object]:
    from goodstanding.access.queries import verify_chain
    from goodstanding.reports import integrity

    return {"problems": [problem.message for problem in (*integrity.problems(), *verify_chain())]}


def bring(file: str, step: str = "", delay: float = 0.0) -> dict[str, object]:
    """Fork a child that imports the file. With `step`, kill it `delay` seconds after it begins that step."""
    from django.db import connections

    connections.close_all()
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        _run(file, tell)
    os.close(tell)
    began: dict[str, float] = {}
    last, aimed = "", 0.0
    while True:
        ready, _, _ = select.select([told], [], [], max(0.0, aimed - time.monotonic()) if aimed else None)
        if not ready:
            os.kill(child, signal.SIGKILL)
            break
        if not (line := _line(told)):
            break
        last = line
        if line not in began:
            began[line] = time.monotonic()
            if line == step:
                aimed = began[line] + delay
    _, status = os.waitpid(child, 0)
    while line := _line(told):  # what it had said before it died
        last = line
        began.setdefault(line, time.monotonic())
    os.close(told)
    ended, names = time.monotonic(), list(began)
    took = {n: (began[names[at + 1]] if at + 1 < len(names) else ended) - began[n] for at, n in enumerate(names)}
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {"killed": killed, "status": status, "last": last, "took": took}


def _run(file: str, tell: int) -> None:
    """The child: import and leave without Python's own farewell."""
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.import_book import import_book
    from goodstanding.inbound.reading import read

    code = 1
    try:
        os.write(tell, b"reading\n")
        reading = read(Path(file))
        import_book(
            actor=SYSTEM,
            now=NOW,
            reading=reading,
            progress=lambda step, _done, _total: os.write(tell, f"{step}\n".encode()) and None,
        )
        code = 0
    finally:
        os._exit(code)


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


def _line(pipe: int) -> str:
    text = b""
    while (letter := os.read(pipe, 1)) not in (b"", b"\n"):
        text += letter
    return text.decode()


def main() -> None:
    import django

    django.setup()
    import goodstanding.actions.import_book
    import goodstanding.inbound.reading  # noqa: F401  imported before the forks

    commands = {
        "prepare": prepare,
        "rows": rows,
        "digests": digests,
        "problems": problems,
        "bring": bring,
        "race": race,
    }
    for line in sys.stdin:
        name, arguments = json.loads(line)
        sys.stdout.write(json.dumps(commands[name](**arguments)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
