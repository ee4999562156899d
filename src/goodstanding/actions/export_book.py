"""Write the whole book as a folder or a ZIP that import takes; it holds everything, so it is on the audit trail."""

from datetime import datetime, timedelta
from pathlib import Path

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, require
from goodstanding.kernel.progress import Tell
from goodstanding.outbound import operations
from goodstanding.outbound.folder import write_folder
from goodstanding.outbound.packing import write_zip
from goodstanding.outbound.progress import FOLDER
from goodstanding.outbound.progress import folder as exports
from goodstanding.reports.book import database_tables

DAYS = 7  # that a file waits to be fetched


def export_book(*, actor: Actor, now: datetime, folder: Path, form: str = "csv") -> dict[str, int]:
    """Write the book as it is at this moment, as "csv" or "parquet"; gives table → rows.

    Raises NotAllowed, Refused "folder_not_empty" and "unknown_form".
    """
    require(actor, "export_book")
    counts = write_folder(database_tables(), folder, form)
    with acting("export_book", actor=actor, now=now) as audit:
        audit("book", after={"form": form, "rows": counts})
    return counts


def pack_book(*, actor: Actor, now: datetime, export: int, form: str, tell: Tell) -> dict[str, int]:
    """Write the book as the file of a running export, to be fetched for DAYS; gives table → rows.

    The file appears whole and is offered by the same transaction that puts it on the trail.
    """
    require(actor, "export_book")
    tell("reading", 0, 0)
    tables = database_tables()
    target = exports() / f"{export}.zip"
    counts = write_zip(tables, target, form, tell)
    with acting("export_book", actor=actor, now=now) as audit:
        operations.finish(
            export,
            path=f"{FOLDER}/{target.name}",
            size=target.stat().st_size,
            counts=counts,
            until=now + timedelta(days=DAYS),
            now=now,
        )
        audit(f"export {export}", after={"form": form, "rows": counts})
    return counts
