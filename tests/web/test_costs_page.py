"""Cost to collect: the worked example, no figure where nothing came in, currencies apart, each figure's touches."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import client_of, person, text
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.record_touch import record_touch
from goodstanding.actions.set_rates import set_rates
from goodstanding.actions.withdraw_touch import withdraw_touch
from goodstanding.promises.types import NewPromise
from goodstanding.relations.queries import by_key, rates
from goodstanding.relations.types import NewTouch, Rate
from goodstanding.reports.costs import BY, Cost, costs, total
from ledger import BY as ACTING
from ledger import customer, day, pay, post, reverse

pytestmark = pytest.mark.django_db
FIRST, LAST = day(6, 1), day(6, 30)
HERE = "/collections/costs/?from=2026-06-01&to=2026-06-30&as_of=2026-06-30"


def touch(code: str, on: int, key: str, outcome: str = "done", **more: Any) -> None:
    given = {"kind": "call", "purpose": "collect", "minutes": 10, "currency": "EUR", "by": "Ana #3"} | more
    at = datetime(2026, 6, on, 10, tzinfo=UTC)
    record_touch(**ACTING, customer=code, touch=NewTouch(at=at, outcome=outcome, **given), key=key)


@pytest.fixture
def example(db: None) -> None:
    set_rates(**ACTING, rates=[Rate("call", "EUR", date(2026, 1, 1), 50, 0)])
    customer("C1", territory="north")
    post("C1", "INV-1", 100_000, day(5, 1))
    pay("C1", "RC-1", 10_000, day(6, 2))
    touch("C1", 5, "t1", "no_answer")
    touch("C1", 8, "t2", "promised")
    make_promise(**ACTING, customer="C1", promise=NewPromise("them", "pay", day(6, 8), day(6, 20), 30_000, "EUR"))
    pay("C1", "RC-2", 40_000, day(6, 10))


def row(by: str, key: str, currency: str = "EUR", hidden: Any = ()) -> Cost:
    return {(each.key, each.currency): each for each in costs(by, FIRST, LAST, hidden)}[key, currency]


def test_the_worked_example(example: None) -> None:
    one = row("customer", "C1")
    assert (one.touches, one.minutes, one.cost, one.collected) == (2, 20, 1_000, 50_000)
    assert (one.per_unit.value, one.right_party.value) == (Fraction(2, 100), Fraction(1, 2))
    assert (one.promised, one.promised_amount) == (1, 30_000)
    assert row("channel", "call").per_unit.value == Fraction(25, 1000)
    assert row("collector", "Ana #3").collected == 40_000
    assert row("territory", "north").cost == 1_000


def test_no_figure_where_nothing_was_collected_and_currencies_stay_apart(example: None) -> None:
    customer("C2")
    touch("C2", 9, "t3", currency="USD", cost=700)
    pay("C2", "RC-9", 5_000, day(6, 12))
    dollars = row("customer", "C2", "USD")
    assert (dollars.cost, dollars.collected, dollars.per_unit.value) == (700, 0, None)
    assert row("customer", "C2").collected == 5_000
    assert {each.currency: (each.cost, each.collected) for each in total(costs("customer", FIRST, LAST))} == {
        "EUR": (1_000, 55_000),
        "USD": (700, 0),
    }


def test_what_does_not_count(example: None) -> None:
    touch("C1", 11, "care", purpose="care")
    touch("C1", 12, "wrong")
    withdraw_touch(**ACTING, customer="C1", touch=by_key("wrong").id, reason="another customer")
    reverse("C1", "RC-2", day(6, 15))
    one = row("customer", "C1")
    assert (one.touches, one.collected) == (2, 10_000)
    assert costs("customer", day(5, 1), day(5, 31)) == []
    assert costs("customer", FIRST, LAST, {"north"}) == costs("collector", FIRST, LAST, {"north"}) == []


@pytest.mark.parametrize("by", BY)
def test_each_way_is_a_page_a_file_and_a_list_of_touches(example: None, by: str) -> None:
    client = client_of(person("ana", "collector"))
    answer = client.get(f"{HERE}&by={by}")
    assert answer.status_code == 200 and "€10.00" in text(answer)
    for each in answer.context["rows"]:
        assert client.get(each["href"]).context["total"] == each["cost"].touches, each["href"]
    assert sum(each["cost"].touches for each in answer.context["rows"]) == 2
    assert b"10.00" in client.get(f"{HERE}&by={by}&format=csv").content
    assert client.get(f"{HERE}&by={by}&format=xlsx").status_code == 200
    for sort in ("key", "per_unit", "contacts", "promised", "kept", "zzz"):
        assert client.get(f"{HERE}&by={by}&sort={sort}&order=up&page=9").status_code == 200
    assert client.get("/collections/costs/?from=2026-06-31&to=x&by=zz&page=-1").status_code == 200
    assert client.get(f"/collections/costs/touches/?by={by}&key=zzzz&page=x").status_code == 200


def test_how_many_customers_is_no_matter_for_the_number_of_queries(example: None) -> None:
    client = client_of(person("ana", "collector"))

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"{HERE}&by=customer").status_code == 200
        return len(seen)

    asked()
    few = asked()
    for n in range(20):
        customer(f"M{n}")
        touch(f"M{n}", 9, f"m{n}")
        pay(f"M{n}", f"P{n}", 100, day(6, 12))
    assert asked() == few <= 15


def test_rates_are_set_from_a_day_on_and_what_was_written_keeps_its_cost(example: None) -> None:
    chief = client_of(person("lin", "credit_manager"))
    given = {"kind": "call", "currency": "EUR", "start": "2026-06-01", "minute_cost": "1.20", "piece_cost": ""}
    assert chief.post("/settings/touch-costs/", given).status_code == 302
    assert "€1.20" in text(chief.get("/settings/touch-costs/")) and row("customer", "C1").cost == 1_000
    touch("C1", 20, "after")
    assert row("customer", "C1").cost == 2_200
    for wrong in ({"minute_cost": "-1"}, {"minute_cost": "a"}, {"kind": "zzz"}, {"start": "x"}):
        assert chief.post("/settings/touch-costs/", given | wrong).status_code == 200, wrong
    assert len(rates()) == 2
    assert client_of(person("bo", "collector")).post("/settings/touch-costs/", given).status_code == 403
