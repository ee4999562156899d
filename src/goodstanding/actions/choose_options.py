"""A person corrects how a waiting upload is read; the choice is remembered for files of the same shape."""

from datetime import datetime

from django.db import transaction

from goodstanding.access.types import Actor
from goodstanding.actions.base import require
from goodstanding.inbound import operations
from goodstanding.inbound.types import Options, Reading


def choose_options(
    *, actor: Actor, now: datetime, waiting: int, reading: Reading, options: Options, remember: bool = True
) -> None:
    """Read the waiting import by these options from now on. Refused when it no longer waits; NotAllowed otherwise.

    Without `remember` the import is confirmed as it was shown, which counts as one more use of what is remembered.
    """
    require(actor, "save_mapping")
    with transaction.atomic():
        total = sum(reading.preview.will_create.values())
        operations.choose(waiting, digest=reading.digest, options=options, total=total)
        shape = reading.preview.shape
        if remember and shape:
            operations.remember(shape, options, now=now, name=reading.name, columns=reading.columns())
        elif shape:
            operations.use(shape, now=now)
