"""What is open by month due and how few owe it: counted by hand, and tied to the aging on books made by chance."""

import csv
import random
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import client_of, links, manager, named, person, small_book, team, text
from goodstanding.access.types import SYSTEM
from goodstanding.reports.aging_types import GROUPINGS, Asked
from goodstanding.reports.desk import aging, behind, concentration, months
from ledger import day, pay, post

pytestmark = pytest.mark.django_db
MONTHS = "/receivables/months/?as_of=2026-06-30&currency=EUR"
HOLDERS = "/receivables/concentration/?as_of=2026-06-30&currency=EUR"


def table(client: Any, address: str) -> list[dict[str, str]]:
    content = client.get(f"{address}&format=csv").content.decode("utf-8-sig")
    return list(csv.DictReader(content.splitlines()))


def test_months_counted_by_hand() -> None:
    small_book()
    client = manager()
    rows = {row["Code"]: row for row in table(client, MONTHS)}
    light = rows["A"]
    assert (light["May 2026"], light["Jul 2026"], light["Open"]) == ("250.00", "100.00", "350.00")
    assert (rows["B"]["Jun 2026"], rows["B"]["Unapplied"], rows["B"]["Open"]) == ("70.00", "-20.00", "50.00")
    assert set(light) >= {"before Mar 2026", "Mar 2026", "Aug 2026", "after Aug 2026"}
    page = text(client.get(MONTHS))
    assert "Harbour Light Cafés A 350.00" in page and "All 3" in page


def test_every_figure_by_month_opens_into_its_items() -> None:
    small_book()
    client = manager()
    opened = [link for link in links(client.get(MONTHS), "/receivables/items/") if "part=" in link]
    assert any("part=2026-05" in link for link in opened)
    for link in opened:
        assert "Nothing is open here" not in text(client.get(link)), link
    may = next(link for link in opened if "part=2026-05" in link and "key=A" in link)
    assert "A2" in text(client.get(may)) and "A1" not in text(client.get(may)) and "May 2026" in text(client.get(may))
    assert client.get("/receivables/items/?part=2026-13").status_code == 200, "no such month is everything, not a fault"


def test_concentration_counted_by_hand() -> None:
    for code, amount in (("A", 50000), ("B", 35000), ("C", 10000), ("D", 5000)):
        named(code, f"Customer {code}")
        post(code, f"{code}1", amount, day(6, 1), due=day(6, 29) if code == "B" else day(7, 10))
    pay("D", "PD", 4000, day(6, 20), "none")  # unapplied: what D owes stays
    found = concentration(Asked(day(6, 30)), SYSTEM)
    assert [each.share for each in found.rows] == [Fraction(1, 2), Fraction(7, 20), Fraction(1, 10), Fraction(1, 20)]
    assert [each.cumulative for each in found.rows][-1] == 1 and found.rows[1].past_due == 35000
    assert found.hhi == Fraction(385, 1000) and found.owed == 100000
    client = manager()
    page = text(client.get(HOLDERS))
    assert "The largest 50.0%" in page and "3,850" in page and "as 2.6 of equal size" in page
    second = table(client, HOLDERS)[1]
    assert (second["Code"], second["Owed"], second["Share"], second["Cumulative share"]) == (
        "B",
        "350.00",
        "0.350000",
        "0.850000",
    )


def test_squares_beyond_64_bits() -> None:
    named("A", "Giant")
    named("B", "Giant too")
    post("A", "A1", 9 * 10**14, day(6, 1), due=day(6, 29))
    post("B", "B1", 3 * 10**14, day(6, 1), due=day(6, 29))
    assert concentration(Asked(day(6, 30)), SYSTEM).hhi == Fraction(10, 16)


@pytest.mark.parametrize("seed", range(5))
def test_both_tie_out_with_the_aging(seed: int) -> None:
    chance = random.Random(seed)
    for at in range(12):
        named(
            f"C{at}", f"Customer {at}", kind=chance.choice(["", "café", "shop"]), territory=chance.choice(["", "north"])
        )
        for n in range(chance.randrange(4)):
            due = day(chance.randrange(1, 13), chance.randrange(1, 28))
            post(
                f"C{at}",
                f"I{at}-{n}",
                chance.randrange(1, 99999),
                day(1, 1),
                due=due,
                seller=chance.choice(["", "Wei"]),
            )
        if chance.random() < 0.4:
            pay(f"C{at}", f"P{at}", chance.randrange(1, 9999), day(2, 1), "none")
    for by in GROUPINGS:
        asked = Asked(day(chance.randrange(3, 13), 15), by=by)
        ages, spread, few = aging(asked, SYSTEM), months(asked, SYSTEM), concentration(asked, SYSTEM)
        assert spread.totals.total == ages.totals.total and few.owed == ages.totals.owed
        assert [(row.key, row.total) for row in spread.rows] == [(row.key, row.figures.total) for row in ages.rows]
        assert sum(each.share for each in few.rows) == (1 if few.owed else 0)
        for row in spread.rows[:5]:
            for part, amount in zip(spread.columns, row.amounts, strict=True):
                assert behind(asked, SYSTEM, key=row.key, part=part).total == amount, (by, row.key, part)


@pytest.mark.parametrize("page", [MONTHS, HOLDERS])
def test_another_teams_customers_are_not_there(page: str) -> None:
    small_book()
    team("South", "south", [person("member", "collector").username])
    stranger = client_of(person("stranger", "collector"))
    assert "Summit Vending" in text(client_of(person("boss", "owner")).get(page))
    assert "Summit Vending" not in text(stranger.get(page)) and "500.00" not in text(stranger.get(page))


@pytest.mark.parametrize("page", [MONTHS, HOLDERS])
@pytest.mark.parametrize("given", ["&by=kind", "&show=past_due", "&kind=shop&q=zzz", "&page=99", "&as_of=1999-01-01"])
def test_every_question_has_an_answer(page: str, given: str) -> None:
    small_book()
    client = manager()
    assert client.get(page + given).status_code == 200
    assert client.get(page + given + "&format=xlsx").status_code == 200


@pytest.mark.parametrize("page", [MONTHS, HOLDERS])
def test_how_many_queries_the_pages_ask(page: str) -> None:
    small_book()
    client = manager()
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(page)
    for at in range(20):
        named(f"X{at}", f"More {at}")
        post(f"X{at}", f"X{at}-1", 1000, day(6, 1))
    client.get(page)
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) <= len(few) <= 10
