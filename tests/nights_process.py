"""A process that has everything loaded and forks a child for each night, to be killed or not."""

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from killing import answer, killed_in, problems

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
        "standing": f"""SELECT c.code, t.as_of, t.figure, t.them, t.us, t.trend, t.reasons FROM standing_standing t
            {code} ORDER BY t.as_of, c.code""",
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


def night(as_of: str, step: str = "", delay: float = 0.0) -> dict[str, object]:
    """Run the night in a child, killed `delay` seconds after it begins the step."""
    from goodstanding.access.types import NIGHTLY
    from goodstanding.actions.assess_standing import assess_standing
    from goodstanding.actions.nightly import run_nightly

    def work(progress: Any) -> None:
        run_nightly(actor=NIGHTLY, now=NOW, as_of=date.fromisoformat(as_of), progress=progress)
        assess_standing(actor=NIGHTLY, now=NOW, as_of=date.fromisoformat(as_of))

    return killed_in(step, delay, work)


def main() -> None:
    import django

    django.setup()
    import goodstanding.actions.nightly  # noqa: F401  loaded before the forks

    answer(prepare, digests, problems, night)


if __name__ == "__main__":
    main()
