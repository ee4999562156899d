"""Merging customers by page: who may be meant, both side by side, each refusal at its field, and what follows."""

import random
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk import client_of, manager, named, person, small_book, text
from goodstanding.access.models import AuditEntry
from goodstanding.access.types import SYSTEM
from goodstanding.actions.close_period import close_period
from goodstanding.actions.edit_customer import edit_customer
from goodstanding.parties import queries as parties
from goodstanding.parties.models import Customer, Merge
from goodstanding.parties.rules.search import search_text
from ledger import BY, day, post

pytestmark = pytest.mark.django_db


def at(code: str, into: str = "") -> str:
    address = f"/customers/{Customer.objects.get(code=code).pk}/merge/"
    return address + (f"?into={Customer.objects.get(code=into).pk}" if into else "")


def form(client: Any, code: str, into: str) -> dict[str, str]:
    """What the page's form sends when it is filled in."""
    source = client.get(at(code, into)).content.decode()
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', source))
    found.pop("csrfmiddlewaretoken", "")
    return found | {"on": "2026-06-30", "reason": "same shop", "confirm": code}


def test_likely_ones_first_then_whoever_is_searched() -> None:
    small_book()
    for code, name in (("A2", "Harbour Light Cafe Ltd."), ("X", "Something Else"), ("M", "Harbor Light Cafés")):
        named(code, name)
    named("G", "Harbour Light Cafés", parent=Customer.objects.get(code="A"))
    Customer.objects.filter(code="M").update(status="merged")
    client = manager()
    page = text(client.get(at("A")))
    assert "Perhaps the same customer Harbour Light Cafe Ltd. A2 one character apart Find" in page
    found = text(client.get(at("A") + "?q=kfzj"))
    assert "咖啡之家 B" in found
    for nobody in ("harbor", "zzzz", "A'--"):
        assert f"Nobody else is called “{nobody}”." in text(client.get(f"{at('A')}?q={nobody}"))
    assert client.get(at("A") + "?q=%00&into=x").status_code == 200


def test_both_side_by_side_and_what_will_happen() -> None:
    small_book()
    client = manager()
    page = text(client.get(at("A", "E")))
    assert "Merge A into E" in page and "Owed €350.00 –" in page and "Items 3 2" in page
    assert "1 member of its group comes along." in page and "This can't be undone." in page
    assert "Merge E into A" in text(client.get(at("E", "A"))), "the other way round"
    assert "Perhaps" not in text(client.get(at("E"))) and client.get(at("A", "A")).status_code == 200


def test_merged_and_landed_at_the_survivor() -> None:
    small_book()
    client = manager()
    answer = client.post(at("D"), form(client, "D", "E"))
    assert answer.status_code == 302 and answer["Location"] == f"/customers/{Customer.objects.get(code='E').pk}/"
    page = text(client.get(answer["Location"]))
    assert "D is merged: Lotus Tea House carries on from 30 Jun 2026." in page and "Owed in JPY ¥900" in page
    merge = Merge.objects.get()
    assert (merge.merged.code, merge.survivor.code, merge.on, merge.reason) == ("D", "E", day(6, 30), "same shop")
    assert AuditEntry.objects.filter(action="merge_customers").count() == 2
    source = client.get(f"/customers/{merge.merged_id}/").content.decode()
    assert "/merge/" not in source
    assert client.get(at("D")).status_code == 409


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"on": ""}, "on", "This field is required."),
        ({"on": "2026-02-31"}, "on", "Enter a valid date."),
        ({"on": (timezone.localdate() + timedelta(days=2)).isoformat()}, "on", "is still to come"),
        ({"on": "2026-01-15"}, "on", "closed"),
        ({"reason": ""}, "reason", "This field is required."),
        ({"reason": "x" * 201}, "reason", "at most 200"),
        ({"confirm": "d"}, "confirm", "Type D to confirm."),
        ({"confirm": ""}, "confirm", "This field is required."),
    ],
)
def test_each_refusal_stands_at_its_field(changes: dict[str, str], field: str, told: str) -> None:
    small_book()
    client = manager()
    close_period(**BY, through=day(1, 31))
    answer = client.post(at("D"), form(client, "D", "E") | changes)
    assert answer.status_code == 200 and Merge.objects.count() == 0
    source = answer.content.decode()
    errors = re.findall(rf'id="id_{field}_error">([^<]+)<', source)
    assert errors and told in errors[0], (errors, told)


def test_what_has_no_field_is_said_above() -> None:
    small_book()
    client = manager()
    assert "merge it the other way round" in text(client.post(at("A"), form(client, "A", "B")))
    sent = form(client, "D", "E")
    edit_customer(**BY, code="E", version=1, changes={"kind": "tea"})
    stale = client.post(at("D"), sent)
    assert "Somebody changed E since you opened it." in text(stale) and Merge.objects.count() == 0
    fresh = dict(re.findall(r'name="(survivor_version)" value="(\d+)"', stale.content.decode()))
    assert fresh == {"survivor_version": "2"}, "what is shown now may be confirmed"
    assert client.post(at("D"), sent | fresh).status_code == 302
    into_merged = client.post(at("A"), form(client, "A", "D"))
    assert "D is already merged into E." in text(into_merged)
    for wrong in ({"into": ""}, {"into": "x"}, {"into": "9" * 30}):
        assert client.post(at("A"), form(client, "A", "E") | wrong).status_code == 200
    assert client.post(at("A"), form(client, "A", "E") | {"into": "987654"}).status_code == 404
    assert Merge.objects.count() == 1


def test_who_may_not_merge_sees_no_way_to_it() -> None:
    small_book()
    for role in ("collector", "account_manager", "auditor"):
        client = client_of(person(role, role))
        assert client.get(at("A")).status_code == client.post(at("A")).status_code == 403
        assert "/merge/" not in client.get(f"/customers/{Customer.objects.get(code='A').pk}/").content.decode()
    assert "/merge/" in manager().get(f"/customers/{Customer.objects.get(code='A').pk}/").content.decode()


PAIRS = [
    ("山田商贸有限公司", "山田商贸"),
    ("Luna Cafe Ltd.", "LUNA  CAFÉ"),
    ("王小明咖啡", "王晓明咖啡"),
    ("Harbour Street Bar", "Bar Harbour Street"),
    ("Mueller Roasters", "Muller Roasters"),
    ("Third Place", "Thrid Place"),
    ("长安大街茶馆", "长安大街茶楼"),
    ("Old Harbour Roasting Company", "Old Harbor Roasting Co"),
    ("Grand Central Coffee House and Bakery", "Grand Central Coffee Houses & Bakery"),
]


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_the_doubtful_are_found_from_either_side(left: str, right: str) -> None:
    named("L", left)
    named("R", right)
    for number in range(30):
        named(f"O{number}", f"Other {number}")
    for code, other in (("L", "R"), ("R", "L")):
        found = parties.doubts_about(SYSTEM, parties.customer(SYSTEM, code))
        assert [doubt.right for doubt in found] == [other]


def test_the_doubtful_among_fifty_thousand() -> None:
    chance = random.Random(7)
    chars = "山田林森水木金火土日月星辰春夏秋冬东南西北中华安康福禄寿喜"
    names = [
        f"海淀{''.join(chance.choices(chars, k=6))}咖啡馆" if n % 2 else f"Luna {''.join(chance.choices('abcdefghijklm', k=7))} Bar"
        for n in range(50_000)
    ]  # fmt: skip
    Customer.objects.bulk_create(
        Customer(code=f"C{n:05}", name=name, search=search_text(f"C{n:05}", name)) for n, name in enumerate(names)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the databases do by themselves before anybody asks
    named("D1", names[1] + "有限公司")
    named("D2", names[2].replace(" Bar", "  BAR Ltd"))
    took = []
    for code, other in (("C00001", "D1"), ("C00002", "D2")):
        about = parties.customer(SYSTEM, code)
        started = time.perf_counter()
        found = parties.doubts_about(SYSTEM, about)
        took.append(time.perf_counter() - started)
        assert found[0].right == other
    print(connection.vendor, took)


def test_how_many_queries_the_pages_ask() -> None:
    small_book()
    named("A2", "Harbour Light Cafe")
    client = manager()
    counts = []
    for turn in range(2):
        for address in (at("A"), at("A", "E")):
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            counts.append(len(asked))
        for number in range(10):
            named(f"N{turn}-{number}", "Harbour Light Café")
            post("A", f"M{turn}-{number}", 1000, day(6, 1))
    print(counts)
    assert counts[2:] == [counts[0], counts[1]] and counts[0] <= 10 and counts[1] <= 28
