"""Promises by the table, inside the caller's transaction: what an import reads, writes and takes back."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import F

from goodstanding.inbound import bulk
from goodstanding.inbound.intake.facts import PROMISE_ITEMS, PROMISES, UNDONE, Plan
from goodstanding.parties.known import ids_of
from goodstanding.promises import models, queries
from goodstanding.promises.rules import CLOSED
from goodstanding.promises.types import Promise

_PROMISES = f"""SELECT c.code, p."by", p.kind, p.made, p.due, p.tolerance, p.amount, p.currency, p.subject, p.contact,
    p.owner, p.plan, p.step, p.level, NULL, j.state, j."on", j.received, j.reason, p.id, p.key,
    COALESCE(j.state = 'withdrawn' AND j.reason = '{UNDONE}', false),
    EXISTS (SELECT 1 FROM promises_promise r WHERE r.renews_id = p.id)
    FROM promises_promise p JOIN "{{keys}}" k ON k.value = p.key JOIN parties_customer c ON c.id = p.customer_id
    LEFT JOIN promises_judgement j ON j.id = (SELECT n.id FROM promises_judgement n WHERE n.promise_id = p.id
        ORDER BY n."on" DESC, n.id DESC LIMIT 1)"""
_ITEMS = """SELECT a.promise_id, a.item, a.amount FROM promises_promiseitem a
    JOIN promises_promise p ON p.id = a.promise_id JOIN "{keys}" k ON k.value = p.key"""
_OWN = ("tolerance", "amount", "currency", "subject", "contact", "owner", "plan", "step", "level")


def known(tables: dict[str, pa.Table]) -> tuple[pa.Table, pa.Table]:
    """The promises whose keys the file names, and the items they are about."""
    named = (("promises", "id"), ("promises", "renews"), ("promise_items", "promise"))
    keys = pa.concat_arrays([tables[table][column].combine_chunks() for table, column in named])
    if not len(keys) or not models.Promise.objects.exists():
        return PROMISES.empty_table(), PROMISE_ITEMS.empty_table()
    with bulk.listed(keys, "varchar(200)") as listed:
        return (
            bulk.fetch(_PROMISES.format(keys=listed), PROMISES),
            bulk.fetch(_ITEMS.format(keys=listed), PROMISE_ITEMS),
        )


def load(plan: Plan, codes: pa.Table, items: pa.Array, *, batch: int, now: datetime, tell: bulk.Tell) -> None:
    """Write the plan's promises, what they are about and what became of them. `items`: the ids of the new items."""
    marks = {"posted_at": now, "batch": batch}
    ids = bulk.reserve_ids("promises_promise", plan.promises.num_rows)
    rows = plan.promises.select(["key", "by", "kind", "made", "due", *_OWN])
    rows = rows.append_column("customer_id", ids_of(codes, plan.promises["customer"])).append_column("id", ids)
    rows = rows.append_column("renews_id", bulk.resolved(plan.promises["renews"], ids))
    bulk.insert("promises_promise", rows, marks, tell)
    about = plan.promise_items
    for name, new in (("promise", ids), ("item", items)):
        about = about.set_column(about.column_names.index(name), name, bulk.resolved(about[name], new))
    bulk.insert("promises_promiseitem", about.rename_columns(["promise_id", "item", "amount"]))
    judged = plan.promises.select(["state", "judged", "received", "reason"]).append_column("promise_id", ids)
    judged = judged.filter(pc.and_(judged["state"].is_valid(), judged["judged"].is_valid()))
    judged = judged.rename_columns(["state", "on", "received", "reason", "promise_id"])
    bulk.insert("promises_judgement", judged, marks)
    revived = plan.revived.rename_columns(["promise_id", "on"])
    bulk.insert("promises_judgement", revived, {**marks, "state": "open", "received": 0, "reason": ""})


def brought(batch: int) -> list[Promise]:
    """The promises that an import brought or opened again, but for those withdrawn or renewed since."""
    mine = models.Promise.objects.filter(batch=batch).values_list("pk", flat=True)
    back = models.Judgement.objects.filter(batch=batch, state="open").exclude(promise__batch=F("batch"))
    found = queries.standing.values(
        queries.standing.rows_on(date.max).filter(pk__in=mine.union(back.values("promise")))
    )
    return [each for each in found if each.state not in CLOSED]


def withdraw(promises: Sequence[Promise], batch: int, on: date, now: datetime) -> int:
    """Withdraw these promises, because the import that brought them is undone."""
    models.Judgement.objects.bulk_create(
        [
            models.Judgement(
                promise_id=each.id,
                state="withdrawn",
                on=max(on, each.made, each.judged or on),
                received=each.received,
                reason=UNDONE,
                posted_at=now,
                batch=batch,
            )
            for each in promises
        ],
        batch_size=2000,
    )
    return len(promises)


def dependents(batch: int) -> list[tuple[str, str]]:
    """Promises from elsewhere that renew one of an import's: they lean on it."""
    rows = models.Promise.objects.filter(renews__batch=batch).exclude(batch=batch)
    return [("promise", key) for key in rows.order_by("key").values_list("key", flat=True)]


def customers_of(promises: Collection[int]) -> set[int]:
    """The customers of these promises."""
    return set(models.Promise.objects.filter(pk__in=promises).values_list("customer", flat=True))


def customers_with_promises(customers: Collection[int]) -> set[int]:
    """Which of these customers have any promise."""
    having = set(models.Promise.objects.order_by().values_list("customer", flat=True).distinct())
    return having & set(customers)
