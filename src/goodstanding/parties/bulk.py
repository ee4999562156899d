"""Many customers and contacts at once, from the columns of a file, inside the caller's transaction."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import pyarrow as pa
from django.db.models import F

from goodstanding.inbound import bulk
from goodstanding.kernel.errors import Faults
from goodstanding.parties import models, queries
from goodstanding.parties.operations import lock_hierarchy
from goodstanding.parties.rules.search import search_text, sort_key
from goodstanding.parties.types import Saved

CHUNK = 2_000
_TEXTS = ("name", "kind", "territory", "account_manager", "currency", "terms", "status")
_FIELDS = (*_TEXTS, "credit_limit", "since")
_CONTACT_TEXTS = ("role", "email", "phone", "birthday", "birthday_calendar", "language", "channel")

Columns = Mapping[str, Sequence[Any]]


def columns_of(table: Any) -> Columns:
    """Columns as lists, from an Arrow table or from columns."""
    return table.to_pydict() if hasattr(table, "to_pydict") else table


def save_customers(table: Any, *, batch: int | None = None, update: bool = True) -> Saved:
    """Store the customers of a file's table (an Arrow table, or column name → list; see the book's contract).

    New codes are added; of those that exist, what the file says differently is changed when `update` is set
    (an empty cell says nothing). Merges of the file (`merged_into`, `merged_on`) are added. Faults when
    anything doesn't fit; then nothing was written.
    """
    columns = columns_of(table)
    lock_hierarchy()
    faults = queries.customer_faults(columns)
    if faults:
        raise Faults(faults)
    known = queries.ids(columns["code"])
    created = _add(columns, known, batch)
    changed = _change(columns, known) if update and known else {}
    ids = {**known, **created}
    if update and known:
        _set_parents(columns, known, ids, changed)
    return Saved(ids, list(created), changed, save_merges(_merges_in(columns), ids))


def _add(columns: Columns, known: Mapping[str, int], batch: int | None) -> dict[str, int]:
    """Add the rows with new codes, all at once: their parents may come later in the file."""
    places = [place for place, code in enumerate(columns["code"]) if code not in known]
    if not places:
        return {}
    codes = [columns["code"][place] for place in places]
    ids = bulk.reserve_ids("parties_customer", len(codes))
    created = dict(zip(codes, ids.to_pylist(), strict=True))
    parents = [columns["parent"][place] if "parent" in columns else None for place in places]
    id_of = {**queries.ids({parent for parent in parents if parent}), **created}
    rows = {
        "id": ids,
        "code": pa.array(codes, pa.string()),
        "parent_id": pa.array([id_of[parent] if parent else None for parent in parents], pa.int64()),
        "search": pa.array(
            [search_text(code, columns["name"][place]) for code, place in zip(codes, places, strict=True)], pa.string()
        ),
        "sort_key": pa.array([sort_key(columns["name"][place]) for place in places], pa.string()),
        "batch": pa.nulls(len(codes), pa.int64()) if batch is None else pa.repeat(batch, len(codes)),
    }
    for name in _TEXTS:
        values, blank = columns.get(name), "active" if name == "status" else ""
        rows[name] = pa.array([(values[place] if values else None) or blank for place in places], pa.string())
    for name, kind in (("credit_limit", pa.int64()), ("since", pa.date32())):
        values = columns.get(name)
        rows[name] = pa.array([values[place] if values else None for place in places], kind)
    bulk.insert("parties_customer", pa.table(rows), {"version": 1})
    return created


def _change(columns: Columns, known: Mapping[str, int]) -> dict[str, Mapping[str, object]]:
    """Change what the file says differently of known codes; returns the former values of each changed one."""
    given = {name: columns[name] for name in _FIELDS if name in columns}
    places = {code: place for place, code in enumerate(columns["code"]) if code in known}
    before: dict[str, Mapping[str, object]] = {}
    touched = []
    for part in _parts(list(places)):
        for row in models.Customer.objects.filter(code__in=part):
            place = places[row.code]
            says = {name: values[place] for name, values in given.items() if values[place] is not None}
            if row.status == models.Customer.Status.MERGED:
                says.pop("status", None)  # a merge isn't taken back by a file from before it
            differ = {name: value for name, value in says.items() if getattr(row, name) != value}
            if differ:
                before[row.code] = {name: getattr(row, name) for name in differ}
                for name, value in differ.items():
                    setattr(row, name, value)
                row.search, row.sort_key = search_text(row.code, row.name), sort_key(row.name)
                row.version += 1
                touched.append(row)
    models.Customer.objects.bulk_update(touched, [*_FIELDS, "search", "sort_key", "version"], batch_size=200)
    return before


def _set_parents(
    columns: Columns, known: Mapping[str, int], ids: Mapping[str, int], changed: dict[str, Mapping[str, object]]
) -> None:
    """Move known customers to the groups that the file names; notes former parents in `changed`."""
    former = queries.parent_codes()
    links = sorted(
        (parent, code)
        for code, parent in zip(columns["code"], columns.get("parent") or (), strict=False)
        if parent and code in known and former.get(code) != parent
    )
    id_of = {**queries.ids({parent for parent, _ in links}), **ids}
    for parent, pairs in groupby(links, key=lambda link: link[0]):
        codes = [code for _, code in pairs]
        for code in codes:
            changed[code] = {**changed.get(code, {}), "parent": former.get(code, "")}
        for part in _parts(codes):
            moved = models.Customer.objects.filter(code__in=part)
            moved.update(parent_id=id_of[parent], version=F("version") + 1)


def _merges_in(columns: Columns) -> Columns:
    """The merges that a file's customers name: merged, survivor (codes), on."""
    into = columns.get("merged_into") or [None] * len(columns["code"])
    places = [place for place, survivor in enumerate(into) if survivor]
    return {
        "merged": [columns["code"][place] for place in places],
        "survivor": [into[place] for place in places],
        "on": [columns["merged_on"][place] for place in places],
    }


def save_merges(table: Any, ids: Mapping[str, int]) -> list[str]:
    """Store merges (columns merged, survivor, on), but those the book has; `ids` has the merged codes' at least.

    Returns the codes that are merged now. The links must have been checked for circles.
    """
    columns = columns_of(table)
    have = queries.merge_codes()
    rows = [row for row in zip(*(columns[n] for n in ("merged", "survivor", "on")), strict=True) if row[0] not in have]
    all_ids = {**queries.ids({survivor for _, survivor, _ in rows}), **ids}
    models.Merge.objects.bulk_create(
        models.Merge(merged_id=all_ids[merged], survivor_id=all_ids[survivor], on=on) for merged, survivor, on in rows
    )
    codes = [merged for merged, _, _ in rows]
    for part in _parts(codes):
        models.Customer.objects.filter(code__in=part).update(status=models.Customer.Status.MERGED)
    return codes


def save_contacts(table: Any, ids: Mapping[str, int]) -> tuple[int, dict[str, Mapping[str, object]]]:
    """Store the contacts of a file's table; `ids` has the id of every customer code in it.

    Known ones (customer and name) are changed where the file says something else. Returns how many are new,
    and how the changed ones were, by `code name`.
    """
    columns = columns_of(table)
    given = {name: columns[name] for name in (*_CONTACT_TEXTS, "may_contact") if name in columns}
    says = {
        (ids[code], columns["name"][place]): {
            name: values[place] for name, values in given.items() if values[place] is not None
        }
        for place, code in enumerate(columns["customer"])
    }
    code_of = {ids[code]: code for code in columns["customer"]}
    before: dict[str, Mapping[str, object]] = {}
    touched = []
    for part in _parts(list(code_of)):
        for row in models.Contact.objects.filter(customer_id__in=part):
            differ = {
                name: value
                for name, value in says.pop((row.customer_id, row.name), {}).items()
                if getattr(row, name) != value
            }
            if differ:
                before[f"{code_of[row.customer_id]} {row.name}"] = {name: getattr(row, name) for name in differ}
                for name, value in differ.items():
                    setattr(row, name, value)
                row.version += 1
                touched.append(row)
    models.Contact.objects.bulk_update(touched, [*_CONTACT_TEXTS, "may_contact", "version"], batch_size=200)
    made = [models.Contact(customer_id=id_, name=name, **values) for (id_, name), values in says.items()]
    models.Contact.objects.bulk_create(made, batch_size=CHUNK)
    return len(made), before


def _parts(values: list[Any], size: int = 500) -> list[list[Any]]:
    return [values[start : start + size] for start in range(0, len(values), size)]
