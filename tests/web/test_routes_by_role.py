"""Guarantee 9: every route × method × role, generated from the URL configuration; an unlisted route fails."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from desk import ROLES, client_of, named, person, team
from goodstanding.access.models import Person
from goodstanding.access.queries import actor_of
from goodstanding.access.rules import permits
from goodstanding.access.types import SYSTEM
from goodstanding.actions.receive_upload import receive_upload
from goodstanding.parties.models import Customer
from goodstanding.receivables.models import Item
from ledger import day, post

pytestmark = pytest.mark.django_db
METHODS = ("get", "head", "post", "put", "patch", "delete")
ANYONE = "anyone"  # signed in or not
SIGNED_IN = "signed in"  # whatever the role
# route → method → who may: a permission of access/rules.py, or one of the two above. Other methods give 405.
ROUTES: dict[str, dict[str, str]] = {
    "home": {"get": SIGNED_IN, "head": SIGNED_IN},
    "sign-in": {"get": ANYONE, "head": ANYONE, "post": ANYONE},
    "sign-out": {"post": ANYONE},
    "language": {"post": ANYONE},
    "theme": {"post": ANYONE},
    "today": {"get": "view_book", "head": "view_book"},
    "search": {"get": "view_book", "head": "view_book"},
    "customers": {"get": "view_book", "head": "view_book"},
    "customer-by-code": {"get": "view_book", "head": "view_book"},
    "customer": {"get": "view_book", "head": "view_book"},
    "customer-account": {"get": "view_book", "head": "view_book"},
    "customer-people": {"get": "view_book", "head": "view_book"},
    "customer-facts": {"get": "view_book", "head": "view_book"},
    "customer-edit": {"get": "edit_customer", "head": "edit_customer", "post": "edit_customer"},
    "customer-contact": {"get": "save_contact", "head": "save_contact", "post": "save_contact"},
    "customer-payment": {"get": "record_payment", "head": "record_payment", "post": "record_payment"},
    "customer-document": {"get": "record_item", "head": "record_item", "post": "record_item"},
    "match-item": {"post": "match_items"},
    "undo-match": {"post": "undo_match"},
    "reverse-item": {"post": "reverse_item"},
    "write-off-item": {"post": "write_off"},
    "insight": {"get": "view_insight", "head": "view_insight"},
    "audit": {"get": "view_audit", "head": "view_audit"},
    "verify-audit": {"post": "view_audit"},
    "settings": {"get": "view_audit", "head": "view_audit"},
    "close-books": {"post": "close_period"},
    "person-new": {"get": "create_person", "head": "create_person", "post": "create_person"},
    "person": {"get": "edit_person", "head": "edit_person", "post": "edit_person"},
    "team": {"get": "set_team", "head": "set_team", "post": "set_team"},
    "receivables": {"get": "view_book", "head": "view_book"},
    "items": {"get": "view_book", "head": "view_book"},
    "item": {"get": "view_book", "head": "view_book"},
    "imports": {"get": "view_imports", "head": "view_imports", "post": "import_book"},
    "import": {"get": "view_imports", "head": "view_imports"},
    "choose-import": {"post": "import_book"},
    "start-import": {"post": "import_book"},
    "undo-import": {"post": "undo_import"},
    "discard-import": {"post": "import_book"},
}


def patterns(nodes: Any = None) -> Iterator[URLPattern]:
    for node in get_resolver().url_patterns if nodes is None else nodes:
        if isinstance(node, URLPattern):
            yield node
        else:
            yield from patterns(node.url_patterns)


def test_every_route_is_listed() -> None:
    assert {pattern.name for pattern in patterns()} == set(ROUTES), "list the new route here with who may open it"


@pytest.fixture
def facts(data_folder: Path) -> dict[str, int]:
    """One item of a territory of nobody's team, one of the south team's, and a waiting upload."""
    named("A", "Harbour Light", territory="north")
    named("C", "Summit Vending", territory="south")
    post("A", "A1", 10000, day(6, 10))
    post("C", "C1", 20000, day(6, 10))
    team("South", "south", [person("member", "collector").username])
    folder = data_folder / "uploads" / "x"
    folder.mkdir(parents=True)
    file = folder / "register.csv"
    file.write_text("number,customer,date,due,amount,currency\nR1,A,2026-06-01,2026-07-01,10.00,EUR\n")
    waiting = receive_upload(actor=SYSTEM, now=timezone.now(), path=file, name="register.csv")
    return {
        "item": Item.objects.get(number="A1").pk,
        "other": Item.objects.get(number="C1").pk,
        "customer": Customer.objects.get(code="A").pk,
        "person": Person.objects.get(username="member").pk,
        "import": waiting,
    }


def address(route: str, facts: dict[str, int]) -> str:
    if route in ("item", "match-item", "undo-match", "reverse-item", "write-off-item"):
        return reverse(route, args=[facts["item"]])
    if route == "person":
        return reverse(route, args=[facts["person"]])
    if route == "customer-by-code":
        return reverse(route) + "?code=A"
    if route.split("-", maxsplit=1)[0] == "customer":
        return reverse(route, args=[facts["customer"]])
    return reverse(route, args=[facts["import"]]) if route.endswith("import") else reverse(route)


def ask(client: Client, method: str, where: str) -> int:
    return getattr(client, method)(where).status_code


@pytest.mark.parametrize("role", [*ROLES, "none"])
def test_what_each_role_may(role: str, facts: dict[str, int]) -> None:
    someone = person(f"some-{role}", *([role] if role != "none" else []))
    actor = actor_of(someone)
    checked = 0
    for route, methods in ROUTES.items():
        for method in METHODS:
            client = client_of(someone)
            status = ask(client, method, address(route, facts))
            wanted = methods.get(method)
            if wanted is None:
                # who is signed in has no business at the door, whatever the method
                assert status == (302 if route == "sign-in" else 405), f"{role} {method} {route}: {status}"
            elif wanted in (ANYONE, SIGNED_IN):
                assert status in (200, 301, 302), f"{role} {method} {route}: {status}"
            elif permits(actor.roles, wanted):
                assert status in (200, 302), f"{role} {method} {route}: {status}"
            else:
                assert status == 403, f"{role} {method} {route}: {status}, wanted 403"
            checked += 1
    print(f"{role}: {checked} requests")
    assert checked == len(ROUTES) * len(METHODS)


def test_who_is_not_signed_in_gets_the_door(facts: dict[str, int]) -> None:
    for route, methods in ROUTES.items():
        for method in METHODS:
            answer = getattr(client_of(), method)(address(route, facts))
            if methods.get(method) == ANYONE:
                assert answer.status_code in (200, 302), f"{method} {route}"
            elif ANYONE not in methods.values():
                assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next="), (
                    f"{method} {route}"
                )
            else:
                assert answer.status_code == (302 if route == "sign-out" else 405), f"{method} {route}"


def bare(answer: Any, number: int) -> str:
    """The answer without what differs between any two: the tokens of its forms, and the number asked for."""
    without = re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", answer.content.decode())
    return without.replace(f"/items/{number}/", "/items/N/")


def test_another_teams_item_is_like_none(facts: dict[str, int]) -> None:
    for role in ("collector", "account_manager", "service_agent", "cashier"):
        stranger = client_of(person(f"stranger-{role}", role))
        hidden, absent = stranger.get(f"/items/{facts['other']}/"), stranger.get("/items/987654/")
        assert hidden.status_code == absent.status_code == 404
        assert bare(hidden, facts["other"]) == bare(absent, 987654)
        assert b"Summit" not in hidden.content
    for role in ("owner", "auditor", "administrator", "credit_manager"):
        assert client_of(person(f"sees-{role}", role)).get(f"/items/{facts['other']}/").status_code == 200


def test_forms_need_their_token(facts: dict[str, int]) -> None:
    someone = person("owner", "owner")
    for route, methods in ROUTES.items():
        if "post" in methods and route != "home":
            client = client_of(someone, enforce_csrf_checks=True)
            assert client.post(address(route, facts)).status_code == 403, route


def test_answers_carry_the_policy(facts: dict[str, int]) -> None:
    client = client_of(person("owner", "owner"))
    for route, methods in ROUTES.items():
        if "get" in methods and route != "home":
            headers = client.get(address(route, facts)).headers
            policy = headers["Content-Security-Policy"]
            assert "script-src 'self'" in policy and "style-src 'self'" in policy and "unsafe" not in policy, route
            assert headers["X-Frame-Options"] == "DENY" and headers["X-Content-Type-Options"] == "nosniff", route


def test_preferences_lead_nowhere_else(settings: Any) -> None:
    client = client_of()
    for there in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil"):
        answer = client.post("/preferences/language/", {"language": "en", "next": there})
        assert answer["Location"] == "/today/"
    kept = client.post("/preferences/theme/", {"theme": "dark", "next": "/import/"})
    assert kept["Location"] == "/import/" and kept.cookies["theme"].value == "dark"
    assert "theme" not in client.post("/preferences/theme/", {"theme": "<script>"}).cookies
    assert settings.LANGUAGE_COOKIE_NAME not in client.post("/preferences/language/", {"language": "xx"}).cookies
