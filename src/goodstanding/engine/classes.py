"""Each customer's figures over twelve months and its classes, each with its reason (docs/algorithms/aging.md).

Value: A, B, C by net sales without tax. RFM: quintiles of recency, frequency and money.
Behaviour: by the share of the amount paid by the day and by the weighted average delay.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import ibis

from goodstanding.engine import asof, formulas, months
from goodstanding.engine.book import Book
from goodstanding.engine.contract import BILLED, DISCOUNT, OPENING
from goodstanding.engine.figures import Figure, Reason, ratio
from goodstanding.kernel.errors import N_
from goodstanding.kernel.money import decimal_text

if TYPE_CHECKING:
    import ibis.expr.types as ir

YEAR, QUARTER = 365, 90
UNKNOWN = "unknown"  # the label of a class that can't be told; the reason says why
LEAST_CUSTOMERS, LEAST_PAYMENTS = 5, 3
# label, least share of the amount paid by the day, most days late on average: the first that fits
BEHAVIOUR: tuple[tuple[str, Fraction, int], ...] = (
    ("prompt", Fraction(90, 100), 3),
    ("fair", Fraction(60, 100), 10),
    ("slow", Fraction(0), 30),
)
WORST = "late"

BOUGHT = N_("Net sales of {amount} {currency} in 12 months: number {rank} of {customers}, {share}% of the total.")
BOUGHT_NOTHING = N_("No net sales in {currency} in the last 12 months.")
SCORES = N_(
    "Last bought {days} days ago, {invoices} invoices and {amount} {currency} in 12 months: quintiles {scores}."
)
NEVER_BOUGHT = N_("Never bought anything in {currency}.")
TOO_FEW_CUSTOMERS = N_("Only {customers} customers bought in {currency}: too few for quintiles.")
PAYS = N_("{share}% of the amount due in 12 months was paid by the day; on average {days} days late.")
PAYS_EARLY = N_("{share}% of the amount due in 12 months was paid by the day; on average {days} days early.")
TOO_FEW_PAYMENTS = N_("Only {payments} payments or overdue invoices in 12 months: too few to judge.")


@dataclass(frozen=True, slots=True)
class Facts:
    """One customer in one currency as of a day. Minor units; the year is the 365 days up to the day.

    `contribution`: net sales without tax in the year. `sales_quarter`: net sales with tax in 90 days.
    `paid`, `on_time`: money received in the year, and the part received by the due day. `delay_days`:
    sum of amount x days late over that money and what is overdue (by the day asked).
    """

    customer: str
    currency: str
    open: int
    overdue: int
    unapplied: int
    current: int
    contribution: int
    sales_quarter: int
    invoices: int
    last_invoice: date | None
    paid: int
    on_time: int
    payments: int
    overdue_items: int
    delay_days: int

    @property
    def figures(self) -> dict[str, Figure]:
        """dso, best_possible_dso, add, on_time_share, average_delay."""
        actual = formulas.dso(self.open, self.sales_quarter, QUARTER)
        best = formulas.best_possible_dso(self.current, self.sales_quarter, QUARTER)
        due = self.paid + self.overdue
        return {
            "dso": actual,
            "best_possible_dso": best,
            "add": formulas.average_days_delinquent(actual, best),
            "on_time_share": ratio(self.on_time, due, formulas.NOTHING_PAID),
            "average_delay": ratio(self.delay_days, due, formulas.NOTHING_PAID),
        }


@dataclass(frozen=True, slots=True)
class Classified:
    """One class of one customer in one currency, with its reason. `dimension`: value, rfm or behaviour."""

    customer: str
    currency: str
    dimension: str
    label: str
    reason: Reason


def facts_table(as_of: date) -> "ir.Table":
    """The columns of `Facts` for each customer (who carries on) and currency with any fact up to the day."""
    parts = [_standing(as_of), _sales(as_of), _payments(as_of)]
    names = {name: kind for part in parts for name, kind in part.schema().items()}
    blank = {name: ibis.null(kind) for name, kind in names.items()}
    aligned = [
        part.mutate(**{n: v for n, v in blank.items() if n not in part.columns}).select(*names) for part in parts
    ]
    whole = asof.carried_on(ibis.union(*aligned), as_of)
    days, last, keys = "delay_days", "last_invoice", ("customer", "currency")
    sums = {name: asof.total(whole[name].fill_null(0)) for name in names if name not in {days, last, *keys}}
    sums |= {last: whole[last].max(), days: whole[days].sum().cast("decimal(38,0)")}
    return whole.group_by(*keys).agg(**sums).order_by(*keys)


def facts(book: Book, as_of: date) -> list[Facts]:
    """Every customer's facts as of the end of the day, by customer and currency."""
    return [Facts(**{**row, "delay_days": int(row["delay_days"] or 0)}) for row in book.rows(facts_table(as_of))]


def classify(known: Sequence[Facts], as_of: date) -> list[Classified]:
    """The three classes of each customer in each currency."""
    by_currency: dict[str, list[Facts]] = defaultdict(list)
    for one in known:
        by_currency[one.currency].append(one)
    classes: list[Classified] = []
    for _currency, group in sorted(by_currency.items()):
        classes += [*_value(group), *_rfm(group, as_of), *map(_behaviour, group)]
    return classes


def _value(group: Sequence[Facts]) -> Iterable[Classified]:
    sales = {one.customer: one.contribution for one in group}
    labels = formulas.value_classes(sales)
    positive = sum(value for value in sales.values() if value > 0)
    rank = {key: place for place, key in enumerate(labels, 1)}
    for one in group:
        if one.contribution > 0:
            reason = Reason(
                BOUGHT,
                {
                    "amount": decimal_text(one.contribution, one.currency),
                    "currency": one.currency,
                    "rank": rank[one.customer],
                    "customers": len(group),
                    "share": percent(Fraction(one.contribution, positive)),
                },
            )
        else:
            reason = Reason(BOUGHT_NOTHING, {"currency": one.currency})
        yield Classified(one.customer, one.currency, "value", labels[one.customer], reason)


def _rfm(group: Sequence[Facts], as_of: date) -> Iterable[Classified]:
    buyers = [one for one in group if one.last_invoice]
    recency = formulas.quintiles([one.last_invoice.toordinal() for one in buyers if one.last_invoice])
    frequency = formulas.quintiles([one.invoices for one in buyers])
    money = formulas.quintiles([one.contribution for one in buyers])
    for one, scores in zip(buyers, zip(recency, frequency, money, strict=True), strict=True):
        label = "".join(map(str, scores))
        if len(buyers) < LEAST_CUSTOMERS:
            label, reason = UNKNOWN, Reason(TOO_FEW_CUSTOMERS, {"customers": len(buyers), "currency": one.currency})
        else:
            reason = Reason(
                SCORES,
                {
                    "days": (as_of - one.last_invoice).days if one.last_invoice else 0,
                    "invoices": one.invoices,
                    "amount": decimal_text(one.contribution, one.currency),
                    "currency": one.currency,
                    "scores": "-".join(label),
                },
            )
        yield Classified(one.customer, one.currency, "rfm", label, reason)
    for one in group:
        if not one.last_invoice:
            yield Classified(
                one.customer, one.currency, "rfm", UNKNOWN, Reason(NEVER_BOUGHT, {"currency": one.currency})
            )


def _behaviour(one: Facts) -> Classified:
    figures = one.figures
    share, delay = figures["on_time_share"].value, figures["average_delay"].value
    seen = max(one.payments, 0) + one.overdue_items
    if seen < LEAST_PAYMENTS or share is None or delay is None:
        reason = Reason(TOO_FEW_PAYMENTS, {"payments": seen})
        return Classified(one.customer, one.currency, "behaviour", UNKNOWN, reason)
    label = next((name for name, least, most in BEHAVIOUR if share >= least and delay <= most), WORST)
    template = PAYS if delay >= 0 else PAYS_EARLY
    reason = Reason(template, {"share": percent(share), "days": decimal(abs(delay), 1)})
    return Classified(one.customer, one.currency, "behaviour", label, reason)


def percent(share: Fraction) -> str:
    """A share in percent with one decimal."""
    return decimal(share * 100, 1)


def decimal(value: Fraction, places: int) -> str:
    """An exact value as decimal text."""
    return f"{float(round(value, places)):.{places}f}"


def _standing(as_of: date) -> "ir.Table":
    """What is open, by customer: from the staircases."""
    steps = asof.open_steps(as_of)
    overdue = steps.debit & (steps.due < asof.day(as_of))
    days = months.days_between(asof.day(as_of), steps.due)
    steps = steps.mutate(
        overdue=ibis.ifelse(overdue, steps.open, 0),
        unapplied=ibis.ifelse(steps.debit, 0, steps.open),
        current=ibis.ifelse(steps.debit & ~overdue, steps.open, 0),
        overdue_items=ibis.ifelse(overdue, 1, 0),
        overdue_days=ibis.ifelse(overdue, days, 0),
    )
    return steps.group_by("customer", "currency").agg(
        open=asof.total(steps.open),
        overdue=asof.total(steps.overdue),
        unapplied=asof.total(steps.unapplied),
        current=asof.total(steps.current),
        overdue_items=asof.total(steps.overdue_items),
        delay_days=months.times_days(steps.open, steps.overdue_days).sum().cast("decimal(38,0)"),
    )


def _sales(as_of: date) -> "ir.Table":
    """What was bought, by customer: invoices and debit notes less credit notes, reversals counted against."""
    items = asof.ITEMS
    bought = items.kind.isin(["invoice", "debit_note"])
    given_back = (items.kind == "credit_note") & ~items.reason.isin([OPENING, DISCOUNT]).fill_null(
        ibis.literal(value=False)
    )
    items = items.filter((items.date <= asof.day(as_of)) & (bought | given_back))
    sign = items.sign.cast("int64")
    in_year = items.date > asof.day(as_of - timedelta(days=YEAR))
    items = items.mutate(
        net=ibis.ifelse(in_year, (items.amount - items.tax) * sign, 0),
        quarter=ibis.ifelse(items.date > asof.day(as_of - timedelta(days=QUARTER)), items.amount * sign, 0),
        # a reversed invoice is no purchase: its reversal takes the count back
        bill=ibis.ifelse(in_year & (items.kind == "invoice"), sign, 0),
        bought_on=ibis.ifelse((items.kind == "invoice") & (sign > 0), items.date, ibis.null("date")),
    )
    return items.group_by("customer", "currency").agg(
        contribution=asof.total(items.net),
        sales_quarter=asof.total(items.quarter),
        invoices=asof.total(items.bill),
        last_invoice=items.bought_on.max(),
    )


def _payments(as_of: date) -> "ir.Table":
    """What was paid of what was billed in the year, by the customer that was billed."""
    matches = asof.MATCHES
    cash = matches.filter(
        (matches.date <= asof.day(as_of))
        & (matches.date > asof.day(as_of - timedelta(days=YEAR)))
        & (matches.credit_kind == "payment")
        & matches.debit_kind.isin(BILLED)
    )
    cash = cash.mutate(
        received=ibis.ifelse(cash.undo, -cash.amount, cash.amount),
        one=ibis.ifelse(cash.undo, -1, 1),
        late=months.days_between(cash.paid, cash.debit_due),
    )
    return cash.group_by("currency", customer="debit_customer").agg(
        paid=asof.total(cash.received),
        on_time=asof.total(ibis.ifelse(cash.late <= 0, cash.received, 0)),
        payments=asof.total(cash.one),
        delay_days=months.times_days(cash.received, cash.late).sum().cast("decimal(38,0)"),
    )
