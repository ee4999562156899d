"""Take back by reversal what an import posted, in a few statements, inside the caller's transaction.

The caller holds the ledger's lock alone. What was reversed or undone by hand before stays as it is.
"""

from datetime import date, datetime
from typing import Any

from django.db import connection

from goodstanding.engine.contract import SIGNS
from goodstanding.inbound.intake.facts import UNDONE, UNDONE_KEY
from goodstanding.receivables import bulk, models, rules

_CREDITS = ", ".join(f"'{kind}'" for kind, sign in SIGNS.items() if sign < 0)
_LIVE = "{m}.undoes_id IS NULL AND NOT EXISTS (SELECT 1 FROM receivables_match u WHERE u.undoes_id = {m}.id)"
_NO_PAIR = """NOT EXISTS (SELECT 1 FROM receivables_item p WHERE p.id IN ({m}.credit_item_id, {m}.debit_item_id)
    AND p.reverses_id IN ({m}.credit_item_id, {m}.debit_item_id))"""
_ITEMS = """receivables_item i WHERE i.batch = %(batch)s AND i.reverses_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM receivables_item r WHERE r.reverses_id = i.id)"""
_MATCHES = f"receivables_match m WHERE m.batch = %(batch)s AND {_LIVE.format(m='m')} AND {_NO_PAIR.format(m='m')}"
_LATER = "CASE WHEN {date} > %(on)s THEN {date} ELSE %(on)s END"

# What came later and leans on the import: (what, key) each.
_DEPENDENTS = f"""
SELECT 'match' AS what, m.key AS key FROM receivables_match m
    WHERE (m.batch IS NULL OR m.batch <> %(batch)s) AND {_LIVE.format(m="m")} AND {_NO_PAIR.format(m="m")}
    AND (EXISTS (SELECT 1 FROM receivables_item i WHERE i.id = m.credit_item_id AND i.batch = %(batch)s)
        OR EXISTS (SELECT 1 FROM receivables_item i WHERE i.id = m.debit_item_id AND i.batch = %(batch)s))
UNION ALL
SELECT 'reversal', i.number FROM receivables_item i JOIN receivables_item o ON o.id = i.reverses_id
    WHERE i.batch = %(batch)s AND (o.batch IS NULL OR o.batch <> %(batch)s)
UNION ALL
SELECT 'undo', m.key FROM receivables_match m JOIN receivables_match t ON t.id = m.undoes_id
    WHERE m.batch = %(batch)s AND (t.batch IS NULL OR t.batch <> %(batch)s)
UNION ALL
SELECT 'hold', h.key FROM receivables_hold h JOIN receivables_item i ON i.id = h.item_id
    WHERE i.batch = %(batch)s AND h.posted_at <> %(posted)s
    AND NOT EXISTS (SELECT 1 FROM receivables_holdrelease r WHERE r.hold_id = h.id)
UNION ALL
SELECT 'recovery', r.number FROM receivables_item r JOIN receivables_item i
    ON i.customer_id = r.customer_id AND i.number = r.reference AND i.kind = 'write_off'
    WHERE i.batch = %(batch)s AND r.kind = 'recovery' AND r.reverses_id IS NULL
    AND (r.batch IS NULL OR r.batch <> %(batch)s)
    AND NOT EXISTS (SELECT 1 FROM receivables_item x WHERE x.reverses_id = r.id)
ORDER BY 1, 2
"""

_RELEASE = f"""INSERT INTO receivables_holdrelease (hold_id, released, reason, posted_at)
SELECT h.id, {_LATER.format(date="h.placed")}, '{UNDONE}', %(now)s FROM receivables_hold h
    JOIN receivables_item i ON i.id = h.item_id
    WHERE h.posted_at = %(posted)s AND i.batch = %(batch)s
    AND NOT EXISTS (SELECT 1 FROM receivables_holdrelease r WHERE r.hold_id = h.id) ORDER BY h.id"""

_UNDO = f"""INSERT INTO receivables_match
    (key, date, credit_item_id, debit_item_id, amount, undoes_id, posted_at, batch)
SELECT '{UNDONE_KEY}' || CASE WHEN length(m.key) <= 180 THEN m.key ELSE CAST(m.id AS varchar(20)) END,
    {_LATER.format(date="m.date")}, m.credit_item_id, m.debit_item_id, m.amount, m.id, %(now)s, %(batch)s
FROM {_MATCHES} ORDER BY m.id"""

_REVERSE = f"""INSERT INTO receivables_item
    (customer_id, number, entry, reverses_id, kind, date, due, amount, tax, currency, reference, "order", seller,
    reason, posted_at, batch)
SELECT i.customer_id, i.number, i.entry + 1, i.id, i.kind, {_LATER.format(date="i.date")}, {_LATER.format(date="i.date")},
    i.amount, i.tax, i.currency, i.reference, i."order", i.seller, '{UNDONE}', %(now)s, %(batch)s
FROM {_ITEMS} ORDER BY i.id"""

# A reversal settles in full what it reverses; the key is made as for any reversal (`operations.reverse`).
_SETTLE = f"""INSERT INTO receivables_match
    (key, date, credit_item_id, debit_item_id, amount, undoes_id, posted_at, batch)
SELECT c.code || '/' || r.number || '/'
        || CAST(CASE WHEN r.kind IN ({_CREDITS}) THEN r.entry - 1 ELSE r.entry END AS varchar(10)) || '/reversal/1',
    r.date, CASE WHEN r.kind IN ({_CREDITS}) THEN r.reverses_id ELSE r.id END,
    CASE WHEN r.kind IN ({_CREDITS}) THEN r.id ELSE r.reverses_id END, r.amount, NULL, %(now)s, %(batch)s
FROM receivables_item r JOIN parties_customer c ON c.id = r.customer_id
WHERE r.id >= %(item)s AND r.kind <> 'recovery' ORDER BY r.id"""


def dependents(batch: int, posted: datetime) -> list[tuple[str, str]]:
    """What came later and leans on an import: ("match" | "hold" | "recovery" | …, key). `posted`: when it was posted."""
    with connection.cursor() as cursor:
        cursor.execute(_DEPENDENTS, {"batch": batch, "posted": _stored(posted)})
        return [(str(what), str(key)) for what, key in cursor.fetchall()]


def reverse_batch(batch: int, *, on: date, posted: datetime, now: datetime, closed: date | None) -> dict[str, int]:
    """Undo an import's matches, reverse its items and release its holds; gives how many of each.

    Each is dated `on`, or its own day where that is later. Refused "closed_period" before anything is written.
    """
    params: dict[str, Any] = {"batch": batch, "on": on, "now": _stored(now), "posted": _stored(posted)}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT MIN(day) FROM (SELECT MIN({_LATER.format(date="i.date")}) AS day FROM {_ITEMS}
            UNION ALL SELECT MIN({_LATER.format(date="m.date")}) FROM {_MATCHES}) AS days""",
            params,
        )
        first = cursor.fetchone()[0]
        if first is not None:
            rules.check_open(first if isinstance(first, date) else date.fromisoformat(first), closed)
        cursor.execute("SELECT (SELECT MAX(id) FROM receivables_item), (SELECT MAX(id) FROM receivables_match)")
        item, match = ((highest or 0) + 1 for highest in cursor.fetchone())
        done = {}
        for name, statement in (("holds", _RELEASE), ("matches", _UNDO), ("items", _REVERSE), ("settled", _SETTLE)):
            cursor.execute(statement, params | {"item": item})
            done[name] = cursor.rowcount
    bulk.keep_balances(first_item=item, first_match=match)
    del done["settled"]
    return done


def payers(batch: int) -> set[int]:
    """The customers whose payments an import brought or took back."""
    rows = models.Item.objects.filter(batch=batch, kind="payment")
    return set(rows.order_by().values_list("customer", flat=True).distinct())


def _stored(moment: datetime) -> Any:
    """A moment as this database compares it."""
    return connection.ops.adapt_datetimefield_value(moment)
