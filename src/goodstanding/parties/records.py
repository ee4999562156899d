"""Notes and files kept with customers: reads first, then writes inside the caller's transaction.

Both are facts, corrected by withdrawing them. What was withdrawn exists only for its author and for those who may
read the audit trail, on every day: a note that should never have been written must not come back by asking for a past one.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from goodstanding.access.types import Actor
from goodstanding.kernel.errors import N_, NotFound, Refused
from goodstanding.parties import models
from goodstanding.parties.queries import seen_by
from goodstanding.parties.rules import records as rules
from goodstanding.parties.types import Attachment, Note

_NOTE = ("id", "customer__code", "text", "pinned", "by", "at", "withdrawal__by", "withdrawal__at")
_FILE = (
    "id", "customer__code", "name", "kind", "title", "size", "digest", "by", "at", "withdrawal__by", "withdrawal__at",
    "withdrawal__reason",
)  # fmt: skip


def notes(actor: Actor, customers: Collection[int], until: datetime | None = None) -> list[Note]:
    """The notes on these customers (ids) as far as they exist for the actor, the newest first; those before `until`."""
    rows = models.Note.objects.filter(customer__in=customers)
    return [_note(row) for row in _seen(actor, rows, until).values_list(*_NOTE) if _readable(actor, row[4], row[6])]


def note(actor: Actor, customers: Collection[int], number: int) -> Note:
    """One of them. NotFound when there is none for the actor: no difference."""
    for each in notes(actor, customers):
        if each.id == number:
            return each
    raise NotFound("no_such_note", N_("There is no such note."))


def attachments(actor: Actor, customers: Collection[int], until: datetime | None = None) -> list[Attachment]:
    """The files kept with these customers (ids) as far as they exist for the actor, the newest first."""
    rows = models.Attachment.objects.filter(customer__in=customers)
    return [_file(row) for row in _seen(actor, rows, until).values_list(*_FILE) if _readable(actor, row[7], row[9])]


def attachment(actor: Actor, customers: Collection[int], number: int) -> Attachment:
    """One of them. NotFound when there is none for the actor: no difference."""
    for each in attachments(actor, customers):
        if each.id == number:
            return each
    raise NotFound("no_such_file", N_("There is no such file."))


def _seen(actor: Actor, rows: "QuerySet[Any]", until: datetime | None) -> "QuerySet[Any]":
    found = rows.filter(seen_by(actor, "customer__")).order_by("-at", "-id")
    return found if until is None else found.filter(at__lt=until)


def _readable(actor: Actor, by: str, withdrawn_by: str | None) -> bool:
    return not withdrawn_by or rules.reads_withdrawn(actor, by)


def _note(row: tuple[Any, ...]) -> Note:
    *written, withdrawn_by, withdrawn_at = row
    return Note(*written, withdrawn_by=withdrawn_by or "", withdrawn_at=withdrawn_at)


def _file(row: tuple[Any, ...]) -> Attachment:
    *attached, withdrawn_by, withdrawn_at, reason = row
    return Attachment(*attached, withdrawn_by=withdrawn_by or "", withdrawn_at=withdrawn_at, reason=reason or "")


def write_note(customer: int, text: str, *, pinned: bool, key: str, by: str, at: datetime) -> tuple[int, bool]:
    """Store a note; its number, and whether the same was stored under this key before (then nothing changes).

    Refused when the text is unfit, "key_reused" when the key stands for another note.
    """
    text = rules.check_note(text)
    _lock(customer)
    stored = models.Note.objects.filter(key=key).first()
    if stored is not None:
        if (stored.customer_id, stored.text, stored.pinned, stored.by) != (customer, text, pinned, by):
            raise Refused("key_reused", N_("This form was sent before with another text: open the page anew."))
        return stored.pk, True
    made = models.Note.objects.create(customer_id=customer, key=key, text=text, pinned=pinned, by=by, at=at)
    return made.pk, False


def withdraw_note(number: int, *, by: str, at: datetime) -> bool:
    """Withdraw a note; whether that is new."""
    _, new = models.NoteWithdrawal.objects.get_or_create(note_id=number, defaults={"by": by, "at": at})
    return new


def attach(customer: int, *, digest: str, size: int, name: str, kind: str, title: str, by: str, at: datetime) -> int:
    """Store that a kept file belongs to a customer. Refused "same_file" while the same bytes are attached to it."""
    title = rules.check_file(kind, title)
    _lock(customer)
    lives = models.Attachment.objects.filter(customer=customer, digest=digest)
    live = lives.filter(withdrawal=None).first()
    if live is not None:
        raise Refused("same_file", N_("{name} is here already, as {other}."), name=name, other=live.title or live.name)
    made = models.Attachment.objects.create(
        customer_id=customer, digest=digest, entry=lives.count() + 1, name=name, kind=kind, title=title, size=size,
        by=by, at=at,
    )  # fmt: skip
    return made.pk


def withdraw_file(number: int, reason: str, *, by: str, at: datetime) -> bool:
    """Withdraw a file; whether that is new. Refused without a reason."""
    given = {"reason": rules.check_reason(reason), "by": by, "at": at}
    _, new = models.AttachmentWithdrawal.objects.get_or_create(attachment_id=number, defaults=given)
    return new


def _lock(customer: int) -> None:
    """Wait for others who write down something about the customer; items go on being posted meanwhile."""
    models.Customer.objects.select_for_update(no_key=True).values_list("pk").get(pk=customer)
