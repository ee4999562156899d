"""Uploaded files on their way to a reader: stored below the data folder under harmless names, ZIPs unpacked with limits."""

import secrets
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from goodstanding.kernel.errors import N_, Refused

FOLDER = "uploads"
READABLE = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet")
LARGEST = 1024**3  # bytes of an upload, unpacked
MOST_FILES = 40
LONGEST_NAME = 120


def store(files: Sequence[UploadedFile]) -> tuple[Path, str]:
    """Keep an upload; gives its path (a file, or a folder when there are several) and its name for people.

    Refused "upload" for nothing, too much, double names, a broken ZIP or one with paths in it.
    """
    if not files:
        raise Refused("upload", N_("Choose a file first."))
    if len(files) > MOST_FILES or sum(file.size or 0 for file in files) > LARGEST:
        raise Refused("upload", N_("That is too much at once: at most {files} files and 1 GB."), files=MOST_FILES)
    folder = settings.HOME / FOLDER / secrets.token_hex(12)
    folder.mkdir(parents=True, mode=0o700)
    try:
        return _store(files, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _store(files: Sequence[UploadedFile], folder: Path) -> tuple[Path, str]:
    names = [safe_name(file.name or "") for file in files]
    if len({name.casefold() for name in names}) < len(names):
        raise Refused("upload", N_("Two files have the same name."))
    for file, name in zip(files, names, strict=True):
        with (folder / name).open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
    if len(names) > 1:
        return folder, ", ".join(names)[:200]
    only = folder / names[0]
    if only.suffix.lower() != ".zip":
        return only, names[0]
    inside = folder / "book"
    inside.mkdir()
    _unpack(only, inside)
    only.unlink()
    unpacked = list(inside.iterdir())
    return (unpacked[0] if len(unpacked) == 1 else inside), names[0]


def safe_name(name: str) -> str:
    """The last part of a name, without what could confuse a file system or a reader; its ending is kept."""
    last = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join(c if c.isprintable() and c not in '<>:"|?*/\0' else "_" for c in last).strip(" .")
    path = PurePosixPath(clean or "file")
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix[:10]


def _unpack(archive: Path, into: Path) -> None:
    """The tables of a ZIP, flat. Only files that can be read, at most 40 of them and 1 GB in all, however it is packed."""
    try:
        with zipfile.ZipFile(archive) as packed:
            members = [member for member in packed.infolist() if not member.is_dir() and not _hidden(member.filename)]
            if len(members) > MOST_FILES or sum(member.file_size for member in members) > LARGEST:
                raise Refused(
                    "upload", N_("That is too much at once: at most {files} files and 1 GB."), files=MOST_FILES
                )
            for member in members:
                _take(packed, member, into)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zipfile.zlib.error) as fault:  # type: ignore[attr-defined]
        raise Refused("upload", N_("The ZIP can't be opened; it is damaged or locked with a password.")) from fault


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) and part != ".." for part in PurePosixPath(name).parts)


def _take(packed: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path) -> None:
    parts = PurePosixPath(member.filename.replace("\\", "/"))
    if ".." in parts.parts or parts.is_absolute():
        raise Refused("upload", N_("The ZIP names a file outside of itself: {name}"), name=repr(member.filename[:80]))
    target = into / safe_name(parts.name)
    if target.suffix.lower() not in READABLE:
        return
    if target.exists():
        raise Refused("upload", N_("Two files have the same name."))
    left = member.file_size
    with packed.open(member) as source, target.open("wb") as sink:
        while chunk := source.read(min(1 << 20, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise Refused("upload", N_("The ZIP can't be opened; it is damaged or locked with a password."))
            sink.write(chunk)


def discard(path: Path) -> None:
    """Forget an upload that is no longer needed; anything outside the upload folder is left alone."""
    home = (settings.HOME / FOLDER).resolve()
    resolved = path.resolve()
    if resolved.is_relative_to(home) and resolved != home:
        shutil.rmtree(home / resolved.relative_to(home).parts[0], ignore_errors=True)
