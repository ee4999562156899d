"""The subledger by the table, inside the caller's transaction: what an import reads, writes and takes back.

The caller holds the ledger's lock alone (`operations.lock_exclusive`), so nothing here changes under its hands.
"""

from collections.abc import Iterable
from datetime import date, datetime

import pyarrow as pa
from django.db import connection

from goodstanding.inbound import bulk
from goodstanding.inbound.intake.facts import HOLDS, ITEMS, MATCHES, UNDONE_KEY, Plan
from goodstanding.parties.known import ids_of
from goodstanding.receivables import models

_ITEMS = """SELECT c.code, i.number, i.entry, i.kind, i.date, i.due, i.amount, i.tax, i.currency, i.reference,
    i."order", i.seller, i.reason, i.id
    FROM receivables_item i JOIN "{numbers}" l ON l.value = i.number JOIN parties_customer c ON c.id = i.customer_id"""
_MATCHES = f"""SELECT m.id, m.key, m.date, m.credit_item_id, m.debit_item_id, m.amount, m.undoes_id,
    u.id IS NOT NULL, u.key IS NOT NULL AND u.key LIKE '{UNDONE_KEY}%%'
    FROM receivables_match m LEFT JOIN receivables_match u ON u.undoes_id = m.id
    WHERE m.id IN (SELECT x.id FROM receivables_match x JOIN "{{keys}}" k ON k.value = x.key
        UNION SELECT x.id FROM receivables_match x JOIN "{{items}}" i ON i.value = x.credit_item_id
        UNION SELECT x.id FROM receivables_match x JOIN "{{items}}" i ON i.value = x.debit_item_id)"""
_HOLDS = """SELECT h.id, h.key, h.item_id, h.amount, h.reason, h.source, h.placed, r.released
    FROM receivables_hold h JOIN "{keys}" k ON k.value = h.key LEFT JOIN receivables_holdrelease r ON r.hold_id = h.id"""


def _texts(columns: Iterable[pa.ChunkedArray]) -> pa.Array:
    return pa.concat_arrays([column.combine_chunks() for column in columns])


def known_items(tables: dict[str, pa.Table]) -> pa.Table:
    """Every entry of the numbers that the file's tables name."""
    if not models.Item.objects.exists():
        return ITEMS.empty_table()
    named = (
        *(("items", "number"), ("matches", "credit_item"), ("matches", "debit_item")),
        *(("holds", "item"), ("promise_items", "item"), ("demands", "item")),
    )
    with bulk.listed(_texts(tables[table][column] for table, column in named), "varchar(64)") as numbers:
        return bulk.fetch(_ITEMS.format(numbers=numbers), ITEMS)


def known_matches(tables: dict[str, pa.Table], items: pa.Table) -> pa.Table:
    """The matches on these items, and those whose keys the file names."""
    if not tables["matches"].num_rows or not models.Match.objects.exists():
        return MATCHES.empty_table()
    keys = _texts(tables["matches"][column] for column in ("id", "undoes"))
    ids = items["id"].combine_chunks()
    with bulk.listed(keys, "varchar(200)") as key_list, bulk.listed(ids, "bigint") as item_list:
        return bulk.fetch(_MATCHES.format(keys=key_list, items=item_list), MATCHES)


def known_holds(tables: dict[str, pa.Table]) -> pa.Table:
    """The holds whose keys the file names."""
    if not tables["holds"].num_rows or not models.Hold.objects.exists():
        return HOLDS.empty_table()
    with bulk.listed(tables["holds"]["id"].combine_chunks(), "varchar(200)") as keys:
        return bulk.fetch(_HOLDS.format(keys=keys), HOLDS)


def periods() -> tuple[tuple[date, str], ...]:
    """Every closing of the books, oldest first."""
    return tuple(models.PeriodClose.objects.order_by("id").values_list("through", "reason"))


def load(plan: Plan, codes: pa.Table, *, batch: int, now: datetime, tell: bulk.Tell) -> pa.Array:
    """Write the plan's items, matches, holds and periods, and bring the kept balances up to date.

    Gives the ids of the new items, in the plan's order.
    """
    marks = {"posted_at": now, "batch": batch}
    items = bulk.reserve_ids("receivables_item", plan.items.num_rows)
    rows = plan.items.set_column(0, "customer_id", ids_of(codes, plan.items["customer"]))
    rows = rows.drop_columns("reverses").append_column("reverses_id", bulk.resolved(plan.items["reverses"], items))
    bulk.insert("receivables_item", rows.append_column("id", items), marks, tell)

    matches = bulk.reserve_ids("receivables_match", plan.matches.num_rows)
    rows = plan.matches.drop_columns(["credit", "debit", "undoes"]).append_column("id", matches)
    for side in ("credit", "debit"):
        rows = rows.append_column(f"{side}_item_id", bulk.resolved(plan.matches[side], items))
    rows = rows.append_column("undoes_id", bulk.resolved(plan.matches["undoes"], matches))
    bulk.insert("receivables_match", rows, marks, tell)
    keep_balances(first_item=_first(items), first_match=_first(matches))

    holds = bulk.reserve_ids("receivables_hold", plan.holds.num_rows)
    rows = plan.holds.drop_columns("item").append_column("id", holds)
    rows = rows.append_column("item_id", bulk.resolved(plan.holds["item"], items))
    bulk.insert("receivables_hold", rows, {"posted_at": now})
    rows = plan.releases.drop_columns("hold").append_column("hold_id", bulk.resolved(plan.releases["hold"], holds))
    bulk.insert("receivables_holdrelease", rows, {"posted_at": now})
    close_periods(plan.periods, now)
    bulk.refresh_statistics("receivables_item", "receivables_match", "receivables_balance")
    return items


def _first(ids: pa.Array) -> int | None:
    return ids[0].as_py() if len(ids) else None


def close_periods(closed: Iterable[tuple[date, str]], now: datetime) -> None:
    """Repeat closings that a book brings along, in their order; the last one holds."""
    rows = [models.PeriodClose(through=day, reason=reason, posted_at=now) for day, reason in closed]
    if rows:
        models.PeriodClose.objects.bulk_create(rows)
        models.LedgerState.objects.filter(pk=1).update(closed_through=rows[-1].through)


_BALANCES = """
INSERT INTO receivables_balance (item_id, open)
SELECT t.item_id, COALESCE(MAX(b.open), 0) + SUM(t.amount) FROM (
    SELECT id AS item_id, CASE WHEN kind = 'recovery' THEN 0 ELSE amount END AS amount
        FROM receivables_item WHERE id >= %(item)s
    UNION ALL SELECT credit_item_id, CASE WHEN undoes_id IS NULL THEN -amount ELSE amount END
        FROM receivables_match WHERE id >= %(match)s
    UNION ALL SELECT debit_item_id, CASE WHEN undoes_id IS NULL THEN -amount ELSE amount END
        FROM receivables_match WHERE id >= %(match)s
) t LEFT JOIN receivables_balance b ON b.item_id = t.item_id
WHERE true GROUP BY t.item_id
ON CONFLICT (item_id) DO UPDATE SET open = excluded.open
"""


def keep_balances(*, first_item: int | None, first_match: int | None) -> None:
    """Count in what was posted from these ids on, in one statement; None where nothing of the kind was posted."""
    never = 2**62
    with connection.cursor() as cursor:
        cursor.execute(_BALANCES, {"item": first_item or never, "match": first_match or never})
