"""An upload waits for a person to look at its preview: nothing is in the book yet."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from goodstanding.access.types import Actor
from goodstanding.actions.base import require
from goodstanding.inbound import operations
from goodstanding.inbound.types import Options


def receive_upload(*, actor: Actor, now: datetime, path: Path, name: str) -> int:
    """Keep the upload at `path` (below the data folder) as a pending import and give its id. NotAllowed otherwise."""
    require(actor, "import_book")
    with transaction.atomic():
        below = path.resolve().relative_to(Path(settings.HOME).resolve()).as_posix()
        return operations.open_import(
            digest="", name=name, options=Options(), actor=actor.signature, now=now, path=below
        )
