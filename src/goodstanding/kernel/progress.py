"""How far long work is, in a small file beside a lock.

Not in the database: while the work writes, SQLite lets nobody else write, and nobody sees what a transaction says of
itself. The lock lives as long as the work's process does; the system lets go of it when the process is killed, so that
dead work is told from running work.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Told:
    """The step that running work is at, and how many rows of how many are done."""

    step: str
    done: int
    total: int


@contextmanager
def held(path: Path) -> Iterator[Tell]:
    """Hold the work told of in `path` (….json) for this process; yields a function that says how far it is.

    BlockingIOError while another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = _locked(path.with_suffix(".lock"))

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


def _locked(path: Path) -> int:
    """The lock file's handle with its lock taken."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise
        try:
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)  # the holder before threw the file away between our opening and locking it


def told(path: Path) -> Told | None:
    """How far running work is; None when its process has said nothing yet, or is gone without a word."""
    try:
        step, done, total = json.loads(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return Told(step, done, total)


def alive(path: Path) -> bool:
    """Whether a process of this machine is at the work."""
    try:
        handle = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
