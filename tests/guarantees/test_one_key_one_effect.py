"""Guarantee 3: one key, one effect, also when sixteen threads of two processes ask at once."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from goodstanding.access.models import AuditEntry
from goodstanding.receivables.models import Item, Match
from goodstanding.reports.integrity import problems
from ledger import customer, day, post
from posting import THREADS, hear, tell, workers

ROUNDS = 100


@pytest.fixture
def two_processes(transactional_db: None, data_folder: Path) -> Iterator[list["subprocess.Popen[str]"]]:
    started = workers("payments", data_folder)
    yield started
    for worker in started:
        assert worker.stdin is not None
        worker.stdin.close()
        worker.wait(30)


@pytest.mark.postgresql
@pytest.mark.timeout(900)
def test_sixteen_threads_of_two_processes_record_one_payment(
    two_processes: list["subprocess.Popen[str]"], capsys: pytest.CaptureFixture[str]
) -> None:
    assert connection.vendor == "postgresql"
    customer("C1")
    for number in range(ROUNDS):
        post("C1", f"INV-{number}", 1000, day(1, 1))
    entries = AuditEntry.objects.count()
    for number in range(ROUNDS):
        for worker in two_processes:
            tell(worker, {"number": f"PAY-{number}", "amount": 1000})
        answers = [answer for worker in two_processes for answer in hear(worker)]
        assert len(answers) == 2 * THREADS and len(set(answers)) == 1, set(answers)
        assert f"PAY-{number}" in answers[0] and f"INV-{number}" in answers[0]
    assert Item.objects.filter(kind="payment").count() == ROUNDS
    assert Match.objects.count() == ROUNDS
    assert AuditEntry.objects.count() == entries + ROUNDS
    assert not problems()
    with capsys.disabled():
        print(f"\none key, one effect: {ROUNDS} rounds of {2 * THREADS} threads, {ROUNDS} payments")


@pytest.mark.postgresql
@pytest.mark.timeout(300)
def test_two_bodies_race_for_one_key_and_one_wins(two_processes: list["subprocess.Popen[str]"]) -> None:
    customer("C1")
    post("C1", "INV-1", 10**9, day(1, 1))
    winners = set()
    for number in range(20):
        for worker in two_processes:
            tell(worker, {"number": f"PAY-{number}", "amount": 1000, "different": [0, 2, 4, 6]})
        answers = [answer for worker in two_processes for answer in hear(worker)]
        taken = {answer for answer in answers if answer != "key_reused"}
        assert len(taken) == 1, taken
        (won,) = taken
        assert answers.count(won) == answers.count("key_reused") == THREADS
        winners.add("amount=1001" in won)
    assert Item.objects.filter(kind="payment").count() == 20
    assert not problems()


@pytest.mark.postgresql
@pytest.mark.timeout(300)
def test_concurrent_payments_never_take_more_than_is_open(two_processes: list["subprocess.Popen[str]"]) -> None:
    """Sixteen different payments for one invoice: together they settle it once, the rest stays unapplied."""
    customer("C1")
    for number in range(20):
        post("C1", f"INV-{number}", 1000, day(1, 1))
        for place, worker in enumerate(two_processes):
            tell(worker, {"number": f"PAY-{number}-{place}", "amount": 100, "apart": True})
        for worker in two_processes:
            hear(worker)
        assert not problems()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT SUM(b.open) FROM receivables_balance b JOIN receivables_item i ON i.id = b.item_id"
            " WHERE i.kind = 'invoice'"
        )
        assert cursor.fetchone()[0] == 0
