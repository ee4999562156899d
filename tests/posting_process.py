"""A process of its own that posts with threads, told what to do on standard input, a line of JSON a round.

    python tests/posting_process.py payments 8      every thread records the payment the line describes
    python tests/posting_process.py invoices 8      every thread posts invoices until told to stop
    python tests/posting_process.py words 8         every thread does what the line names: "promise", "renewal", …

Each round is answered by one line of JSON. Not a test; the tests of the guarantees start it.
"""

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from goodstanding.access.types import SYSTEM  # noqa: E402
from goodstanding.actions.keep_promise import renew_promise  # noqa: E402
from goodstanding.actions.make_promise import make_promise  # noqa: E402
from goodstanding.actions.record_item import record_item  # noqa: E402
from goodstanding.actions.record_payment import record_payment  # noqa: E402
from goodstanding.actions.set_strategy import set_strategy  # noqa: E402
from goodstanding.actions.set_template import set_template  # noqa: E402
from goodstanding.kernel.errors import Refused  # noqa: E402
from goodstanding.promises.types import NewPromise  # noqa: E402
from goodstanding.receivables.types import NewItem  # noqa: E402

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def say(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def pay(number: str, amount: int) -> str:
    payment = NewItem(number=number, kind="payment", date=date(2026, 2, 1), amount=amount, currency="EUR")
    try:
        answer = record_payment(actor=SYSTEM, now=NOW, customer="C1", payment=payment, allocation="oldest")
    except Refused as no:
        return no.code
    # Everything but the flag that says who was first.
    return repr((answer.item, answer.matches, answer.written_off, answer.short))


def payments(pool: ThreadPoolExecutor, threads: int) -> None:
    """All threads at once record one payment; the answer lists what each was told."""
    for line in sys.stdin:
        asked = json.loads(line)
        gate = threading.Barrier(threads)

        def one(place: int, asked: Any = asked, gate: Any = gate) -> str:
            gate.wait()
            amount = asked["amount"] + (1 if place in asked.get("different", ()) else 0)
            return pay(f"{asked['number']}-{place}" if asked.get("apart") else asked["number"], amount)

        say(list(pool.map(one, range(threads))))


def promise(key: str, amount: int) -> str:
    new = NewPromise("them", "pay", date(2026, 2, 1), date(2026, 7, 20), amount, "EUR")
    made = make_promise(actor=SYSTEM, now=NOW, customer="C1", promise=new, key=key)
    return repr((made.id, made.key, made.amount, made.state))


def renewal(key: str, amount: int) -> str:
    """`key` is "old" or "old/new": the promise renewed, and the renewal's own key."""
    old = key.split("/", maxsplit=1)[0]
    due, day = date(2026, 8, 20), date(2026, 6, 30)
    made = renew_promise(actor=SYSTEM, now=NOW, key=old, due=due, day=day, amount=amount, new_key=key)
    return repr((made.id, made.key, made.renews, made.level, made.state))


def strategy(key: str, amount: int) -> str:
    text = f"name: {key}\nsegments: [{{name: all, steps: [{{name: a, days: {amount}, action: call}}]}}]\n"
    made = set_strategy(actor=SYSTEM, now=NOW, text=text, start=NOW.date(), today=NOW.date())
    return repr(made.version)


def template(key: str, amount: int) -> str:
    text = {"subject": key, "body": str(amount), "start": NOW.date(), "today": NOW.date(), "seen": 0}
    asked = {"purpose": "reminder", "tone": "friendly", "language": "en"}
    return repr(set_template(actor=SYSTEM, now=NOW, **asked, **text).version)


def words(pool: ThreadPoolExecutor, threads: int) -> None:
    """All threads at once do what the line names; the answer lists what each was told."""
    for line in sys.stdin:
        asked = json.loads(line)
        gate = threading.Barrier(threads)

        def one(place: int, asked: Any = asked, gate: Any = gate) -> str:
            does: Any = {"promise": promise, "renewal": renewal, "strategy": strategy, "template": template}
            key = f"{asked['key']}-{place}" if asked.get("apart") else asked["key"]
            gate.wait()
            try:
                return str(does[asked["do"]](key, asked["amount"] + (1 if place in asked.get("different", ()) else 0)))
            except Refused as no:
                return no.code

        say(list(pool.map(one, range(threads))))


def invoices(pool: ThreadPoolExecutor, threads: int) -> None:
    """Threads post invoices around a day until the next line; the answer counts what was taken and refused."""
    for line in sys.stdin:
        asked = json.loads(line)
        closing, stop = date.fromisoformat(asked["closing"]), threading.Event()
        started = threading.Barrier(threads + 1)

        def one(
            place: int, asked: Any = asked, closing: Any = closing, stop: Any = stop, started: Any = started
        ) -> Any:
            taken = refused = 0
            started.wait()
            for n in range(10**6):
                if stop.is_set():
                    break
                item = NewItem(
                    number=f"{asked['prefix']}-{place}-{n}",
                    kind="invoice",
                    date=closing + timedelta(days=n % 3 - 1),
                    amount=1 + n,
                    currency="EUR",
                )
                try:
                    record_item(actor=SYSTEM, now=NOW, customer="C1", item=item)
                    taken += 1
                except Refused as no:
                    if no.code != "closed_period":
                        raise
                    refused += 1
            return taken, refused

        work = [pool.submit(one, place) for place in range(threads)]
        started.wait()
        say("posting")
        sys.stdin.readline()
        stop.set()
        counts = [each.result() for each in work]
        say([sum(taken for taken, _ in counts), sum(refused for _, refused in counts)])


def main() -> None:
    what, threads = sys.argv[1], int(sys.argv[2])
    with ThreadPoolExecutor(threads) as pool:
        {"payments": payments, "invoices": invoices, "words": words}[what](pool, threads)
    connection.close()


if __name__ == "__main__":
    main()
