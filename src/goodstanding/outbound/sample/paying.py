"""Payments of the sample book: gathered by payer and day, some bounced, some matched wrongly at first."""

from dataclasses import dataclass

import numpy as np

from goodstanding.outbound.sample.ledger import BOUNCED, PAYMENT, REFUND, Story
from goodstanding.outbound.sample.people import CURRENCIES, Ints
from goodstanding.outbound.sample.trade import Debits, on_working_day


@dataclass(slots=True)
class Slices:
    """Parts of payments: which debit, who pays, when, how much, and when somebody matched it."""

    debit: Ints
    payer: Ints
    day: Ints
    matched: Ints
    amount: Ints

    def take(self, chosen: Ints) -> "Slices":
        """The rows at these places, or where the mask holds."""
        return Slices(*(getattr(self, column)[chosen] for column in self.__slots__))


@dataclass(slots=True)
class Payments:
    """One payment per payer, currency and day, in order of day."""

    day: Ints
    payer: Ints
    currency: Ints
    amount: Ints


def pay(story: Story) -> None:
    """Post every payment up to the last day, and match it."""
    slices = _slices(story)
    payment_of, payments = _gather(story.debits, slices)
    size = len(payments.day)
    on_account = story.book.trait("on_account")[payments.payer] & (story.rng.random(size) < 0.7)
    lagged = np.bincount(payment_of, weights=slices.matched != slices.day, minlength=size) > 0
    bounce_day = on_working_day(payments.day + 2)
    bounced = (story.rng.random(size) < 0.004) & ~lagged & ~on_account & (bounce_day <= story.last)
    bounced &= story.book.merged_into[payments.payer] < 0
    step = np.where(payments.currency == CURRENCIES.index("JPY"), 1_000, 10_000)
    extra = np.where(on_account, -payments.amount % step, 0)
    rows = _post(story, payments, extra, 1)
    _refund(story, payments, rows, extra)
    first_try = bounced[payment_of]
    _match(story, slices.take(~first_try), rows[payment_of[~first_try]])
    _bounce(story, slices.take(first_try), rows[payment_of[first_try]], bounce_day[payment_of[first_try]], size)


def _slices(story: Story) -> Slices:
    """What is paid up to the last day; one slice in twenty lies unmatched for some days first."""
    debits, fate, book = story.debits, story.fate, story.book
    debit = np.concatenate([np.arange(len(debits))] * 2)
    day = np.concatenate([fate.paid_on, fate.second_on])
    amount = np.concatenate([fate.paid, fate.second])
    customer = debits.customer[debit]
    payer = np.where(book.central[customer] == 1, book.parent[customer], customer)
    lag = np.where(story.rng.random(len(debit)) < 0.05, story.rng.integers(1, 8, len(debit)), 0)
    slices = Slices(debit, payer, day, day + np.where(book.merged_into[customer] < 0, lag, 0), amount)
    return slices.take((slices.day <= story.last) & (slices.amount > 0))


def _gather(debits: Debits, slices: Slices) -> tuple[Ints, Payments]:
    """Slices → payments: which payment each slice belongs to, and the payments."""
    currency = debits.currency[slices.debit]
    key = np.stack([slices.day, slices.payer, currency])
    order = np.lexsort(key[::-1])
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (np.diff(key[:, order]) != 0).any(axis=0)
    payment_of = np.empty(len(order), dtype=np.int64)
    payment_of[order] = np.cumsum(fresh) - 1
    heads = order[fresh]
    amount = np.zeros(len(heads), dtype=np.int64)
    np.add.at(amount, payment_of, slices.amount)
    return payment_of, Payments(slices.day[heads], slices.payer[heads], currency[heads], amount)


def _post(story: Story, payments: Payments, extra: Ints | int, first_serial: int) -> Ints:
    size = len(payments.day)
    return story.ledger.add_items(
        size,
        customer=payments.payer,
        kind=PAYMENT,
        serial=np.arange(first_serial, first_serial + size),
        day=payments.day,
        amount=payments.amount + extra,
        currency=payments.currency,
    )


def _refund(story: Story, payments: Payments, rows: Ints, extra: Ints) -> None:
    """A third of what was overpaid is sent back, two weeks later."""
    day = on_working_day(payments.day + 14)
    chosen = np.flatnonzero((extra > 0) & (story.rng.random(len(rows)) < 0.33) & (day <= story.last))
    refund = story.ledger.add_items(
        len(chosen),
        customer=payments.payer[chosen],
        kind=REFUND,
        serial=np.arange(1, len(chosen) + 1),
        day=day[chosen],
        amount=extra[chosen],
        currency=payments.currency[chosen],
    )
    story.ledger.add_matches(day[chosen], rows[chosen], refund, extra[chosen])


def _match(story: Story, slices: Slices, credit: Ints) -> None:
    """Match slices with their debits; one in a hundred first lands on the customer's next debit and is undone."""
    wrong, undone = _wrongly(story, slices)
    matched = slices.matched.copy()
    hit = np.flatnonzero(wrong >= 0)
    amount = np.minimum(slices.amount[hit], story.debits.amount[wrong[hit]])
    first_try = story.ledger.add_matches(matched[hit], credit[hit], story.rows[wrong[hit]], amount)
    story.ledger.undo(first_try, undone[hit])
    matched[hit] = undone[hit]
    known = matched <= story.last
    story.ledger.add_matches(matched[known], credit[known], story.rows[slices.debit[known]], slices.amount[known])


def _wrongly(story: Story, slices: Slices) -> tuple[Ints, Ints]:
    """For each slice the debit it is first matched with by mistake (-1: none), and the day that is undone.

    Only debits that nothing else touches before that day are taken, so nothing is ever matched twice over.
    """
    debits, fate, rng = story.debits, story.fate, story.rng
    order = np.lexsort((debits.day, debits.currency, debits.customer))
    following = np.full(len(debits), -1)
    following[order[:-1]] = order[1:]
    candidate = following[slices.debit]
    undone = on_working_day(slices.matched + rng.integers(1, 5, len(candidate)))
    settled = np.minimum.reduce([fate.paid_on, fate.second_on, fate.released, fate.written_off_on])
    fits = (candidate >= 0) & (rng.random(len(candidate)) < 0.012) & (undone <= story.last)
    fits &= (debits.customer[candidate] == debits.customer[slices.debit]) & (slices.payer == debits.customer[candidate])
    fits &= debits.currency[candidate] == debits.currency[slices.debit]
    fits &= (debits.day[candidate] <= slices.matched) & (settled[candidate] > undone)
    fits &= story.book.merged_into[slices.payer] < 0
    places = np.flatnonzero(fits)
    _, once = np.unique(candidate[places], return_index=True)
    wrong = np.full(len(candidate), -1)
    wrong[places[once]] = candidate[places[once]]
    return wrong, undone


def _bounce(story: Story, slices: Slices, credit: Ints, bounce_day: Ints, posted: int) -> None:
    """The bank takes payments back: their matches are undone, they are reversed, and come again nine days later."""
    ledger = story.ledger
    made = ledger.add_matches(slices.day, credit, story.rows[slices.debit], slices.amount)
    ledger.undo(made, bounce_day)
    rows, once = np.unique(credit, return_index=True)
    customer, serial, numbered, amount, currency = (
        np.concatenate(ledger.items[name])[rows] for name in ("customer", "serial", "numbered", "amount", "currency")
    )
    reversal = ledger.add_items(
        len(rows),
        customer=customer,
        kind=PAYMENT,
        serial=serial,
        numbered=numbered,
        entry=2,
        day=bounce_day[once],
        amount=amount,
        currency=currency,
        reason=BOUNCED,
    )
    ledger.add_matches(bounce_day[once], rows, reversal, amount)
    again = slices.take(np.arange(len(credit)))
    again.day = again.matched = on_working_day(bounce_day + 9)
    again = again.take(again.day <= story.last)
    payment_of, repaid = _gather(story.debits, again)
    fresh = _post(story, repaid, 0, posted + 1)
    ledger.add_matches(again.matched, fresh[payment_of], story.rows[again.debit], again.amount)
