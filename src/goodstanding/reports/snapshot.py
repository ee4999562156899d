"""Snapshots: the facts up to a mark as the engine's Parquet, below GOODSTANDING_HOME/snapshots.

Facts never change and ids only grow. So once nobody who took an id is still writing (the ledger's lock, held alone
for a moment), the highest ids mark a true beginning of the book: it can be read at leisure, and whatever comes later
has higher ids. A snapshot appears by one rename or not at all. See docs/algorithms/as-of.md.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from goodstanding.engine.book import enrich
from goodstanding.receivables.operations import lock_exclusive
from goodstanding.reports.columns import one_state
from goodstanding.reports.tables import END, Mark, customers, facts

KEPT = 2  # a reader may just be opening the one before


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot on disk: its folder, how far it reaches, and what tells its database from others."""

    folder: Path
    mark: Mark
    witness: str
    people: str = ""


def take() -> Snapshot:
    """Write a snapshot of the book as it is, or give the one that is there; older ones are thrown away."""
    with transaction.atomic():
        lock_exclusive()
        mark = highest()
    with _alone() as root:
        name = f"{mark.item:012}-{mark.match:012}"
        found = newest()
        if found is not None and found.mark == mark:
            return found
        _sweep(root)
        with one_state() as fetch:
            seen = people()
            tables = {"customers": customers(fetch), **facts(fetch, upto=mark)}
        shutil.rmtree(root / name, ignore_errors=True)
        made = root / f".{name}.tmp"
        enrich(tables).write_parquet(made)
        snapshot = Snapshot(root / name, mark, witness(mark), seen)
        about = {"mark": asdict(mark), "witness": snapshot.witness, "people": seen}
        (made / "about.json").write_text(json.dumps(about), encoding="utf-8")
        _to_disk(made)
        made.rename(root / name)
        _flush(root)
        for old in _folders(root)[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
        return snapshot


def newest() -> Snapshot | None:
    """The newest snapshot of this very database; None when there is none (another database's don't count)."""
    for folder in reversed(_folders(_root())):
        try:
            about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue  # being thrown away, or torn by a failing disk: never half a snapshot of ours
        mark = Mark(**about["mark"])
        if witness(mark) == about["witness"]:
            return Snapshot(folder, mark, about["witness"], about["people"])
    return None


def highest() -> Mark:
    """The highest ids there are now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT MAX(id) FROM receivables_item), (SELECT MAX(id) FROM receivables_match)")
        item, match = cursor.fetchone()
    return Mark(item or 0, match or 0)


def state(after: Mark) -> tuple[object, ...]:
    """What changes whenever anything after a mark, or any customer, does. Cheap: asked at every reading."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT COUNT(*) FROM receivables_item WHERE id > %s),
                (SELECT COUNT(*) FROM receivables_match WHERE id > %s)""",
            [after.item, after.match],
        )
        counts = cursor.fetchone()
    return (*counts, witness(END), people())


def newer(after: Mark) -> int:
    """How many facts there are after a mark."""
    items, matches = state(after)[:2]
    return int(str(items)) + int(str(matches))


def people() -> str:
    """What changes whenever a customer, a group or a merge does."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT COUNT(*) FROM parties_merge), COUNT(*), MAX(id), SUM(version), SUM(parent_id)
            FROM parties_customer"""
        )
        return " ".join(map(str, cursor.fetchone()))


def witness(mark: Mark) -> str:
    """The last facts up to a mark, spelled out: another database has others there."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, customer_id, number, entry, amount, posted_at FROM receivables_item
            WHERE id <= %s ORDER BY id DESC LIMIT 1""",
            [mark.item],
        )
        item = cursor.fetchone()
        cursor.execute(
            "SELECT id, key, amount, posted_at FROM receivables_match WHERE id <= %s ORDER BY id DESC LIMIT 1",
            [mark.match],
        )
        return f"{item} {cursor.fetchone()}"


def _root() -> Path:
    return Path(settings.HOME) / "snapshots"


def _folders(root: Path) -> list[Path]:
    return sorted(each for each in root.glob("*-*") if not each.name.startswith("."))


@contextmanager
def _alone() -> Iterator[Path]:
    """Only one process of this machine writes snapshots at a time; a killed one lets go by itself."""
    root = _root()
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield root


def _sweep(root: Path) -> None:
    """Throw away what killed writers left behind (only the holder of the lock writes)."""
    for left in root.glob(".*.tmp"):
        shutil.rmtree(left, ignore_errors=True)


def _to_disk(folder: Path) -> None:
    for each in folder.iterdir():
        _flush(each)
    _flush(folder)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
