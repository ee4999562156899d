"""Close the books through a day, or reopen them with a reason; and keep the open amounts true."""

from datetime import date, datetime

from django.db import connection

from goodstanding.receivables import models, rules


def close_period(through: date, reason: str, *, digest: str, now: datetime, closed: date | None) -> bool:
    """Close the books through a day, under `lock_exclusive`, whose answer is `closed`; whether anything changed.

    An earlier day than now reopens what lies after it and needs a reason. `digest` is the trial balance's of
    that day: `verify` compares it for as long as the period stays closed.
    """
    rules.check_close(through, reason, closed)
    if through == closed:
        return False
    models.PeriodClose.objects.create(through=through, reason=reason, digest=digest, posted_at=now)
    models.LedgerState.objects.filter(pk=1).update(closed_through=through)
    return True


_TRUE_OPEN = """
INSERT INTO receivables_balance (item_id, open)
SELECT i.id, CASE WHEN i.kind = 'recovery' THEN 0 ELSE i.amount END - COALESCE(SUM(t.amount), 0)
FROM receivables_item i LEFT JOIN (
    SELECT credit_item_id AS item_id, CASE WHEN undoes_id IS NULL THEN amount ELSE -amount END AS amount
        FROM receivables_match
    UNION ALL SELECT debit_item_id, CASE WHEN undoes_id IS NULL THEN amount ELSE -amount END FROM receivables_match
) t ON t.item_id = i.id
GROUP BY i.id, i.kind, i.amount
ON CONFLICT (item_id) DO UPDATE SET open = excluded.open WHERE receivables_balance.open <> excluded.open
"""


def rebuild_balances() -> int:
    """Compute every kept open amount anew from items and matches, under `lock_exclusive`; how many were wrong."""
    with connection.cursor() as cursor:
        cursor.execute(_TRUE_OPEN)
        return max(cursor.rowcount, 0)
