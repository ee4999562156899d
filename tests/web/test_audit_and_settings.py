"""The pages Audit and Settings: the trail searched and verified, books closed, people and teams."""

import re
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk import client_of, links, named, person, small_book, text
from goodstanding.access.models import AuditEntry, Person
from goodstanding.access.queries import actor_of, teams, verify_chain
from goodstanding.access.types import SYSTEM
from goodstanding.actions.edit_customer import edit_customer
from goodstanding.parties import queries as parties
from ledger import BY, day, post
from tampering import behind_the_triggers

pytestmark = pytest.mark.django_db
PASSWORD = "seven horses drink tea"


def owner() -> Any:
    found = Person.objects.filter(username="boss").first()
    return client_of(found or person("boss", "owner"))


def page(address: str, client: Any = None) -> str:
    answer = (client or owner()).get(address)
    assert answer.status_code == 200, address
    return text(answer)


def test_the_trail_tells_who_did_what_before_and_after() -> None:
    small_book()
    boss = actor_of(person("boss", "owner"))
    edit_customer(**(BY | {"actor": boss}), code="A", version=1, changes={"kind": "<i>roastery</i>"})
    shown = page("/audit/")
    assert "Boss Customer changed customer A Kind: café → <i>roastery</i>" in shown
    assert b"<i>roastery" not in owner().get("/audit/").content
    assert "Payment recorded item E PE" in shown
    assert "Customer changed" in page("/audit/?q=Boss").split("Before and after")[1]
    assert "item E PE" not in page("/audit/?q=Boss").split("Before and after")[1]
    rest = page("/audit/?action=undo_match").split("Before and after")[1]
    assert "Match undone" in rest and "Payment recorded" not in rest
    assert "No such entry" in page("/audit/?q=zzzz")
    for wrong in ("before=x", "before=99999999999999999999", "q=%00", "action=%00"):
        page(f"/audit/?{wrong}")


def test_the_trail_turns_its_pages_without_losing_an_entry() -> None:
    named("A", "Shop")
    for number in range(120):
        post("A", f"N{number}", 100, day(6, 1))
    seen, here = [], "/audit/"
    while here:
        answer = owner().get(here)
        seen += [int(n) for n in re.findall(r'<td class="r num muted">(\d+)</td>', answer.content.decode())]
        here = next(iter(links(answer, "before=")), "")
    assert seen == sorted(AuditEntry.objects.values_list("sequence", flat=True), reverse=True)
    client = owner()
    client.get("/audit/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/audit/")
    assert len(asked) <= 9


def test_the_chain_is_verified_and_a_change_is_named() -> None:
    small_book()
    client = owner()
    client.post("/audit/verify/")
    assert "The trail is whole" in page("/audit/", client)
    behind_the_triggers("UPDATE access_auditentry SET actor = 'Nobody' WHERE sequence = 3")
    assert verify_chain()
    client.post("/audit/verify/")
    assert "Entry 3 is not as it was written." in page("/audit/", client)


def test_people_are_added_changed_and_shut_out() -> None:
    client = owner()
    given = {"username": "mei", "name": "Mei Tan", "roles": ["collector"], "password": "short"}
    assert "This password won't do" in text(client.post("/settings/people/new/", given))
    assert not Person.objects.filter(username="mei").exists()
    assert client.post("/settings/people/new/", given | {"password": PASSWORD}).status_code == 302
    assert authenticate(username="mei", password=PASSWORD)
    again = client.post("/settings/people/new/", given | {"password": PASSWORD})
    assert again.status_code == 200 and "mei" in text(again)
    mei = Person.objects.get(username="mei")
    change = {"name": "Mei Lin", "roles": ["cashier", "collector"], "password": "", "active": "on"}
    assert client.post(f"/settings/people/{mei.pk}/", change).status_code == 302
    assert actor_of(mei).roles == {"cashier", "collector"} and "Mei Lin" in page("/settings/")
    assert authenticate(username="mei", password=PASSWORD), "an empty field keeps the password"
    client.post(f"/settings/people/{mei.pk}/", {"name": "Mei Lin", "roles": ["collector"], "password": ""})
    assert authenticate(username="mei", password=PASSWORD) is None, "shut out"
    assert client.get("/settings/people/999999/").status_code == 404
    trail = page("/audit/?q=mei").split("Before and after")[1]
    assert "Person added" in trail and "Roles changed" in trail and PASSWORD not in trail


def test_an_administrator_makes_no_owners() -> None:
    admin = client_of(person("adm", "administrator"))
    given = {"username": "evil", "name": "E", "roles": ["owner"], "password": PASSWORD}
    assert admin.post("/settings/people/new/", given).status_code == 403
    assert not Person.objects.filter(username="evil").exists()


def test_teams_hide_their_territories() -> None:
    small_book()
    client = owner()
    stranger = person("stranger", "collector")
    person("mei", "collector")
    sent = {"name": "South", "members": ["mei"], "territories": "south\n\n"}
    assert client.post("/settings/team/", sent).status_code == 302
    assert [(each.name, each.members, each.territories) for each in teams()] == [("South", ("mei",), ("south",))]
    assert "Summit" not in text(client_of(stranger).get("/customers/"))
    taken = client.post("/settings/team/", {"name": "Other", "members": [], "territories": "south"})
    assert taken.status_code == 200 and "south" in text(taken)
    assert client.post("/settings/team/?name=South", sent | {"territories": "", "members": []}).status_code == 302
    assert parties.customer(actor_of(stranger), "C").code == parties.customer(SYSTEM, "C").code
