"""The book as the engine sees it now: a snapshot and what was posted since, kept in this process.

Asked at every page: when nothing changed, the answer is the same object, after four small queries.
"""

import threading
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from goodstanding.engine.book import Book, enrich
from goodstanding.reports import snapshot
from goodstanding.reports.columns import one_state
from goodstanding.reports.tables import START, Mark, customers, database_tables, digest, facts

__all__ = ["current_book", "database_tables", "digest"]

MOST_NEWER = 50_000  # facts after the snapshot from which a new snapshot is cheaper than carrying them


@dataclass
class _Kept:
    """What this process holds of one database: the base (a snapshot or nothing), and the book built on it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    place: str = ""
    base: Book | None = None
    mark: Mark = START
    people: str = ""
    state: tuple[object, ...] = ()
    book: Book | None = None


_kept = _Kept()


def current_book() -> Book:
    """The book of the database as it is now (committed facts, and this transaction's own).

    Takes a new snapshot when more than MOST_NEWER facts came after the last one. Never changes under its reader.
    """
    place = f"{settings.HOME} {connection.settings_dict['NAME']}"
    with _kept.lock:
        if _kept.place != place:
            _start(place)
        state = snapshot.state(_kept.mark)
        if _kept.book is None or state != _kept.state:
            if snapshot.newer(_kept.mark) > MOST_NEWER:
                snapshot.take()
                _start(place)
                state = snapshot.state(_kept.mark)
            _kept.book, _kept.state = _build(), state
        return _kept.book


def _start(place: str) -> None:
    """Begin anew from the newest snapshot of this database."""
    found = snapshot.newest()
    _kept.place, _kept.book, _kept.state = place, None, ()
    _kept.base, _kept.mark, _kept.people = None, START, ""
    if found is not None:
        _kept.base, _kept.mark, _kept.people = Book.from_parquet(found.folder), found.mark, found.people


def _build() -> Book:
    """The base and what came after it."""
    with one_state() as fetch:
        newer = facts(fetch, after=_kept.mark)
        if _kept.base is None:
            return enrich({"customers": customers(fetch), **newer})
        if snapshot.people() != _kept.people:
            newer["customers"] = customers(fetch)
    return _kept.base.extended(newer)
