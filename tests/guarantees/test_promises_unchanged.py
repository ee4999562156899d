"""Guarantee 10 for promises, touches and decisions: one row at least of each, and nothing changes or removes it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, models, transaction

from goodstanding.access.types import SYSTEM
from goodstanding.actions import work_decision
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.record_touch import record_touch
from goodstanding.actions.run_collections import run_collections
from goodstanding.actions.set_rates import set_rates
from goodstanding.actions.set_strategy import set_strategy
from goodstanding.actions.withdraw_touch import withdraw_touch
from goodstanding.collections import queries
from goodstanding.collections.models import Assignment, Completion, Decision, Doing, Run, Strategy, Undoing
from goodstanding.collections.operations import undo
from goodstanding.correspondence.models import Message, MessageEvent, Template
from goodstanding.correspondence.operations import queue
from goodstanding.correspondence.texts import store
from goodstanding.correspondence.types import NewMessage
from goodstanding.parties.models import Contact, Customer
from goodstanding.promises.models import Judgement, Promise, PromiseItem
from goodstanding.promises.types import About, NewPromise
from goodstanding.receivables.models import Item
from goodstanding.relations.models import Rate, Touch, TouchWithdrawal
from goodstanding.relations.types import NewTouch
from goodstanding.relations.types import Rate as RateFact
from goodstanding.reports.integrity import problems
from ledger import BY, NOW, customer, day, pay, post

FACTS = [Promise, PromiseItem, Judgement, Touch, TouchWithdrawal, Rate]
FACTS += [Strategy, Run, Decision, Completion, Undoing, Doing, Assignment]
FACTS += [Message, MessageEvent, Template]
PLAN = """
name: plan
experiment: {name: tone, variants: [friendly], holdout: 1}
segments: [{name: all, steps: [{name: word, days: 5, action: remind}]}]
"""


@pytest.fixture
def facts(db: None) -> None:
    customer("C1")
    Contact.objects.create(customer=Customer.objects.get(), name="Ms Li", email="li@example.com")
    post("C1", "INV-1", 1000, day(5, 1))
    set_rates(**BY, rates=[RateFact("call", "EUR", day(1, 1), 50, 10)])
    touch = NewTouch("call", NOW - timedelta(hours=1), "collect", minutes=5, currency="EUR")
    kept = record_touch(**BY, customer="C1", touch=touch, key="t1")
    withdraw_touch(**BY, customer="C1", touch=kept.id, reason="twice")
    set_strategy(actor=SYSTEM, now=NOW, text=PLAN, start=day(6, 30), today=day(6, 30))
    run = run_collections(actor=SYSTEM, now=NOW, as_of=day(6, 30)).run
    ((number, _decision),) = queries.decisions(run)
    work_decision.finish(actor=SYSTEM, now=NOW, decision=number, day=day(6, 30), outcome="done")
    assert undo(number, day(6, 30), "bounced", now=NOW) == 1
    queue(NewMessage(Customer.objects.get().pk, "li@example.com", "en", "Good day", "Good day."), by="t", now=NOW)
    text = {"subject": "Good day", "body": "Good day", "start": day(6, 30), "seen": 0}
    store("reminder", "friendly", "en", **text, by="t", now=NOW)
    about = (About(Item.objects.get().pk),)
    new = NewPromise("them", "pay", day(6, 1), day(6, 9), 500, "EUR", items=about)
    make_promise(**BY, customer="C1", promise=new, key="p")
    pay("C1", "RC-1", 100, day(6, 5))
    connection.check_constraints()


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("model", FACTS, ids=lambda model: model.__name__)
def test_each_refuses_to_be_changed_or_removed(model: type[models.Model]) -> None:
    table = model._meta.db_table
    before = list(model._default_manager.order_by("pk").values())
    assert before
    attempts = [f'UPDATE {table} SET "{field.column}" = "{field.column}"' for field in model._meta.concrete_fields]
    attempts += [f"DELETE FROM {table}", f"DELETE FROM {table} WHERE id = (SELECT MAX(id) FROM {table})"]
    if connection.vendor == "postgresql":
        attempts.append(f"TRUNCATE {table} CASCADE")
    else:
        attempts += [
            f"REPLACE INTO {table} SELECT * FROM {table}",
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        ]
    for attempt in attempts:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(attempt)
    row = model._default_manager.first()
    assert row is not None
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.save()
    assert list(model._default_manager.order_by("pk").values()) == before and not problems()
