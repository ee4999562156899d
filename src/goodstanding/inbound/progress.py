"""How far a running import is, in a small file: GOODSTANDING_HOME/progress/<import>.json.

Not in the database: while an import writes, SQLite lets nobody else write, and nobody sees what the import's own
transaction says of itself. The file is locked while the import's process lives; the system lets go of the lock
when the process is killed, so that a dead import is told from a running one.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from goodstanding.kernel.errors import N_, Refused

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Told:
    """The step a running import is at, and how many rows of how many are done."""

    step: str
    done: int
    total: int


@contextmanager
def held(import_id: int) -> Iterator[Tell]:
    """Hold an import for this process; yields a function that says how far it is. Refused "import_runs" otherwise."""
    path = _path(import_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = _locked(path.with_suffix(".lock"))
    if handle is None:
        raise Refused("import_runs", N_("Import {id} is running already."), id=import_id)

    def tell(step: str, done: int, total: int) -> None:
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps([step, done, total]), encoding="ascii")
        fresh.replace(path)  # a reader finds the old or the new, never half

    try:
        yield tell
    finally:
        path.unlink(missing_ok=True)
        path.with_suffix(".lock").unlink(missing_ok=True)
        os.close(handle)


def _locked(path: Path) -> int | None:
    """The lock file's handle with its lock taken; None when another process has it."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        try:
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)  # the holder before threw the file away between our opening and locking it


def told(import_id: int) -> Told | None:
    """How far a running import is; None when its process has said nothing yet, or is gone without a word."""
    try:
        step, done, total = json.loads(_path(import_id).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return Told(step, done, total)


def alive(import_id: int) -> bool:
    """Whether a process of this machine is at the import."""
    try:
        handle = os.open(_path(import_id).with_suffix(".lock"), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _path(import_id: int) -> Path:
    return Path(settings.HOME) / "progress" / f"{import_id}.json"
