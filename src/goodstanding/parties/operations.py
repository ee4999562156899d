"""Writes of parties, inside the caller's transaction: customers one by one, merges, contacts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F

from goodstanding.kernel.errors import N_, Refused, StaleVersion
from goodstanding.parties import models, queries
from goodstanding.parties.rules import checks, groups
from goodstanding.parties.rules.search import search_text, sort_key
from goodstanding.parties.types import Contact, Customer

# PostgreSQL's advisory lock for parents and merges, held until the transaction ends: two links that each close no
# circle could close one together. On SQLite every writer is alone anyway.
HIERARCHY_LOCK = 0x67726F75
CHUNK = 2_000  # rows named in one statement
NAMED = 5  # customers named in a refusal


def lock_hierarchy() -> None:
    """Wait until nobody else changes parents or merges, and keep it so until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HIERARCHY_LOCK])


def lock_customers(ids: Collection[int]) -> None:
    """Whoever else locks one of these waits until the transaction ends; what only points at them doesn't."""
    rows = models.Customer.objects.select_for_update(no_key=True).filter(pk__in=ids)
    list(rows.order_by("pk").values_list("pk"))


def add_customer(code: str, details: Mapping[str, Any]) -> int:
    """Store a new customer and return its id. Refused when the code is taken or something unfit."""
    code = checks.check_code(code)
    clean = checks.check_changes({"name": "", **details}, currency=details.get("currency", ""))
    if models.Customer.objects.filter(code=code).exists():
        raise Refused("code_taken", N_("There is already a customer {code}."), code=code)
    parent = _parent_id(code, clean.pop("parent", ""))
    row = models.Customer(
        code=code, parent_id=parent, search=search_text(code, clean["name"]), sort_key=sort_key(clean["name"]), **clean
    )
    row.save(force_insert=True)
    return int(row.pk)


def change_customer(before: Customer, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change a customer as it was read; returns the cleaned changes that differ.

    StaleVersion when somebody changed it since, Refused when a change is unfit or the customer is merged.
    """
    if before.status == "merged":
        raise Refused("merged", N_("{code} is merged: change the customer that carries on."), code=before.code)
    checks.check_names(changes)
    differ = {name: value for name, value in changes.items() if value != getattr(before, name)}
    limit = {"credit_limit": before.credit_limit} if "currency" in differ else {}
    differ = checks.check_changes(limit | differ, currency=differ.get("currency", before.currency))
    differ = {name: value for name, value in differ.items() if value != getattr(before, name)}
    stored = dict(differ)
    if "parent" in stored:
        stored["parent_id"] = _parent_id(before.code, stored.pop("parent"))
    if "name" in stored:
        stored |= {"search": search_text(before.code, stored["name"]), "sort_key": sort_key(stored["name"])}
    if stored:
        _update(models.Customer, {"id": before.id, "code": before.code}, before.version, stored)
    return differ


def check_version(read: Customer, version: int) -> None:
    """StaleVersion unless the customer still has the version that somebody decided by."""
    if read.version != version:
        raise _stale(read.code)


def check_versions(seen: Mapping[str, tuple[int, int]]) -> None:
    """StaleVersion, naming some, unless each code still has the version that somebody decided by (now, then)."""
    changed = sorted(code for code, (now, then) in seen.items() if now != then)
    if changed:
        raise _stale(", ".join(changed[:NAMED]) + ("…" if len(changed) > NAMED else ""))


def set_value(ids: Sequence[int], field: str, value: str) -> None:
    """Give many customers, locked before, the same value of a field; each one's version grows."""
    for start in range(0, len(ids), CHUNK):
        rows = models.Customer.objects.filter(pk__in=ids[start : start + CHUNK])
        rows.update(**{field: value, "version": F("version") + 1})


def _stale(name: str) -> StaleVersion:
    return StaleVersion("stale_version", N_("Somebody changed {name} since you opened it."), name=name)


def _parent_id(code: str, parent: str) -> int | None:
    """The id of a parent that exists and would not make a circle; takes the hierarchy's lock."""
    if not parent:
        return None
    lock_hierarchy()
    found = models.Customer.objects.filter(code=parent).values_list("id", "status").first()
    if found is None:
        raise queries.no_such_customer(parent)
    if found[1] == "merged":
        raise Refused("parent_merged", N_("{parent} is merged: choose the customer that carries on."), parent=parent)
    if groups.would_circle(code, queries.parent_codes(), parent):
        raise Refused("circle", N_("{parent} belongs to the group of {code} itself."), parent=parent, code=code)
    return int(found[0])


def _update(model: Any, row: dict[str, Any], version: int, values: Mapping[str, Any]) -> None:
    """Write a row that still has the version that was read, and raise its version."""
    if not model.objects.filter(id=row["id"], version=version).update(**values, version=version + 1):
        raise _stale(row.get("code") or row["name"])


def merge(merged: Customer, survivor: Customer, *, on: date, reason: str) -> dict[str, Any]:
    """Make `survivor` carry on for `merged` from a day on; returns what else that changed, for the trail.

    The members of the merged customer's group come along; its contacts, items and its own row stay as they are.
    Refused when either is already merged, for a customer with itself, and into a member of its own group;
    StaleVersion when somebody changed either since they were read.
    """
    reason = checks.check_line("reason", reason)
    if merged.id == survivor.id:
        raise Refused("merge_itself", N_("{code} can't be merged with itself."), code=merged.code)
    lock_hierarchy()
    for each in (merged, survivor):
        into = models.Merge.objects.filter(merged_id=each.id).values_list("survivor__code", flat=True).first()
        if into:
            raise Refused("already_merged", N_("{code} is already merged into {into}."), code=each.code, into=into)
    if groups.would_circle(merged.code, queries.parent_codes(), survivor.code):
        raise Refused(
            "merge_descendant",
            N_("{survivor} belongs to the group of {merged}: merge it the other way round."),
            survivor=survivor.code,
            merged=merged.code,
        )
    for each, values in ((merged, {"status": models.Customer.Status.MERGED}), (survivor, {})):
        _update(models.Customer, {"id": each.id, "code": each.code}, each.version, values)
    members = models.Customer.objects.filter(parent_id=merged.id)
    moved = list(members.order_by("code").values_list("code", flat=True))
    for member in members.exclude(id=survivor.id):
        _update(models.Customer, {"id": member.pk, "code": member.code}, member.version, {"parent_id": survivor.id})
    models.Merge.objects.create(merged_id=merged.id, survivor_id=survivor.id, on=on, reason=reason)
    return {"members": moved}


def store_contact(customer_id: int, contact: Contact, *, was: str = "") -> Contact | None:
    """Add a contact (version 0), or change the one named `was` as it was read; returns how it was.

    Refused when unfit or the name is taken, StaleVersion when somebody changed or removed it since.
    """
    checks.check_contact(contact)
    values = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(contact).items()}
    code, version = values.pop("customer"), values.pop("version")
    others = models.Contact.objects.filter(customer_id=customer_id)
    was = was or contact.name
    before = others.filter(name=was).values().first()
    if version and before is None:
        raise _stale(was)
    taken = others.filter(name=values["name"]).exclude(name=was).exists()
    if taken or (before is not None and not version):
        raise Refused("contact_taken", N_("{code} already has a contact {name}."), code=code, name=values["name"])
    if before is None:
        models.Contact.objects.create(customer_id=customer_id, **values)
        return None
    _update(models.Contact, {"id": before.pop("id"), "name": was}, version, values)
    return Contact(customer=code, **{name: before[name] for name in (*values, "version")})
