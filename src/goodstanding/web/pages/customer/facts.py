"""What is said about a customer, and how that changed, as rows for the page."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from goodstanding.access.types import Entry
from goodstanding.parties.types import Customer
from goodstanding.web import words
from goodstanding.web.templatetags.desk import day, money, status

SHOWN = ("kind", "territory", "account_manager", "parent", "currency", "terms", "credit_limit", "since", "status")


def facts(customer: Customer) -> list[tuple[str, Any]]:
    """Name and value of each fact in the reader's words; "" where nothing is said."""
    return [(name, said(name, getattr(customer, name), customer.currency)) for name in SHOWN]


def said(name: str, value: object, currency: str) -> Any:
    """A fact's value in the reader's words."""
    if value is None or value == "":
        return gettext("as the policy says") if name == "credit_limit" else ""
    if name == "credit_limit" and isinstance(value, int):
        return money(value, currency)
    if name == "since":
        return day(value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)))
    if name == "status":
        return status(str(value))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(value)


def changes(entries: Sequence[Entry], currency: str) -> list[dict[str, Any]]:
    """Each entry of the trail with the facts it changed: name, before, after."""
    return [
        {
            "entry": entry,
            "subject": _subject(entry),
            "facts": _differences(entry, currency),
        }
        for entry in entries
    ]


def _subject(entry: Entry) -> str:
    """The contact's name; "" for the customer itself."""
    return entry.subject.split(" ", 2)[2] if entry.subject.startswith("contact ") else ""


def _differences(entry: Entry, currency: str) -> list[dict[str, Any]]:
    before = entry.before if isinstance(entry.before, dict) else {}
    after = entry.after if isinstance(entry.after, dict) else {}
    names = [name for name in words.FACTS if before.get(name) != after.get(name) and name in {*before, *after}]
    return [
        {
            "name": name,
            "before": said(name, before.get(name), currency) if name in before else "",
            "after": said(name, after.get(name), currency),
        }
        for name in names
    ]
