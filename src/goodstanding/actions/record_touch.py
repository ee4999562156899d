"""Write down that somebody of ours met, called, wrote to or did something for a customer."""

from dataclasses import replace
from datetime import datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.parties import queries
from goodstanding.relations import operations
from goodstanding.relations.types import NewTouch, Touch


def record_touch(*, actor: Actor, now: datetime, customer: str, touch: NewTouch, key: str = "") -> Touch:
    """Keep a touch, priced in the customer's currency unless another is given. The same `key` again changes nothing.

    Refused "unknown_value", "future_touch", "out_of_range", "no_currency", "key_reused" and for unfit text;
    NotFound for a customer not seen.
    """
    with acting("record_touch", actor=actor, now=now) as audit:
        found = queries.customer(actor, customer)
        priced = replace(touch, currency=touch.currency or found.currency)
        stored, repeated = operations.store(found.id, priced, key=key, now=now, by=actor.signature)
        if not repeated:
            names = ("kind", "at", "purpose", "by", "minutes", "cost", "currency", "outcome", "source")
            audit(f"touch {customer} {stored.id}", after={name: getattr(stored, name) for name in names})
        return stored
