"""A snapshot taken while sixteen threads of two processes post is a true beginning of the book: nothing slips below it."""

import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from goodstanding.engine.book import Book
from goodstanding.receivables.models import Item
from goodstanding.receivables.operations import lock_shared, post_item
from goodstanding.reports import snapshot
from goodstanding.reports.book import current_book
from goodstanding.reports.integrity import problems
from ledger import NOW, customer, day, new
from posting import hear, tell, workers

SNAPSHOTS = 30


def dawdle(owner: int, stop: threading.Event, posted: list[str]) -> None:
    """Post with a pause between taking an id and committing it, so that higher ids are committed before."""
    while not stop.is_set():
        number = f"SLOW-{len(posted)}"
        with transaction.atomic():
            post_item(owner, new(number, 100, day(3, 1)), now=NOW, closed=lock_shared())
            time.sleep(0.5)
        posted.append(number)
    connection.close()


@pytest.mark.postgresql
@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_nothing_is_posted_below_a_snapshot(data_folder: Path) -> None:
    assert connection.vendor == "postgresql"
    stop = threading.Event()
    slow: list[str] = []
    dawdler = threading.Thread(target=dawdle, args=(customer("C1").pk, stop, slow))
    posting = workers("invoices", data_folder)
    for place, worker in enumerate(posting):
        tell(worker, {"prefix": f"P{place}", "closing": "2026-01-31"})
        assert hear(worker) == "posting"
    dawdler.start()
    taken: dict[int, list[int]] = {}
    seen = 0
    while len(taken) < SNAPSHOTS:
        made = snapshot.take()
        taken[made.mark.item] = sorted(Book.from_parquet(made.folder).table("items")["id"].to_pylist())
        now = current_book().table("items").num_rows
        assert now >= seen, "the book went back"
        seen = now
    stop.set()
    dawdler.join()
    for worker in posting:
        tell(worker, "stop")
    posted = sum(hear(worker)[0] for worker in posting) + len(slow)
    for worker in posting:
        assert worker.stdin is not None
        worker.stdin.close()
        assert worker.wait(30) == 0
    final = sorted(Item.objects.values_list("pk", flat=True))
    assert len(final) == posted
    for mark, ids in taken.items():
        assert ids == [each for each in final if each <= mark], f"something was posted below {mark}"
    sizes = sorted(map(len, taken.values()))
    print(f"{len(taken)} snapshots of {sizes[0]} to {sizes[-1]} items while {posted} were posted")
    assert sizes[-1] > sizes[0]
    assert sorted(current_book().table("items")["id"].to_pylist()) == final
    assert [problem.message for problem in problems()] == []
