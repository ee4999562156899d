"""The list of customers and the page of one: figures, filters, pages by key, account, timeline, facts, who sees what."""

import csv
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import AS_OF, client_of, links, manager, named, person, small_book, team, text
from goodstanding.access.models import Person
from goodstanding.access.types import SYSTEM
from goodstanding.actions.edit_customer import edit_customer
from goodstanding.actions.match_items import match_items
from goodstanding.actions.merge_customers import merge_customers
from goodstanding.actions.save_contact import save_contact
from goodstanding.parties import queries as parties
from goodstanding.parties.assessment import Class, Figures, store
from goodstanding.parties.models import Customer
from goodstanding.parties.types import Contact
from goodstanding.receivables.models import Item
from goodstanding.reports import customer as report
from ledger import BY, day, pay, post

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 30)
LIST = f"/customers/?as_of={AS_OF}"


def get(client: Any, address: str, status: int = 200, **headers: str) -> Any:
    answer = client.get(address, headers=headers)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return answer


def page_of(code: str, tab: str = "") -> str:
    return f"/customers/{Customer.objects.get(code=code).pk}/{tab}?as_of={AS_OF}"


def manager_once() -> Any:
    """The manager, made at the first call."""
    found = Person.objects.filter(username="lin").first()
    return client_of(found) if found else manager()


def night() -> None:
    """The night of the small book, as it would be stored."""
    figures = (("A", 35000, 25000, 0), ("B", 5000, 7000, -2000), ("C", 50000, 50000, 0))
    because = {"template": "Net sales of {amount} {currency} in 12 months: number {rank} of {customers}, {share}% of the total.",
               "params": {"amount": "400.00", "currency": "EUR", "rank": 1, "customers": 3, "share": "43.0"}}  # fmt: skip
    pays = {"template": "Only {payments} payments or overdue invoices in 12 months: too few to judge.",
            "params": {"payments": 1}}  # fmt: skip
    classes = [Class("A", "value", "EUR", "A", because), Class("A", "behaviour", "EUR", "unknown", pays)]
    classes += [Class("B", "value", "EUR", "B", because), Class("B", "behaviour", "EUR", "slow", pays)]
    store(DAY, "x", [Figures(code, "EUR", *money, {}) for code, *money in figures], classes, BY["now"])


def names(answer: Any) -> list[str]:
    return re.findall(r'<a href="/customers/\d+/[^"]*">([^<]+)</a>', answer.content.decode())


def test_the_list_with_figures_and_classes_of_the_night() -> None:
    small_book()
    night()
    page = text(get(manager(), LIST))
    assert "Figures and classes of the night of 30 Jun 2026" in page
    assert "Harbour Light Cafés A · café · north –" in page and "A Net sales of 400.00 EUR in 12 months" in page
    assert "too few to judge. 350.00 250.00 – 0" in page and "too few to judge. 50.00 70.00 −20.00" in page
    assert re.search("Lotus Tea House E · café –.* – 0 – 0 – 0", page)
    assert "5 customers" in page


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("kind=café", ["Harbour Light Cafés", "Lotus Tea House"]),
        ("territory=north", ["Harbour Light Cafés", "咖啡之家"]),
        ("value=A", ["Harbour Light Cafés"]),
        ("behaviour=slow", ["咖啡之家"]),
        ("q=kfzj", ["咖啡之家"]),
        ("q=light&kind=café", ["Harbour Light Cafés"]),
        ("status=closed", []),
        ("sort=open", ["Summit Vending", "Harbour Light Cafés", "咖啡之家", "Lotus Tea House", "Tokyo Roast"]),
        ("sort=open&order=up", ["Tokyo Roast", "Lotus Tea House", "咖啡之家", "Harbour Light Cafés", "Summit Vending"]),
        ("sort=unapplied", ["咖啡之家", "Harbour Light Cafés", "Summit Vending", "Tokyo Roast", "Lotus Tea House"]),
    ],
)
def test_filters_search_and_order(asked: str, expected: list[str]) -> None:
    small_book()
    night()
    found = names(get(manager(), f"{LIST}&{asked}"))
    if "sort=open" in asked:  # equal ones by code, the order turned with the rest
        assert found[:3] == expected[:3] if "order" not in asked else found[-3:] == expected[-3:]
        assert set(found) == set(expected)
    else:
        assert found == expected


@pytest.mark.parametrize("sort", ["code", "name", "since", "open", "past_due", "unapplied"])
@pytest.mark.parametrize("order", ["up", "down"])
def test_pages_by_key_lose_nobody_there_and_back(sort: str, order: str) -> None:
    made = [named(f"K{number:03}", f"Shop {number}") for number in range(1, 121)]
    store(
        DAY, "x",
        [Figures(one.code, "EUR", at % 7 * 100, at % 3 * 50, -(at % 5), {}) for at, one in enumerate(made)],
        [], BY["now"],
    )  # fmt: skip
    client = manager()
    forward, pages, here = [], [], f"{LIST}&sort={sort}&order={order}"
    while here:
        answer = get(client, here)
        pages.append(names(answer))
        forward += pages[-1]
        here = next(iter(re.findall(r'id="page-after" href="([^"]+)"', answer.content.decode())), "").replace(
            "&amp;", "&"
        )
    assert [len(each) for each in pages] == [50, 50, 20]
    assert len(set(forward)) == 120
    back = re.findall(r'id="page-before" href="([^"]+)"', answer.content.decode())[0].replace("&amp;", "&")
    assert names(get(client, back)) == pages[1]
    rows = list(
        csv.reader(get(client, f"{LIST}&sort={sort}&order={order}&format=csv").content.decode("utf-8-sig").splitlines())
    )
    assert [row[1] for row in rows[1:]] == forward


def test_wrong_parts_of_the_address_fall_back() -> None:
    small_book()
    for wrong in (
        "sort=nothing",
        "after=~",
        "after=x&sort=open",
        "after=9999999999999999999999~A&sort=open",
        "currency=ZZZ",
        "before=%00~A",
    ):
        assert len(names(get(manager_once(), f"{LIST}&{wrong}"))) == 5, wrong


def test_the_page_agrees_with_the_aging_on_any_day() -> None:
    small_book()
    client = manager()
    for when in ("2026-06-30", "2026-06-16", "2026-05-20"):
        for one in Customer.objects.all():
            ids = report.members(parties.customer_by_id(SYSTEM, one.pk), date.fromisoformat(when))
            for standing in report.standings(ids, date.fromisoformat(when)):
                rows = get(client, f"/receivables/?as_of={when}&currency={standing.currency}&format=csv")
                row = next(r for r in csv.reader(rows.content.decode("utf-8-sig").splitlines()) if r[0] == one.code)
                digits = 1 if standing.currency == "JPY" else 100
                found = standing.figures
                shown = [found.total, *found.buckets, found.unapplied, found.held]
                cells = [round(float(cell) * digits) for cell in row if re.fullmatch(r"-?\d+(\.\d\d)?", cell)]
                assert cells[: len(shown)] == shown, (one.code, when)


def test_the_account_ends_in_what_is_open_also_across_the_group() -> None:
    small_book()
    pay("A", "PG", 6000, day(6, 28), "none")
    match_items(**BY, credit=("A", "PG", 0), debit=("B", "B1", 0), amount=6000, day=day(6, 29))
    for code in ("A", "B"):
        customer = parties.customer(SYSTEM, code)
        lines = report.account(report.members(customer, DAY), DAY)
        (standing,) = report.standings(report.members(customer, DAY), DAY)
        assert lines[-1].balance == standing.figures.total
    page = text(get(manager(), page_of("B", "account/")))
    assert "PG paid by A 29 Jun 2026 60.00" in page
    assert "B1 for B" in text(get(manager_once(), page_of("A", "account/")))


def test_the_timeline_says_what_became_of_each_item() -> None:
    small_book()
    page = text(get(manager(), page_of("E")))
    assert "Invoice E1 €10.00 1 May 2026 Settled on 17 Jun 2026, 17 days late. Settled by PE" in page
    assert "Payment PE −€10.00 15 Jun 2026 Settles E1" in page
    assert "Nothing is open as of 30 Jun 2026." in page
    page = text(get(manager_once(), page_of("A")))
    assert "Invoice A2 €300.00 16 Apr 2026 250.00 of 300.00 still open. Due 16 May 2026, 45 days ago." in page
    assert "Owed in EUR €350.00" in page and "Disputed or held €40.00" in page


def test_a_merged_customer_leads_to_who_carries_on() -> None:
    small_book()
    d, e = (parties.customer(SYSTEM, code) for code in ("D", "E"))
    versions = {"merged_version": d.version, "survivor_version": e.version}
    merge_customers(**BY, merged="D", survivor="E", on=day(6, 20), reason="same", **versions)
    page = text(get(manager(), page_of("D")))
    assert "On this day Lotus Tea House carries on for this customer. E" in page
    assert "Owed in JPY ¥900" in text(get(manager_once(), page_of("E")))
    before = f"/customers/{Customer.objects.get(code='D').pk}/?as_of=2026-06-19"
    assert "Owed in JPY ¥900" in text(get(manager_once(), before))


def test_facts_tell_who_changed_what() -> None:
    small_book()
    edit_customer(
        **BY, code="A", version=1, changes={"account_manager": "Wei <b>Chen", "credit_limit": 900000, "currency": "EUR"}
    )
    save_contact(**BY, contact=Contact("A", "何俊", role="owner", birthday="12-22", birthday_calendar="lunar"))
    page = text(get(manager(), page_of("A", "facts/")))
    assert "Customer changed" in page and "Account manager: Wei <b>Chen" in page
    assert "Credit limit: as the policy says → €9,000.00" in page
    assert "Contact saved · 何俊" in page
    assert "<b>Chen" not in get(manager_once(), page_of("A", "facts/")).content.decode()
    people = text(get(manager_once(), page_of("A", "people/")))
    assert "何俊 owner 12-22 lunar" in people


def test_another_teams_customer_is_like_none() -> None:
    small_book()
    team("South", "south", [person("member", "collector").username])
    hidden = Customer.objects.get(code="C").pk
    stranger = client_of(person("stranger", "collector"))
    assert "Summit" not in text(get(stranger, LIST))
    for tab in ("", "account/", "people/", "facts/"):
        there = stranger.get(f"/customers/{hidden}/{tab}")
        absent = stranger.get(f"/customers/987654/{tab}")
        assert there.status_code == absent.status_code == 404
        assert b"Summit" not in there.content
    assert stranger.get("/customers/by-code/?code=C").status_code == 404
    assert stranger.get("/customers/by-code/?code=A")["Location"].startswith("/customers/")
    get(client_of(person("insider-owner", "owner")), f"/customers/{hidden}/")


def test_the_account_as_a_file() -> None:
    small_book()
    answer = get(manager(), page_of("A", "account/") + "&format=csv")
    assert 'filename="account-A-2026-06-30-EUR.csv"' in answer["Content-Disposition"]
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert [(row[1], row[7], row[8], row[9], row[10]) for row in rows[1:]] == [
        ("A2", "300.00", "", "300.00", "250.00"),
        ("PA", "", "50.00", "250.00", "0.00"),
        ("A1", "100.00", "", "350.00", "100.00"),
    ]


def test_how_many_queries_a_page_asks() -> None:
    small_book()
    night()
    client = manager()
    most = {
        LIST: 24,
        page_of("A"): 21,  # the ring tells its reasons
        page_of("A", "account/"): 18,
        page_of("A", "people/"): 18,
        page_of("A", "facts/"): 20,
    }
    for address, limit in most.items():
        with CaptureQueriesContext(connection) as asked:
            get(client, address)
        print(address, len(asked))
        assert len(asked) <= limit, address
    for number in range(20):
        named(f"M{number}", f"More {number}")
        post("A", f"M{number}", 1000, day(6, 1))
    for address, limit in most.items():
        with CaptureQueriesContext(connection) as asked:
            get(client, address)
        assert len(asked) <= limit, f"{address} grows with the book"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("harbour", "Harbour Light Cafés A"),
        ("kfzj", "咖啡之家 B"),
        ("A2", "A2 Invoice · Harbour Light Cafés"),
        ("300.00", "A2 Invoice · Harbour Light Cafés · 16 Apr 2026 €300.00"),
        ("900", "D1 Invoice · Tokyo Roast"),
        ("receivables", "Go to Receivables"),
        ("dark", "Theme: Dark"),
    ],
)
def test_search_finds(asked: str, expected: str) -> None:
    small_book()
    assert expected in text(get(manager(), f"/search/?q={asked}"))


def test_search_finds_what_one_may_see_and_items_newest_first() -> None:
    small_book()
    post("A", "X-1", 12345, day(6, 2))
    post("B", "X-2", 12345, day(6, 3))
    team("South", "south", [person("member", "collector").username])
    stranger = client_of(person("stranger", "collector"))
    for asked in ("summit", "C1", "500.00"):
        assert "Summit" not in text(get(stranger, f"/search/?q={asked}")), asked
    assert "Summit" in text(get(client_of(person("sees", "owner")), "/search/?q=C1"))
    page = text(get(stranger, "/search/?q=123.45"))
    assert page.index("X-2") < page.index("X-1")
    assert "Nothing is called “zzzz”" in text(get(stranger, "/search/?q=zzzz"))
    get(stranger, "/search/?q=%00%20' OR 1=1 --%25_")
    part = get(stranger, "/search/?q=harbour", **{"HX-Request": "true"})
    assert "<html" not in part.content.decode() and "Harbour" in text(part)
    item = Item.objects.get(number="X-1")
    assert f"/items/{item.pk}/" in " ".join(links(get(stranger, "/search/?q=X-1")))
