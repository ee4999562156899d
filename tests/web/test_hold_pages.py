"""Holds by page: placed and ended on the item's page, refused at their field, seen at once in every figure."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk import client_of, manager, person, small_book, team, text
from goodstanding.access.models import AuditEntry, Person
from goodstanding.actions.close_period import close_period
from goodstanding.actions.place_hold import place_hold
from goodstanding.parties.models import Customer
from goodstanding.receivables.models import Hold, HoldRelease, Item
from ledger import BY, day

pytestmark = pytest.mark.django_db


def at(number: str, what: str = "") -> str:
    return f"/items/{Item.objects.get(number=number, entry=1).pk}/" + (f"{what}/" if what else "")


def form(client: Any, number: str = "A1", what: str = "hold") -> dict[str, str]:
    """What the form on the item's page sends as it stands."""
    source = client.get(at(number)).content.decode()
    part = re.findall(rf'action="{at(number, what)}">(.*?)</form>', source, flags=re.S)[0]
    found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*?value="([^"]*)"', part))
    found.pop("csrfmiddlewaretoken")
    return {"reason": ""} | found | ({"reason": "dispute", "source": ""} if what == "hold" else {})


def errors(answer: Any) -> dict[str, str]:
    return dict(re.findall(r'id="id_(?:release_|hold_)?(\w+)_error">([^<]+)<', answer.content.decode()))


def test_a_hold_is_placed_and_seen_at_once() -> None:
    small_book()
    client = manager()
    sent = form(client)
    assert (sent["amount"], sent["day"]) == ("100.00", timezone.localdate().isoformat())
    answer = client.post(
        at("A1", "hold"), sent | {"amount": "60", "source": "They say: two bags short", "day": "2026-06-29"}
    )
    assert answer.status_code == 302
    page = text(client.get(answer["Location"]))
    assert "60.00 EUR of A1 is held back from 29 Jun 2026 on." in page and "€60.00 held" in page
    assert "29 Jun 2026 Dispute They say: two bags short in force" in page
    assert form(client)["amount"] == "40.00", "what is left to hold"
    customer = f"/customers/{Customer.objects.get(code='A').pk}/?as_of=2026-06-30"
    assert "Disputed or held €100.00" in text(client.get(customer))
    assert "€100.00 held" in text(client.get("/receivables/items/?as_of=2026-06-30&key=A&currency=EUR"))
    assert "held" not in text(client.get(at("A1") + "?as_of=2026-06-28"))
    client.post(at("A1", "hold"), sent | {"amount": "60", "source": "They say: two bags short", "day": "2026-06-29"})
    assert Hold.objects.filter(item__number="A1").count() == 1, "the same form again places nothing"
    assert AuditEntry.objects.filter(action="place_hold", subject="item A A1").count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"amount": "100.01"}, "amount", "100.01 EUR is more than the 100.00 EUR open of A1"),
        ({"amount": "0"}, "amount", "above zero"),
        ({"amount": "1_0"}, "amount", "is not an amount"),
        ({"amount": ""}, "amount", "This field is required."),
        ({"reason": "because"}, "reason", "Select a valid choice"),
        ({"reason": ""}, "reason", "This field is required."),
        ({"source": "x" * 201}, "source", "at most 200"),
        ({"day": "2026-06-01"}, "day", "can&#x27;t be held on 2026-06-01 already"),
        ({"day": "2026-01-31"}, "day", "2026-01-31"),
        ({"day": "x"}, "day", "Enter a valid date."),
    ],
)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(changes: dict[str, str], field: str, told: str) -> None:
    small_book()
    client = manager()
    sent = form(client) | {"source": "as typed"} | changes
    answer = client.post(at("A1", "hold"), sent)
    assert answer.status_code == 200 and told in errors(answer).get(field, ""), errors(answer)
    assert f'value="{sent["source"][:40]}' in answer.content.decode()
    assert Hold.objects.filter(item__number="A1").count() == 0
    assert re.search(r'<details class="part" id="hold" open>', answer.content.decode())


def test_nothing_is_held_back_in_closed_books() -> None:
    small_book()
    client = manager()
    sent = form(client) | {"day": "2026-06-20"}
    close_period(**BY, through=day(6, 25))
    answer = client.post(at("A1", "hold"), sent)
    assert "closed" in errors(answer)["day"] and Hold.objects.filter(item__number="A1").count() == 0


def test_a_hold_ends_and_the_amount_is_asked_for_again() -> None:
    small_book()
    client = manager()
    sent = form(client, "A2", "release")
    early = client.post(at("A2", "release"), sent | {"day": "2026-06-19"})
    assert "can&#x27;t be released on 2026-06-19 already" in errors(early)["day"]
    assert "required" in errors(client.post(at("A2", "release"), sent | {"day": ""}))["day"]
    assert HoldRelease.objects.count() == 0
    answer = client.post(at("A2", "release"), sent | {"day": "2026-06-30", "reason": "answered"})
    page = text(client.get(answer["Location"]))
    assert "40.00 EUR of A2 is asked for again from 30 Jun 2026 on." in page and "answered" in page
    assert "Disputed or held €0.00" in text(
        client.get(f"/customers/{Customer.objects.get(code='A').pk}/?as_of=2026-06-30")
    )
    assert "€40.00 held" in text(client.get(at("A2") + "?as_of=2026-06-29"))
    again = client.post(at("A2", "release"), sent | {"day": "2026-07-01", "reason": "other"})
    assert "released on 2026-06-30 already" in text(client.get(again["Location"])) and HoldRelease.objects.count() == 1
    assert client.post(at("A2", "release"), sent | {"hold": "nothing"}).status_code == 404


def test_of_two_holds_the_refused_one_shows_why() -> None:
    small_book()
    second = place_hold(**BY, item=("A", "A2", 0), amount=1000, reason="promise", day=day(6, 25))
    client = manager()
    answer = client.post(at("A2", "release"), {"hold": second.key, "day": "2026-06-24", "reason": "typed"})
    source = answer.content.decode()
    assert source.count('<details class="part end-hold no-print" open>') == 1
    assert (
        source.index(f'value="{second.key}"')
        < source.index("can&#x27;t be released")
        < source.index("End the hold</button>", source.index(f'value="{second.key}"'))
    )
    ids = re.findall(r' id="([^"]+)"', source)
    assert len(ids) == len(set(ids))


def test_who_may_hold_and_who_may_end_it() -> None:
    small_book()
    seller, auditor = client_of(person("ann", "account_manager")), client_of(person("aud", "auditor"))
    page = seller.get(at("A2")).content.decode()
    assert "Hold it back" in page and "End the hold of" not in page
    assert seller.post(at("A2", "release"), {}).status_code == 403
    assert "Hold it back" not in text(auditor.get(at("A2"))) and auditor.post(at("A2", "hold"), {}).status_code == 403
    manager()
    assert "Hold it back" not in text(client_of(Person.objects.get(username="lin")).get(at("PB"))), (
        "a credit has nothing to hold"
    )
    assert seller.get(at("A2", "hold")).status_code == 302
    past = seller.get(at("A2") + "?as_of=2026-06-30").content.decode()
    assert "Hold it back" not in past


def test_another_teams_item_is_like_none() -> None:
    small_book()
    team("South", "south", [person("member", "collector").username])
    held = place_hold(**BY, item=("C", "C1", 0), amount=100, reason="dispute", day=day(6, 1))
    stranger = client_of(person("stranger", "collector"))
    sent = {"key": "k", "amount": "1.00", "reason": "dispute", "day": "2026-06-30"}
    for address, given in (
        (at("C1", "hold"), sent),
        (at("C1", "release"), {"hold": held.key, "day": "2026-06-30"}),
        (at("A1", "release"), {"hold": held.key, "day": "2026-06-30"}),
    ):
        answer = stranger.post(address, given)
        assert answer.status_code == 404 and b"Summit" not in answer.content
    assert stranger.post("/items/987654/hold/", sent).status_code == 404
    assert Hold.objects.filter(item__number="C1").count() == 1 and HoldRelease.objects.count() == 0


def test_how_many_queries_an_item_asks() -> None:
    small_book()
    client = manager()
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(at("A2"))
        counts.append(len(asked))
        for number in range(5):
            place_hold(**BY, item=("A", "A2", 0), amount=100, reason="dispute", day=day(6, 20 + number))
    print(counts)
    assert counts[0] == counts[1] <= 26
