"""Keep a file with a customer, and take it back."""

from collections.abc import Iterable
from datetime import datetime

from goodstanding.access.rules import permits
from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, refuse_unless, require
from goodstanding.actions.ledger import family
from goodstanding.inbound import files
from goodstanding.parties import queries, records
from goodstanding.parties.rules import records as rules


def attach_file(
    *, actor: Actor, now: datetime, customer: str, name: str, kind: str, content: Iterable[bytes], title: str = ""
) -> int:
    """Keep a file with a customer and return its number.

    Refused "too_large", "no_bytes", "file_kind", "same_file" while the same bytes are attached already, or for an
    unfit title; NotFound for a customer not seen. The bytes are on disk before the row that names them.
    """
    require(actor, "attach_file")
    found = queries.customer(actor, customer)
    rules.check_file(kind, title)
    kept = files.keep(content, most=rules.LARGEST_FILE)
    name = rules.file_name(name)
    with acting("attach_file", actor=actor, now=now) as audit:
        number = records.attach(
            found.id, digest=kept.digest, size=kept.size, name=name, kind=kind, title=title, by=actor.signature, at=now
        )
        told = {"name": name, "kind": kind, "title": title.strip(), "size": kept.size, "sha256": kept.digest}
        audit(f"file {customer} {number}", after=told)
        return number


def withdraw_file(*, actor: Actor, now: datetime, customer: str, file: int, reason: str) -> None:
    """Withdraw a file of a customer or of one merged into it, with a reason. The same again changes nothing.

    Refused "no_reason"; NotFound for a file not seen, NotAllowed for somebody else's without the right to withdraw any.
    """
    with acting("withdraw_file", actor=actor, now=now) as audit:
        found = records.attachment(actor, family(actor, customer), file)
        refuse_unless(actor.signed(found.by) or permits(actor.roles, "withdraw_any"), "withdraw_any")
        if records.withdraw_file(found.id, reason, by=actor.signature, at=now):
            audit(f"file {found.customer} {found.id}", before={"name": found.name}, after={"reason": reason.strip()})
