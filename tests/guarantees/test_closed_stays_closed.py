"""Guarantee 11: a closed period stays closed, while sixteen threads of two processes go on posting."""

import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection

from goodstanding.actions.close_period import close_period
from goodstanding.receivables.models import Item, PeriodClose
from goodstanding.reports.integrity import problems
from goodstanding.reports.journal import trial_balance_digest
from ledger import BY, customer
from posting import hear, tell, workers

ROUNDS = 100
FIRST = date(2026, 1, 10)


@pytest.mark.postgresql
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_closing_against_sixteen_posting_threads(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert connection.vendor == "postgresql"
    customer("C1")
    started = workers("invoices", data_folder)
    taken = refused = 0
    raced = 0
    digests = {}
    try:
        for number in range(ROUNDS):
            closing = FIRST + timedelta(days=3 * number)
            for place, worker in enumerate(started):
                tell(worker, {"closing": closing.isoformat(), "prefix": f"R{number}-{place}"})
            for worker in started:
                assert hear(worker) == "posting"
            time.sleep(0.05)  # let the threads post on both sides of the day
            before = Item.objects.filter(date__lte=closing).count()
            assert close_period(**BY, through=closing)
            closed = Item.objects.filter(date__lte=closing).count()  # all that may ever be there
            digest = trial_balance_digest(closing)
            assert digest == PeriodClose.objects.latest("pk").digest, "something landed after the close"
            raced += closed > before
            time.sleep(0.05)  # let them try what is closed now
            for worker in started:
                tell(worker, "stop")
            for worker in started:
                more, no = hear(worker)
                taken, refused = taken + more, refused + no
            assert Item.objects.filter(date__lte=closing).count() == closed
            assert trial_balance_digest(closing) == digest
            digests[closing] = digest
    finally:
        for worker in started:
            assert worker.stdin is not None
            worker.stdin.close()
            worker.wait(30)
    assert {through: trial_balance_digest(through) for through in digests} == digests
    assert not problems()
    assert Item.objects.count() == taken
    assert refused >= ROUNDS, "the threads hardly met the closed period"
    with capsys.disabled():
        print(f"\nclosed stays closed: {ROUNDS} closings, {taken} posted, {refused} refused, {raced} raced the close")
