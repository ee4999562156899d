"""Cost to collect: the worked example, no figure where nothing came in, currencies apart, each figure's touches."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import client_of, person, text
from goodstanding.access.types import SYSTEM
from goodstanding.actions.judge_promises import judge_all
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.merge_customers import merge_customers
from goodstanding.actions.record_touch import record_touch
from goodstanding.actions.set_rates import set_rates
from goodstanding.actions.withdraw_touch import withdraw_touch
from goodstanding.parties.models import Customer
from goodstanding.parties.queries import customer as find
from goodstanding.promises.types import NewPromise
from goodstanding.receivables.types import Allocation
from goodstanding.relations.queries import by_key, rates
from goodstanding.relations.rules import right_party
from goodstanding.relations.types import KINDS, OUTCOMES, NewTouch, Rate
from goodstanding.reports.costs import BY, Cost, costs, reached, total, touches
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
    make_promise(
        **ACTING, customer="C1", promise=NewPromise("them", "pay", day(6, 8), day(6, 20), 30_000, "EUR", owner="Ana #3")
    )
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


def settled_book() -> None:
    """In units: opened with 500,000, sold 300,000, 400,000 are left of which 280,000 aren't due yet."""
    customer("K1")
    post("K1", "OLD", 50_000_000, day(3, 1), due=day(4, 1))
    post("K1", "NEW", 30_000_000, day(6, 5), due=day(7, 5))
    pay("K1", "P1", 38_000_000, day(6, 12), [Allocation("OLD", 38_000_000)])
    pay("K1", "P2", 2_000_000, day(6, 13), [Allocation("NEW", 2_000_000)])


def test_the_effectiveness_of_a_collector_is_that_of_the_customers_touched(db: None) -> None:
    settled_book()
    touch("K1", 9, "k1")
    customer("K2")  # touched by nobody: it is nobody's
    post("K2", "X", 9_000_000, day(3, 1))
    found = row("collector", "Ana #3").stood
    assert found and (found.opening, found.sales, found.closing, found.current) == (
        50_000_000,
        30_000_000,
        40_000_000,
        28_000_000,
    )
    assert round(found.cei.value or 0, 2) == Fraction(7692, 100)
    client = client_of(person("ana", "collector"))
    answer = client.get(f"{HERE}&by=collector&sort=cei&order=up")
    assert "76.9%" in text(answer) and "aria-sort" in answer.content.decode()
    file = client.get(f"{HERE}&by=collector&format=csv").content.decode("utf-8-sig").splitlines()
    assert file[0].endswith("Opening receivables,Credit sales,Closing receivables,Closing not yet due,CEI")
    assert file[1].endswith("500000.00,300000.00,400000.00,280000.00,76.92")


def test_two_collectors_of_a_customer_both_count_it_and_currencies_stay_apart(db: None) -> None:
    settled_book()
    touch("K1", 9, "k1")
    touch("K1", 10, "k2", by="Bo #4")
    post("K1", "USD", 100_000, day(5, 1), due=day(5, 20), currency="USD")
    euros = row("collector", "Ana #3").stood
    assert euros and euros == row("collector", "Bo #4").stood
    dollars = row("collector", "Bo #4", "USD")
    assert dollars.touches == 0 and dollars.cei.value == 0
    withdraw_touch(**ACTING, customer="K1", touch=by_key("k2").id, reason="another customer")
    assert {each.key for each in costs("collector", FIRST, LAST)} == {"Ana #3"}


def test_no_effectiveness_where_nothing_was_due_says_why(db: None) -> None:
    customer("K3")
    post("K3", "NEW", 500, day(6, 5), due=day(8, 5))
    touch("K3", 9, "k3")
    one = row("collector", "Ana #3")
    assert one.stood and one.cei.value is None
    shown = text(client_of(person("ana", "collector")).get(f"{HERE}&by=collector"))
    assert "Nothing was due to be collected." in shown


def test_what_counts_as_sales_and_as_opening(db: None) -> None:
    customer("K4")
    post("K4", "BROUGHT", 1_000, day(6, 2), "opening", due=day(6, 3))
    post("K4", "SOLD", 2_000, day(6, 3), due=day(6, 4))
    post("K4", "WRONG", 700, day(6, 3))
    reverse("K4", "WRONG", day(6, 4))
    post("K4", "BACK", 300, day(6, 5), "credit_note")
    post("K4", "SKONTO", 100, day(6, 5), "credit_note", reason="discount")
    post("K4", "LATER", 900, day(7, 1))
    touch("K4", 9, "k4")
    found = row("collector", "Ana #3").stood
    assert found and (found.opening, found.sales, found.closing, found.current) == (1_000, 1_700, 2_600, 0)


def merge(merged: str, into: str, on: date) -> None:
    versions = {"merged_version": find(SYSTEM, merged).version, "survivor_version": find(SYSTEM, into).version}
    merge_customers(**ACTING, merged=merged, survivor=into, on=on, reason="same", **versions)


@pytest.mark.parametrize("by", BY)
def test_who_carries_on_has_what_the_merged_one_had(example: None, by: str) -> None:
    customer("C9", territory="south", kind="shop")
    Customer.objects.filter(code="C1").update(kind="chain")
    touch("C9", 9, "c9")
    pay("C1", "RC-5", 7_000, day(6, 21))
    merge("C1", "C9", day(6, 25))
    client = client_of(person("ana", "collector"))
    answer = client.get(f"{HERE}&by={by}")
    (only,) = answer.context["rows"]
    assert (only["cost"].touches, only["cost"].cost) == (3, 1_500)
    assert only["cost"].collected == (47_000 if by in ("channel", "collector") else 57_000)
    assert client.get(only["href"]).context["total"] == 3
    assert client.get(only["reached"]).context["total"] == only["cost"].contacts == 2
    assert costs(by, FIRST, LAST, {"south"}) == []
    if by == "collector":
        assert only["cost"].stood.opening == 100_000


def test_promises_are_counted_with_their_amounts_for_who_took_them(example: None) -> None:
    make_promise(
        **ACTING, customer="C1", promise=NewPromise("them", "pay", day(6, 21), day(7, 20), 5_000, "EUR", owner="Ana #3")
    )
    judge_all(**ACTING, as_of=LAST)
    for by, key in (("customer", "C1"), ("collector", "Ana #3")):
        one = row(by, key)
        assert (one.promised, one.promised_amount, one.kept, one.kept_amount) == (2, 35_000, 1, 30_000), by


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


@pytest.mark.parametrize("by", ["customer", "value", "collector"])
def test_how_many_customers_is_no_matter_for_the_number_of_queries(example: None, by: str) -> None:
    client = client_of(person("ana", "collector"))

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"{HERE}&by={by}").status_code == 200
        return len(seen)

    asked()
    few = asked()
    for n in range(20):
        customer(f"M{n}")
        touch(f"M{n}", 9, f"m{n}", by=f"Bo #{n + 10}")
        pay(f"M{n}", f"P{n}", 100, day(6, 12))
    asked()  # the book in memory takes up what is new
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


def test_a_message_that_went_is_an_attempt_and_an_answer_is_a_contact(example: None) -> None:
    customer("C9")
    touch("C9", 9, "mail", kind="message")
    touch("C9", 10, "letter", kind="letter")
    assert (row("customer", "C9").contacts, row("customer", "C9").touches) == (0, 2)
    touch("C9", 11, "answered", "promised", kind="message")
    touch("C9", 12, "call")
    assert row("customer", "C9").right_party.value == Fraction(2, 4)
    for kind in KINDS:
        for outcome in OUTCOMES:
            touch("C9", 13, f"{kind}-{outcome}", outcome, kind=kind)
    wanted = {(kind, outcome) for kind in KINDS for outcome in OUTCOMES if right_party(kind, outcome)}
    found = reached(touches(day(6, 13), day(6, 13)))
    assert set(found.values_list("kind", "outcome")) == wanted and len(wanted) == 5 * len(KINDS) + 2
