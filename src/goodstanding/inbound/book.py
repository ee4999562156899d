"""The tables of a book folder: typed, completed with defaults, and checked against one another."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.inbound import mapping
from goodstanding.inbound.columns import Columns
from goodstanding.inbound.fields import TABLES, Type, schema
from goodstanding.inbound.keys import find, joined, refuse_doubles
from goodstanding.inbound.register import Result
from goodstanding.inbound.tabular.grid import Grid
from goodstanding.inbound.types import Options
from goodstanding.kernel.errors import N_

ORDER = (
    *("customers", "contacts", "items", "matches", "holds", "periods", "promises", "promise_items", "touches"),
    "demands",
)
_KEYS = {
    "customers": ("code",),
    "contacts": ("customer", "name"),
    "items": ("customer", "number", "entry"),
    "matches": ("id",),
    "holds": ("id",),
    "periods": (),
    "promises": ("id",),
    "promise_items": ("promise", "item", "customer", "entry"),
    "touches": ("id",),
    "demands": ("customer", "item", "entry", "level", "made"),
}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "customers": {"status": "active"},
    "contacts": {"may_contact": True},
    "items": {"entry": 1, "tax": 0},
    "matches": {"credit_entry": 1, "debit_entry": 1},
    "holds": {"entry": 1},
    "periods": {},
    "promises": {"tolerance": 0, "step": 0, "level": 1},
    "promise_items": {"entry": 1},
    "touches": {"purpose": "care", "minutes": 0, "outcome": "done"},
    "demands": {"entry": 1},
}


def read(grids: dict[str, Grid], options: Options) -> dict[str, Result]:
    """Each table of the book, read in the order in which they lean on one another."""
    results: dict[str, Result] = {}
    for name in ORDER:
        if name in grids:
            results[name] = _read(name, grids[name], results, options)
    return results


def _read(name: str, grid: Grid, before: dict[str, Result], options: Options) -> Result:
    fields = TABLES[name]
    known = mapping.places(grid, name, fields, options)
    mapping.missing(grid, [field.name for field in fields if field.required], known)
    columns = Columns(grid, known, options)
    values: dict[str, Any] = {field.name: columns.read(field) for field in fields if field.type is not Type.AMOUNT}
    for field, value in _DEFAULTS[name].items():
        if field in values:
            values[field] = values[field].fill_null(value)
    tables = {table: result.tables.get(table) for table, result in before.items()}
    values["currency"] = _currencies(name, columns, values, tables, options)
    for field in fields:
        if field.type is Type.AMOUNT:
            values[field.name] = columns.amounts(field, values["currency"])
    _complete(name, columns, values)
    if _KEYS[name]:
        key = joined(*(values[each] for each in _KEYS[name]))
        refuse_doubles(key, grid.rows, columns.header(_KEYS[name][min(1, len(_KEYS[name]) - 1)]), grid.faults)
    rows = pa.array(grid.rows)
    table = pa.table([rows if each.name == "row" else values[each.name] for each in schema(name)], schema=schema(name))
    return Result({name: table}, known, columns.written, columns.noise_cells)


def _complete(name: str, columns: Columns, values: dict[str, Any]) -> None:
    if name == "items":
        values["due"] = pc.coalesce(values["due"], values["date"])
        values["tax"] = values["tax"].fill_null(0)
        columns.fault("tax", pc.greater(values["tax"], values["amount"]), N_("{value} of tax is more than the amount"))
    elif name == "customers":
        merged = pc.equal(values["status"], "merged")
        alone = pc.and_(merged, values["merged_into"].is_null())
        columns.fault("status", alone, N_("a merged customer needs merged_into: the customer who carries on"))
        own_parent = pc.equal(values["parent"], values["code"])
        columns.fault("parent", own_parent, N_("{value} can't be its own parent"))
    elif name == "holds":
        early = pc.less(values["released"], values["placed"])
        columns.fault("released", early, N_("released on {value}, before the hold was placed"))
    elif name == "promises":
        _complete_promises(columns, values)
    elif name == "touches":
        lost = pc.and_(values["withdrawn"].is_null(), values["withdrawn_reason"].is_valid())
        columns.fault("withdrawn_reason", lost, N_("{value}: when was it withdrawn? Fill in the column withdrawn"))


def _complete_promises(columns: Columns, values: dict[str, Any]) -> None:
    """What the rules of promises ask of each, and what the outcome says was received."""
    by, kind, amount = values["by"], values["kind"], values["amount"]
    theirs, outcome, judged = pc.equal(by, "them"), values["outcome"], values["judged"]
    columns.fault("kind", pc.and_(theirs, pc.not_equal(kind, "pay")), N_("{value}: what customers promise is to pay"))
    needed = pc.and_(theirs, amount.is_null())
    if columns.has("amount"):
        columns.fault(
            "amount", pc.and_(needed, columns.raw("amount").is_null()), N_("a promise to pay needs its amount")
        )
    else:
        columns.fault("by", needed, N_("a promise to pay needs its amount"))
    columns.fault("due", pc.less(values["due"], values["made"]), N_("due on {value}, before it was made"))
    columns.fault("judged", pc.less(judged, values["made"]), N_("judged on {value}, before it was made"))
    columns.fault(
        "judged", pc.and_(judged.is_valid(), outcome.is_null()), N_("judged on {value}, but with what outcome?")
    )
    undated = pc.and_(pc.and_(outcome.is_valid(), pc.not_equal(outcome, "open")), judged.is_null())
    columns.fault("outcome", undated, N_("{value}: since when? Fill in the column judged"))
    paying = pc.and_(theirs, outcome.is_valid())
    nothing = pc.if_else(pc.and_(paying, pc.equal(outcome, "kept")), amount, 0)
    received = pc.coalesce(values["received"], nothing, pa.scalar(0, pa.int64()))
    values["received"] = received
    columns.fault("received", pc.greater(received, pc.coalesce(amount, 0)), N_("{value} is more than was promised"))
    full = pc.equal(received, amount)
    part = pc.and_(pc.greater(received, 0), pc.invert(full))
    is_kept, is_part, is_broken = (pc.equal(outcome, state) for state in ("kept", "partly_kept", "broken"))
    wrong = pc.or_(pc.and_(is_kept, pc.invert(full)), pc.and_(is_part, pc.invert(part)))
    wrong = pc.or_(wrong, pc.and_(is_broken, pc.greater(received, 0)))
    wrong = pc.or_(wrong, pc.and_(pc.equal(outcome, "open"), full))
    columns.fault("outcome", pc.and_(paying, wrong), N_("{value} doesn't agree with what was received"))


def _currencies(name: str, columns: Columns, values: dict[str, Any], tables: dict[str, Any], options: Options) -> Any:
    """Each row's currency: its own, its customer's or its item's, else the one chosen."""
    fallback = pa.scalar(options.currency, pa.string())
    nothing = pa.nulls(columns.size, pa.string())
    if name == "customers":
        currency = pc.coalesce(values["currency"], fallback)
        limit = columns.raw("credit_limit").is_valid() if columns.has("credit_limit") else None
        if limit is not None:
            columns.fault("credit_limit", pc.and_(limit, currency.is_null()), N_("{value} needs a currency"))
            values["currency"] = values["currency"] if options.currency is None else currency
        return values["currency"]
    if name == "items":
        customers = tables.get("customers")
        theirs = (
            nothing if customers is None else _look_up(values["customer"], customers["code"], customers["currency"])
        )
        currency = pc.coalesce(values["currency"], theirs, fallback)
        if currency.null_count:
            _without_currency(columns, currency)
        return currency
    if name in ("promises", "touches"):
        customers = tables.get("customers")
        theirs = (
            nothing if customers is None else _look_up(values["customer"], customers["code"], customers["currency"])
        )
        own, field = values["currency"], "amount" if name == "promises" else "cost"
        if not columns.has(field):
            return own
        given = columns.raw(field).is_valid()
        currency = pc.coalesce(own, pc.if_else(given, pc.coalesce(theirs, fallback), pa.scalar(None, pa.string())))
        columns.fault(field, pc.and_(given, currency.is_null()), N_("{value} needs a currency"))
        return currency
    if name in ("matches", "holds", "promise_items"):
        items = tables.get("items")
        theirs = nothing if items is None else _currency_of_item(name, columns, values, items)
        currency = pc.coalesce(theirs, fallback)
        if columns.has("amount"):
            unsure = pc.and_(currency.is_null(), columns.raw("amount").is_valid())
            columns.fault("amount", unsure, N_("{value} is of an item that isn't in the file; choose the currency"))
        return currency
    return nothing


def _without_currency(columns: Columns, currency: Any) -> None:
    """A cell that named an unknown currency has its fault already; an empty one gets it here."""
    if not columns.has("currency"):
        columns.grid.faults.add(0, "", N_("the file has no column for the currency; choose the currency"))
        return
    empty = pc.and_(currency.is_null(), columns.raw("currency").is_null())
    columns.fault("currency", empty, N_("the cell is empty; choose the currency"))


def _look_up(key: Any, keys: Any, values: Any) -> Any:
    """values[place of key among keys], null where the key isn't there."""
    place = pc.index_in(key, value_set=keys.combine_chunks() if isinstance(keys, pa.ChunkedArray) else keys)
    column = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return column.take(pc.if_else(key.is_null(), pa.scalar(None, pa.int32()), place))


def _currency_of_item(name: str, columns: Columns, values: dict[str, Any], items: pa.Table) -> Any:
    """The currency of the item a match or hold names; where a number alone names it, its customer is filled in."""
    if name != "matches":
        keys = joined(values["customer"], values["item"], values["entry"])
        return _look_up(keys, joined(items["customer"], items["number"], items["entry"]), items["currency"])
    for side in ("credit", "debit"):
        values[f"{side}_customer"] = _customer_by_number(columns, values, items, side)
    keys = joined(values["debit_customer"], values["debit_item"], values["debit_entry"])
    return _look_up(keys, joined(items["customer"], items["number"], items["entry"]), items["currency"])


def _customer_by_number(columns: Columns, values: dict[str, Any], items: pa.Table, side: str) -> Any:
    """The customer of each named item: given, else the only one in the file who has that number."""
    given, number = values[f"{side}_customer"], values[f"{side}_item"]
    if not given.null_count:
        return given
    owners = items.select(["number", "customer"]).group_by("number").aggregate(
        [("customer", "count_distinct"), ("customer", "min")]
    )  # fmt: skip
    owner = _look_up(number, owners["number"], owners["customer_min"])
    count = _look_up(number, owners["number"], owners["customer_count_distinct"])
    unsure = pc.and_(given.is_null(), pc.greater(count, 1))
    columns.fault(f"{side}_item", unsure, N_("{value} is a number of several customers; add the column {column}"),
                  column=f"{side}_customer")  # fmt: skip
    return pc.coalesce(given, pc.if_else(pc.equal(count, 1), owner, pa.scalar(None, pa.string())))


def places_of(values: pa.Table, items: pa.Table, side: str) -> Any:
    """For each match the place of its credit or debit item in the items table, −1 where it isn't in the file."""
    key = joined(values[f"{side}_customer"], values[f"{side}_item"], values[f"{side}_entry"])
    if not len(items):
        return np.full(len(values), -1, np.int64)
    return find(key, joined(items["customer"], items["number"], items["entry"]))
