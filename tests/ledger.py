"""Short words for tests of the subledger: customers, items, payments, and what is open."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest

from goodstanding.access.types import SYSTEM
from goodstanding.actions.match_items import match_items
from goodstanding.actions.record_item import record_item
from goodstanding.actions.record_payment import record_payment
from goodstanding.actions.reverse_item import reverse_item
from goodstanding.actions.undo_match import undo_match
from goodstanding.actions.write_off import write_off
from goodstanding.kernel.errors import Refused
from goodstanding.parties.models import Customer
from goodstanding.receivables import queries
from goodstanding.receivables.types import Item, Match, NewItem, Payment

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
BY = {"actor": SYSTEM, "now": NOW}


def day(month: int, number: int) -> date:
    return date(2026, month, number)


def customer(code: str, parent: Customer | None = None, **more: Any) -> Customer:
    return Customer.objects.create(code=code, name=f"Customer {code}", parent=parent, **more)


def new(number: str, amount: int, on: date, kind: str = "invoice", currency: str = "EUR", **more: Any) -> NewItem:
    return NewItem(number=number, kind=kind, date=on, amount=amount, currency=currency, **more)


def post(code: str, number: str, amount: int, on: date, kind: str = "invoice", **more: Any) -> Item:
    return record_item(**BY, customer=code, item=new(number, amount, on, kind, **more)).item


def pay(
    code: str, number: str, amount: int, on: date, allocation: Any = "none", tolerance: int = 0, **more: Any
) -> Payment:
    payment = new(number, amount, on, "payment", **more)
    return record_payment(**BY, customer=code, payment=payment, allocation=allocation, tolerance=tolerance)


def settle(code: str, credit: str, debit: str, amount: int, on: date, **more: Any) -> Match:
    return match_items(**BY, credit=(code, credit, 0), debit=(code, debit, 0), amount=amount, day=on, **more)


def undo(match: Match, on: date) -> Match:
    return undo_match(**BY, key=match.key, day=on)


def reverse(code: str, number: str, on: date, reason: str = "typing error", **more: Any) -> Item:
    return reverse_item(**BY, item=(code, number, 0), day=on, reason=reason, **more).item


def give_up(
    code: str, number: str, on: date, amount: int | None = None, /, reason: str = "insolvent", **more: Any
) -> Item:
    return write_off(**BY, item=(code, number, 0), day=on, amount=amount, reason=reason, **more).item


def open_of(code: str, number: str, as_of: date | None = None, entry: int = 0) -> int:
    found = queries.item(Customer.objects.get(code=code).pk, number, entry, as_of)
    return found.open


@contextmanager
def refused(code: str, *words: str) -> Iterator[None]:
    """The body is refused with this code, and the message holds these words."""
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.code == code, f"{caught.value.code}: {caught.value.message}"
    missing = [word for word in words if word not in caught.value.message]
    assert not missing, f"{missing} not in {caught.value.message!r}"
