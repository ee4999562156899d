"""The facts of standing of everybody at the end of a day, read set by set, and what follows from them.

Promises of every currency count together. Money never does: in each currency by itself, and where a customer stands
lowest holds (docs/algorithms/standing.md).
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from django.db.models import Sum

from goodstanding.engine import keeping
from goodstanding.engine.book import Book
from goodstanding.parties.models import Customer
from goodstanding.promises import queries as promises
from goodstanding.promises.types import Keeping
from goodstanding.receivables.models import Hold
from goodstanding.reports.book import current_book
from goodstanding.reports.desk import holds
from goodstanding.reports.openitems import EPOCH, open_items
from goodstanding.reports.promised import survivors_by_id
from goodstanding.standing.rules import Facts, figure, standing
from goodstanding.standing.types import Standing

YEAR = timedelta(days=365)
MONTH = timedelta(days=30)  # what the trend is told against
Money = dict[str, dict[str, Facts]]  # by customer's code and currency: facts of money alone


def standings(as_of: date) -> list[Standing]:
    """How everybody stands at the end of a day who isn't merged then, by id; the trend from the facts of a month ago."""
    now, then = facts(as_of), facts(as_of - MONTH)
    found = []
    for customer, mine in sorted(now.items()):
        before = figure(then[customer]) if customer in then else None
        found.append(standing(mine, as_of, before))
    return found


def facts(as_of: date) -> dict[int, Facts]:
    """The facts of everybody by id: those in the currency in which the customer stands lowest."""
    book = current_book()
    ends = survivors_by_id(as_of)
    people = {code: number for number, code in Customer.objects.values_list("pk", "code") if number not in ends}
    ever = _ever_held(as_of)
    judged, kept = _due_days(book, as_of, ever)
    money = _money(book, as_of, ever)
    promised = _promised(as_of, ends)
    found = {}
    for code, number in people.items():
        said = promised.get(number, Keeping())
        common = Facts(
            customer_id=number,
            judged=judged.get(code, 0) + said.them_judged,
            kept=kept.get(code, 0) + said.them_kept,
            broken=said.them_judged - said.them_kept,
            our_judged=said.us_judged,
            our_kept=said.us_kept,
        )
        found[number] = _lowest(common, money.get(code, {}))
    return found


def _lowest(common: Facts, money: Mapping[str, Facts]) -> Facts:
    """The facts with the money of the currency in which the figure is lowest."""
    choices = [
        replace(
            common,
            currency=currency if len(money) > 1 else "",
            late_days=each.late_days,
            change_days=each.change_days,
            overdue=each.overdue,
            paid=each.paid,
            oldest_days=each.oldest_days,
        )
        for currency, each in sorted(money.items())
    ]
    told = [(value, at) for at, each in enumerate(choices) if (value := figure(each)) is not None]
    return choices[min(told)[1]] if told else common


def _ever_held(as_of: date) -> dict[int, int]:
    """Minor units of each item that were ever disputed or held, whether they are still or not."""
    rows = Hold.objects.filter(placed__lte=as_of).values_list("item").annotate(Sum("amount"))
    return dict(rows)


def _due_days(book: Book, as_of: date, ever: Mapping[int, int]) -> tuple[dict[str, int], dict[str, int]]:
    """By customer: invoices fallen due in the year, and those paid in full by the day. What was held isn't asked for."""
    table = book.run(keeping.fallen_due(as_of - YEAR, as_of))
    codes = table.column("customer").combine_chunks().dictionary_encode()
    place = codes.indices.to_numpy()
    items, asked, short = (table.column(name).to_numpy() for name in ("item", "asked", "short"))
    held = np.zeros(len(items), np.int64)
    for item, amount in ever.items():
        at = int(np.searchsorted(items, item))
        if at < len(items) and items[at] == item:
            held[at] = amount
    is_kept = short <= held
    counts = (short <= 0) | (asked > held)
    names, size = codes.dictionary.to_pylist(), len(codes.dictionary)
    judged = np.bincount(place[counts], minlength=size).tolist()
    kept = np.bincount(place[counts & is_kept], minlength=size).tolist()
    return dict(zip(names, judged, strict=True)), dict(zip(names, kept, strict=True))


def _money(book: Book, as_of: date, ever: Mapping[int, int]) -> Money:
    """What was paid in the year and how late, and what is overdue."""
    found: Money = defaultdict(dict)
    last = {
        (row["customer"], row["currency"]): row for row in book.rows(keeping.paid(as_of - YEAR, as_of, as_of, ever))
    }
    # the year before as it was, whatever was held then: a hold must never make today's lateness look like a change
    rows = book.rows(keeping.paid(as_of - 2 * YEAR, as_of - YEAR, as_of, ()))
    before = {(row["customer"], row["currency"]): _average(row) for row in rows}
    for (customer, currency), row in last.items():
        late, earlier = _average(row), before.get((customer, currency))
        change = None if late is None or earlier is None else late - earlier
        found[customer][currency] = Facts(0, late_days=late, change_days=change, paid=max(row["paid"], 0))
    for (customer, currency), (overdue, oldest) in _overdue(book, as_of).items():
        known = found[customer].get(currency, Facts(0))
        found[customer][currency] = replace(known, overdue=overdue, oldest_days=oldest)
    return found


def _average(row: Mapping[str, int]) -> int | None:
    """Days late weighted by amount, to the nearest day; None when nothing was paid."""
    amount, days = int(row["paid"]), int(row["days"])
    return (2 * days + amount) // (2 * amount) if amount > 0 else None


def _overdue(book: Book, as_of: date) -> dict[tuple[str, str], tuple[int, int]]:
    """By customer and currency: what is overdue and not held, and the days that the oldest of it is late."""
    day = open_items(book, as_of)
    late = (as_of - EPOCH).days - day.due
    asked = np.where(day.debit & (late > 0), day.open, 0)
    for item, amount in holds(as_of):
        at = int(np.searchsorted(day.item, item))
        if at < len(day.item) and day.item[at] == item:
            asked[at] = max(asked[at] - amount, 0)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    mine = np.flatnonzero(asked > 0)
    columns = (day.customer[mine], day.currency.index[mine], asked[mine], late[mine])
    for customer, currency, amount, days in zip(*(each.tolist() for each in columns), strict=True):
        key = (day.directory.codes[customer], day.currency.values[currency] or "")
        total, oldest = found.get(key, (0, 0))
        found[key] = (total + amount, max(oldest, days))
    return found


def _promised(as_of: date, ends: Mapping[int, int]) -> dict[int, Keeping]:
    """Promises of both sides judged in the year, merged customers' with those of who carries on."""
    found: dict[int, Keeping] = {}
    for customer, each in promises.keeping(as_of - YEAR, as_of).items():
        number = ends.get(customer, customer)
        known = found.get(number, Keeping())
        found[number] = Keeping(
            them_judged=known.them_judged + each.them_judged,
            them_kept=known.them_kept + each.them_kept,
            us_judged=known.us_judged + each.us_judged,
            us_kept=known.us_kept + each.us_kept,
        )
    return found
