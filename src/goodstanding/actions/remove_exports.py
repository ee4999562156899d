"""Exports that waited long enough to be fetched are removed: a whole book should not lie about."""

import re
import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.kernel import progress
from goodstanding.outbound import operations, queries
from goodstanding.outbound.progress import folder, told_in

_OURS = re.compile(r"\.?([0-9]{1,18})\.(zip|part|work)(?:\.[0-9]+)?")


def remove_exports(*, actor: Actor, now: datetime) -> list[int]:
    """Remove the files whose days are over and what killed workers left; gives the numbers of the former."""
    with acting("run_nightly", actor=actor, now=now) as audit:
        old = queries.old_exports(now)
        for each in old:
            operations.remove(each.id)
            audit(f"export {each.id}", before={"state": "done"}, after={"state": "removed"})
    for each in old:
        Path(settings.HOME, each.path).unlink(missing_ok=True)
    _sweep()
    return [each.id for each in old]


def _sweep() -> None:
    """What belongs to no export that is there or on its way."""
    for path in folder().glob("*"):
        found = _OURS.fullmatch(path.name)
        if (
            not found
            or progress.alive(told_in(int(found[1])))
            or (queries.has_file(int(found[1])) and found[2] == "zip")
        ):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
