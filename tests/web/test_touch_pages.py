"""Touches on pages: two clicks from the header, all that can be said on the tab, taken back, in the timeline."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from desk import client_of, manager, named, person, small_book, team, text
from goodstanding.access.models import AuditEntry
from goodstanding.parties.models import Customer
from goodstanding.relations.models import Touch

pytestmark = pytest.mark.django_db


def at(code: str, what: str = "touches/") -> str:
    return f"/customers/{Customer.objects.get(code=code).pk}/{what}"


def said(client: Any, answer: Any) -> str:
    assert answer.status_code == 302, text(answer)
    return text(client.get(answer["Location"]))


def form_of(client: Any, code: str = "A") -> dict[str, str]:
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    source = client.get(at(code)).content.decode()
    key = re.findall(r'<input[^>]*name="key"[^>]*value="(\w+)"', source)[-1]  # the first is the header's
    return {"key": key, "kind": "call", "outcome": "reached", "purpose": "collect", "at": now, "currency": "EUR"}


@pytest.mark.parametrize(
    ("what", "told", "purpose"),
    [
        ("call:no_answer", "Recorded: Call, no answer.", "collect"),
        ("visit:done", "Recorded: Visit, done.", "collect"),
        ("message:done", "Recorded: Message, done.", "collect"),
    ],
)
def test_two_clicks_record_what_is_common_once(what: str, told: str, purpose: str) -> None:
    small_book()
    client = manager()
    source = client.get(at("A", "")).content.decode()
    assert f'name="what" value="{what}"' in source
    key = re.search(r'name="key" value="(\w+)"', source)
    assert key
    sent = {"what": what, "key": key.group(1)}
    assert told in said(client, client.post(at("A", "touches/quick/"), sent))
    client.post(at("A", "touches/quick/"), sent)
    one = Touch.objects.get()
    assert (one.kind, one.outcome, one.purpose, one.by.rpartition(" #")[0]) == (*what.split(":"), purpose, "Lin")
    page = client.get(at("A", ""))
    assert "Lin" in text(page)


def test_nothing_past_due_is_care_and_nonsense_is_told() -> None:
    small_book()
    client = manager()
    client.post(at("E", "touches/quick/"), {"what": "call:reached"})
    assert Touch.objects.get().purpose == "care"
    for what in ("", "call:paid", "spell:done", "call"):
        assert "Choose what to record." in said(client, client.post(at("E", "touches/quick/"), {"what": what}))
    assert Touch.objects.count() == 1


def test_all_that_can_be_said_is_kept() -> None:
    small_book()
    client = manager()
    sent = form_of(client) | {"minutes": "45", "cost": "1,180.50", "contact": "Mr He", "note": "Likes\nthe roast <b>"}
    page = said(client, client.post(at("A"), sent))
    assert "45 minutes" in page and "€1,180.50" in page and "Mr He" in page and "the roast <b>" in page
    client.post(at("A"), sent)
    assert Touch.objects.count() == 1 and Touch.objects.get().cost == 118050
    other = client.post(at("A"), sent | {"outcome": "refused"})
    assert "was sent before with another touch" in text(other)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "spell"}, "Select a valid choice"),
        ({"at": "2199-01-01T10:00"}, "once it has happened"),
        ({"at": "yesterday"}, "Enter a valid date/time."),
        ({"minutes": "-1"}, "greater than or equal to 0"),
        ({"minutes": "1441"}, "less than or equal to 1440"),
        ({"cost": "x"}, "is not an amount"),
        ({"cost": "-1"}, "is not between 0 and"),
        ({"note": "x" * 4001}, "at most 4000 characters"),
        ({"contact": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_is_unfit_is_told_at_the_form(change: dict[str, str], told: str) -> None:
    small_book()
    client = manager()
    answer = client.post(at("A"), form_of(client) | {"contact": "as typed"} | change)
    assert answer.status_code == 200 and told in text(answer), text(answer)[-1200:]
    assert not Touch.objects.exists()


def test_a_touch_is_taken_back_with_a_reason() -> None:
    small_book()
    client = manager()
    client.post(at("A", "touches/quick/"), {"what": "call:reached"})
    there = at("A", f"touches/{Touch.objects.get().pk}/withdraw/")
    assert "Say in one line why" in said(client, client.post(there, {"reason": " "}))
    assert "The touch is withdrawn." in said(client, client.post(there, {"reason": "wrong customer"}))
    assert "withdrawn by Lin" in text(client.get(at("A"))) and "withdrawn" in text(client.get(at("A", "")))
    client.post(there)
    entry = AuditEntry.objects.get(action="withdraw_touch")
    assert "wrong customer" in str(entry.after)


def test_another_team_s_touch_is_like_none_and_who_may_only_read_sees_no_menu() -> None:
    small_book()
    client = manager()
    client.post(at("C", "touches/quick/"), {"what": "call:reached"})
    touch = Touch.objects.get().pk
    team("South", "south", [person("member", "collector").username])
    outside = client_of(person("outside", "collector"))
    assert outside.get(at("C")).status_code == 404
    assert outside.post(at("C", "touches/quick/"), {"what": "call:reached"}).status_code == 404
    assert outside.post(at("A", f"touches/{touch}/withdraw/")).status_code == 404
    auditor = client_of(person("audit", "auditor"))
    assert "Record touch" not in text(auditor.get(at("A"))) and auditor.get(at("A")).status_code == 200
    named("Z", "Old name", status="merged")
    assert "Record touch" not in text(client.get(at("Z")))
    assert "Record touch" not in text(client.get(at("A") + "?as_of=2026-06-29"))


def test_many_touches_ask_the_database_no_more() -> None:
    small_book()
    client = manager()

    def asked(where: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(where).status_code == 200
        return len(caught)

    client.post(at("A", "touches/quick/"), {"what": "call:reached"})
    asked(at("A"))
    few, line = asked(at("A")), asked(at("A", ""))
    for _n in range(12):
        client.post(at("A", "touches/quick/"), {"what": "call:reached"})
    client.get(at("A"))
    assert asked(at("A")) <= few and asked(at("A", "")) <= line
