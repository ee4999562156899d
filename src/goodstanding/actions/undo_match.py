"""Undo a match: what it settled is open again from a day on."""

from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.ledger import told_match
from goodstanding.kernel.errors import N_, NotFound
from goodstanding.parties import queries as parties
from goodstanding.receivables import operations, queries
from goodstanding.receivables.types import Match


def undo_match(*, actor: Actor, now: datetime, key: str, day: date) -> Match:
    """Give back what the match of this key settled, from `day` on. The same again changes nothing.

    Refused: "is_undo", "settles_reversal", "already_undone", "before_item", "closed_period".
    NotFound for a match of customers the actor doesn't see.
    """
    with acting("undo_match", actor=actor, now=now) as audit:
        owners = set(queries.customers_of_match(key) or ())
        if not owners or parties.visible(actor).filter(pk__in=owners).count() < len(owners):
            raise NotFound("no_such_match", N_("There is no match {key}."), key=key)
        closed = operations.lock_shared()
        undo, repeated = operations.undo_match(key, day, now=now, closed=closed)
        if not repeated:
            audit(f"match {key}", after=told_match(undo))
        return undo
