"""Insight: figures that can be counted by hand, a reason where there is none, nothing told of hidden customers."""

import csv
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import client_of, links, manager, named, person, team, text
from goodstanding.access.models import Person
from goodstanding.access.queries import actor_of
from goodstanding.kernel.errors import NotAllowed
from goodstanding.reports.insight import insight
from ledger import day, give_up, pay, post, settle

pytestmark = pytest.mark.django_db
PAGE = "/insight/?as_of=2026-06-30"


def book() -> None:
    """April: billed 300; May: 600, 300 paid 5 days late; June: 900, 400 open past due, 10 of it written off."""
    named("A", "Harbour Light", territory="north")
    named("C", "Summit Vending", territory="south")
    post("A", "I4", 30000, day(4, 10), due=day(4, 30))
    post("A", "I5", 60000, day(5, 10), due=day(6, 9))
    post("A", "I6", 90000, day(6, 10), due=day(7, 10))
    pay("A", "P5", 30000, day(5, 5))
    settle("A", "P5", "I4", 30000, day(5, 5))
    pay("A", "P6", 20000, day(6, 20), "oldest")
    give_up("A", "I5", day(6, 25), 1000)


def get(address: str, client: Any) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer


def table(client: Any, address: str = PAGE) -> list[dict[str, str]]:
    content = get(f"{address}&format=csv", client).content.decode("utf-8-sig")
    return list(csv.DictReader(content.splitlines()))


def test_figures_counted_by_hand() -> None:
    book()
    june, may, april = table(manager())
    # receivables 600 − 200 − 10 + 900 = 1290, of it 900 not due; sales of 90 days 300 + 600 + 900
    assert (june["Receivables"], june["of which not yet due"]) == ("1290.00", "900.00")
    assert june["Credit sales of the 90 days before"] == "1800.00"
    assert float(june["DSO"]) == 1290 * 90 / 1800 and float(june["Best possible DSO"]) == 45
    assert float(june["ADD"]) == pytest.approx(1290 * 90 / 1800 - 45)
    # countback: 900 of June are 30 days, the rest 390 are 390/600 of May's 31
    assert float(june["DSO by countback"]) == pytest.approx(30 + 31 * 390 / 600, abs=1e-3)
    # CEI: (600 + 900 − 1290) ÷ (600 + 900 − 900)
    assert float(june["CEI"]) == pytest.approx(100 * 210 / 600, abs=1e-3)
    assert float(may["Late rate"]) == 1.0 and may["Month"] == "2026-05" and april["Receivables"] == "300.00"


def test_the_page_shows_them_with_formula_and_source_and_why_one_is_missing() -> None:
    book()
    client = manager()
    page = text(get(f"{PAGE}&month=2026-06", client))
    assert "2026-06 1,290.00 64.5 45.0 19.5 50.2 35.0%" in page
    assert "receivables ÷ credit sales of the 90 days before × 90 [Credit Research Foundation]" in page
    assert "Receivables €1,290.00" in page and "The book has only 3 months; turnover needs 12." in page
    assert any("as_of=2026-06-30" in link for link in links(get(f"{PAGE}&month=2026-06", client), "/receivables/"))
    # written off added back: ten more
    assert "2026-06 1,300.00" in text(get(f"{PAGE}&add_back=1", client))
    # vintages sum to all: May: 200 of 600 in cash, 390 open, 10 written off
    assert "33.3% 65.0% 0.0% 1.7%" in page
    assert "Over 90" in page and "Not due" in page


def test_an_earlier_day_does_not_know_what_came_later() -> None:
    book()
    client = manager()
    assert table(client, "/insight/?as_of=2026-05-31")[0]["Receivables"] == "600.00"
    assert "There is nothing to measure yet" in text(get("/insight/?as_of=2026-01-01", client))
    for wrong in ("currency=XXX", "month=x", "currency=%00", "add_back=%00"):
        get(f"{PAGE}&{wrong}", client)


def test_sums_are_not_told_to_who_does_not_see_every_customer() -> None:
    book()
    for role in ("collector", "account_manager", "service_agent", "cashier"):
        assert client_of(person(role, role)).get(PAGE).status_code == 403
    team("South", "south", [person("member", "collector").username])
    with pytest.raises(NotAllowed):  # whatever permissions may be given one day
        insight(actor_of(Person.objects.get(username="collector")), day(6, 30))
    get(PAGE, client_of(person("boss", "owner")))


def test_how_many_queries_the_page_asks() -> None:
    book()
    client = manager()
    get(PAGE, client)
    with CaptureQueriesContext(connection) as asked:
        get(PAGE, client)
    assert len(asked) <= 11
