"""The witness outside the database: a file that says which audit entries were about to be, and are, committed.

Each line is `+ 17 <hash>` (entry 17 is about to be committed) or `= 17 <hash>` (it is). The first is on disk
before the commit, so an entry without it never came from here; the second follows the commit, so an entry it
names can't vanish. A crash between the two leaves a `+` without its `=`: with the entry when the commit
happened, without it when not; both are healthy. See docs/algorithms/audit.md.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path

LINE = re.compile(r"([+=]) ([1-9][0-9]{0,18}) ([0-9a-f]{64})\n")
INTENT, DONE = "+", "="


def append(path: Path, mark: str, sequence: int, digest: str) -> None:
    """Append one line and wait until it is on disk. OSError when the disk can't take it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _drop_torn_end(handle)
        os.write(handle, f"{mark} {sequence} {digest}\n".encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)  # releases the lock


def _drop_torn_end(handle: int) -> None:
    """Cut off a last line without its end: what a power cut left of a line that counted for nothing yet."""
    size = os.lseek(handle, 0, os.SEEK_END)
    tail = os.pread(handle, 200, max(0, size - 200))
    if tail and not tail.endswith(b"\n"):
        os.ftruncate(handle, size - len(tail) + tail.rfind(b"\n") + 1)


def lines(path: Path) -> Iterator[tuple[int, tuple[str, int, str] | None]]:
    """Each line's number, with its (mark, sequence, hash) or None where it isn't one; a torn end is left out."""
    if not path.exists():
        return
    with path.open(encoding="ascii", errors="replace", newline="\n") as file:
        for number, line in enumerate(file, start=1):
            found = LINE.fullmatch(line)
            if found:
                yield number, (found[1], int(found[2]), found[3])
            elif line.endswith("\n"):
                yield number, None
