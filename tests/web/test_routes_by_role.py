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
from goodstanding.access.types import SYSTEM, Actor
from goodstanding.actions.ask_confirmation import ask_confirmation, token
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.receive_upload import receive_upload
from goodstanding.actions.record_touch import record_touch
from goodstanding.actions.run_collections import run_collections
from goodstanding.actions.start_export import start_export
from goodstanding.collections.queries import decisions
from goodstanding.correspondence.operations import queue
from goodstanding.correspondence.types import Attached, NewMessage
from goodstanding.inbound import files
from goodstanding.inbound.operations import remember
from goodstanding.inbound.queries import mappings
from goodstanding.inbound.types import Options
from goodstanding.jobs.exports import run_export
from goodstanding.outbound.operations import finish, open_export
from goodstanding.outbound.progress import folder as exports_folder
from goodstanding.parties import records
from goodstanding.parties.models import Customer
from goodstanding.promises.types import NewPromise
from goodstanding.receivables.models import Item
from goodstanding.relations.types import NewTouch
from ledger import day, post

pytestmark = pytest.mark.django_db
METHODS = ("get", "head", "post", "put", "patch", "delete")
ANYONE = "anyone"  # signed in or not
SIGNED_IN = "signed in"  # whatever the role
DOORS = {"sign-in", "account_login", "mfa_authenticate"}
OWN = {"delete-view"}  # routes to what is somebody's own: here nobody has any
NO_PROVIDER, NO_CODES = "with a provider", "with codes"  # without: there is no such page
NO_WAY = "with a password"  # without one this is forbidden
BUILDERS = "in development"  # elsewhere there is no such page
# route → method → who may: a permission of access/rules.py, or one of the two above. Other methods give 405.
ROUTES: dict[str, dict[str, str]] = {
    "home": {"get": SIGNED_IN, "head": SIGNED_IN},
    "sign-in": {"get": ANYONE, "head": ANYONE, "post": ANYONE},
    "account_login": {"get": ANYONE, "head": ANYONE, "post": ANYONE},
    "mfa_authenticate": {"get": ANYONE, "head": ANYONE, "post": ANYONE},
    "openid_connect_login": {"post": NO_PROVIDER},
    "openid_connect_callback": {"get": NO_PROVIDER, "head": NO_PROVIDER},
    "account": {"get": "own_sign_in", "head": "own_sign_in"},
    "mfa_index": {"get": "own_sign_in", "head": "own_sign_in"},
    "own-password": {"post": "own_sign_in"},
    "end-session": {"post": "own_sign_in"},
    "end-other-sessions": {"post": "own_sign_in"},
    "mfa_activate_totp": {"get": "own_sign_in", "head": "own_sign_in", "post": "own_sign_in"},
    "take-away-factor": {"post": "own_sign_in"},
    "mfa_generate_recovery_codes": {"post": "own_sign_in"},
    "mfa_view_recovery_codes": {"get": NO_CODES, "head": NO_CODES},
    "mfa_download_recovery_codes": {"get": NO_CODES, "head": NO_CODES},
    # asks for a password or code, which nobody made for this test has
    "account_reauthenticate": {"get": NO_WAY, "head": NO_WAY, "post": NO_WAY},
    "mfa_reauthenticate": {"get": NO_WAY, "head": NO_WAY, "post": NO_WAY},
    "reset-factor": {"post": "reset_sign_in"},
    "end-sessions": {"post": "reset_sign_in"},
    "sign-out": {"post": ANYONE},
    "language": {"post": ANYONE},
    "theme": {"post": ANYONE},
    "styleguide": {"get": BUILDERS, "head": BUILDERS},
    "today": {"get": "view_book", "head": "view_book"},
    "search": {"get": "view_book", "head": "view_book"},
    "customers": {"get": "view_book", "head": "view_book"},
    "assign-customers": {"get": "assign_customers", "head": "assign_customers", "post": "assign_customers"},
    "undo-assignment": {"post": "assign_customers"},
    "save-view": {"post": "save_view"},
    "delete-view": {"post": "save_view"},
    "customer-by-code": {"get": "view_book", "head": "view_book"},
    "customer": {"get": "view_book", "head": "view_book"},
    "customer-account": {"get": "view_book", "head": "view_book"},
    "customer-people": {"get": "view_book", "head": "view_book"},
    "customer-facts": {"get": "view_book", "head": "view_book"},
    "customer-edit": {"get": "edit_customer", "head": "edit_customer", "post": "edit_customer"},
    "customer-contact": {"get": "save_contact", "head": "save_contact", "post": "save_contact"},
    "customer-payment": {"get": "record_payment", "head": "record_payment", "post": "record_payment"},
    "customer-document": {"get": "record_item", "head": "record_item", "post": "record_item"},
    "customer-statement": {"get": "view_book", "head": "view_book"},
    "customer-notes": {"get": "view_book", "head": "view_book", "post": "write_note"},
    "withdraw-note": {"post": "withdraw_note"},
    "attach-files": {"get": "attach_file", "head": "attach_file", "post": "attach_file"},
    "customer-file": {"get": "view_book", "head": "view_book"},
    "withdraw-file": {"get": "withdraw_file", "head": "withdraw_file", "post": "withdraw_file"},
    "customer-papers": {"get": "view_book", "head": "view_book", "post": "make_paper"},
    "customer-evidence": {"post": "make_paper"},
    "customer-charge": {"post": "charge_late_fee"},
    "customer-confirmation": {"get": "make_paper", "head": "make_paper"},
    "withdraw-confirmation": {"post": "make_paper"},
    "confirmation": {"get": ANYONE, "head": ANYONE, "post": ANYONE},
    "statements-many": {"get": "make_paper", "head": "make_paper", "post": "make_paper"},
    "statements": {"get": "make_paper", "head": "make_paper"},
    "statements-file": {"get": "make_paper", "head": "make_paper"},
    "statements-restart": {"post": "make_paper"},
    "collections": {"get": "view_book", "head": "view_book"},
    "promises": {"get": "view_book", "head": "view_book"},
    "runs": {"get": "view_book", "head": "view_book"},
    "run": {"get": "view_book", "head": "view_book"},
    "decide": {"post": "run_collections"},
    "collections-call": {"get": "view_book", "head": "view_book", "post": "work_decision"},
    "collections-later": {"post": "work_decision"},
    "collections-work": {"post": "work_decision"},
    "keep-ours": {"post": "keep_promise"},
    "strategies": {"get": "view_book", "head": "view_book"},
    "strategy-new": {"get": "set_strategy", "head": "set_strategy", "post": "set_strategy"},
    "outbox": {"get": "view_book", "head": "view_book"},
    "message": {"get": "view_book", "head": "view_book"},
    "message-paper": {"get": "view_book", "head": "view_book"},
    "message-file": {"get": "view_book", "head": "view_book"},
    "settle-message": {"post": "settle_message"},
    "template": {"get": "view_book", "head": "view_book", "post": "set_template"},
    "write": {"get": "write_message", "head": "write_message", "post": "write_message"},
    "templates": {"get": "view_book", "head": "view_book"},
    "experiments": {"get": "view_book", "head": "view_book"},
    "costs": {"get": "view_book", "head": "view_book"},
    "cost-touches": {"get": "view_book", "head": "view_book"},
    "late-fees": {"get": "view_book", "head": "view_book", "post": "charge_late_fee"},
    "expiring": {"get": "view_book", "head": "view_book"},
    "waive-item": {"post": "waive_late_fee"},
    "touch-costs": {"get": "view_audit", "head": "view_audit", "post": "set_rates"},
    "interest-settings": {"get": "view_audit", "head": "view_audit", "post": "set_late_interest"},
    "customer-promises": {"get": "view_book", "head": "view_book"},
    "customer-promise": {"get": "make_promise", "head": "make_promise", "post": "make_promise"},
    "customer-own-promise": {"get": "make_promise", "head": "make_promise", "post": "make_promise"},
    "keep-promise": {"get": "keep_promise", "head": "keep_promise", "post": "keep_promise"},
    "withdraw-promise": {"get": "withdraw_promise", "head": "withdraw_promise", "post": "withdraw_promise"},
    "renew-promise": {"get": "renew_promise", "head": "renew_promise", "post": "renew_promise"},
    "undo-promise": {"post": "withdraw_promise"},
    "customer-touches": {"get": "view_book", "head": "view_book", "post": "record_touch"},
    "quick-touch": {"post": "record_touch"},
    "withdraw-touch": {"post": "withdraw_touch"},
    "customer-merge": {"get": "merge_customers", "head": "merge_customers", "post": "merge_customers"},
    "place-hold": {"get": "place_hold", "head": "place_hold", "post": "place_hold"},
    "release-hold": {"get": "release_hold", "head": "release_hold", "post": "release_hold"},
    "match-item": {"post": "match_items"},
    "undo-match": {"post": "undo_match"},
    "reverse-item": {"post": "reverse_item"},
    "write-off-item": {"post": "write_off"},
    "insight": {"get": "view_insight", "head": "view_insight"},
    "audit": {"get": "view_audit", "head": "view_audit"},
    "verify-audit": {"post": "view_audit"},
    "settings": {"get": "view_audit", "head": "view_audit"},
    "close-books": {"get": "view_audit", "head": "view_audit", "post": "close_period"},
    "aging-settings": {"get": "view_audit", "head": "view_audit", "post": "set_policy"},
    "calendar-settings": {"get": "view_audit", "head": "view_audit", "post": "set_calendar"},
    "own-day": {"post": "set_calendar"},
    "own-day-remove": {"post": "set_calendar"},
    "mappings": {"get": "view_audit", "head": "view_audit"},
    "mapping": {"get": "view_audit", "head": "view_audit", "post": "save_mapping"},
    "mapping-delete": {"post": "save_mapping"},
    "export-start": {"post": "export_book"},
    "export": {"get": "export_book", "head": "export_book"},
    "export-file": {"get": "export_book", "head": "export_book"},
    "export-restart": {"post": "export_book"},
    "person-new": {"get": "create_person", "head": "create_person", "post": "create_person"},
    "person": {"get": "edit_person", "head": "edit_person", "post": "edit_person"},
    "team": {"get": "set_team", "head": "set_team", "post": "set_team"},
    "receivables": {"get": "view_book", "head": "view_book"},
    "receivables-months": {"get": "view_book", "head": "view_book"},
    "receivables-concentration": {"get": "view_book", "head": "view_book"},
    "tour": {"get": "view_book", "head": "view_book"},
    "items": {"get": "view_book", "head": "view_book"},
    "item": {"get": "view_book", "head": "view_book"},
    "imports": {"get": "view_imports", "head": "view_imports", "post": "import_book"},
    "import": {"get": "view_imports", "head": "view_imports"},
    "choose-import": {"post": "import_book"},
    "start-import": {"post": "import_book"},
    "undo-import": {"post": "undo_import"},
    "discard-import": {"post": "import_book"},
}


def written_by(actor: Actor) -> dict[str, int]:
    """A note and a file of somebody's own at the north's customer."""
    number, by = Customer.objects.get(code="A").pk, {"by": actor.signature, "at": timezone.now()}
    note, _ = records.write_note(number, "Call before ten", pinned=False, key=actor.signature, **by)
    kept = files.keep([actor.signature.encode()], most=100)
    told = {"name": "a.txt", "kind": "other", "title": ""}
    return {
        "note": note,
        "file": records.attach(number, digest=kept.digest, size=kept.size, **told, **by),
        "pile": _pile(actor, number),
    }


def _pile(actor: Actor, customer: int) -> int:
    """Printed statements of somebody's own."""
    wanted = {"customers": [customer], "first": "2026-06-01", "last": "2026-06-30", "language": ""}
    pile = open_export(form="pdf", actor=actor.signature, now=timezone.now(), wanted=wanted)
    path = exports_folder() / f"{pile}.zip"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    told = {"path": f"exports/{path.name}", "size": 1, "counts": {"statements": 1}, "until": timezone.now()}
    finish(pile, now=timezone.now(), **told)
    return pile


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
    remember("shape", Options(), now=timezone.now(), name="register.csv", columns=[("number", "number")])
    export = start_export(actor=SYSTEM, now=timezone.now())
    run_export.func(export, 0)
    waiting = receive_upload(actor=SYSTEM, now=timezone.now(), path=file, name="register.csv")
    about = {"actor": SYSTEM, "now": timezone.now(), "customer": "A", "currency": "EUR", "as_of": day(6, 30)}
    linked = ask_confirmation(**about, key="linked")
    by = {"actor": SYSTEM, "now": timezone.now(), "customer": "A"}
    touch = NewTouch("call", by["now"], "care")
    promise = NewPromise("us", "call_back", day(6, 10), timezone.localdate())
    paper = Attached("paper.txt", "text/plain", files.keep([b"paper"], most=9).digest)
    a = Customer.objects.get(code="A").pk
    letter = NewMessage(a, "mei@example.com", "en", "Good day", "Good day.", "answer", attachments=(paper,))
    ran = run_collections(actor=SYSTEM, now=timezone.now(), as_of=day(6, 30))
    return {
        "touch": record_touch(**by, touch=touch).id,
        "promise": make_promise(**by, promise=promise).id,
        "asked": ask_confirmation(**about).id,
        "token": token(linked),
        "item": Item.objects.get(number="A1").pk,
        "other": Item.objects.get(number="C1").pk,
        "customer": Customer.objects.get(code="A").pk,
        "person": Person.objects.get(username="member").pk,
        "import": waiting,
        "export": export,
        "run": ran.run,
        "message": queue(letter, by="test", now=timezone.now()),
        "decision": next(number for number, each in decisions(ran.run) if each.customer == "A"),
        "mapping": mappings()[0].id,
    } | written_by(SYSTEM)


def address(route: str, facts: dict[str, int]) -> str:
    on_item = ("item", "match-item", "undo-match", "reverse-item", "write-off-item", "waive-item")
    if route in (*on_item, "place-hold", "release-hold"):
        return reverse(route, args=[facts["item"]])
    if route in ("customer-confirmation", "withdraw-confirmation"):
        return reverse(route, args=[facts["customer"], facts["asked"]])
    if route in ("keep-promise", "withdraw-promise", "renew-promise", "undo-promise"):
        return reverse(route, args=[facts["customer"], facts["promise"]])
    if route == "withdraw-touch":
        return reverse(route, args=[facts["customer"], facts["touch"]])
    if route == "quick-touch":
        return reverse(route, args=[facts["customer"]])
    if route in ("collections-call", "collections-later", "collections-work"):
        return reverse(route, args=[facts["decision"]])
    if route in ("message", "message-paper", "settle-message"):
        return reverse(route, args=[facts["message"]])
    if route == "message-file":
        return reverse(route, args=[facts["message"], 1])
    if route == "template":
        return reverse(route, args=["reminder", "friendly", "en"])
    if route == "write":
        return reverse(route, args=[facts["customer"]])
    if route == "run":
        return reverse(route, args=[facts["run"]])
    if route == "confirmation":
        return reverse(route, args=[facts["token"]])
    if route in ("statements", "statements-file", "statements-restart"):
        return reverse(route, args=[facts["pile"]])
    if route == "withdraw-note":
        return reverse(route, args=[facts["customer"], facts["note"]])
    if route in ("customer-file", "withdraw-file"):
        return reverse(route, args=[facts["customer"], facts["file"]])
    if route == "attach-files":
        return reverse(route, args=[facts["customer"]])
    if route == "undo-assignment":
        return reverse(route, args=[1, 1])
    if route == "delete-view":
        return reverse(route, args=[1])
    if route == "save-view":
        return reverse(route, args=["customers"])
    if route == "tour":
        return reverse(route, args=[1])
    if route.startswith("openid_connect"):
        return reverse(route, args=["oidc"])
    if route == "end-session":
        return reverse(route, args=[1])
    if route in ("person", "reset-factor", "end-sessions"):
        return reverse(route, args=[facts["person"]])
    if route == "customer-by-code":
        return reverse(route) + "?code=A"
    if route in ("export", "export-file", "export-restart"):
        return reverse(route, args=[facts["export"]])
    if route in ("mapping", "mapping-delete"):
        return reverse(route, args=[facts["mapping"]])
    if route.split("-", maxsplit=1)[0] == "customer":
        return reverse(route, args=[facts["customer"]])
    return reverse(route, args=[facts["import"]]) if route.endswith("import") else reverse(route)


def ask(client: Client, method: str, where: str) -> int:
    return getattr(client, method)(where).status_code


@pytest.mark.parametrize("role", [*ROLES, "none"])
def test_what_each_role_may(role: str, facts: dict[str, int]) -> None:
    someone = person(f"some-{role}", *([role] if role != "none" else []))
    actor = actor_of(someone)
    facts |= written_by(actor)
    checked = 0
    for route, methods in ROUTES.items():
        for method in METHODS:
            client = client_of(someone)
            status = ask(client, method, address(route, facts))
            wanted = methods.get(method)
            if wanted is None:
                # who is signed in has no business at the door, whatever the method
                assert status == (302 if route in DOORS else 405), f"{role} {method} {route}: {status}"
            elif wanted in (ANYONE, SIGNED_IN):
                assert status in (200, 301, 302), f"{role} {method} {route}: {status}"
            elif wanted == NO_WAY:
                assert status == 403, f"{role} {method} {route}: {status}"
            elif wanted in (BUILDERS, NO_PROVIDER, NO_CODES) or (permits(actor.roles, wanted) and route in OWN):
                assert status == 404, f"{role} {method} {route}: {status}"
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
            if route == "mfa_authenticate":  # only half-way in
                assert answer.status_code == 302 and answer["Location"] == "/sign-in/", f"{method} {route}"
            elif methods.get(method) == NO_PROVIDER:
                assert answer.status_code == 404, f"{method} {route}"
            elif methods.get(method) == ANYONE:
                assert answer.status_code in (200, 302), f"{method} {route}"
            elif not {ANYONE, NO_PROVIDER} & set(methods.values()):
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
