"""Writes of what went out, inside the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime

from goodstanding.kernel.errors import N_, Refused
from goodstanding.outbound.models import Export


def open_export(*, form: str, actor: str, now: datetime, wanted: Mapping[str, object] | None = None) -> int:
    """A new export, on its way; `wanted` says of whom and of when, for statements. Gives its number."""
    return int(Export.objects.create(form=form, actor=actor, created_at=now, wanted=dict(wanted or {})).pk)


def _move(export: int, was: str, state: str, **values: object) -> None:
    if not Export.objects.filter(pk=export, state=was).update(state=state, **values):
        raise Refused("export_state", N_("Export {id} is no longer as it was."), id=export)


def restart(export: int) -> None:
    """A failed export begins anew. Refused "export_state" otherwise."""
    _move(export, Export.State.FAILED, Export.State.RUNNING, fault=None, finished_at=None)


def finish(export: int, *, path: str, size: int, counts: Mapping[str, int], until: datetime, now: datetime) -> None:
    """The file is there."""
    values = {"path": path, "size": size, "counts": dict(counts), "until": until, "finished_at": now}
    _move(export, Export.State.RUNNING, Export.State.DONE, **values)


def fail(export: int, *, template: str, params: Mapping[str, str], now: datetime) -> None:
    """There is no file, and this is why."""
    fault = {"template": template, "params": dict(params)}
    _move(export, Export.State.RUNNING, Export.State.FAILED, fault=fault, finished_at=now)


def remove(export: int) -> None:
    """The file is no longer offered."""
    _move(export, Export.State.DONE, Export.State.REMOVED, path="")
