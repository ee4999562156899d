"""Two customers side by side, before somebody says that they are one."""

from dataclasses import dataclass
from datetime import date

from goodstanding.access.types import Actor
from goodstanding.parties import queries as parties
from goodstanding.parties.models import Attachment, Note
from goodstanding.parties.models import Customer as Row
from goodstanding.parties.types import Customer
from goodstanding.receivables.models import Item
from goodstanding.reports.customer import Standing, members, standings


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what is open, and how much would stand under the other's name."""

    customer: Customer
    standings: tuple[Standing, ...]
    items: int
    contacts: int
    notes: int
    files: int
    members: int  # customers of its group


def side(actor: Actor, customer: Customer, today: date) -> Side:
    """The customer with those merged into it, as of today."""
    ids = members(customer, today) or [customer.id]
    return Side(
        customer=customer,
        standings=tuple(standings(ids, today)),
        items=Item.objects.filter(customer__in=ids).count(),
        contacts=len(parties.contacts(actor, customer.code)),
        notes=Note.objects.filter(customer__in=ids, withdrawal=None).count(),
        files=Attachment.objects.filter(customer__in=ids, withdrawal=None).count(),
        members=Row.objects.filter(parent=customer.id).count(),
    )
