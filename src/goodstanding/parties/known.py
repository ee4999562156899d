"""The customers and contacts that an import is held against, as columns, inside the caller's transaction."""

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import PROTECT, Exists, OuterRef

from goodstanding.inbound import bulk
from goodstanding.inbound.intake.facts import CONTACTS, CUSTOMERS, Plan
from goodstanding.parties import models
from goodstanding.parties.bulk import save_contacts, save_customers


def known_customers() -> pa.Table:
    """Every customer, in the book's columns and with its id."""
    return bulk.fetch(
        """SELECT c.code, c.name, p.code, NULLIF(c.kind, ''), NULLIF(c.territory, ''), NULLIF(c.account_manager, ''),
            NULLIF(c.currency, ''), NULLIF(c.terms, ''), c.credit_limit, c.since, c.status, s.code, m."on", c.id
        FROM parties_customer c
        LEFT JOIN parties_customer p ON p.id = c.parent_id
        LEFT JOIN parties_merge m ON m.merged_id = c.id
        LEFT JOIN parties_customer s ON s.id = m.survivor_id
        ORDER BY c.id""",
        CUSTOMERS,
    )


def known_contacts(customers: pa.Array) -> pa.Table:
    """The contacts of these customers (codes), in the book's columns."""
    if not len(customers):
        return CONTACTS.empty_table()
    with bulk.listed(customers, "varchar(64)") as codes:
        return bulk.fetch(
            f"""SELECT c.code, k.name, NULLIF(k.role, ''), NULLIF(k.email, ''), NULLIF(k.phone, ''),
                NULLIF(k.birthday, ''), NULLIF(k.birthday_calendar, ''), NULLIF(k.language, ''),
                NULLIF(k.channel, ''), k.may_contact
            FROM parties_contact k JOIN parties_customer c ON c.id = k.customer_id
            JOIN "{codes}" l ON l.value = c.code""",
            CONTACTS,
        )


def load(plan: Plan, known: pa.Table, batch: int, tell: bulk.Tell) -> pa.Table:
    """Write the plan's customers, contacts and merges. Gives every customer's `code` and `id`."""
    created: dict[str, int] = {}
    if plan.customers.num_rows:
        created = save_customers(plan.customers, batch=batch, update=False).ids
        tell(plan.customers.num_rows)
    codes = pa.table(
        {
            "code": pa.concat_arrays([known["code"].combine_chunks(), pa.array(created.keys(), pa.string())]),
            "id": pa.concat_arrays([known["id"].combine_chunks(), pa.array(created.values(), pa.int64())]),
        }
    )
    if plan.contacts.num_rows:
        owners = pc.unique(plan.contacts["customer"])
        ids = dict(zip(owners.to_pylist(), ids_of(codes, owners).to_pylist(), strict=True))
        save_contacts(plan.contacts, ids)
        tell(plan.contacts.num_rows)
    return codes


def ids_of(codes: pa.Table, wanted: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The id of each code; null for null."""
    if not len(wanted):
        return pa.array([], pa.int64())
    whole = wanted.combine_chunks() if isinstance(wanted, pa.ChunkedArray) else wanted
    place = pc.index_in(whole, value_set=codes["code"].combine_chunks(), skip_nulls=True)
    return codes["id"].combine_chunks().take(place)


def made_by(batch: int) -> list[int]:
    """The customers an import made that nobody changed since, that were not merged and that no fact is about."""
    made = models.Customer.objects.filter(
        batch=batch, version=1, contacts=None, notes=None, attachments=None, merge=None, absorbed=None
    )
    for each in models.Customer._meta.related_objects:  # of every context: an item, a promise, a letter
        if each.on_delete is PROTECT and each.related_model is not models.Customer:
            facts = each.related_model._base_manager.filter(**{each.field.name: OuterRef("pk")})
            made = made.filter(~Exists(facts))
    return list(made.order_by("id").values_list("pk", flat=True))


def delete_unused(unused: list[int]) -> int:
    """Delete these customers, but those who head a group that stays; gives how many went."""
    left, gone = set(unused), 0
    while True:
        heads = models.Customer.objects.filter(parent__in=left).values_list("parent_id", flat=True)
        leaves = sorted(left - set(heads))
        if not leaves:
            return gone
        for start in range(0, len(leaves), 500):
            models.Customer.objects.filter(pk__in=leaves[start : start + 500]).delete()
        gone += len(leaves)
        left -= set(leaves)
