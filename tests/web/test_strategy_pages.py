"""Strategies on the desk: read as a ladder, tried on today's book, let hold from a day on, faults by line and path."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from desk import client_of, person, text
from goodstanding.access.types import SYSTEM, Actor
from goodstanding.actions.set_strategy import set_strategy
from goodstanding.actions.try_strategy import try_strategy
from goodstanding.collections import queries
from goodstanding.collections.models import Assignment, Decision, Run, Strategy
from goodstanding.collections.rules.writing import default_text, read
from goodstanding.parties.models import Contact
from ledger import NOW, customer, day, post, refused

pytestmark = pytest.mark.django_db
NEW = "/collections/strategies/new/"
PLAN = """
name: plan
segments:
  - name: all
    steps:
      - {name: ring, days: 5, action: call, channel: phone, minutes: 10}
"""
LATER = PLAN.replace("days: 5", "days: 400")


def chief(language: str = "en") -> Any:
    return client_of(person("lin", "credit_manager"), language)


def sent(client: Any, what: str, **more: Any) -> Any:
    given = {"text": PLAN, "start": timezone.localdate().isoformat(), "seen": queries.strategies()[0].version}
    return client.post(NEW, given | more | {"what": what})


def debtor(code: str, amount: int = 10_000, currency: str = "EUR", late: int = 30, **more: Any) -> None:
    made = customer(code, **more)
    Contact.objects.create(customer=made, name="Ana", email="ana@example.com")
    due = timezone.localdate() - timedelta(days=late)
    post(code, f"INV-{code}", amount, due - timedelta(days=30), due=due, currency=currency)


def test_the_strategy_in_force_is_read_as_a_ladder() -> None:
    client = chief()
    told = text(client.get("/collections/strategies/"))
    assert "those who pay on time" in told and "friendly word" in told and "21:00–08:00" in told
    assert "comes with the program" in told
    file = client.get("/collections/strategies/?format=yaml&version=0")
    assert file.content.decode() == default_text() and "strategy-0.yaml" in file["Content-Disposition"]
    assert client.get("/collections/strategies/?version=9").status_code == 404
    assert client.get("/collections/strategies/?version=x").status_code == 200


def test_faults_are_told_by_line_and_path_and_nothing_is_kept() -> None:
    told = text(sent(chief(), "hold", text=PLAN.replace("days: 5", "days: soon").replace("name: plan", "nmae: plan")))
    assert "segments[0].steps[0].days" in told and "no such field" in told and "nmae" in told
    assert not Strategy.objects.exists()


def test_a_trial_shows_what_changes_and_writes_nothing() -> None:
    debtor("C1")
    debtor("C2")
    told = text(sent(chief(), "try", text=LATER))
    assert "All 2 customers who owe were tried." in told and "No longer asked 2" in told and "Newly asked 0" in told
    assert "no step is reached yet" in told
    assert not Run.objects.exists() and not Decision.objects.exists() and not Strategy.objects.exists()
    assert not Assignment.objects.exists()


def test_a_strategy_holds_from_its_day_and_takes_a_file() -> None:
    client = chief()
    assert sent(client, "hold", text="", file=SimpleUploadedFile("s.yaml", PLAN.encode())).status_code == 302
    made = queries.strategy_on(timezone.localdate())
    assert (made.version, made.strategy.name, made.text) == (1, "plan", PLAN)
    assert "UTF-8" in text(sent(client, "try", file=SimpleUploadedFile("s.yaml", b"\xff\xfe\x00")))
    past = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert "begins today or later" in text(sent(client, "hold", start=past))
    assert Strategy.objects.filter(version__gt=0).count() == 1


def test_who_did_not_see_the_newest_version_is_told_so() -> None:
    today = day(6, 30)
    set_strategy(actor=SYSTEM, now=NOW, text=PLAN, start=today, today=today)
    with refused("stale_strategy", "version 1"):
        set_strategy(actor=SYSTEM, now=NOW, text=LATER, start=today, today=today, seen=0)
    told = text(sent(chief(), "hold", text=LATER, seen=0))
    assert "Somebody wrote version 1" in told and queries.strategies()[0].version == 1


def test_a_large_book_is_tried_on_those_who_owe_most_in_each_currency() -> None:
    for n in range(4):
        debtor(f"E{n}", 10_000 * (n + 1))
    debtor("U1", 50, currency="USD")
    debtor("FAR", 10**9, territory="north")
    strategy, _faults = read(LATER)
    assert strategy is not None
    given = {"now": timezone.now(), "as_of": timezone.localdate(), "strategy": strategy, "text": LATER, "most": 2}
    some = Actor(7, "Ana", frozenset({"credit_manager"}), frozenset({"south"}), frozenset({"north"}))
    found = try_strategy(actor=some, **given)
    assert (found.tried, found.owing) == (3, 5)
    assert {each.before.customer for each in found.left if each.before} <= {"E2", "E3", "U1"}
    assert "FAR" in {each.before.customer for each in try_strategy(actor=SYSTEM, **given).left if each.before}


def test_a_collector_reads_and_does_not_write() -> None:
    client = client_of(person("ana", "collector"))
    assert "Write the next version" not in text(client.get("/collections/strategies/"))
    assert sent(client, "hold").status_code == 403
