"""Writes of the subledger, inside the caller's transaction.

Every posting begins with `lock_shared()` and hands on what it returned, the end of the closed period, as
`closed`; closing and snapshots begin with `lock_exclusive()`.
"""

from goodstanding.receivables.operations.holds import place_hold, release_hold
from goodstanding.receivables.operations.items import post_all, post_item
from goodstanding.receivables.operations.locks import (
    available,
    lock_available,
    lock_exclusive,
    lock_items,
    lock_shared,
)
from goodstanding.receivables.operations.matches import Pair, match, match_once, undo_match
from goodstanding.receivables.operations.periods import close_period, rebuild_balances
from goodstanding.receivables.operations.reversal import reverse
from goodstanding.receivables.operations.tolerance import tolerate

__all__ = [
    "Pair",
    "available",
    "close_period",
    "lock_available",
    "lock_exclusive",
    "lock_items",
    "lock_shared",
    "match",
    "match_once",
    "place_hold",
    "post_all",
    "post_item",
    "rebuild_balances",
    "release_hold",
    "reverse",
    "tolerate",
    "undo_match",
]
