"""Write the whole book as a folder that import takes; it holds everything, so it is on the audit trail."""

from datetime import datetime
from pathlib import Path

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, require
from goodstanding.outbound.folder import write_folder
from goodstanding.reports.book import database_tables


def export_book(*, actor: Actor, now: datetime, folder: Path, form: str = "csv") -> dict[str, int]:
    """Write the book as it is at this moment, as "csv" or "parquet"; gives table → rows.

    Raises NotAllowed, Refused "folder_not_empty" and "unknown_form".
    """
    require(actor, "export_book")
    counts = write_folder(database_tables(), folder, form)
    with acting("export_book", actor=actor, now=now) as audit:
        audit("book", after={"form": form, "rows": counts})
    return counts
