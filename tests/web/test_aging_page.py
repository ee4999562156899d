"""The Receivables page and the pages behind it: figures, days, groupings, who sees what, how many queries."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import AS_OF, client_of, links, manager, named, person, small_book, team, text
from goodstanding.receivables.models import Item
from ledger import day, pay, post

pytestmark = pytest.mark.django_db
PAGE = f"/receivables/?as_of={AS_OF}"


def get(client: Any, address: str, status: int = 200, **headers: str) -> Any:
    answer = client.get(address, headers=headers)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return answer


def test_the_aging_of_a_day() -> None:
    small_book()
    page = text(get(manager(), PAGE + "&currency=EUR"))
    assert "Harbour Light Cafés A 350.00 100.00 – 0 250.00 – 0 – 0 – 0 40.00" in page
    assert "咖啡之家 B 50.00 – 0 70.00 – 0 – 0 – 0 −20.00 – 0" in page
    assert "Summit Vending C 500.00 – 0 – 0 – 0 – 0 500.00 – 0 – 0" in page
    assert "All 3 900.00 100.00 70.00 250.00 – 0 500.00 −20.00 40.00" in page
    assert "Lotus" not in page and "Tokyo" not in page
    assert "JPY 900" in page


def test_a_past_day_gives_what_was_true_then() -> None:
    small_book()
    client = manager()
    before = text(get(client, "/receivables/?as_of=2026-06-16&currency=EUR"))
    assert "Lotus Tea House E – 0 – 0 10.00 – 0 – 0 – 0 −10.00" in before, (
        "undone on the 16th, matched again on the 17th"
    )
    post("A", "A9", 77700, day(6, 25))
    pay("C", "PC", 50000, day(6, 26), "oldest")
    assert text(get(client, "/receivables/?as_of=2026-06-16&currency=EUR")) == before
    assert "Summit" not in text(get(client, PAGE + "&currency=EUR"))


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("group", "Harbour Light Cafés 2 customers 400.00"),
        ("kind", "vending 1 customer 500.00"),
        ("territory", "north 2 customers 400.00"),
        ("seller", "Wei 1 customer 350.00"),
        ("seller", "No seller 2 customers 480.00"),
        ("account_manager", "No account manager 3 customers 900.00"),
    ],
)
def test_groupings(by: str, expected: str) -> None:
    small_book()
    assert expected in text(get(manager(), f"{PAGE}&currency=EUR&by={by}"))


def test_other_buckets() -> None:
    small_book()
    page = text(get(manager(), f"{PAGE}&currency=EUR&buckets=1,44,200"))
    assert "Not due 1–1 2–44 45–200 Over 200" in page
    assert "All 3 900.00 100.00 70.00 – 0 750.00 – 0 −20.00 40.00" in page


def test_wrong_parts_of_an_address_are_said_and_fall_back() -> None:
    small_book()
    page = text(get(manager(), "/receivables/?as_of=2026-02-31&buckets=9,3&by=planet&sort=x&page=0&currency=%00"))
    assert "“2026-02-31” is not a day" in page and "can't be bucket limits" in page
    assert "Not due 1–30" in page


@pytest.mark.parametrize(
    ("search", "found"),
    [("harbour", "A"), ("CAFES", "A"), ("kafeizhijia", "B"), ("kfzj", "B"), ("咖啡", "B"), ("c", "AC"), ("zzz", "")],
)
def test_search(search: str, found: str) -> None:
    small_book()
    page = text(get(manager(), f"{PAGE}&currency=EUR&q={search}"))
    names = {"A": "Harbour", "B": "咖啡之家", "C": "Summit"}
    assert {code for code, name in names.items() if name in page.split("Open", 3)[-1]} == set(found)
    assert ("Nothing matches" in page) == (not found)


def test_every_figure_opens_into_items_that_sum_to_it() -> None:
    small_book()
    client = manager()
    page = get(client, PAGE + "&currency=EUR")
    opened = sorted(set(links(page, "/receivables/items/")))
    assert len(opened) > 15
    for link in opened:
        assert "as_of=2026-06-30" in link
        get(client, link)
    one = text(get(client, f"/receivables/items/?as_of={AS_OF}&currency=EUR&key=A&part=b2"))
    assert "1 open item" in one and "A2" in one and "45 days past due" in one and "250.00" in one and "40.00" in one


def test_an_item_with_its_matches_and_holds_as_of_the_day() -> None:
    small_book()
    client = manager()
    rows = get(client, f"/receivables/items/?as_of={AS_OF}&currency=EUR&key=A&part=b2")
    address = next(link for link in links(rows, "/items/") if link.startswith("/items/"))
    story = text(get(client, address))
    assert "Invoice A2" in story and "45 days past due" in story and "PA" in story and "Dispute" in story
    assert ("complaint 7" in story and "50.00 of 300.00 settled" in address + story) or "50.00" in story
    early = text(get(client, address.replace(AS_OF, "2026-05-20")))
    assert "Nothing was matched with it by this day" in early and "One later match" in early and "Dispute" not in early
    get(client, address.replace(AS_OF, "2026-04-01"), 404)
    get(client, "/items/999999/", 404)


def test_the_day_holds_from_page_to_page() -> None:
    small_book()
    page = get(manager(), PAGE)
    assert f"/receivables/?as_of={AS_OF}" in links(page) and f"/import/?as_of={AS_OF}" in links(page)


def test_an_empty_book_leads_to_import() -> None:
    page = get(manager(), "/receivables/")
    assert "The book is empty" in text(page) and "/import/" in links(page)
    assert "Import a file" not in text(get(client_of(person("c", "collector")), "/receivables/"))


def test_a_day_without_anything_open_leads_to_one_with() -> None:
    small_book()
    page = get(manager(), "/receivables/?as_of=2020-01-01")
    assert "Nothing was open on this day" in text(page) and "/receivables/?as_of=2026-06-25" in links(page)


def test_another_teams_customers_do_not_exist() -> None:
    small_book()
    north = person("north", "collector")
    team("North", "north", ["north"])
    team("South", "south")
    client = client_of(north)
    page = text(get(client, PAGE + "&currency=EUR"))
    assert "Summit" not in page and "400.00" in page and "900.00" not in page
    assert "south" not in get(client, PAGE).content.decode(), "not even as a choice"
    hidden = get(client, "/receivables/items/?currency=EUR&key=C", 404).content
    absent = get(client, "/receivables/items/?currency=EUR&key=Z", 404).content
    assert _plain(hidden) == _plain(absent)
    other = Item.objects.get(number="C1").pk
    assert _plain(get(client, f"/items/{other}/", 404).content) == _plain(get(client, "/items/999999/", 404).content)
    assert b"Summit" not in client.get(PAGE + "&currency=EUR&format=csv").content
    assert b"C1" not in client.get(f"/receivables/items/?as_of={AS_OF}&currency=EUR&format=csv").content


def _plain(page: bytes) -> str:
    without = re.sub(rb'(value|name)="[^"]*"', b"", page)
    return without.decode()


def test_htmx_gets_only_the_table() -> None:
    small_book()
    whole = get(manager(), PAGE).content
    part = get(manager_again(), PAGE, **{"HX-Request": "true"}).content
    assert b"<html" in whole and b"<html" not in part and b"Harbour" in part


def manager_again() -> Any:
    return client_of(person("lin2", "credit_manager"))


def test_long_tables_are_paged() -> None:
    for number in range(120):
        named(f"K{number:03}", f"Kiosk {number:03}")
        post(f"K{number:03}", f"I{number}", 1000 + number, dt.date(2026, 6, 1))
    client = manager()
    first = get(client, PAGE)
    assert "1–50 of 120" in text(first) and "Kiosk 119" in text(first) and "Kiosk 069" not in text(first)
    last = get(client, PAGE + "&page=3")
    assert "101–120 of 120" in text(last) and "Kiosk 000" in text(last)
    assert "101–120 of 120" in text(get(client, PAGE + "&page=99999"))


BUDGET = 25


def test_queries_per_page() -> None:
    small_book()
    client = manager()
    rows = get(client, f"/receivables/items/?as_of={AS_OF}&currency=EUR")
    item = next(link for link in links(rows) if link.startswith("/items/"))
    for address in (PAGE, PAGE + "&by=group&q=a", f"/receivables/items/?as_of={AS_OF}", item, "/import/", "/nothing/"):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        print(f"{address}: {len(queries)} queries")
        assert len(queries) <= BUDGET, address


def test_both_languages_write_days_and_amounts_their_way() -> None:
    small_book()
    english, chinese = text(get(manager(), PAGE + "&currency=EUR")), client_of(person("yue", "owner"), "zh-hans")
    assert "30 Jun 2026" in english and "€900.00" in english
    page = text(get(chinese, PAGE + "&currency=EUR"))
    assert "2026年6月30日" in page and "€900.00" in page and "Receivables" not in page and "应收账款" in page


@pytest.mark.parametrize(
    "query",
    [
        "items=1&keys=2&q=%00",
        "page=99999999999999999999&sort=b99&order=sideways",
        "by=customer&by=group&buckets=%F0%9F%92%A9",
        "currency=%27%22%3E&kind=%ED%A0%80&territory=" + "x" * 5000,
        "as_of=9999-12-31",
        "as_of=0001-01-01&format=pdf",
        "q=" + "%25_%5C" * 20,
        "key=%00&part=b999",
        "key=" + "9" * 400 + "&part=held&sort=%00",
    ],
)
def test_no_address_is_a_server_error(query: str) -> None:
    small_book()
    client = manager()
    for path in ("/receivables/", "/receivables/items/", "/import/"):
        assert client.get(f"{path}?{query}").status_code in (200, 404), path
