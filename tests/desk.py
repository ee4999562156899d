"""Short words for tests of the pages: people who sign in, and a small book that can be counted by hand."""

import html
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.test import Client

from goodstanding.access.models import Person, PersonRole
from goodstanding.access.types import SYSTEM
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.set_team import set_team
from goodstanding.parties.models import Customer
from goodstanding.parties.rules.search import search_text, sort_key
from ledger import BY, customer, day, pay, post, settle, undo

ROLES = (
    *(
        "credit_manager",
        "collector",
        "account_manager",
        "service_agent",
        "cashier",
        "owner",
        "auditor",
        "administrator",
    ),
)
PASSWORD = "a long enough passphrase"
AS_OF = "2026-06-30"


def person(name: str, *roles: str, password: str = "") -> Person:
    made = Person(username=name, name=name.title())
    if password:
        made.set_password(password)
    else:
        made.set_unusable_password()
    made.save()
    PersonRole.objects.bulk_create([PersonRole(person=made, role=role) for role in roles])
    return made


def client_of(one: Person | None = None, language: str = "en", **more: Any) -> Client:
    client = Client(HTTP_HOST="localhost", **more)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if one is not None:
        client.force_login(one)
    return client


def manager(language: str = "en") -> Client:
    return client_of(person("lin", "credit_manager"), language)


def named(code: str, name: str, **more: Any) -> Customer:
    made = customer(code, **more)
    Customer.objects.filter(pk=made.pk).update(name=name, search=search_text(code, name), sort_key=sort_key(name))
    return made


def small_book() -> None:
    """As of 30 June: A owes 100 not due, 250 of 300 (45 days), holds 40 of it; B 70 (1 day) less 20 unapplied.

    C, of a team's territory, owes 500 (over 90 days); D owes 900 yen. E has paid all since 15 June.
    """
    head = named("A", "Harbour Light Cafés", kind="café", territory="north")
    named("B", "咖啡之家", kind="shop", territory="north", parent=head)
    named("C", "Summit Vending", kind="vending", territory="south")
    named("D", "Tokyo Roast", kind="shop")
    named("E", "Lotus Tea House", kind="café")
    post("A", "A1", 10000, day(6, 10), due=day(7, 10), seller="Wei")
    post("A", "A2", 30000, day(4, 16), due=day(5, 16), seller="Wei")
    pay("A", "PA", 5000, day(6, 1), "none")
    settle("A", "PA", "A2", 5000, day(6, 1))
    place_hold(**BY, item=("A", "A2", 0), amount=4000, reason="dispute", day=day(6, 20), source="complaint 7")
    post("B", "B1", 7000, day(5, 29), due=day(6, 29), seller="Ana")
    pay("B", "PB", 2000, day(6, 25), "none")
    post("C", "C1", 50000, day(2, 1), due=day(3, 1))
    post("D", "D1", 900, day(6, 1), due=day(7, 1), currency="JPY")
    post("E", "E1", 1000, day(5, 1), due=day(5, 31))
    pay("E", "PE", 1000, day(6, 15), "none")
    match = settle("E", "PE", "E1", 1000, day(6, 15))
    undo(match, day(6, 16))
    settle("E", "PE", "E1", 1000, day(6, 17))


def team(name: str, territory: str, members: Iterable[str] = ()) -> None:
    set_team(actor=SYSTEM, now=BY["now"], name=name, members=list(members), territories=[territory])


def text(response: Any) -> str:
    """What a page says, without tags and with single blanks."""
    raw = re.sub(r"<(script|style|title)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    # the decimals of an amount stand in an element of their own
    raw = re.sub(r'<span class="minor">', "", raw)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", raw)).replace("\u00a0", " ").split())


def links(response: Any, containing: str = "") -> list[str]:
    found = re.findall(r'href="([^"]+)"', response.content.decode())
    return [link.replace("&amp;", "&") for link in found if containing in link]
