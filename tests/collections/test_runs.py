"""A run keeps every decision with its reasons; the same again adds nothing; work on it is taken, put off and finished."""

import json
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from typer.testing import CliRunner

from desk import person
from goodstanding.access.models import AuditEntry
from goodstanding.access.queries import actor_of
from goodstanding.access.types import SYSTEM, Actor
from goodstanding.actions import run_collections as run_module
from goodstanding.actions import work_decision
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.queue_reminders import queue_reminders
from goodstanding.actions.record_touch import record_touch
from goodstanding.actions.run_collections import run_collections
from goodstanding.actions.set_strategy import set_strategy
from goodstanding.cli.main import app
from goodstanding.collections import operations, queries
from goodstanding.collections.models import Assignment, Decision, Run
from goodstanding.collections.rules.deciding import decide
from goodstanding.collections.rules.drawing import draw
from goodstanding.collections.rules.writing import default_text
from goodstanding.collections.types import Experiment, Totals, Wanted
from goodstanding.correspondence.models import Delivery
from goodstanding.kernel.errors import NotFound
from goodstanding.parties.models import Contact, Customer
from goodstanding.promises.types import NewPromise
from goodstanding.relations.types import NewTouch
from ledger import BY, NOW, customer, day, pay, post, refused

pytestmark = pytest.mark.django_db
LATE, TODAY = day(6, 1), day(6, 30)  # a Tuesday; NOW is its noon
PLAN = """
name: plan
segments:
  - name: all
    steps:
      - {name: word, days: 5, action: remind}
      - {name: call, days: 15, gap: 7, action: call, channel: phone, minutes: 10}
"""


def run(as_of=TODAY, actor: Actor = SYSTEM, **more: Any):
    return run_collections(actor=actor, now=NOW, as_of=as_of, **more)


def decided(as_of=TODAY) -> dict[str, tuple[str, str]]:
    """By customer: the action and the first reason."""
    return {each.customer: (each.action, each.reasons[0].code) for each in run(as_of, dry_run=True).decisions}


def debtor(code: str, amount: int = 10_000, due=LATE, **more: Any) -> Customer:
    made = customer(code, **more)
    Contact.objects.create(customer=made, name=f"Ms {code}", email=f"{code.lower()}@example.com")
    post(code, f"INV-{code}", amount, day(5, 1), due=due)
    return made


@pytest.fixture(autouse=True)
def plan(db: None) -> None:
    set_strategy(actor=SYSTEM, now=NOW, text=PLAN, start=TODAY, today=TODAY)


def test_every_decision_is_kept_with_its_reasons() -> None:
    debtor("C1")
    debtor("C2", amount=100_00)
    debtor("C3", due=day(6, 28))
    place_hold(**BY, item=("C2", "INV-C2", 0), amount=100_00, reason="dispute", day=day(6, 20))
    done = run()
    assert dict(done.counts) == {"remind": 1, "withhold": 1}
    stored = {each.customer: each for _number, each in queries.decisions(done.run)}
    assert stored == {each.customer: each for each in done.decisions}
    assert (stored["C1"].action, stored["C1"].amount, stored["C1"].items[0].number) == ("remind", 10_000, "INV-C1")
    assert [each.code for each in stored["C2"].reasons] == ["dispute"]
    assert queries.withheld(TODAY) == {"dispute": 1}
    entry = AuditEntry.objects.get(action="run_collections")
    assert entry.subject == f"run {done.run}" and '"remind": 1' in str(entry.after).replace("'", '"')


def test_the_same_again_adds_nothing_until_a_fact_changes() -> None:
    debtor("C1")
    first = run()
    again = run()
    assert again.unchanged and again.run == first.run and Run.objects.count() == 1
    pay("C1", "RC-1", 4_000, day(6, 29), "oldest")
    second = run()
    assert not second.unchanged and second.run != first.run
    assert second.decisions[0].amount == 6_000
    assert Decision.objects.count() == 2, "what was decided before is still there"


def test_the_letters_of_a_run_are_no_news_to_it_and_anything_else_that_becomes_of_them_is(settings: Any) -> None:
    settings.FIRM = ("Word & Co.",)
    debtor("C1")
    first = run()
    assert queue_reminders(actor=SYSTEM, now=NOW, as_of=TODAY).queued == 1
    assert run().unchanged and Run.objects.count() == 1
    assert queue_reminders(actor=SYSTEM, now=NOW, as_of=TODAY).there == 1
    debtor("C2")
    second = run()
    found = {each.customer: (each.action, each.reasons[0].code) for each in second.decisions}
    assert not second.unchanged and found == {"C1": ("withhold", "pending"), "C2": ("remind", "late")}
    assert queue_reminders(actor=SYSTEM, now=NOW, as_of=TODAY).queued == 1 and run().unchanged
    Delivery.objects.update(state="failed")
    assert not run().unchanged and first.run != second.run


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """While the first run decides something else happens: its facts are gathered, and nothing is stored yet."""
    left = [happens]

    def deciding(*given: Any) -> Any:
        if left:
            left.pop()()
        return decide(*given)

    monkeypatch.setattr(run_module, "decide", deciding)


def test_two_runs_of_a_day_at_once_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    debtor("C1")
    first: list[Any] = []
    meanwhile(monkeypatch, lambda: first.append(run()))
    second = run()
    assert second.unchanged and second.run == first[0].run and Run.objects.count() == 1


def test_a_run_whose_facts_were_overtaken_gathers_them_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    debtor("C1")

    def paid_and_decided() -> None:
        pay("C1", "RC-1", 4_000, day(6, 29), "oldest")
        run()

    meanwhile(monkeypatch, paid_and_decided)
    done = run()
    assert done.unchanged and [each.amount for each in done.decisions] == [6_000] and Run.objects.count() == 1


def test_a_later_day_that_is_decided_meanwhile_blocks_too(monkeypatch: pytest.MonkeyPatch) -> None:
    debtor("C1")
    meanwhile(monkeypatch, lambda: run(TODAY + timedelta(days=1)))
    with refused("later_run", "2026-07-01"):
        run()
    assert [each.as_of for each in Run.objects.all()] == [TODAY + timedelta(days=1)]


@pytest.mark.postgresql
def test_whoever_stores_a_run_waits_for_who_is_storing_one(transactional_db: None) -> None:
    debtor("C1")
    begun, done = Event(), []

    def another() -> None:
        begun.set()
        try:
            done.append(run())
        finally:
            connection.close()

    thread = Thread(target=another)
    with transaction.atomic():
        operations.lock_runs()
        first = run()
        thread.start()
        begun.wait(10)
        thread.join(1)
        assert thread.is_alive() and not done
    thread.join(30)
    assert done[0].unchanged and done[0].run == first.run and Run.objects.count() == 1


def test_a_later_run_blocks_an_earlier_one_and_a_trial_writes_nothing() -> None:
    debtor("C1")
    assert run(dry_run=True).run is None and not Run.objects.exists()
    run(TODAY + timedelta(days=1))
    with refused("later_run", "2026-07-01"):
        run()
    assert run(dry_run=True).counts == {"remind": 1}


def test_each_reason_comes_from_its_own_fact() -> None:
    for code in ("PAID", "PROMISED", "OURS", "OPTED", "SILENT", "BIRTHDAY", "ASKED", "HELD", "CREDIT", "PLAIN"):
        debtor(code)
    pay("PAID", "RC-1", 10_000, day(6, 20), "oldest")
    pay("CREDIT", "RC-2", 10_000, day(6, 20))
    promise = NewPromise("them", "pay", day(6, 25), day(7, 5), 5_000, "EUR")
    make_promise(**BY, customer="PROMISED", promise=promise)
    place_hold(**BY, item=("OURS", "INV-OURS", 0), amount=10_000, reason="own_promise", day=day(6, 20))
    Contact.objects.filter(customer__code="OPTED").update(may_contact=False)
    Contact.objects.filter(customer__code="SILENT").update(email="")
    Contact.objects.filter(customer__code="BIRTHDAY").update(birthday="1980-06-30", birthday_calendar="solar")
    for n in range(7):
        touch = NewTouch("call", NOW - timedelta(hours=20 * n + 1), "collect", minutes=5, currency="EUR")
        record_touch(**BY, customer="ASKED", touch=touch, key=f"t{n}")
    Customer.objects.filter(code="HELD").update(status="on_hold")
    assert decided() == {
        "PROMISED": ("withhold", "promise"),
        "OURS": ("withhold", "own_promise"),
        "OPTED": ("withhold", "opted_out"),
        "SILENT": ("withhold", "no_address"),
        "BIRTHDAY": ("withhold", "birthday"),
        "ASKED": ("withhold", "ceiling"),
        "HELD": ("withhold", "status"),
        "CREDIT": ("withhold", "unapplied"),
        "PLAIN": ("remind", "late"),
    }
    assert decided(day(7, 4))["PLAIN"] == ("withhold", "day_off"), "a Saturday"
    assert decided(day(7, 6))["PROMISED"] == ("remind", "late"), "its day has passed"


def test_a_finished_step_leads_to_the_next_after_its_gap_and_an_unanswered_call_does_not() -> None:
    debtor("C1")
    number = queries.decisions(run().run)[0][0]
    done = work_decision.finish(actor=SYSTEM, now=NOW, decision=number, day=TODAY, outcome="done")
    assert done.state == "done" and queries.worklist(TODAY) == []
    with refused("done_already"):
        work_decision.take(actor=SYSTEM, now=NOW, decision=number, day=TODAY)
    assert decided(day(7, 6)) == {}, "the gap of 7 days"
    assert decided(day(7, 7)) == {"C1": ("call", "late")}
    called = queries.decisions(run(day(7, 7)).run)[0][0]
    work_decision.finish(actor=SYSTEM, now=NOW, decision=called, day=day(7, 7), outcome="no_answer")
    assert decided(day(7, 8)) == {"C1": ("call", "late")}


def test_the_list_is_ordered_by_what_is_gained_an_hour_and_shows_who_has_it() -> None:
    for code, amount in (("C1", 5_000), ("C2", 90_000), ("C3", 20_000)):
        debtor(code, amount)
    run()
    assert [each.decision.customer for each in queries.worklist(TODAY)] == ["C2", "C3", "C1"]
    assert queries.totals(TODAY) == Totals(
        3, 15, {"EUR": sum(each.decision.gain.expected for each in queries.worklist(TODAY))}
    )
    mine = actor_of(person("ana", "collector"))
    first, second, third = queries.worklist(TODAY)
    taken = work_decision.take(actor=mine, now=NOW, decision=first.id, day=TODAY)
    assert (taken.state, taken.owner) == ("taken", mine.signature)
    with refused("no_reason"):
        work_decision.snooze(actor=mine, now=NOW, decision=second.id, day=TODAY, until=day(7, 3), reason=" ")
    with refused("until"):
        work_decision.snooze(actor=mine, now=NOW, decision=second.id, day=TODAY, until=TODAY, reason="away")
    work_decision.snooze(actor=mine, now=NOW, decision=second.id, day=TODAY, until=day(7, 3), reason="away until then")
    assert [each.id for each in queries.worklist(TODAY)] == [first.id, third.id]
    assert [each.id for each in queries.worklist(TODAY, Wanted(owner=mine.signature))] == [first.id]
    assert [each.id for each in queries.worklist(TODAY, Wanted(owner=""))] == [third.id]
    assert [each.id for each in queries.worklist(TODAY, Wanted(states=("snoozed",)))] == [second.id]
    again = run(day(7, 1))
    states = {
        each.decision.customer: (each.state, each.owner)
        for each in queries.worklist(day(7, 1), Wanted(states=("open", "taken", "snoozed")))
    }
    assert again.run and states["C2"] == ("taken", mine.signature) and states["C3"][0] == "snoozed"
    back = work_decision.give_back(actor=mine, now=NOW, decision=queries.worklist(day(7, 1))[0].id, day=day(7, 1))
    assert (back.state, back.owner) == ("open", "")


def test_another_team_s_decisions_do_not_exist() -> None:
    debtor("C1", territory="north")
    number = queries.decisions(run().run)[0][0]
    stranger = Actor(7, "Ana", frozenset({"collector"}), frozenset({"south"}), frozenset({"north"}))
    assert queries.worklist(TODAY, hidden=stranger.hidden) == []
    assert queries.withheld(TODAY, hidden=stranger.hidden) == {}
    assert run(actor=stranger, dry_run=True).decisions == ()
    with pytest.raises(NotFound):
        work_decision.take(actor=stranger, now=NOW, decision=number, day=TODAY)


def test_a_strategy_is_a_version_from_a_day_on() -> None:
    assert queries.strategy_on(TODAY - timedelta(days=1)).version == 0, "the packaged one until then"
    later = set_strategy(actor=SYSTEM, now=NOW, text=default_text(), start=day(7, 10), today=TODAY)
    assert (later.version, queries.strategy_on(TODAY).version, queries.strategy_on(day(7, 10)).version) == (2, 1, 2)
    assert [each.version for each in queries.strategies()] == [2, 1, 0]
    with refused("start"):
        set_strategy(actor=SYSTEM, now=NOW, text=PLAN, start=TODAY - timedelta(days=1), today=TODAY)
    with refused("strategy", "Line 3", "segments"):
        set_strategy(actor=SYSTEM, now=NOW, text="name: x\nper_day: 2\nsegments: []\n", start=TODAY, today=TODAY)
    with pytest.raises(NotFound):
        queries.strategy(9)


def test_an_experiment_draws_once_and_keeps_to_it() -> None:
    text = PLAN + "experiment: {name: tone, variants: [friendly, firm], holdout: 20}\n"
    set_strategy(actor=SYSTEM, now=NOW, text=text, start=TODAY, today=TODAY)
    for n in range(12):
        debtor(f"C{n}")
    done = run()
    drawn = dict(Assignment.objects.values_list("customer__code", "variant"))
    assert len(drawn) == 12
    for each in done.decisions:
        if drawn[each.customer] == "holdout":
            assert (each.action, each.reasons[0].code) == ("withhold", "holdout")
        else:
            assert (each.action, each.tone, each.variant) == ("remind", drawn[each.customer], drawn[each.customer])
    debtor("C99")
    run(day(7, 1))
    assert dict(Assignment.objects.exclude(customer__code="C99").values_list("customer__code", "variant")) == drawn
    shares = [draw(Experiment("tone", ("friendly", "firm"), 20), f"K{n}") for n in range(4000)]
    assert 700 < shares.count("holdout") < 900 and abs(shares.count("friendly") - shares.count("firm")) < 250


def test_how_many_customers_there_are_is_no_matter_for_the_number_of_queries() -> None:
    def queries_of(codes: range) -> int:
        for n in codes:
            debtor(f"C{n}")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            run(dry_run=True)
        return len(seen)

    few, many = queries_of(range(3)), queries_of(range(3, 30))
    assert few == many < 40


def test_the_command_answers_as_its_contract_says(monkeypatch: pytest.MonkeyPatch) -> None:
    debtor("C1", 123_456)
    debtor("C2")
    place_hold(**BY, item=("C2", "INV-C2", 0), amount=10_000, reason="dispute", day=day(6, 20))
    monkeypatch.setattr("goodstanding.cli.database.ready", lambda: None)  # the test's own database is ready
    answer = CliRunner().invoke(app, ["collect", "--as-of", "2026-06-30", "--dry-run", "--format", "json"])
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout) == {
        "as_of": "2026-06-30",
        "decisions": [
            {
                "customer": "C1",
                "currency": "EUR",
                "action": "remind",
                "step": "word",
                "amount": "1234.56",
                "items": ["INV-C1"],
                "reasons": [
                    "29 days past due",
                    "step 1: word",
                    "brings 148.14 EUR in 5 min: 1234.56 EUR × 120 in 1000"
                    " (120 for the step × 100% for how they pay × 100% for how late it is)",
                ],
            },
            {
                "customer": "C2",
                "currency": "EUR",
                "action": "withhold",
                "step": "word",
                "amount": "0.00",
                "items": ["INV-C2"],
                "reasons": ["100.00 EUR is in dispute: nothing is asked about it until that is settled"],
            },
        ],
    }
    assert not Run.objects.exists()
    make_promise(**BY, customer="C1", promise=NewPromise("them", "pay", day(6, 25), day(7, 5), 5_000, "EUR"), key="p")
    answer = CliRunner().invoke(app, ["promises", "--as-of", "2026-06-30", "--format", "json"])
    (told,) = json.loads(answer.stdout)["promises"]
    assert (told["id"], told["amount"], told["state"], told["overdue"]) == ("p", "50.00", "open", False)
    assert CliRunner().invoke(app, ["promises", "--by", "nobody"]).exit_code != 0


def test_the_packaged_strategy_decides_day_after_day() -> None:
    debtor("C1", 123_456)
    first, second = (run_collections(actor=SYSTEM, now=NOW, as_of=on) for on in (day(6, 28), day(6, 29)))
    assert first.run != second.run and (first.version, second.version) == (0, 0)
