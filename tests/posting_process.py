"""A process of its own that posts with threads, told what to do on standard input, a line of JSON a round.

    python tests/posting_process.py payments 8      every thread records the payment the line describes
    python tests/posting_process.py invoices 8      every thread posts invoices until told to stop

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
from goodstanding.actions.record_item import record_item  # noqa: E402
from goodstanding.actions.record_payment import record_payment  # noqa: E402
from goodstanding.kernel.errors import Refused  # noqa: E402
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
        {"payments": payments, "invoices": invoices}[what](pool, threads)
    connection.close()


if __name__ == "__main__":
    main()
