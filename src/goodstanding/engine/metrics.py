"""The receivables of every month in figures: DSO, countback, CEI, delay, late rate, turnover, bad debt.

The engine sums facts into a few cells a month; the figures are exact fractions of those sums
(docs/algorithms/aging.md). Each month is measured as of its end, the month of `as_of` as of that day.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import ibis
from ibis import _

from goodstanding.engine import asof, formulas, lateness, months
from goodstanding.engine.book import Book
from goodstanding.engine.contract import BILLED, DISCOUNT, OPENING
from goodstanding.engine.figures import Figure, Reason, ratio
from goodstanding.kernel.errors import N_

if TYPE_CHECKING:
    import ibis.expr.types as ir

WINDOW = 90  # days of credit sales that DSO is measured by
YEAR = 12
NOTHING_SETTLED = N_("No invoice was settled in the month.")
SHORT_HISTORY = N_("The book has only {months} months; turnover needs 12.")
EPOCH = date(1970, 1, 1)
_NEVER = 10**6  # the due month of what isn't due by the last day


@dataclass(frozen=True, slots=True)
class Month:
    """One month in one currency. Amounts in minor units; `sales` are net of credit notes, taxes included."""

    month: str  # YYYY-MM
    month_end: date  # the day measured
    currency: str
    receivables: int
    current: int  # not yet due
    sales: int
    sales_window: int  # of the trailing 90 days
    full_window: bool  # the book covers those days
    after_last_invoice: bool  # nothing was billed on the day measured or since, as far as `as_of` knows
    settled: int  # invoices
    late: int
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Overall:
    """The whole history up to the day, in one currency."""

    currency: str
    settled: int
    late: int
    figures: Mapping[str, Figure]


def positions(as_of: date, *, add_back: bool = False) -> "ir.Table":
    """currency, posted (month), due (month after which it is overdue; null for credits), amount, amount_days.

    Summed up to a month they are its receivables: overdue where `due` is at most the month.
    """
    facts = asof.postings(add_back=add_back).filter(_.date <= asof.day(as_of))
    overdue_from = ibis.ifelse(
        facts.due >= asof.day(as_of), _NEVER, months.number(facts.due + ibis.interval(days=1)).cast("int64")
    )
    cells = facts.select(
        "currency",
        "amount",
        posted=months.number(facts.date),
        due=ibis.ifelse(facts.debit, overdue_from, ibis.null("int64")),
        days=months.days_between(facts.due, months.EPOCH),
    )
    return (
        cells.group_by("currency", "posted", "due")
        .agg(
            amount=asof.total(_.amount),
            amount_days=months.times_days(cells.amount, cells.days).sum().cast("decimal(38,0)"),
        )
        .order_by("currency", "posted", _.due.asc(nulls_first=True))
    )


def flows(as_of: date) -> "ir.Table":
    """currency, kind, reason (of credit notes), date, amount: what was posted each day; a reversal counts against."""
    items = asof.ITEMS.filter(asof.ITEMS.date <= asof.day(as_of))
    turned = ibis.ifelse(items.entry % 2 == 0, -items.amount, items.amount)
    reason = ibis.ifelse(items.reason.isin([OPENING, DISCOUNT]), items.reason, ibis.null("string"))
    days = items.select("currency", "kind", "date", reason=reason, amount=turned)
    return (
        days.group_by("currency", "kind", "reason", "date")
        .agg(amount=asof.total(_.amount))
        .order_by("currency", "date", "kind", _.reason.asc(nulls_first=True))
    )


def payments(as_of: date) -> "ir.Table":
    """currency, month, days (late; early is negative), amount: money received for what was billed."""
    matches = asof.MATCHES
    cash = matches.filter(
        (matches.date <= asof.day(as_of)) & (matches.credit_kind == "payment") & matches.debit_kind.isin(BILLED)
    )
    days = cash.select(
        "currency",
        month=months.number(cash.date),
        days=months.days_between(cash.paid, cash.debit_due),
        amount=ibis.ifelse(cash.undo, -cash.amount, cash.amount),
    )
    return (
        days.group_by("currency", "month", "days")
        .agg(amount=asof.total(_.amount))
        .order_by("currency", "month", "days")
    )


def monthly(book: Book, as_of: date, *, add_back: bool = False, last: int | None = None) -> tuple[Month, ...]:
    """Every month from the book's first fact to `as_of`, by currency and month; only the `last` ones if given.

    With `add_back`, receivables and what follows from them as if nothing had been written off.
    """
    measured = []
    for _currency, series in sorted(_series(book, as_of, add_back=add_back).items()):
        found = series.months()
        measured += [series.measure(month) for month in (found[-last:] if last else found)]
    return tuple(measured)


def overall(book: Book, as_of: date) -> tuple[Overall, ...]:
    """Late rate and average delay over the whole history up to the day, by currency."""
    return tuple(series.overall() for _currency, series in sorted(_series(book, as_of, add_back=False).items()))


def _series(book: Book, as_of: date, *, add_back: bool) -> dict[str, "_Series"]:
    series: dict[str, _Series] = {}

    def of(row: Mapping[str, Any]) -> _Series:
        return series.setdefault(row["currency"], _Series(row["currency"], as_of))

    for row in book.rows(positions(as_of, add_back=add_back)):
        of(row).positions.append((row["posted"], row["due"], row["amount"], int(row["amount_days"])))
    for row in book.rows(flows(as_of)):
        of(row).flow(row)
    for row in book.rows(payments(as_of)):
        of(row).paid[row["month"]].append((row["amount"], row["days"]))
    for row in book.rows(lateness.monthly(as_of)):
        of(row).settled[row["month"]] = (row["settled"], row["late"])
    return series


class _Standing(NamedTuple):
    """A currency at a month's end: all, what isn't due, what is overdue, and the sum of overdue amount x days."""

    total: int
    current: int
    overdue: int
    overdue_days: int


class _Series:
    """The cells of one currency, and the figures of any of its months."""

    def __init__(self, currency: str, as_of: date) -> None:
        self.currency, self.as_of = currency, as_of
        self.positions: list[tuple[int, int | None, int, int]] = []
        self.sales: dict[date, int] = defaultdict(int)
        self.monthly: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.paid: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.settled: dict[int, tuple[int, int]] = {}
        self.first = as_of
        self.last_invoice: date | None = None

    def flow(self, row: Mapping[str, Any]) -> None:
        kind, day, amount = row["kind"], row["date"], row["amount"]
        self.first = min(self.first, day)
        month = months.number_of(day)
        if kind == "opening" or row["reason"] == OPENING:
            self.monthly["opening"][month] += amount if kind == "opening" else -amount
        elif kind in ("invoice", "debit_note") or (kind == "credit_note" and row["reason"] is None):
            net = -amount if kind == "credit_note" else amount
            self.sales[day] += net
            self.monthly["sales"][month] += net
            if kind != "credit_note":
                self.last_invoice = max(self.last_invoice or day, day)
        elif kind in ("write_off", "recovery"):
            self.monthly[kind][month] += amount

    def months(self) -> range:
        return range(months.number_of(self.first), months.number_of(self.as_of) + 1)

    def end(self, month: int) -> date:
        return min(months.last_day(month), self.as_of)

    def standing(self, month: int) -> "_Standing":
        """What was open at the month's end."""
        total = overdue = credits_ = amount_days = 0
        for posted, due, amount, days in self.positions:
            if posted > month:
                continue
            total += amount
            if due is None:
                credits_ += amount
            elif due <= month:
                overdue += amount
                amount_days += days
        end = (self.end(month) - EPOCH).days
        return _Standing(total, total - credits_ - overdue, overdue, overdue * end - amount_days)

    def trailing(self, end: date, days: int) -> int:
        return sum(amount for day, amount in self.sales.items() if end - timedelta(days=days) < day <= end)

    def measure(self, month: int) -> Month:
        end = self.end(month)
        standing = self.standing(month)
        receivables, current = standing.total, standing.current
        window = self.trailing(end, WINDOW)
        settled, late = self.settled.get(month, (0, 0))
        figures = {
            "dso": formulas.dso(receivables, window, WINDOW),
            "dso_countback": formulas.countback(receivables, self.back_from(month)),
            "best_possible_dso": formulas.best_possible_dso(current, window, WINDOW),
        }
        figures["add"] = formulas.average_days_delinquent(figures["dso"], figures["best_possible_dso"])
        figures["cei"] = self.effectiveness(month, receivables, current)
        figures["average_delay"] = self.delay(self.paid[month], standing)
        figures["late_rate"] = ratio(late, settled, NOTHING_SETTLED)
        figures |= self.yearly(month)
        return Month(
            month=f"{end:%Y-%m}",
            month_end=end,
            currency=self.currency,
            receivables=receivables,
            current=current,
            sales=self.monthly["sales"][month],
            sales_window=window,
            full_window=self.first <= end - timedelta(days=WINDOW - 1),
            after_last_invoice=self.last_invoice is not None and self.last_invoice < end,
            settled=settled,
            late=late,
            figures=figures,
        )

    def back_from(self, month: int) -> Iterable[tuple[int, int]]:
        """(net sales, days) of the months up to this one, the newest first."""
        for at in range(month, months.number_of(self.first) - 1, -1):
            yield self.monthly["sales"][at], (self.end(at) - months.first_day(at)).days + 1

    def effectiveness(self, month: int, closing: int, current: int) -> Figure:
        """CEI; balances brought in during the month count as its opening."""
        opening = self.standing(month - 1).total + self.monthly["opening"][month]
        return formulas.collection_effectiveness(opening, self.monthly["sales"][month], closing, current)

    @staticmethod
    def delay(paid: Iterable[tuple[int, int]], standing: "_Standing") -> Figure:
        """Paid amounts by the day paid, overdue amounts by the day measured."""
        paid = list(paid)
        amount = sum(part for part, _late in paid) + standing.overdue
        amount_days = sum(part * late for part, late in paid) + standing.overdue_days
        return ratio(amount_days, amount, formulas.NOTHING_PAID)

    def yearly(self, month: int) -> dict[str, Figure]:
        """Turnover and bad debt over the twelve months up to this one."""
        year = range(month - YEAR + 1, month + 1)
        sales = sum(self.monthly["sales"][at] for at in year)
        lost = sum(self.monthly["write_off"][at] for at in year)
        recovered = sum(self.monthly["recovery"][at] for at in year)
        known = month - months.number_of(self.first) + 1
        if known < YEAR:
            turned = Figure(None, Reason(SHORT_HISTORY, {"months": known}))
        else:
            turned = formulas.turnover(sales, [self.standing(at).total for at in range(month - YEAR, month + 1)])
        return {"turnover": turned, "bad_debt_to_sales": formulas.bad_debt_to_sales(lost, recovered, sales)}

    def overall(self) -> Overall:
        settled = sum(count for count, _late in self.settled.values())
        late = sum(late for _count, late in self.settled.values())
        paid = [part for parts in self.paid.values() for part in parts]
        figures = {
            "late_rate": ratio(late, settled, NOTHING_SETTLED),
            "average_delay": self.delay(paid, self.standing(months.number_of(self.as_of))),
        }
        return Overall(self.currency, settled, late, figures)
