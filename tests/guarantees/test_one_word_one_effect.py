"""Guarantee 3 for promises, strategies and texts: sixteen threads of two processes ask at once, one has its effect."""

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from goodstanding.access.models import AuditEntry
from goodstanding.access.types import NIGHTLY
from goodstanding.actions.judge_promises import judge_all
from goodstanding.actions.make_promise import make_promise
from goodstanding.collections.models import Strategy
from goodstanding.correspondence.models import Template
from goodstanding.promises.models import Judgement, Promise
from goodstanding.promises.types import NewPromise
from ledger import BY, NOW, customer, day, pay
from posting import THREADS, hear, tell, workers

ROUNDS = 40
pytestmark = [pytest.mark.postgresql, pytest.mark.timeout(600)]


@pytest.fixture
def two_processes(transactional_db: None, data_folder: Path) -> Iterator[list["subprocess.Popen[str]"]]:
    customer("C1")
    started = workers("words", data_folder)
    yield started
    for worker in started:
        assert worker.stdin is not None
        worker.stdin.close()
        worker.wait(30)


def answers(two: list["subprocess.Popen[str]"], **asked: Any) -> list[str]:
    for place, worker in enumerate(two):
        tell(worker, asked | ({"key": f"{asked['key']}-{place}"} if asked.get("apart") else {}))
    found = [answer for worker in two for answer in hear(worker)]
    assert len(found) == 2 * THREADS
    return found


def to_pay(key: str, amount: int = 1000) -> None:
    new = NewPromise("them", "pay", day(2, 1), day(7, 20), amount, "EUR")
    make_promise(**BY, customer="C1", promise=new, key=key)


def test_one_promise_by_sixteen_threads(two_processes: list["subprocess.Popen[str]"]) -> None:
    entries = AuditEntry.objects.count()
    for number in range(ROUNDS):
        assert len(set(answers(two_processes, do="promise", key=f"p{number}", amount=1000))) == 1
    assert Promise.objects.count() == ROUNDS and AuditEntry.objects.count() == entries + ROUNDS


def test_two_promises_race_for_one_key_and_one_wins(two_processes: list["subprocess.Popen[str]"]) -> None:
    for number in range(ROUNDS):
        found = answers(two_processes, do="promise", key=f"p{number}", amount=1000, different=[0, 2, 4, 6])
        assert found.count("key_reused") == THREADS and len(set(found)) == 2, set(found)
    assert Promise.objects.count() == ROUNDS


def test_one_renewal_by_sixteen_threads(two_processes: list["subprocess.Popen[str]"]) -> None:
    for number in range(ROUNDS):
        to_pay(f"p{number}")
        assert len(set(answers(two_processes, do="renewal", key=f"p{number}/r", amount=900))) == 1
    assert Promise.objects.exclude(renews=None).count() == ROUNDS
    assert Judgement.objects.filter(state="renewed").count() == ROUNDS


def test_of_sixteen_renewals_of_one_promise_one_is_made(two_processes: list["subprocess.Popen[str]"]) -> None:
    for number in range(ROUNDS):
        to_pay(f"p{number}")
        found = answers(two_processes, do="renewal", key=f"p{number}/r", amount=900, apart=True)
        assert found.count("closed_promise") == 2 * THREADS - 1, set(found)
    assert Judgement.objects.filter(state="renewed").count() == ROUNDS


def test_every_version_of_a_strategy_has_its_number(two_processes: list["subprocess.Popen[str]"]) -> None:
    for _round in range(5):
        found = answers(two_processes, do="strategy", key="plan", amount=5)
        assert len({int(each) for each in found}) == 2 * THREADS
    assert sorted(Strategy.objects.exclude(version=0).values_list("version", flat=True)) == list(range(1, 81))


def test_of_sixteen_texts_one_is_the_next_version(two_processes: list["subprocess.Popen[str]"]) -> None:
    found = answers(two_processes, do="template", key="Good day", amount=5)
    assert sorted(found) == ["1", *["stale"] * (2 * THREADS - 1)] and Template.objects.count() == 1


def test_a_payment_that_commits_while_the_night_judges_is_not_overlooked(transactional_db: None) -> None:
    customer("C1")
    late = NewPromise("them", "pay", day(6, 1), day(7, 20), 600, "EUR")
    for number in range(5):
        make_promise(**BY, customer="C1", promise=late, key=f"p{number}")
    paid, told = threading.Event(), threading.Event()

    def payment() -> None:
        try:
            with transaction.atomic():
                pay("C1", "RC-1", 3_000, day(7, 19))
                paid.set()
                told.wait(1)  # the night has begun meanwhile, and waits
        finally:
            paid.set()
            connection.close()

    thread = threading.Thread(target=payment)
    thread.start()
    paid.wait(30)
    judge_all(actor=NIGHTLY, now=NOW, as_of=day(7, 25))
    told.set()
    thread.join()
    newest = Judgement.objects.order_by("promise", "-on", "-pk").distinct("promise")
    assert [each.state for each in newest] == ["kept"] * 5


def test_first_promises_made_at_once_do_not_both_count_the_same_money(transactional_db: None) -> None:
    codes = [f"F{number}" for number in range(ROUNDS)]
    for code in codes:
        customer(code)
        pay(code, "RC-1", 1_000, day(3, 1))
    both = threading.Barrier(2)

    def promise(side: str) -> None:
        try:
            for code in codes:
                both.wait(30)
                new = NewPromise("them", "pay", day(2, 1), day(7, 20), 1_000, "EUR")
                make_promise(**BY, customer=code, promise=new, key=f"{code}/{side}")
        finally:
            both.abort()  # whoever is left alone doesn't wait
            connection.close()

    threads = [threading.Thread(target=promise, args=(side,)) for side in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    newest = Judgement.objects.order_by("promise", "-on", "-pk").distinct("promise").select_related("promise__customer")
    kept = sorted(each.promise.customer.code for each in newest if each.state == "kept")
    assert Promise.objects.count() == 2 * ROUNDS and kept == sorted(codes)
