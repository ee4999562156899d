"""Credit notes, write-offs and recoveries of the sample book."""

import numpy as np

from goodstanding.outbound.sample.ledger import (
    BAD_DEBT,
    CREDIT_NOTE,
    DISCOUNT,
    DISPUTED,
    RECOVERY,
    TOLERANCE,
    WRITE_OFF,
    Story,
)
from goodstanding.outbound.sample.people import Ints
from goodstanding.outbound.sample.trade import on_working_day


def credit(story: Story) -> None:
    """Credit notes: discounts taken, and what justified disputes cost us."""
    debits, fate = story.debits, story.fate
    taken = np.flatnonzero((fate.discount > 0) & (fate.paid_on <= story.last))
    given = np.flatnonzero(fate.justified & (fate.released <= story.last))
    _settle(
        story,
        CREDIT_NOTE,
        np.concatenate([taken, given]),
        np.concatenate([fate.paid_on[taken], fate.released[given]]),
        amount=np.concatenate([fate.discount[taken], fate.disputed[given]]),
        reason=np.concatenate([np.full(len(taken), DISCOUNT), DISPUTED + fate.dispute_reason[given]]),
        seller=debits.seller[np.concatenate([taken, given])],
    )


def write_off(story: Story) -> None:
    """Small differences at once, lost debts months later; of some lost debts a part comes back."""
    fate = story.fate
    small = np.flatnonzero((fate.short > 0) & (fate.paid_on <= story.last))
    bad = np.flatnonzero((fate.written_off > 0) & (fate.written_off_on <= story.last))
    _settle(
        story,
        WRITE_OFF,
        np.concatenate([small, bad]),
        np.concatenate([fate.paid_on[small], fate.written_off_on[bad]]),
        amount=np.concatenate([fate.short[small], fate.written_off[bad]]),
        reason=np.repeat([TOLERANCE, BAD_DEBT], [len(small), len(bad)]),
    )
    _recover(story, bad)


def _settle(story: Story, kind: int, debit: Ints, day: Ints, **columns: Ints) -> None:
    """One credit of this kind per debit, numbered by day and matched the same day."""
    serial = np.empty(len(debit), dtype=np.int64)
    serial[np.argsort(day, kind="stable")] = np.arange(1, len(debit) + 1)
    debits = story.debits
    rows = story.ledger.add_items(
        len(debit),
        customer=debits.customer[debit],
        kind=kind,
        serial=serial,
        day=day,
        currency=debits.currency[debit],
        **columns,
    )
    story.ledger.add_matches(day, rows, story.rows[debit], columns["amount"])


def _recover(story: Story, bad: Ints) -> None:
    """Of each failed customer's first lost debt, four times in ten, a part: cash outside the receivables."""
    _, once = np.unique(story.debits.customer[bad], return_index=True)
    lost = bad[once]
    day = on_working_day(story.fate.written_off_on[lost] + story.rng.integers(10, 60, len(lost)))
    back = story.rng.random(len(lost)) < 0.4
    back[:1] = True  # the smallest books tell of one, too
    back &= day <= story.last
    lost, day = lost[back], day[back]
    story.ledger.add_items(
        len(lost),
        customer=story.debits.customer[lost],
        kind=RECOVERY,
        serial=np.arange(1, len(lost) + 1),
        day=day,
        amount=np.maximum(1, story.debits.amount[lost] * story.rng.integers(10, 70, len(lost)) // 100),
        currency=story.debits.currency[lost],
    )
