"""Write down something about a customer, and take it back."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from goodstanding.access.rules import permits
from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, refuse_unless
from goodstanding.actions.ledger import family
from goodstanding.parties import queries, records
from goodstanding.parties.types import Note


def write_note(*, actor: Actor, now: datetime, customer: str, text: str, key: str, pinned: bool = False) -> int:
    """Keep a note with a customer and return its number. The same form (`key`) again changes nothing.

    Refused when the text is empty, too long or unfit, "key_reused"; NotFound for a customer not seen. The trail keeps
    the text's SHA-256, not the text: it is proven there and read in one place only.
    """
    with acting("write_note", actor=actor, now=now) as audit:
        found = queries.customer(actor, customer)
        number, repeated = records.write_note(found.id, text, pinned=pinned, key=key, by=actor.signature, at=now)
        if not repeated:
            digest = sha256(records.note(actor, [found.id], number).text.encode()).hexdigest()
            audit(f"note {customer} {number}", after={"pinned": pinned, "sha256": digest})
        return number


def withdraw_note(*, actor: Actor, now: datetime, customer: str, note: int) -> Note:
    """Withdraw a note of a customer or of one merged into it. The same again changes nothing.

    NotFound for a note not seen, NotAllowed for somebody else's without the right to withdraw any.
    """
    with acting("withdraw_note", actor=actor, now=now) as audit:
        found = records.note(actor, family(actor, customer), note)
        refuse_unless(actor.signed(found.by) or permits(actor.roles, "withdraw_any"), "withdraw_any")
        if records.withdraw_note(found.id, by=actor.signature, at=now):
            audit(f"note {found.customer} {found.id}", before={"by": found.by}, after={"withdrawn": True})
        return replace(found, withdrawn_by=found.withdrawn_by or actor.signature)
