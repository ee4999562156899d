"""A register of invoices, one row each, becomes customers, items, payments and matches.

The rules stand in docs/algorithms/import.md.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.inbound import mapping
from goodstanding.inbound.columns import Columns
from goodstanding.inbound.fields import CREDITS, REGISTER, Field, Type, schema
from goodstanding.inbound.keys import joined, refuse_doubles
from goodstanding.inbound.tabular.grid import Grid
from goodstanding.inbound.types import Options
from goodstanding.kernel.errors import N_

PAID = "-PAID"
_FIELDS = {each.name: each for each in REGISTER}


@dataclass
class Result:
    """The tables one grid gave, and what the preview shows of it."""

    tables: dict[str, pa.Table]
    places: dict[str, int]
    written: dict[str, str] = field(default_factory=dict)
    noise_cells: int = 0


def read(grid: Grid, options: Options) -> Result:
    """The book's tables out of a register; with faults in the grid the tables are worth nothing."""
    known = mapping.places(grid, "register", REGISTER, options)
    needed = ["number", "date"]
    needed += ["amount"] if "open" not in known else []
    needed += ["customer"] if "name" not in known else []
    mapping.missing(grid, needed, known)
    columns = Columns(grid, known, options)
    values = {each.name: columns.read(each) for each in REGISTER if each.type is not Type.AMOUNT}
    values["currency"] = currencies(columns, values["currency"], options)
    _read_amounts(columns, values)
    _read_customers(columns, values)
    values["kind"] = values["kind"].fill_null("invoice")
    values["paid"] = _paid(columns, values, options)
    refuse_doubles(joined(values["customer"], values["number"]), grid.rows, columns.header("number"), grid.faults)
    tables = {} if grid.faults.faults else _tables(grid, values)
    return Result(tables, known, columns.written, columns.noise_cells)


def currencies(columns: Columns, given: pa.Array, options: Options) -> pa.Array:
    """Each row's currency: its own, else the one chosen; without either one fault for the file."""
    if options.currency:
        return given.fill_null(options.currency)
    if columns.size and not columns.has("currency"):
        columns.grid.faults.add(0, "", N_("the file has no column for the currency; choose the currency"))
    elif given.null_count:
        columns.fault("currency", columns.raw("currency").is_null(), N_("the cell is empty; choose the currency"))
    return given


def _read_amounts(columns: Columns, values: dict[str, Any]) -> None:
    """Amount and open amount. A list of open items may have the open amount alone."""
    if columns.has("amount"):
        amount = Field("amount", Type.AMOUNT, required=not columns.has("open"), above_zero=True)
        values["amount"] = columns.amounts(amount, values["currency"])
        values["open"] = columns.amounts(_FIELDS["open"], values["currency"])
        if not amount.required:
            empty = pc.and_(columns.raw("amount").is_null(), columns.raw("open").is_null())
            columns.fault("amount", empty, N_("the cell is empty"))
            values["amount"] = pc.coalesce(values["amount"], values["open"])
    else:
        only = Field("open", Type.AMOUNT, required=columns.has("open"), above_zero=True)
        values["amount"] = values["open"] = columns.amounts(only, values["currency"])


def _read_customers(columns: Columns, values: dict[str, Any]) -> None:
    """Code and name stand for each other where one is missing."""
    code, name = values["customer"], values["name"]
    if columns.has("customer") and columns.has("name"):
        columns.fault("customer", pc.and_(code.is_null(), name.is_null()), N_("the cell is empty"))
    else:
        field = "customer" if columns.has("customer") else "name"
        if columns.has(field):
            columns.fault(field, columns.raw(field).is_null(), N_("the cell is empty"))
    if columns.has("name"):
        borrowed = pc.and_(code.is_null(), pc.greater(pc.utf8_length(name), 64))
        columns.fault("name", borrowed, N_("{value} is too long to be a customer code; map a column to customer"))
    values["customer"], values["name"] = pc.coalesce(code, name), pc.coalesce(name, code)


def _paid(columns: Columns, values: dict[str, Any], options: Options) -> pa.Array:
    """How much of each row is paid: all with a paid day, else what isn't open. Contradictions become faults."""
    amount, left, day = values["amount"], values["open"], values["paid_on"]
    faulty = pc.is_in(values["kind"], value_set=pa.array(sorted([*CREDITS, "recovery"])))
    rest = pc.subtract(amount, left)
    paid = pc.coalesce(rest, pc.if_else(day.is_valid(), amount, 0))
    at = "open" if columns.has("open") else "paid_on"
    too_much = pc.less(rest, 0)
    columns.fault(at, too_much, N_("{value} open is more than the amount"))
    columns.fault(
        "paid_on", pc.and_(day.is_valid(), pc.equal(rest, 0)), N_("paid on {value}, but all of the amount is open")
    )
    if options.as_of is None:
        without = pc.and_(day.is_null(), pc.greater(rest, 0))
        template = N_(
            "{value} open of a larger amount: map the column that says when the rest was paid, or choose the day"
        )
        columns.fault("open", without, template)
    else:
        stood = pc.max_element_wise(pa.scalar(options.as_of, pa.date32()), values["date"])
        values["paid_on"] = pc.coalesce(day, pc.if_else(pc.greater(rest, 0), stood, day))
    settled = pc.and_(faulty, pc.greater(paid, 0))
    columns.fault(at, settled, N_("only what a customer owes can be paid; a credit is matched, not paid"))
    return paid


def _tables(grid: Grid, values: dict[str, Any]) -> dict[str, pa.Table]:
    size, rows = len(grid.rows), pa.array(grid.rows)
    items = {name: values[name] for name in ("customer", "number", "kind", "date", "amount", "currency")}
    items |= {name: values[name] for name in ("reference", "order", "seller")}
    items |= {"due": pc.coalesce(values["due"], values["date"]), "row": rows}
    posted = _table("items", items, size)
    paid = np.flatnonzero(values["paid"].fill_null(0).to_numpy(zero_copy_only=False) > 0)
    tables = {"customers": _customers(values, rows), "items": posted}
    if len(paid):
        payments, matches = _settle(values, posted.take(paid), paid)
        tables["items"] = pa.concat_tables([posted, payments]).combine_chunks()
        tables["matches"] = matches
    return tables


def _settle(values: dict[str, Any], invoices: pa.Table, paid: Any) -> tuple[pa.Table, pa.Table]:
    """One payment and one match for each paid invoice."""
    day = values["paid_on"].take(pa.array(paid))
    amount = values["paid"].take(pa.array(paid))
    number = _free_numbers(values, invoices)
    payments = {name: invoices[name] for name in ("customer", "currency", "seller", "row")}
    payments |= {"number": number, "kind": _same("payment", len(paid)), "date": day, "due": day, "amount": amount}
    key = pc.binary_join_element_wise(invoices["customer"].combine_chunks(), number, "/")
    matches = {
        "id": key,
        "date": pc.max_element_wise(day, invoices["date"].combine_chunks()),
        "credit_customer": invoices["customer"],
        "credit_item": number,
        "credit_entry": _same(1, len(paid), pa.int32()),
        "debit_customer": invoices["customer"],
        "debit_item": invoices["number"],
        "debit_entry": _same(1, len(paid), pa.int32()),
        "amount": amount,
        "currency": invoices["currency"],
        "row": invoices["row"],
    }
    return _table("items", payments, len(paid)), _table("matches", matches, len(paid))


def _free_numbers(values: dict[str, Any], invoices: pa.Table) -> pa.Array:
    """`<number>-PAID`, or -PAID-2 and so on where the customer has such a number already."""
    customers = invoices["customer"].combine_chunks()
    wanted = pc.binary_join_element_wise(invoices["number"].combine_chunks(), PAID, "")
    taken_keys = joined(values["customer"], values["number"])
    clash = pc.is_in(joined(customers, wanted), value_set=taken_keys)
    if not pc.any(clash).as_py():
        return wanted
    taken = set(zip(values["customer"].to_pylist(), values["number"].to_pylist(), strict=True))
    numbers = []
    for customer, number in zip(customers.to_pylist(), wanted.to_pylist(), strict=True):
        free, count = number, 1
        while (customer, free) in taken:
            count += 1
            free = f"{number}-{count}"
        taken.add((customer, free))
        numbers.append(free)
    return pa.array(numbers, pa.string())


def _customers(values: dict[str, Any], rows: pa.Array) -> pa.Table:
    """One customer a code; name, group and territory from its first row, the currency when it is always the same."""
    code = values["customer"].dictionary_encode()
    codes = code.indices.to_numpy(zero_copy_only=False)
    _, first = np.unique(codes, return_index=True)
    first = np.sort(first)
    at = pa.array(first)
    groups = {name: values[given].take(at) for name, given in (("parent", "group"), ("territory", "territory"))}
    parents = groups["parent"]
    itself = pc.equal(parents, values["customer"].take(at)).fill_null(False)  # noqa: FBT003 — Arrow's signature
    pairs = pa.table({"code": values["customer"], "currency": values["currency"]}).group_by("code")
    single = pairs.aggregate([("currency", "count_distinct"), ("currency", "min")])
    place = pc.index_in(values["customer"].take(at), value_set=single["code"].combine_chunks())
    only = pc.equal(single["currency_count_distinct"], 1).combine_chunks()
    currency = pc.if_else(only, single["currency_min"].combine_chunks(), pa.scalar(None, pa.string())).take(place)
    columns = {
        "code": values["customer"].take(at),
        "name": values["name"].take(at),
        "parent": pc.if_else(itself, pa.scalar(None, pa.string()), parents),
        "territory": groups["territory"],
        "currency": currency,
        "status": _same("active", len(first)),
        "row": rows.take(at),
    }
    return _with_groups(_table("customers", columns, len(first)))


def _with_groups(customers: pa.Table) -> pa.Table:
    """A group that is no customer itself becomes one, so that its members can point to it."""
    parents = customers["parent"].drop_null().unique()
    absent = parents.filter(pc.invert(pc.is_in(parents, value_set=customers["code"].combine_chunks())))
    if not len(absent):
        return customers
    groups = {
        "code": absent,
        "name": absent,
        "status": _same("active", len(absent)),
        "row": _same(0, len(absent), pa.int64()),
    }
    return pa.concat_tables([customers, _table("customers", groups, len(absent))]).combine_chunks()


def _same(value: Any, size: int, kind: pa.DataType | None = None) -> pa.Array:
    return pa.repeat(pa.scalar(value, kind or pa.string()), size)


def _table(name: str, columns: dict[str, Any], size: int) -> pa.Table:
    """A table of the contract: columns not given are null, save entry 1 and tax 0."""
    fixed = {"entry": _same(1, size, pa.int32()), "tax": _same(0, size, pa.int64())}
    return pa.table(
        [columns.get(each.name, fixed.get(each.name, pa.nulls(size, each.type))) for each in schema(name)],
        schema=schema(name),
    )
