"""Writes of what came in, inside the caller's transaction: the row of an import, and remembered mappings."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import F

from goodstanding.inbound.models import Import
from goodstanding.inbound.models import Mapping as Kept
from goodstanding.inbound.types import Options, fault_to_json
from goodstanding.kernel.errors import N_, NotFound, Refused, RowFault, StaleVersion

KEPT_FAULTS = 1_000  # shown with a failed import; the file itself gives the rest
KEPT_COLUMNS = 500
# Where an import may go from each state.
_NEXT = {
    "pending": {"running", "failed", "done"},
    "running": {"done", "failed"},
    "failed": {"running", "failed", "done"},
    "done": {"undone"},
    "undone": set(),
}


def open_import(
    *, digest: str, name: str, options: Options, actor: str, now: datetime, path: str = "", total: int = 0
) -> int:
    """A new import, pending. Gives its id."""
    row = Import.objects.create(
        digest=digest, name=name[:255], options=options.to_json(), actor=actor, created_at=now, path=path, total=total
    )
    return row.pk


def choose(import_id: int, *, digest: str, options: Options, total: int) -> None:
    """Other options for an import that still waits; they make another digest. Refused "import_state" otherwise."""
    changed = Import.objects.filter(pk=import_id, state=Import.State.PENDING).update(
        digest=digest, options=options.to_json(), total=total
    )
    if not changed:
        raise Refused("import_state", N_("The import no longer waits."))


def _move(import_id: int, state: str, **values: object) -> None:
    row = Import.objects.filter(pk=import_id).values_list("state", flat=True).first()
    if row is None:
        raise NotFound("no_such_import", N_("There is no import {id}."), id=import_id)
    changed = 0
    if state in _NEXT[row]:  # conditional: of two that move it at once, one finds it gone
        changed = Import.objects.filter(pk=import_id, state=row).update(state=state, **values)
    if not changed:
        template = N_("The import is {was}; it can't become {state}.")
        raise Refused("import_state", template, was=row, state=state)


def start(import_id: int, *, total: int) -> None:
    """The import begins to write. Refused "import_state" when it runs, is done or undone already."""
    _move(import_id, "running", total=total, progress=0, step="", faults=[], finished_at=None)


def tell(import_id: int, *, step: str, progress: int) -> None:
    """How far a running import is."""
    Import.objects.filter(pk=import_id, state=Import.State.RUNNING).update(step=step, progress=progress)


def finish(import_id: int, *, counts: Mapping[str, int], now: datetime) -> None:
    """The import is done; the database refuses a second one of the same digest."""
    _move(import_id, "done", counts=dict(counts), finished_at=now, step="")


def fail(import_id: int, *, faults: Iterable[RowFault], now: datetime) -> None:
    """The import wrote nothing, and these are the reasons."""
    kept = [fault_to_json(fault) for fault in list(faults)[:KEPT_FAULTS]]
    _move(import_id, "failed", faults=kept, finished_at=now, step="")


def mark_undone(import_id: int, *, now: datetime) -> None:
    """The import was undone by reversal; the same file may come in again."""
    _move(import_id, "undone", finished_at=now)


def remember(
    shape: str, options: Options, *, now: datetime, name: str = "", columns: Sequence[tuple[str, str]] = ()
) -> None:
    """Keep what a person confirmed for files of this shape; the newest word counts, the first name stays."""
    kept = {"options": options.to_json(), "columns": list(columns[:KEPT_COLUMNS]), "updated_at": now}
    found, made = Kept.objects.get_or_create(shape=shape, defaults=kept | {"name": name[:255]})
    if not made:
        Kept.objects.filter(pk=found.pk).update(**kept, version=F("version") + 1)


def use(shape: str, *, now: datetime) -> None:
    """Count one more import that was confirmed by what is remembered for its shape, if anything is."""
    Kept.objects.filter(shape=shape).update(used=F("used") + 1, used_at=now)


def rename_mapping(mapping: int, name: str, *, version: int) -> None:
    """Call a mapping something else. StaleVersion when somebody changed or deleted it since it was read."""
    if not Kept.objects.filter(pk=mapping, version=version).update(name=name, version=version + 1):
        raise _stale_mapping()


def delete_mapping(mapping: int, *, version: int) -> None:
    """Forget a mapping. StaleVersion when somebody changed or deleted it since it was read."""
    if not Kept.objects.filter(pk=mapping, version=version).delete()[0]:
        raise _stale_mapping()


def _stale_mapping() -> StaleVersion:
    return StaleVersion("stale_version", N_("Somebody changed this mapping since you opened it: look again."))
