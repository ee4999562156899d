"""Writes of the subledger, inside the caller's transaction.

Every posting begins with `lock_shared()` and hands on what it returned, the end of the closed period, as
`closed`; closing and snapshots begin with `lock_exclusive()`.
"""

from goodstanding.receivables.operations.holds import place_hold, release_hold
from goodstanding.receivables.operations.items import check_recovery, post_item
from goodstanding.receivables.operations.locks import lock_exclusive, lock_items, lock_shared
from goodstanding.receivables.operations.matches import Pair, lowest_from, match, match_once, undo_match
from goodstanding.receivables.operations.periods import close_period, rebuild_balances
from goodstanding.receivables.operations.reversal import reverse

__all__ = [
    "Pair",
    "check_recovery",
    "close_period",
    "lock_exclusive",
    "lock_items",
    "lock_shared",
    "lowest_from",
    "match",
    "match_once",
    "place_hold",
    "post_item",
    "rebuild_balances",
    "release_hold",
    "reverse",
    "undo_match",
]
