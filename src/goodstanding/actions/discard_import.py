"""An upload that waits is taken back before anything of it came into the book."""

from datetime import datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.inbound import operations, queries
from goodstanding.kernel.errors import N_, Refused, RowFault

DISCARDED = N_("Taken back before it was imported.")


def discard_import(*, actor: Actor, now: datetime, waiting: int) -> None:
    """End a pending import without importing it. Refused "import_state" when it no longer waits."""
    with acting("import_book", actor=actor, now=now) as audit:
        found = queries.import_by_id(waiting)
        if found.state != "pending":
            raise Refused("import_state", N_("The import no longer waits."))
        operations.fail(waiting, faults=[RowFault(found.name, 0, "", "", DISCARDED)], now=now)
        audit(f"import {waiting}", before={"state": "pending"}, after={"state": "discarded"})
