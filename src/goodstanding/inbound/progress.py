"""How far a running import is, in a small file: GOODSTANDING_HOME/progress/<import>.json (see kernel.progress)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings

from goodstanding.kernel import progress
from goodstanding.kernel.errors import N_, Refused
from goodstanding.kernel.progress import Tell, Told

__all__ = ["Tell", "Told", "alive", "held", "told"]


@contextmanager
def held(import_id: int) -> Iterator[Tell]:
    """Hold an import for this process; yields a function that says how far it is. Refused "import_runs" otherwise."""
    with ExitStack() as stack:
        try:
            tell = stack.enter_context(progress.held(_path(import_id)))
        except BlockingIOError:
            raise Refused("import_runs", N_("Import {id} is running already."), id=import_id) from None
        yield tell


def told(import_id: int) -> Told | None:
    """How far a running import is, as `kernel.progress.told`."""
    return progress.told(_path(import_id))


def alive(import_id: int) -> bool:
    """Whether a process of this machine is at the import."""
    return progress.alive(_path(import_id))


def _path(import_id: int) -> Path:
    return Path(settings.HOME) / "progress" / f"{import_id}.json"
