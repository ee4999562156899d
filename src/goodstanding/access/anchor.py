"""The witness outside the database: a file that says which audit entries were about to be, and are, committed.

Each line is `+ 17 <hash> <link>` (entry 17 is about to be committed) or `= 17 <hash> <link>` (it is). The first
is on disk before the commit, so an entry without it never came from here; the second follows the commit, so an
entry it names can't vanish. A crash between the two leaves a `+` without its `=`: with the entry when the commit
happened, without it when not; both are healthy. The links chain the lines. See docs/algorithms/audit.md.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

LINE = re.compile(rb"([+=]) ([1-9][0-9]{0,18}) ([0-9a-f]{64}) ([0-9a-f]{32})\n")
LONGEST = 200  # bytes, more than any line has
INTENT, DONE = "+", "="


class Line(NamedTuple):
    """One line: its mark, and the entry's number and hash."""

    mark: str
    sequence: int
    hash: str


def append(path: Path, mark: str, sequence: int, digest: str) -> None:
    """Append one line and wait until it is on disk. OSError when the disk can't take it."""
    append_all(path, mark, [(sequence, digest)])


def append_all(path: Path, mark: str, entries: Sequence[tuple[int, str]]) -> None:
    """Append a line for each (number, hash) and wait until all are on disk. OSError when the disk can't take them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        last, lines = _last_line(handle), bytearray()
        for sequence, digest in entries:
            body = f"{mark} {sequence} {digest} ".encode("ascii")
            last = body + _link(last, body) + b"\n"
            lines += last
        if os.write(handle, lines) != len(lines):
            raise OSError(f"{path}: the disk took only a part of the lines")
        os.fsync(handle)
    finally:
        os.close(handle)  # releases the lock


def read(path: Path) -> tuple[list[Line], list[int]]:
    """The lines, and the numbers of those that aren't as they were written.

    A torn last line is left out: it is what a power cut leaves, and the next append drops it.
    """
    lines: list[Line] = []
    broken: list[int] = []
    last = b""
    if path.exists():
        with path.open("rb") as file:
            for number, text in enumerate(file, start=1):
                found = LINE.fullmatch(text)
                if found:
                    lines.append(Line(found[1].decode(), int(found[2]), found[3].decode()))
                if (found is None and text.endswith(b"\n")) or (found and found[4] != _link(last, text[:-33])):
                    broken.append(number)
                last = text
    return lines, broken


def _link(last: bytes, body: bytes) -> bytes:
    """What ties a line to the one before it."""
    return hashlib.sha256(last + body).hexdigest()[:32].encode("ascii")


def _last_line(handle: int) -> bytes:
    """The last whole line; what follows it, torn by a power cut, is cut off: it counted for nothing yet."""
    size = os.lseek(handle, 0, os.SEEK_END)
    tail = os.pread(handle, 2 * LONGEST, max(0, size - 2 * LONGEST))
    whole = tail.rfind(b"\n") + 1
    if whole != len(tail):
        os.ftruncate(handle, size - len(tail) + whole)
    return tail[tail.rfind(b"\n", 0, max(0, whole - 1)) + 1 : whole]
