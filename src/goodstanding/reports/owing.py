"""Who owes most, for a look that can't take everybody: the largest amounts past due, currency by currency."""

from collections.abc import Collection
from datetime import date

import numpy as np

from goodstanding.reports.book import current_book
from goodstanding.reports.openitems import EPOCH, open_items


def owing_most(as_of: date, most: int, hidden: Collection[str] = ()) -> tuple[list[str] | None, int]:
    """The codes of those with the most past due, `most` in each currency, and how many customers owe anything.

    None for the codes when no more than `most` owe: then everybody is meant. Amounts of two currencies are never
    compared, so each currency has its own order.
    """
    day = open_items(current_book(), as_of)
    territory = day.directory.territory
    seen = np.array([(value or "") not in hidden for value in territory.values], bool)
    debit = day.debit & (day.open > 0) & (seen[territory.index][day.customer] if len(day.item) else day.debit)
    total = len(np.unique(day.customer[debit]))
    if total <= most:
        return None, total
    late = debit & (day.due < (as_of - EPOCH).days)
    chosen: set[int] = set()
    for currency in np.unique(day.currency.index[late]).tolist():
        at = np.flatnonzero(late & (day.currency.index == currency))
        who, place = np.unique(day.customer[at], return_inverse=True)
        sums = np.zeros(len(who), np.int64)
        np.add.at(sums, place, day.open[at])
        chosen.update(who[np.argsort(-sums, kind="stable")[:most]].tolist())
    return [day.directory.codes[place] for place in sorted(chosen)], total
