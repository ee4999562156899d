"""Touches: priced by the rates of their day, kept once, taken back by a further row, seen by who may."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.access.models import AuditEntry
from goodstanding.access.types import Actor
from goodstanding.actions.record_touch import record_touch
from goodstanding.actions.set_rates import set_rates
from goodstanding.actions.withdraw_touch import withdraw_touch
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.relations import models, operations, queries, rules
from goodstanding.relations.types import NewTouch, Rate
from ledger import BY, NOW, customer

CALL = NewTouch(kind="call", at=datetime(2026, 6, 29, 9, tzinfo=UTC), purpose="collect", minutes=7)
EARLY = Rate("call", "EUR", date(2026, 1, 1), 50, 20)
LATE = Rate("call", "EUR", date(2026, 6, 30), 90, 0)


def test_the_rate_of_its_day_prices_a_touch() -> None:
    assert rules.rate_on([LATE, EARLY], "call", "EUR", date(2026, 6, 29)) == EARLY
    assert rules.rate_on([EARLY, LATE], "call", "EUR", date(2026, 6, 30)) == LATE
    assert rules.rate_on([EARLY], "call", "CNY", date(2026, 6, 30)) is None
    again = replace(EARLY, minute_cost=60)
    assert rules.rate_on([EARLY, again], "call", "EUR", date(2026, 2, 1)) == again, "the one given last"
    assert rules.cost(CALL, EARLY) == 7 * 50 + 20
    assert rules.cost(CALL, None) == 0
    assert rules.cost(replace(CALL, cost=5, currency="EUR"), EARLY) == 5


@given(st.integers(0, 1440), st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_minutes_never_cost_less(minutes: int, minute: int, piece: int) -> None:
    rate = replace(EARLY, minute_cost=minute, piece_cost=piece)
    assert (
        rules.cost(replace(CALL, minutes=minutes + 1), rate) - rules.cost(replace(CALL, minutes=minutes), rate)
        == minute
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "spell"}, "unknown_value"),
        ({"purpose": ""}, "unknown_value"),
        ({"outcome": "x"}, "unknown_value"),
        ({"at": NOW + timedelta(seconds=1)}, "future_touch"),
        ({"minutes": -1}, "out_of_range"),
        ({"minutes": 1441}, "out_of_range"),
        ({"cost": -1, "currency": "EUR"}, "out_of_range"),
        ({"cost": 1}, "no_currency"),
        ({"note": "a\x00"}, "text"),
        ({"contact": "a\nb"}, "text"),
        ({"note": "a" * 4001}, "text_too_long"),
    ],
)
def test_an_unfit_touch_is_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_touch(replace(CALL, **changes), NOW)
    assert refused.value.code == code


@pytest.mark.django_db
def test_the_same_key_is_one_touch_and_one_entry_in_the_trail() -> None:
    made = customer("A", currency="EUR")
    assert set_rates(**BY, rates=[EARLY]) == 1
    assert set_rates(**BY, rates=[EARLY]) == 0
    first = record_touch(**BY, customer="A", touch=CALL, key="k")
    assert (first.cost, first.currency, first.customer) == (370, "EUR", "A")
    set_rates(**BY, rates=[replace(EARLY, minute_cost=99)])
    assert record_touch(**BY, customer="A", touch=CALL, key="k") == first, "priced once, whatever the rates are now"
    with pytest.raises(Refused) as refused:
        record_touch(**BY, customer="A", touch=replace(CALL, minutes=8), key="k")
    assert refused.value.code == "key_reused"
    assert AuditEntry.objects.filter(action="record_touch").count() == 1
    assert queries.touches([made.pk], date(2026, 6, 29)) == [first]
    assert queries.touches([made.pk], date(2026, 6, 28)) == []
    assert models.Rate.objects.count() == 2


@pytest.mark.django_db
def test_a_withdrawn_touch_stays_but_counts_no_more() -> None:
    made = customer("A", currency="EUR")
    kept = record_touch(**BY, customer="A", touch=CALL)
    record_touch(**BY, customer="A", touch=replace(CALL, kind="gift"))
    assert queries.contacts_since(CALL.at, NOW) == [(made.pk, CALL.at, "call")], "a gift is no contact"
    assert queries.contacts_since(NOW, NOW) == queries.contacts_since(CALL.at, NOW, []) == []
    for _ in range(2):
        assert withdraw_touch(**BY, customer="A", touch=kept.id, reason="typed twice").withdrawn_by
    assert AuditEntry.objects.filter(action="withdraw_touch").count() == 1
    assert queries.contacts_since(CALL.at, NOW) == []
    assert [bool(each.withdrawn_by) for each in queries.touches([made.pk], NOW.date())] == [False, True]


@pytest.mark.django_db
def test_others_neither_write_nor_see() -> None:
    customer("A", currency="EUR", territory="north")
    kept = record_touch(**BY, customer="A", touch=CALL)
    other = Actor(2, "o", frozenset({"collector"}), frozenset({"south"}), frozenset({"north"}))
    with pytest.raises(NotFound):
        record_touch(actor=other, now=NOW, customer="A", touch=CALL)
    with pytest.raises(NotFound):
        withdraw_touch(actor=other, now=NOW, customer="A", touch=kept.id)
    with pytest.raises(NotAllowed):
        record_touch(actor=Actor(3, "a", frozenset({"auditor"})), now=NOW, customer="A", touch=CALL)
    assert (
        models.Touch.objects.count() == 1
        and operations.record(kept.customer_id, CALL, key="z", now=NOW, by="x").by == "x"
    )
