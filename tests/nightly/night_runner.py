"""A process that has everything imported and forks a child for each night, to be killed or not: see the test beside.

Reads one JSON command a line and answers each with one JSON line.
"""

import hashlib
import itertools
import json
import os
import select
import signal
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)


def prepare(folder: str) -> dict[str, object]:
    from django.core.management import call_command

    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.import_book import import_book
    from goodstanding.inbound.reading import read

    call_command("migrate", verbosity=0, interactive=False)
    done = import_book(actor=SYSTEM, now=NOW, reading=read(Path(folder)))
    return {"created": dict(done.created)}


def digests() -> dict[str, object]:
    """What nights leave behind, by day of the night and customer's code, without the numbers of rows."""
    from django.db import connection

    code = "JOIN parties_customer c ON c.id = t.customer_id"
    queries = {
        "figures": f"""SELECT c.code, t.currency, t.as_of, t.open_minor, t.overdue_minor, t.unapplied_minor, t."values"
            FROM parties_customerfigures t {code} ORDER BY t.as_of, c.code, t.currency""",
        "classes": f"""SELECT c.code, t.as_of, t.dimension, t.currency, t.label, t.reason FROM parties_customerclass t
            {code} ORDER BY t.as_of, c.code, t.dimension, t.currency""",
        "nights": "SELECT as_of, book, figures, classes, problems FROM parties_assessment ORDER BY as_of",
        "trail": "SELECT sequence, actor, action, subject, hash FROM access_auditentry ORDER BY sequence",
    }
    found: dict[str, object] = {"vendor": connection.vendor}
    for name, query in queries.items():
        with connection.cursor() as cursor:
            cursor.execute(query)
            rows = [[_plain(value) for value in row] for row in cursor.fetchall()]
        found[name] = [len(rows), hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()]
    return found


def _plain(value: object) -> object:
    """JSON columns come as text or as values, days as text or as days: by database."""
    if isinstance(value, str) and value[:1] in "{[":
        return json.loads(value)
    return str(value) if isinstance(value, date) else value


def problems() -> dict[str, object]:
    from goodstanding.access.queries import verify_chain
    from goodstanding.reports import integrity

    return {"problems": [problem.message for problem in (*integrity.problems(), *verify_chain())]}


def night(as_of: str, step: str = "", delay: float = 0.0) -> dict[str, object]:
    """Fork a child that runs the night. With `step`, kill it `delay` seconds after it begins that step."""
    from django.db import connections

    connections.close_all()
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        _run(as_of, tell)
    os.close(tell)
    seen: list[tuple[str, float]] = []
    while line := _line(told):
        seen.append((line, time.monotonic()))
        if line == step:
            select.select([told], [], [], delay)
            time.sleep(max(0.0, delay - (time.monotonic() - seen[-1][1])))
            os.kill(child, signal.SIGKILL)
            break
    _, status = os.waitpid(child, 0)
    while line := _line(told):
        seen.append((line, time.monotonic()))
    os.close(told)
    took = {name: after - at for (name, at), (_, after) in itertools.pairwise(seen)}
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {"killed": killed, "status": status, "last": seen[-1][0] if seen else "", "took": took}


def _run(as_of: str, tell: int) -> None:
    """The child: run the night and leave without Python's own farewell."""
    from goodstanding.access.types import NIGHTLY
    from goodstanding.actions.nightly import run_nightly

    code = 1
    try:
        run_nightly(
            actor=NIGHTLY,
            now=NOW,
            as_of=date.fromisoformat(as_of),
            progress=lambda step, _done, _total: os.write(tell, f"{step}\n".encode()) and None,
        )
        code = 0
    finally:
        os._exit(code)


def _line(pipe: int) -> str:
    text = b""
    while (letter := os.read(pipe, 1)) not in (b"", b"\n"):
        text += letter
    return text.decode()


def main() -> None:
    import django

    django.setup()
    import goodstanding.actions.nightly  # noqa: F401  imported before the forks

    commands = {"prepare": prepare, "digests": digests, "problems": problems, "night": night}
    for line in sys.stdin:
        name, arguments = json.loads(line)
        sys.stdout.write(json.dumps(commands[name](**arguments)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
