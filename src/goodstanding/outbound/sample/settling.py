"""How what was billed gets settled: on time, late, in parts, short, after a dispute, or never."""

from dataclasses import dataclass

import numpy as np

from goodstanding.outbound.sample.people import NEVER, Ints, People
from goodstanding.outbound.sample.trade import OPENING, Debits, on_working_day

DISCOUNT_PERCENT = 2
WRITE_OFF_AFTER = 180  # days past due
DISPUTE_REASONS = ("late_delivery", "quality", "wrong_goods", "price")


@dataclass(slots=True)
class Plan:
    """The fate of each debit: amounts in minor units, days, NEVER where it does not come to pass."""

    paid_on: Ints
    paid: Ints
    second_on: Ints  # the second instalment, or the disputed part paid after all
    second: Ints
    discount: Ints
    short: Ints
    disputed: Ints
    placed: Ints
    released: Ints
    justified: Ints
    dispute_reason: Ints
    written_off_on: Ints
    written_off: Ints


def plan(rng: np.random.Generator, book: People, debits: Debits, first: int) -> Plan:
    """Decide each debit's fate from its customer's archetype."""
    size, customer = len(debits), debits.customer
    none = np.zeros(size, dtype=np.int64)
    paid_on = _paid_on(rng, book, debits, first)
    unpaid = paid_on >= book.default[customer]
    plain = ~unpaid & (debits.kind != OPENING)
    takes = plain & book.trait("discount")[customer] & (rng.random(size) < 0.9)
    paid_on = np.where(takes, on_working_day(debits.day + rng.integers(4, 9, size)), paid_on)
    discount = np.where(takes, (debits.amount * DISCOUNT_PERCENT + 50) // 100, none)

    calm = book.merged_into[customer] < 0
    placed = debits.day + rng.integers(2, 9, size)
    disputes = plain & ~takes & calm & (rng.random(size) < book.trait("disputed")[customer]) & (placed < paid_on)
    disputed = np.where(disputes, debits.amount * rng.integers(10, 61, size) // 100, none)
    disputes &= disputed > 0
    released = on_working_day(placed + rng.integers(5, 70, size))
    justified = disputes & (rng.random(size) < 0.75)

    calm_sale = plain & ~takes & ~disputes
    shorts = calm_sale & (rng.random(size) < book.trait("short")[customer])
    short = np.where(shorts, np.minimum(rng.integers(1, 100, size), debits.amount // 20), none)
    halves = calm_sale & (short == 0) & (rng.random(size) < book.trait("instalments")[customer])
    second = np.where(halves, debits.amount - debits.amount // 2, np.where(disputes & ~justified, disputed, none))
    late_half = on_working_day(paid_on + rng.integers(14, 40, size))
    after_all = np.maximum(paid_on, on_working_day(released + rng.integers(2, 12, size)))

    month_end = debits.due + WRITE_OFF_AFTER + rng.integers(0, 30, size)
    return Plan(
        paid_on=np.where(unpaid, NEVER, paid_on),
        paid=np.where(unpaid, none, debits.amount - discount - short - second - np.where(justified, disputed, none)),
        second_on=np.where(second > 0, np.where(halves, late_half, after_all), NEVER),
        second=second,
        discount=discount,
        short=short,
        disputed=disputed,
        placed=np.where(disputes, placed, NEVER),
        released=np.where(disputes, released, NEVER),
        justified=justified,
        dispute_reason=rng.integers(0, len(DISPUTE_REASONS), size),
        written_off_on=np.where(unpaid, on_working_day(month_end), NEVER),
        written_off=np.where(unpaid, debits.amount, none),
    )


def _paid_on(rng: np.random.Generator, book: People, debits: Debits, first: int) -> Ints:
    """The day the money comes: the archetype's delay, its drift, the winter, and a few invoices that get lost."""
    customer = debits.customer
    months = (debits.day - first) / 30.4
    month_of_year = debits.due.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    delay = book.trait("delay")[customer] + book.trait("drift")[customer] * months
    delay = np.maximum(delay, -25) + rng.normal(0, 1, len(debits)) * book.trait("spread")[customer]
    delay += np.where(month_of_year < 3, book.trait("winter")[customer], 0)
    lost = (rng.random(len(debits)) < 0.006) & (book.merged_into[customer] < 0)
    delay += np.where(lost, rng.integers(40, 140, len(debits)), 0)
    day = on_working_day(np.maximum(debits.due + np.rint(delay).astype(np.int64), debits.day))
    return np.where(book.trait("month_end")[customer], _last_working_day(day), day)


def _last_working_day(days: Ints) -> Ints:
    """The last Monday-to-Friday of each day's month, never before the day itself."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    last = (months + 1).astype("datetime64[D]").astype(np.int64) - 1
    weekday = (last + 3) % 7
    return np.maximum(days, last - np.where(weekday >= 5, weekday - 4, 0))
