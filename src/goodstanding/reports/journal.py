"""The journal that follows from items and matches: double entry, and its trial balance as of any day.

Nothing is stored. Each item debits or credits what the customer owes against the account its kind stands for; each
match moves its amount between the two sides of the receivable, what is billed and what is not yet applied. So the
trial balance shows open debits and unapplied credits apart, and both agree with the open amounts of the items.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db import connection

# What each kind stands against; a discount, an opening credit and a tolerated rest are told by their reason.
_ACCOUNT = """CASE
    WHEN i.kind IN ('invoice', 'debit_note') THEN 'sales'
    WHEN i.kind = 'credit_note' AND i.reason = 'discount' THEN 'discounts'
    WHEN i.kind = 'credit_note' AND i.reason = 'opening' THEN 'opening balances'
    WHEN i.kind = 'credit_note' THEN 'credit notes'
    WHEN i.kind IN ('payment', 'refund', 'recovery') THEN 'cash'
    WHEN i.kind = 'late_fee' THEN 'late fees'
    WHEN i.kind = 'write_off' AND i.reason = 'tolerance' THEN 'small differences'
    WHEN i.kind = 'write_off' THEN 'bad debts'
    ELSE 'opening balances' END"""

# The item's effect: +1 debits the receivable, −1 credits what is unapplied; an even entry turns it round.
_SIGN = """(CASE WHEN i.kind IN ('invoice', 'debit_note', 'refund', 'late_fee', 'opening') THEN 1
    WHEN i.kind = 'recovery' THEN 0 ELSE -1 END * CASE WHEN i.entry % 2 = 0 THEN -1 ELSE 1 END)"""

# (item, account, currency, signed amount: debit positive), one row a posting, two or three a document.
POSTINGS = f"""
    SELECT i.id AS item_id, CASE WHEN s.sign > 0 THEN 'receivable' ELSE 'unapplied' END AS account, i.currency,
        s.sign * i.amount AS amount
        FROM receivables_item i JOIN (SELECT i.id, {_SIGN} AS sign FROM receivables_item i) s ON s.id = i.id
        WHERE i.date <= %(as_of)s AND s.sign <> 0
    UNION ALL SELECT i.id, {_ACCOUNT}, i.currency, -s.sign * (i.amount - i.tax)
        FROM receivables_item i JOIN (SELECT i.id, {_SIGN} AS sign FROM receivables_item i) s ON s.id = i.id
        WHERE i.date <= %(as_of)s AND s.sign <> 0
    UNION ALL SELECT i.id, 'tax', i.currency, -s.sign * i.tax
        FROM receivables_item i JOIN (SELECT i.id, {_SIGN} AS sign FROM receivables_item i) s ON s.id = i.id
        WHERE i.date <= %(as_of)s AND s.sign <> 0 AND i.tax > 0
    UNION ALL SELECT i.id, 'cash', i.currency, CASE WHEN i.entry % 2 = 0 THEN -i.amount ELSE i.amount END
        FROM receivables_item i WHERE i.date <= %(as_of)s AND i.kind = 'recovery'
    UNION ALL SELECT i.id, 'recoveries', i.currency, CASE WHEN i.entry % 2 = 0 THEN i.amount ELSE -i.amount END
        FROM receivables_item i WHERE i.date <= %(as_of)s AND i.kind = 'recovery'
    UNION ALL SELECT m.debit_item_id, 'receivable', i.currency,
        CASE WHEN m.undoes_id IS NULL THEN -m.amount ELSE m.amount END
        FROM receivables_match m JOIN receivables_item i ON i.id = m.debit_item_id WHERE m.date <= %(as_of)s
    UNION ALL SELECT m.credit_item_id, 'unapplied', i.currency,
        CASE WHEN m.undoes_id IS NULL THEN m.amount ELSE -m.amount END
        FROM receivables_match m JOIN receivables_item i ON i.id = m.credit_item_id WHERE m.date <= %(as_of)s
"""
POSTINGS = POSTINGS.replace("i.entry % 2", "i.entry %% 2")  # the driver's own percent signs
FOREVER = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One account in one currency: minor units debited and credited, and by how many postings."""

    account: str
    currency: str
    debit: int
    credit: int
    postings: int

    @property
    def balance(self) -> int:
        """Debit − credit."""
        return self.debit - self.credit


def trial_balance(as_of: date = FOREVER) -> list[TrialLine]:
    """Every account's turnover through a day, by account and currency. Debits and credits sum to the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT account, currency, SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END),
                SUM(CASE WHEN amount < 0 THEN -amount ELSE 0 END), COUNT(*)
                FROM ({POSTINGS}) p GROUP BY account, currency ORDER BY account, currency""",
            {"as_of": as_of.isoformat()},
        )
        return [
            TrialLine(account, currency, int(debit), int(credit), count)
            for account, currency, debit, credit, count in cursor.fetchall()
        ]


def digest(lines: list[TrialLine]) -> str:
    """SHA-256 of a trial balance, lower-case hexadecimal."""
    rows = sorted((each.account, each.currency, each.debit, each.credit, each.postings) for each in lines)
    return hashlib.sha256(repr(rows).encode("utf-8")).hexdigest()


def trial_balance_digest(as_of: date) -> str:
    """The digest of the trial balance through a day: changes when anything dated up to then is added."""
    return digest(trial_balance(as_of))
