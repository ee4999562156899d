"""Writes of access, inside the caller's transaction: the audit trail."""

from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import connection, transaction

from goodstanding.access import anchor
from goodstanding.access.models import AuditEntry
from goodstanding.access.rules import GENESIS, clean_text, moment, plain, seal
from goodstanding.access.types import Actor

CHAIN_LOCK = 0x676F6F64  # PostgreSQL's advisory lock for the end of the chain


def record(  # noqa: PLR0917
    actor: Actor, action: str, subject: str, before: object, after: object, now: datetime
) -> int:
    """Append one entry to the audit trail and return its number.

    Takes the lock on the chain's end until the transaction ends, so call it last (`actions.base` does).
    The anchor's first line is written here; its second follows the commit. TransactionManagementError
    outside a transaction, OSError when the anchor can't be written: then nothing must be committed.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the audit trail is written inside the action's transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
    head = AuditEntry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    sequence, previous = (head[0] + 1, head[1]) if head else (1, GENESIS)
    entry = AuditEntry(
        sequence=sequence,
        at=now,
        actor=clean_text(actor.signature)[:200],
        action=action,
        subject=clean_text(subject)[:200],
        before=plain(before),
        after=plain(after),
        previous=previous,
    )
    entry.hash = seal(
        [sequence, moment(now), entry.actor, entry.action, entry.subject, entry.before, entry.after, previous]
    )
    entry.save(force_insert=True)
    path = settings.HOME / "audit-anchor"
    anchor.append(path, anchor.INTENT, sequence, entry.hash)
    transaction.on_commit(partial(anchor.append, path, anchor.DONE, sequence, entry.hash), robust=True)
    return sequence
