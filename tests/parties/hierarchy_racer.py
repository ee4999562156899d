"""A process of its own for test_hierarchy_races: two threads do what must not both succeed, round after round."""

import sys
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from goodstanding.access.queries import verify_chain  # noqa: E402
from goodstanding.access.types import SYSTEM  # noqa: E402
from goodstanding.actions.edit_customer import add_customer, edit_customer  # noqa: E402
from goodstanding.actions.merge_customers import merge_customers  # noqa: E402
from goodstanding.kernel.errors import Refused  # noqa: E402
from goodstanding.parties.queries import customer, merge_codes, parent_codes  # noqa: E402
from goodstanding.parties.rules.groups import in_circles  # noqa: E402

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = date(2026, 3, 1)


def adopt(child: str, parent: str) -> None:
    edit_customer(actor=SYSTEM, now=NOW, code=child, version=1, changes={"parent": parent})


def merge(merged: str, survivor: str) -> None:
    merge_customers(
        actor=SYSTEM, now=NOW, merged=merged, merged_version=1, survivor=survivor, survivor_version=1, on=DAY, reason=""
    )


def rename(code: str, name: str) -> None:
    edit_customer(actor=SYSTEM, now=NOW, code=code, version=1, changes={"name": name})


def race(*attempts: Callable[[], None]) -> tuple[int, list[str]]:
    """Run all attempts at once; how many succeeded, and the codes of the refusals."""
    start = threading.Barrier(len(attempts))
    refusals: list[str] = []
    successes: list[int] = []

    def run(attempt: Callable[[], None]) -> None:
        start.wait()
        try:
            attempt()
            successes.append(1)
        except Refused as refusal:
            refusals.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(attempt,)) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(successes), refusals


call_command("migrate", verbosity=0)
for number in range(int(sys.argv[1])):
    a, b, c = (f"{letter}{number}" for letter in "ABC")
    for code in (a, b, c):
        add_customer(actor=SYSTEM, now=NOW, code=code, details={"name": code})
    match number % 3:
        case 0:
            done, refused = race(lambda: adopt(a, b), lambda: adopt(b, c), lambda: adopt(c, a))  # noqa: B023
            assert (done, refused) == (2, ["circle"]), (done, refused)
        case 1:
            done, refused = race(lambda: merge(a, b), lambda: merge(b, a))  # noqa: B023
            assert done == 1 and set(refused) <= {"already_merged", "stale_version"}, (done, refused)
        case _:
            done, refused = race(*(lambda n=n: rename(a, f"name {n}") for n in range(4)))  # noqa: B023
            assert done == 1 and set(refused) == {"stale_version"}, (done, refused)
            assert customer(SYSTEM, a).version == 2
assert not in_circles(parent_codes()) and not in_circles(merge_codes())
assert not verify_chain()
print(connection.vendor, "fair")
