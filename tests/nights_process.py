"""A process that has everything loaded and forks a child for each night, to be killed or not."""

import hashlib
import json
import os
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from killing import answer, killed_in, problems

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
PROMISES, LAST_DUE = 30, 30  # so many of theirs and of ours fall due in so many days


def prepare(folder: str) -> dict[str, object]:
    from django.core.management import call_command

    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.import_book import import_book
    from goodstanding.inbound.reading import read

    call_command("migrate", verbosity=0, interactive=False)
    done = import_book(actor=SYSTEM, now=NOW, reading=read(Path(folder)))
    _promise()
    return {"created": dict(done.created)}


def _promise() -> None:
    """Words given that fall due in the nights to come, and a strategy that draws customers into an experiment."""
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.make_promise import make_promise
    from goodstanding.actions.set_strategy import set_strategy
    from goodstanding.collections.rules.writing import default_text
    from goodstanding.promises.types import About, NewPromise
    from goodstanding.receivables.models import Item

    today = NOW.date()
    plan = "experiment: {name: tone, variants: [friendly, firm], holdout: 5}\n" + default_text()
    set_strategy(actor=SYSTEM, now=NOW, text=plan, start=today, today=today)
    debits = Item.objects.filter(kind="invoice", reverses=None, balance__open__gt=1).select_related("customer")
    for number, item in enumerate(debits.order_by("pk")[:PROMISES]):
        due, about = today + timedelta(days=number * LAST_DUE // PROMISES), (About(item.pk),)
        theirs = NewPromise("them", "pay", today, due, 1, item.currency, items=about)
        ours = NewPromise("us", "answer", today, due, items=about)
        for new in (theirs, ours):
            key = f"{new.by}{number}"
            make_promise(actor=SYSTEM, now=NOW, customer=item.customer.code, promise=new, key=key)


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
        "judgements": """SELECT p.key, t.state, t."on", t.received, t.reason FROM promises_judgement t
            JOIN promises_promise p ON p.id = t.promise_id ORDER BY p.key, t."on", t.state, t.received""",
        "holds": """SELECT t.key, i.number, t.amount, t.reason, t.source, t.placed FROM receivables_hold t
            JOIN receivables_item i ON i.id = t.item_id ORDER BY t.key""",
        "runs": """SELECT t.as_of, s.version, t.fingerprint, t.counts FROM collections_run t
            JOIN collections_strategy s ON s.id = t.strategy_id ORDER BY t.as_of, t.id""",
        "decisions": f"""SELECT r.as_of, c.code, t.currency, t.action, t.step, t.level, t.channel, t.tone, t.purpose,
            t.who, t.variant, t.amount, t.credits, t.items, t.reasons, t.gain_amount, t.chance, t.expected, t.minutes,
            t.rank FROM collections_decision t JOIN collections_run r ON r.id = t.run_id {code}
            ORDER BY r.as_of, r.id, c.code, t.currency""",
        "assignments": f"""SELECT t.experiment, c.code, t.variant, t."on" FROM collections_assignment t {code}
            ORDER BY t.experiment, c.code""",
        "messages": f"""SELECT c.code, t.kind, t.channel, t."to", t.contact, t.language, t.subject, t.body, t.currency,
            t.items, d.state FROM correspondence_message t JOIN correspondence_delivery d ON d.message_id = t.id {code}
            ORDER BY c.code, t.currency, t.subject, t.body""",
        "doings": 'SELECT kind, owner, until, reason, outcome, "by" FROM collections_doing ORDER BY id',
        # the number of a run is the database's own: `problems` asks for the chain of hashes
        "trail": """SELECT sequence, actor, action, CASE WHEN subject LIKE 'run %%' THEN 'run' ELSE subject END,
            before, after FROM access_auditentry ORDER BY sequence""",
    }
    found: dict[str, object] = {"vendor": connection.vendor}
    for name, query in queries.items():
        with connection.cursor() as cursor:
            cursor.execute(query, [])
            rows = [[_plain(value) for value in row] for row in cursor.fetchall()]
        found[name] = [len(rows), hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()]
    return found


def _plain(value: object) -> object:
    """JSON columns come as text or as values, days as text or as days: by database."""
    if isinstance(value, str) and value[:1] in "{[":
        with suppress(ValueError):  # a text may begin so as well
            return json.loads(value)
    return str(value) if isinstance(value, date) else value


def night(as_of: str, step: str = "", delay: float = 0.0) -> dict[str, object]:
    """Run the night in the command's order, up to the letters, in a child that is killed `delay` seconds after it begins the step."""
    from goodstanding.access.types import NIGHTLY
    from goodstanding.actions import judge_promises, own_promises
    from goodstanding.actions.assess_standing import assess_standing
    from goodstanding.actions.nightly import run_nightly
    from goodstanding.actions.queue_reminders import queue_reminders
    from goodstanding.actions.run_collections import run_collections

    judge_promises.PART = own_promises.PART = 20  # a small book in many pieces
    day = date.fromisoformat(as_of)

    def work(progress: Any) -> None:
        by: Any = {"actor": NIGHTLY, "now": NOW}
        run_nightly(**by, as_of=day, progress=progress)
        judge_promises.judge_all(**by, as_of=day, progress=progress)
        progress("standing", 0, 0)
        assess_standing(**by, as_of=day)
        progress("collecting", 0, 0)
        run_collections(**by, as_of=day + timedelta(days=1))
        progress("queueing", 0, 0)
        queue_reminders(**by, as_of=day + timedelta(days=1))

    return killed_in(step, delay, work)


def main() -> None:
    import django

    os.environ["GOODSTANDING_FIRM"] = "Word & Co.|12 Quay Street"  # who writes
    django.setup()
    # loaded before the forks
    import goodstanding.actions.judge_promises
    import goodstanding.actions.nightly
    import goodstanding.actions.queue_reminders
    import goodstanding.actions.run_collections  # noqa: F401

    answer(prepare, digests, problems, night)


if __name__ == "__main__":
    main()
