"""Plays the sample book: who was billed what, and what became of it, up to one day."""

import numpy as np

from goodstanding.outbound.sample.crediting import credit, write_off
from goodstanding.outbound.sample.ledger import TYPO, Ledger, Story
from goodstanding.outbound.sample.paying import pay
from goodstanding.outbound.sample.people import NEVER, Ints, People
from goodstanding.outbound.sample.settling import Plan, plan
from goodstanding.outbound.sample.trade import INVOICE, LATE_FEE, Debits, on_working_day


def tell(rng: np.random.Generator, book: People, debits: Debits, first: int, last: int) -> Story:
    """Play the book from `first` to `last`: nothing dated later is written."""
    numbered = debits.day.copy()
    typo = (rng.random(len(debits)) < 0.004) & (debits.kind == INVOICE) & (debits.day + 5 <= last)
    debits.day = np.where(typo, on_working_day(debits.day + rng.integers(1, 3, len(debits))), debits.day)
    debits.due = np.maximum(debits.due, debits.day)
    debits.entry = np.where(typo, 3, 1)
    fate = plan(rng, book, debits, first)
    fees = _late_fees(rng, book, debits, fate, last)
    fee_fate = plan(rng, book, fees, first)
    numbered = np.concatenate([numbered, fees.day])
    debits = debits.join(fees)
    fate = Plan(*(np.concatenate([getattr(fate, c), getattr(fee_fate, c)]) for c in Plan.__slots__))
    ledger = Ledger()
    rows = _post_debits(ledger, debits, numbered)
    story = Story(rng, book, last, ledger, debits, fate, rows)
    pay(story)
    credit(story)
    write_off(story)
    return story


def _late_fees(rng: np.random.Generator, book: People, debits: Debits, fate: Plan, last: int) -> Debits:
    """0.05% a day on a quarter of the invoices that came more than a month late."""
    late = np.where(fate.paid_on < NEVER, fate.paid_on - debits.due, 0)
    charged = (late > 30) & (fate.paid_on <= last) & (debits.kind == INVOICE) & (rng.random(len(debits)) < 0.25)
    charged &= book.merged_into[debits.customer] < 0
    fees, late = debits.take(charged), late[charged]
    fees.kind[:] = LATE_FEE
    fees.amount = np.maximum(1, fees.amount * late * 5 // 10_000)
    fees.tax[:] = 0
    fees.day = fate.paid_on[charged]
    fees.due = fees.day + 14
    fees.entry[:] = 1
    return fees


def _post_debits(ledger: Ledger, debits: Debits, numbered: Ints) -> Ints:
    """Post what is owed; a typing error is posted, reversed and posted right under the same number."""
    serial = np.zeros(len(debits), dtype=np.int64)
    for kind in np.unique(debits.kind).tolist():
        places = np.flatnonzero(debits.kind == kind)
        serial[places[np.argsort(numbered[places], kind="stable")]] = np.arange(1, len(places) + 1)
    rows = ledger.add_items(
        len(debits), serial=serial, numbered=numbered, **{name: getattr(debits, name) for name in Debits.__slots__}
    )
    typo = np.flatnonzero(debits.entry == 3)
    wrong = {
        "customer": debits.customer[typo], "kind": debits.kind[typo], "serial": serial[typo], "numbered": numbered[typo],
        "amount": debits.amount[typo] * 10, "tax": debits.tax[typo] * 10, "currency": debits.currency[typo],
        "seller": debits.seller[typo],
    }  # fmt: skip
    original = ledger.add_items(len(typo), day=numbered[typo], due=debits.due[typo], **wrong)
    reversal = ledger.add_items(len(typo), day=debits.day[typo], entry=2, reason=TYPO, **wrong)
    ledger.add_matches(debits.day[typo], reversal, original, wrong["amount"])
    return rows
