"""What the roastery bills: invoices by season, opening balances, debit notes."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from goodstanding.outbound.sample.people import (
    CURRENCIES,
    EXPONENTS,
    MONTHS,
    RATES,
    Ints,
    People,
    day_number,
    first_month,
)

# Orders by month of the year, from January: cafés and hotels live on the cold months, kiosks on the warm ones.
SEASONS = np.array(
    [
        [1.15, 0.7, 1.0, 0.95, 0.95, 0.9, 0.9, 0.95, 1.0, 1.1, 1.2, 1.3],
        [1.2, 0.75, 1.0, 0.95, 0.95, 0.95, 0.9, 0.95, 1.05, 1.05, 1.1, 1.25],
        [0.6, 0.5, 0.85, 1.0, 1.2, 1.4, 1.5, 1.45, 1.2, 1.0, 0.8, 0.6],
        [0.9, 1.1, 0.95, 1.05, 1.1, 0.95, 1.1, 1.1, 1.0, 1.2, 0.85, 0.8],
        [1.1, 0.6, 1.1, 1.05, 1.0, 1.0, 0.8, 0.8, 1.1, 1.05, 1.1, 1.0],
    ]
)
BLENDS = np.array([5800, 6800, 7600, 8600, 9800, 12800, 16800])  # fen a kilogram, before tax
BLEND_WEIGHTS = (0.12, 0.24, 0.2, 0.2, 0.12, 0.08, 0.04)
TAX_PERCENT = 13  # at home; what goes abroad is free of it
WEIGHT = 22.0  # kilograms of a usual invoice
KINDS = ("invoice", "opening", "debit_note", "late_fee")
INVOICE, OPENING, DEBIT_NOTE, LATE_FEE = range(4)


@dataclass(slots=True)
class Debits:
    """What customers owe, as columns; `entry` 3 is an invoice that was reversed and posted again."""

    customer: Ints
    kind: Ints
    day: Ints
    due: Ints
    amount: Ints
    tax: Ints
    currency: Ints
    seller: Ints
    entry: Ints

    def __len__(self) -> int:
        return len(self.day)

    def take(self, chosen: Ints) -> "Debits":
        """The rows at these places, or where the mask holds."""
        return Debits(*(getattr(self, column)[chosen] for column in self.__slots__))

    def join(self, other: "Debits") -> "Debits":
        """These rows, then the others."""
        return Debits(*(np.concatenate([getattr(self, c), getattr(other, c)]) for c in self.__slots__))


def on_working_day(days: Ints) -> Ints:
    """Saturdays and Sundays moved to Monday."""
    weekday = (days + 3) % 7
    return days + np.where(weekday >= 5, 7 - weekday, 0)


def month_starts(through: date) -> Ints:
    """First days of the book's months and of the one after."""
    first = first_month(through)
    serial = first.year * 12 + first.month - 1
    return np.array([day_number(date(m // 12, m % 12 + 1, 1)) for m in range(serial, serial + MONTHS + 1)])


def billed(rng: np.random.Generator, book: People, through: date) -> Debits:
    """Everything billed up to `through`, oldest first."""
    debits = _invoices(rng, book, through).join(_openings(rng, book, through))
    notes = debits.take((debits.kind == INVOICE) & (rng.random(len(debits)) < 0.008))
    notes.kind[:] = DEBIT_NOTE
    notes.amount = np.maximum(notes.amount // 10, 1)
    notes.tax[:] = 0
    debits = debits.join(notes)
    debits = debits.take(debits.day <= day_number(through))
    return debits.take(np.lexsort((debits.amount, debits.customer, debits.kind == DEBIT_NOTE, debits.day)))


def _invoices(rng: np.random.Generator, book: People, through: date) -> Debits:
    """Poisson many a month, by season; kilograms × price per kilogram, and tax at home."""
    starts = month_starts(through)
    seasons = SEASONS[:, [(first_month(through).month - 1 + month) % 12 for month in range(MONTHS)]]
    counts = rng.poisson(book.orders[:, None] * seasons[book.kind])
    customer = np.repeat(np.arange(len(book.codes)), counts.sum(axis=1))
    month = np.repeat(np.tile(np.arange(MONTHS), len(book.codes)), counts.ravel())
    length = np.diff(starts)[month]
    day = on_working_day(starts[month] + (rng.random(len(month)) * length).astype(np.int64))
    running = (day >= book.start[customer]) & (day < book.stop[customer])
    customer, day = customer[running], day[running]
    currency = book.currency[customer]
    exporters = rng.random(len(book.codes)) < 0.03
    abroad = exporters[customer] & (currency == 0) & (book.parent[customer] < 0) & (rng.random(len(day)) < 0.3)
    currency = np.where(abroad, CURRENCIES.index("USD"), currency)
    weight = np.maximum(1, np.rint(book.size[customer] * rng.lognormal(0, 0.45, len(day)) * WEIGHT)).astype(np.int64)
    net = weight * _price(rng.choice(BLENDS, len(day), p=BLEND_WEIGHTS), currency)
    tax = np.where(currency == 0, (net * TAX_PERCENT + 50) // 100, 0)
    return Debits(
        customer=customer,
        kind=np.full(len(day), INVOICE),
        day=day,
        due=day + book.terms[customer],
        amount=net + tax,
        tax=tax,
        currency=currency,
        seller=np.where(rng.random(len(day)) < 0.85, book.manager[customer], 1 - book.manager[customer]),
        entry=np.ones(len(day), dtype=np.int64),
    )


def _price(fen: Ints, currency: Ints) -> Ints:
    """A price list in each currency, rounded to ten minor units (whole yen)."""
    numerator, denominator = RATES[currency].T
    step = np.where(EXPONENTS[currency] == 2, 10, 1)
    return np.maximum(step, fen * numerator // denominator // step * step)


def _openings(rng: np.random.Generator, book: People, through: date) -> Debits:
    """What was open when the book began: one sum for a third of those who were customers then."""
    first = day_number(first_month(through))
    customer = np.flatnonzero((book.since < first) & (book.start == first) & (rng.random(len(book.codes)) < 0.35))
    size = len(customer)
    weight = np.maximum(2, np.rint(book.size[customer] * rng.lognormal(0.3, 0.4, size) * WEIGHT)).astype(np.int64)
    return Debits(
        customer=customer,
        kind=np.full(size, OPENING),
        day=np.full(size, first),
        due=first + rng.integers(0, 30, size),
        amount=weight * _price(np.full(size, 8600), book.currency[customer]),
        tax=np.zeros(size, dtype=np.int64),
        currency=book.currency[customer],
        seller=book.manager[customer],
        entry=np.ones(size, dtype=np.int64),
    )
