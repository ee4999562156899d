"""The ledger's lock, shared by writers and taken alone by closers, and the locks on open amounts.

How they meet: docs/algorithms/allocation.md. Rows are locked in the order of item ids.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db import connection, transaction

from goodstanding.receivables import models, queries, rules
from goodstanding.receivables.types import Item

LEDGER_LOCK = 0x6C656467  # PostgreSQL's advisory lock that writers share


def lock_shared() -> date | None:
    """Keep closers and snapshots out until the transaction ends; returns the end of the closed period.

    An advisory lock, since a row lock would let ever new writers pass a closer who waits for the row:
    PostgreSQL grants FOR SHARE over FOR SHARE without queueing. SQLite's writers are alone anyway (IMMEDIATE).
    """
    return _lock("pg_advisory_xact_lock_shared")


def lock_exclusive() -> date | None:
    """Be alone with the ledger until the transaction ends: after every writer that began before, before any other."""
    return _lock("pg_advisory_xact_lock")


def _lock(function: str) -> date | None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the ledger is locked inside a transaction")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [LEDGER_LOCK])
    return queries.closed_through()  # a statement of its own: it sees what the lock waited for


def lock_items(ids: Collection[int]) -> dict[int, Item]:
    """Lock the open amounts of these items, in the order of their ids, and return the items as they are now."""
    list(models.Balance.objects.select_for_update().filter(item__in=ids).order_by("item_id").values_list("pk"))
    return {each.id: each for each in queries.items(ids)}


def lock_available(days: Mapping[int, date]) -> dict[int, int]:
    """Lock these items; for each, what can be taken off it from its day on."""
    if not days:
        return {}
    items = lock_items(days.keys())
    later = queries.later_postings(list(items), min(days.values()))
    return {each: lowest_from(items[each], later[each], day) for each, day in days.items()}


def available(item: int, day: date) -> int:
    """Lock an item; what can be taken off it from `day` on."""
    return lock_available({item: day})[item]


def lowest_from(item: Item, later: Iterable[tuple[date, int]], day: date) -> int:
    """What can be taken off the item from `day` on, `later` being the postings of some day before and after."""
    return rules.lowest_open(item.open, ((then, amount) for then, amount in later if then > day))
