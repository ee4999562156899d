"""The database in the shape of the book's files, its digests, and its facts from one mark to another."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from django.db import connection

from goodstanding.engine.contract import DAY, FILE_TABLES, FLAG, ID, TEXT
from goodstanding.reports.columns import Fetch, one_state

NONE = -1  # stands for "no number" in the queries below; nothing they read is negative

_CUSTOMERS = """SELECT c.code, c.name, COALESCE(p.code, ''), c.kind, c.territory, c.account_manager, c.currency,
    c.terms, COALESCE(c.credit_limit, -1), COALESCE(CAST(c.since AS varchar(10)), ''), c.status,
    COALESCE(s.code, ''), COALESCE(CAST(m."on" AS varchar(10)), '')
    FROM parties_customer c LEFT JOIN parties_customer p ON p.id = c.parent_id
    LEFT JOIN parties_merge m ON m.merged_id = c.id LEFT JOIN parties_customer s ON s.id = m.survivor_id
    ORDER BY c.code"""
_CONTACTS = """SELECT c.code, k.name, k.role, k.email, k.phone, k.birthday, k.birthday_calendar, k.language, k.channel,
    CASE WHEN k.may_contact THEN 1 ELSE 0 END
    FROM parties_contact k JOIN parties_customer c ON c.id = k.customer_id ORDER BY c.code, k.name"""
_ITEMS = """SELECT i.id, c.code, i.number, i.entry, i.kind, CAST(i.date AS varchar(10)), CAST(i.due AS varchar(10)),
    i.amount, i.tax, i.currency, i.reference, i."order", i.seller, i.reason
    FROM receivables_item i JOIN parties_customer c ON c.id = i.customer_id
    WHERE i.id > {after} AND i.id <= {upto} ORDER BY i.id"""
_MATCHES = """SELECT m.key, CAST(m.date AS varchar(10)), m.credit_item_id, m.debit_item_id, m.amount,
    COALESCE(u.key, '') FROM receivables_match m LEFT JOIN receivables_match u ON u.id = m.undoes_id
    WHERE m.id > {after} AND m.id <= {upto} ORDER BY m.id"""
_HOLDS = """SELECT h.key, c.code, i.number, i.entry, h.amount, h.reason, h.source, CAST(h.placed AS varchar(10)),
    COALESCE(CAST(r.released AS varchar(10)), ''), COALESCE(r.reason, ''), i.currency
    FROM receivables_hold h JOIN receivables_item i ON i.id = h.item_id
    JOIN parties_customer c ON c.id = i.customer_id LEFT JOIN receivables_holdrelease r ON r.hold_id = h.id
    ORDER BY h.id"""
_PERIODS = "SELECT CAST(through AS varchar(10)), reason FROM receivables_periodclose ORDER BY id"
_PROMISES = """SELECT p.key, c.code, p."by", p.kind, CAST(p.made AS varchar(10)), CAST(p.due AS varchar(10)), p.tolerance,
    COALESCE(p.amount, -1), p.currency, p.subject, p.contact, p.owner, p.plan, p.step, p.level, COALESCE(o.key, ''),
    COALESCE(j.state, ''), COALESCE(CAST(j."on" AS varchar(10)), ''),
    CASE WHEN p.currency = '' THEN -1 ELSE COALESCE(j.received, 0) END, COALESCE(j.reason, '')
    FROM promises_promise p JOIN parties_customer c ON c.id = p.customer_id
    LEFT JOIN promises_promise o ON o.id = p.renews_id
    LEFT JOIN (SELECT promise_id, state, "on", received, reason,
        ROW_NUMBER() OVER (PARTITION BY promise_id ORDER BY "on" DESC, id DESC) AS place
        FROM promises_judgement) j ON j.promise_id = p.id AND j.place = 1
    ORDER BY p.id"""
_PROMISE_ITEMS = """SELECT p.key, c.code, i.number, i.entry, COALESCE(a.amount, -1), i.currency
    FROM promises_promiseitem a JOIN promises_promise p ON p.id = a.promise_id
    JOIN receivables_item i ON i.id = a.item JOIN parties_customer c ON c.id = i.customer_id ORDER BY a.id"""
_TOUCHES = """SELECT t.key, c.code, t.kind, {at}, t."by", t.purpose, t.minutes,
    CASE WHEN t.currency = '' THEN -1 ELSE t.cost END, t.currency, t.outcome, t.contact, t.note, t.source,
    COALESCE({withdrawn}, ''), COALESCE(w."by", ''), COALESCE(w.reason, '')
    FROM relations_touch t JOIN parties_customer c ON c.id = t.customer_id
    LEFT JOIN relations_touchwithdrawal w ON w.touch_id = t.id ORDER BY t.id"""
_DEMANDS = """SELECT c.code, i.number, i.entry, d.level, CAST(d."on" AS varchar(10)), d.how
    FROM collections_completion d JOIN receivables_item i ON i.id = d.item JOIN parties_customer c ON c.id = i.customer_id
    LEFT JOIN collections_undoing u ON u.completion_id = d.id WHERE u.id IS NULL ORDER BY d.id"""
# A moment as text in UTC, in each database's own words; both keep microseconds.
_MOMENT = {
    "postgresql": """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S', {0}) || substr({0} || '.000000', 20, 7) || 'Z'",
}
_BALANCES = """SELECT c.code, i.number, i.entry, b.open FROM receivables_balance b
    JOIN receivables_item i ON i.id = b.item_id JOIN parties_customer c ON c.id = i.customer_id"""

_NAMES = {name: FILE_TABLES[name].names for name in FILE_TABLES}
_EVER = 2**62
EMPTY = pa.scalar(None, TEXT)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far into the book something reaches: the highest ids of items and matches in it."""

    item: int = 0
    match: int = 0


START, END = Mark(), Mark(_EVER, _EVER)


def _raw(columns: list[str], kinds: Mapping[str, pa.DataType]) -> pa.Schema:
    """How the queries give a table: text (days too), and whole numbers."""
    numbers = (pa.int64(), pa.int32(), pa.bool_())
    return pa.schema([(name, ID if kinds.get(name, TEXT) in numbers else TEXT) for name in columns])


def _kinds(table: str) -> dict[str, pa.DataType]:
    return {field.name: field.type for field in FILE_TABLES[table]} | {"credit_id": ID, "debit_id": ID}


def _read(fetch: Fetch, table: str, sql: str, columns: list[str] | None = None) -> pa.Table:
    """A query's answer with the table's types; empty text and NONE become null."""
    kinds = _kinds(table)
    names = columns or _NAMES[table]
    if table == "items" and names[0] == "id":
        kinds["id"] = ID
    raw = fetch(sql, _raw(names, kinds))
    done = [_meant(raw.column(name), kinds.get(name, TEXT)) for name in names]
    return pa.table(dict(zip(names, done, strict=True)))


def _meant(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if kind == FLAG:
        return column.cast(FLAG)
    if kind in (TEXT, DAY):
        full = pc.if_else(pc.equal(column, ""), EMPTY, column)
        return full.cast(kind)
    return pc.if_else(pc.equal(column, NONE), pa.scalar(None, column.type), column).cast(kind)


def customers(fetch: Fetch) -> pa.Table:
    """The customers, by code."""
    return _read(fetch, "customers", _CUSTOMERS)


def facts(fetch: Fetch, after: Mark = START, upto: Mark = END) -> dict[str, pa.Table]:
    """Items (with `id`) and matches (with `credit_id` and `debit_id`) after one mark and up to another."""
    # Matches first: where no single state is read, an item without its match is possible, a match without its item not.
    columns = ["id", "date", "credit_id", "debit_id", "amount", "undoes"]
    matches = _read(fetch, "matches", _MATCHES.format(after=after.match, upto=upto.match), columns)
    items = _read(fetch, "items", _ITEMS.format(after=after.item, upto=upto.item), ["id", *_NAMES["items"]])
    return {"items": items, "matches": matches}


def database_tables() -> dict[str, pa.Table]:
    """The whole book in the shape of its files (`engine.contract.FILE_TABLES`), all of one moment."""
    with one_state() as fetch:
        found = facts(fetch)
        rest = {
            "customers": customers(fetch),
            "contacts": _read(fetch, "contacts", _CONTACTS),
            "holds": _read(fetch, "holds", _HOLDS, [*_NAMES["holds"], "currency"]),
            "periods": _read(fetch, "periods", _PERIODS),
            "promises": _read(fetch, "promises", _PROMISES),
            "promise_items": _read(fetch, "promise_items", _PROMISE_ITEMS, [*_NAMES["promise_items"], "currency"]),
            "touches": _touches(fetch),
            "demands": _read(fetch, "demands", _DEMANDS),
        }
    matches = _with_items(found["matches"], found["items"])
    return {
        "customers": rest["customers"],
        "contacts": rest["contacts"],
        "items": found["items"].drop_columns("id"),
        "matches": matches.select(_NAMES["matches"]),
        "holds": rest["holds"],
        "periods": rest["periods"],
        "promises": rest["promises"],
        "promise_items": rest["promise_items"],
        "touches": rest["touches"],
        "demands": rest["demands"],
    }


def _touches(fetch: Fetch) -> pa.Table:
    """The touches, their moments without the seconds' fraction where there is none."""
    moment = _MOMENT[connection.vendor]
    found = _read(fetch, "touches", _TOUCHES.format(at=moment.format("t.at"), withdrawn=moment.format("w.at")))
    for name in ("at", "withdrawn"):
        shorter = pc.replace_substring(found[name], ".000000Z", "Z")
        found = found.set_column(found.column_names.index(name), name, shorter)
    return found


def _with_items(matches: pa.Table, items: pa.Table) -> pa.Table:
    """Matches with the names of their items instead of ids."""
    ids = items["id"].to_numpy()
    for side in ("credit", "debit"):
        place = pa.array(np.searchsorted(ids, matches[f"{side}_id"].to_numpy()))
        named = (("customer", "customer"), ("item", "number"), ("entry", "entry"))
        for name, column in named:
            matches = matches.append_column(f"{side}_{name}", items[column].take(place))
        if side == "debit":
            matches = matches.append_column("currency", items["currency"].take(place))
    return matches


def digest(whole: Mapping[str, pa.Table] | None = None) -> dict[str, str]:
    """SHA-256 of each table's rows in an order of their own, whatever their ids: equal books have equal digests.

    Beside the book's tables there is `balances`, the kept open amount of each item, when the database is asked.
    """
    found = dict(whole) if whole is not None else {**database_tables(), "balances": _balances()}
    return {name: _digest(found[name], ordered=name == "periods") for name in sorted(found)}


def _balances() -> pa.Table:
    with one_state() as fetch:
        schema = pa.schema([("customer", TEXT), ("number", TEXT), ("entry", ID), ("open", ID)])
        return fetch(_BALANCES, schema)


def _digest(table: pa.Table, *, ordered: bool) -> str:
    names = sorted(table.column_names)
    table = table.select(names)
    if not ordered:
        order = [(name, "ascending", "at_end") for name in names if not pa.types.is_boolean(table[name].type)]
        table = table.take(pc.sort_indices(table, sort_keys=order))
    sink = pa.BufferOutputStream()
    pacsv.write_csv(table, sink, pacsv.WriteOptions(quoting_style="needed"))
    return hashlib.sha256(sink.getvalue()).hexdigest()
