"""Reads of promises: how they stand (`standing`), and lists and sums of many (`listed`)."""

from goodstanding.promises.queries.listed import by_day, judgements, listed, numbered, owners, sums
from goodstanding.promises.queries.standing import (
    all_promises,
    before,
    broken_ours,
    due_between,
    find,
    is_renewed,
    keeping,
    keys,
    ours_to_keep,
    promise,
    promises,
    to_judge,
    waiting,
)

__all__ = (
    "all_promises",
    "before",
    "broken_ours",
    "by_day",
    "due_between",
    "find",
    "is_renewed",
    "judgements",
    "keeping",
    "keys",
    "listed",
    "numbered",
    "ours_to_keep",
    "owners",
    "promise",
    "promises",
    "sums",
    "to_judge",
    "waiting",
)
