"""Files to keep: their bytes lie in the data folder under their SHA-256, whole or not at all, and are never changed.

A file is on disk before any row of the database names it, and nothing takes it away again. So a row never lacks its
file, and a copy of the database with a later copy of the folder holds together.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from goodstanding.kernel.errors import N_, Refused

FOLDER = "documents"


@dataclass(frozen=True, slots=True)
class Kept:
    """The bytes that were kept: their SHA-256 and how many they are."""

    digest: str
    size: int


def path_of(digest: str) -> Path:
    """Where the bytes of this digest lie."""
    return Path(settings.HOME) / FOLDER / digest[:2] / digest


def is_kept(digest: str, size: int) -> bool:
    """Whether the file is there with all its bytes, as far as its size tells."""
    path = path_of(digest)
    return path.is_file() and path.stat().st_size == size


def keep(content: Iterable[bytes], *, most: int) -> Kept:
    """Keep these bytes; the same again changes nothing. Refused "no_bytes", "too_large" (more than `most`)."""
    coming = Path(settings.HOME) / FOLDER / "coming"
    coming.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=coming)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in content:
                size += len(chunk)
                if size > most:
                    raise Refused("too_large", N_("A file may have {most} MB at most."), most=most // 1024**2)
                digest.update(chunk)
                file.write(chunk)
            if not size:
                raise Refused("no_bytes", N_("The file is empty."))
            file.flush()
            os.fsync(file.fileno())
        _put(Path(name), path_of(digest.hexdigest()))
    finally:
        Path(name).unlink(missing_ok=True)
    return Kept(digest.hexdigest(), size)


def _put(written: Path, path: Path) -> None:
    """Rename a written file to where it belongs, and wait until the disk knows the name."""
    path.parent.mkdir(exist_ok=True, mode=0o700)
    written.replace(path)
    for folder in (path.parent, path.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read(digest: str) -> bytes:
    """The bytes of this digest. Refused "damaged_file" when they are not there, or no longer the same."""
    path = path_of(digest)
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != digest:
        raise Refused("damaged_file", N_("The file is missing or damaged: bring it back from a backup."))
    return content
