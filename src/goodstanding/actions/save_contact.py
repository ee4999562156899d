"""Add or change a person at a customer."""

from dataclasses import asdict
from datetime import datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.parties import operations, queries
from goodstanding.parties.types import Contact


def save_contact(*, actor: Actor, now: datetime, contact: Contact, was: str = "") -> None:
    """Add a contact (version 0) or change the one read at `contact.version`; `was` is its name so far if that changes.

    NotFound for a customer that doesn't exist for the actor, Refused when something is unfit or the name is taken,
    StaleVersion when somebody changed the contact since.
    """
    with acting("save_contact", actor=actor, now=now) as audit:
        customer = queries.customer(actor, contact.customer)
        before = operations.store_contact(customer.id, contact, was=was)
        subject = f"contact {contact.customer} {contact.name.strip()}"
        audit(subject, asdict(before) if before else None, asdict(contact))
