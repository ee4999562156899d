"""Touches by the table, inside the caller's transaction: what an import reads, writes and takes back."""

from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.timezone import localdate

from goodstanding.inbound import bulk
from goodstanding.inbound.intake.bonds import AGAIN
from goodstanding.inbound.intake.facts import TOUCHES, UNDONE, Plan
from goodstanding.inbound.moments import as_text
from goodstanding.parties.known import ids_of
from goodstanding.relations import models, queries, rules
from goodstanding.relations.types import NewTouch

_COLUMNS = (
    *("key", "customer__code", "kind", "at", "by", "purpose", "minutes", "cost", "currency", "outcome", "contact"),
    *("note", "source", "withdrawal__at", "withdrawal__by", "withdrawal__reason"),
)
_ROWS = [*("key", "kind", "at", "by", "purpose", "minutes", "cost", "currency", "outcome", "contact", "note", "source")]
PART = 500


def known(tables: dict[str, pa.Table]) -> pa.Table:
    """The touches whose ids the file names; of one that was taken back and came again, the newest."""
    given: list[str] = [each for each in tables["touches"]["id"].to_pylist() if each]
    if not given or not models.Touch.objects.exists():
        return TOUCHES.empty_table()
    found: dict[str, dict[str, Any]] = {}
    asked, count = {each: each for each in given}, 1
    while asked:
        there = _rows(asked)
        found |= there
        count += 1
        asked = {f"{given[:190]}{AGAIN}{count}": given for given, row in there.items() if row["undone"]}
    return pa.Table.from_pylist(list(found.values()), schema=TOUCHES)


def _rows(asked: dict[str, str]) -> dict[str, dict[str, Any]]:
    """The touches of these keys, by the id each has in the file."""
    names = [name for name in TOUCHES.names if name not in ("given", "undone")]
    found, keys = {}, list(asked)
    for start in range(0, len(keys), PART):
        rows = models.Touch.objects.filter(key__in=keys[start : start + PART]).values_list(*_COLUMNS)
        for row in rows:
            each = dict(zip(names, row, strict=True))
            each |= {"at": as_text(each["at"]), "given": asked[each["id"]]}
            each["undone"] = each["withdrawn_reason"] == UNDONE
            each["withdrawn"] = as_text(each["withdrawn"]) if each["withdrawn"] else None
            found[each["given"]] = each
    return found


def load(plan: Plan, codes: pa.Table, *, batch: int, now: datetime, tell: bulk.Tell) -> None:
    """Write the plan's touches and the withdrawals of those that no longer count."""
    table = _priced(plan.touches)
    ids = bulk.reserve_ids("relations_touch", table.num_rows)
    rows = table.select(_ROWS).set_column(_ROWS.index("at"), "at", _stored(table["at"]))
    rows = rows.append_column("customer_id", ids_of(codes, table["customer"])).append_column("id", ids)
    bulk.insert("relations_touch", rows, {"posted_at": now, "batch": batch}, tell)
    gone = table.select(["withdrawn_by", "withdrawn_reason", "withdrawn"]).append_column("touch_id", ids)
    gone = gone.filter(gone["withdrawn"].is_valid()).rename_columns(["by", "reason", "at", "touch_id"])
    bulk.insert("relations_touchwithdrawal", gone.set_column(2, "at", _stored(gone["at"])))


def _stored(moments: pa.ChunkedArray) -> pa.ChunkedArray:
    """Moments as both databases read them from text: SQLite as Django keeps them, PostgreSQL in its session's UTC."""
    return pc.replace_substring(pc.replace_substring(moments, "T", " "), "Z", "")


def _priced(table: pa.Table) -> pa.Table:
    """Costs that the file doesn't give, by the rates of their day."""
    rates = queries.rates()
    if rates and table["cost"].null_count:
        rows = table.to_pylist()
        for row in rows:
            if row["cost"] is None:
                row["currency"] = row["currency"] or row["home"] or ""
                at = datetime.fromisoformat(row["at"])
                rate = rules.rate_on(rates, row["kind"], row["currency"], localdate(at))
                row["cost"] = rules.cost(NewTouch(row["kind"], at, row["purpose"], minutes=row["minutes"]), rate)
        table = pa.Table.from_pylist(rows, schema=table.schema)
    return table.set_column(table.column_names.index("cost"), "cost", pc.fill_null(table["cost"], 0))


def undo(batch: int, by: str, now: datetime) -> int:
    """Withdraw the touches that an import brought, unless they are withdrawn already."""
    mine = models.Touch.objects.filter(batch=batch, withdrawal=None).order_by("pk").values_list("pk", flat=True)
    rows = [models.TouchWithdrawal(touch_id=each, reason=UNDONE, by=by, at=now) for each in mine]
    models.TouchWithdrawal.objects.bulk_create(rows, batch_size=2000)
    return len(rows)
