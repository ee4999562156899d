"""What the tables of one book say about one another: matches against the items they settle."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.inbound.book import places_of
from goodstanding.inbound.faults import FaultList
from goodstanding.inbound.fields import CREDITS, DEBITS
from goodstanding.inbound.keys import find
from goodstanding.inbound.register import Result
from goodstanding.inbound.tabular.grid import Grid
from goodstanding.inbound.types import Options
from goodstanding.kernel.errors import N_
from goodstanding.kernel.money import decimal_text, suggest


class _Matches:
    """The matches of a book beside the items they name; −1 where an item isn't in the file."""

    def __init__(self, matches: pa.Table, items: pa.Table, headers: dict[str, str], faults: FaultList) -> None:
        self.matches, self.items, self.headers, self.faults = matches, items, headers, faults
        self.rows = matches["row"].to_numpy()
        self.place = {side: places_of(matches, items, side) for side in ("credit", "debit")}

    def fault(self, field: str, where: Any, template: str, /, **params: object) -> None:
        """One fault for each marked match; the value is the cell's own text."""
        for index in np.flatnonzero(where):
            value = str(self.matches[field][int(index)].as_py() or "")
            self.faults.add(int(self.rows[index]), self.headers.get(field, ""), template, value, **params)

    def of_item(self, column: Any, side: str) -> Any:
        """The value of an item's column for each match, where the item is in the file (else the first item's)."""
        return column[np.maximum(self.place[side], 0)] if len(column) else np.zeros(len(self.rows), column.dtype)

    def known(self, side: str) -> Any:
        """Which matches have that side's item in the file."""
        return self.place[side] >= 0


def check(results: dict[str, Result], grids: dict[str, Grid], options: Options) -> None:
    """Faults for what can be told from the files alone; with `options.alone` also for what isn't in them."""
    faults = {name: grid.faults for name, grid in grids.items()}
    tables = {name: result.tables[name] for name, result in results.items()}
    items = tables.get("items")
    if options.alone and items is not None:
        _customers_known(tables, faults)
    if "matches" not in tables or any(each.faults for each in faults.values()):
        return
    if items is None:
        items = pa.table({"customer": [], "number": [], "entry": [], "currency": []})
    headers = {field: grids["matches"].headers[place] for field, place in results["matches"].places.items()}
    _check_matches(tables["matches"], items, headers, faults["matches"], options)


def _customers_known(tables: dict[str, pa.Table], faults: dict[str, FaultList]) -> None:
    if "customers" not in tables:
        return
    codes = tables["customers"]["code"].combine_chunks()
    known = codes.to_pylist()
    for name in ("items", "contacts"):
        if name not in tables:
            continue
        missing = pc.and_(
            tables[name]["customer"].is_valid(), pc.invert(pc.is_in(tables[name]["customer"], value_set=codes))
        )
        for row, code in zip(
            *(tables[name].filter(missing)[each].to_pylist() for each in ("row", "customer")), strict=True
        ):
            near = ", ".join(suggest(code, known))
            template = (
                N_("there is no customer {value}; did you mean {suggestion}?")
                if near
                else N_("there is no customer {value}")
            )
            faults[name].add(row, "customer", template, code, near)


def _check_matches(
    matches: pa.Table, items: pa.Table, headers: dict[str, str], faults: FaultList, options: Options
) -> None:
    beside = _Matches(matches, items, headers, faults)
    if options.alone:
        for side in ("credit", "debit"):
            beside.fault(f"{side}_item", ~beside.known(side), N_("there is no item {value} in the file"))
    undone = find(matches["undoes"].combine_chunks(), matches["id"].combine_chunks())
    is_undo = matches["undoes"].is_valid().to_numpy()
    if options.alone:
        beside.fault("undoes", is_undo & (undone < 0), N_("there is no match {value} in the file"))
    if not items.num_rows:
        return
    _check_sides(beside)
    _check_dates(beside)
    _check_undone(beside, undone, is_undo)
    _check_open(beside, is_undo)


def _check_sides(beside: _Matches) -> None:
    kind = beside.items["kind"].to_numpy(zero_copy_only=False)
    reversed_ = beside.items["entry"].to_numpy() % 2 == 0
    is_debit = np.isin(kind, sorted(DEBITS)) ^ (reversed_ & (kind != "recovery"))
    is_credit = np.isin(kind, sorted(CREDITS)) ^ (reversed_ & (kind != "recovery"))
    wrong = beside.known("credit") & ~beside.of_item(is_credit, "credit")
    beside.fault("credit_item", wrong, N_("{value} is not a credit: a payment, credit note or write-off"))
    wrong = beside.known("debit") & ~beside.of_item(is_debit, "debit")
    beside.fault("debit_item", wrong, N_("{value} is not a debit: an invoice, debit note, fee, refund or opening"))
    currency = beside.items["currency"].to_numpy(zero_copy_only=False)
    other = beside.of_item(currency, "credit") != beside.of_item(currency, "debit")
    both = beside.known("credit") & beside.known("debit")
    beside.fault("credit_item", both & other, N_("{value} is in another currency than the item it settles"))


def _check_dates(beside: _Matches) -> None:
    date = beside.items["date"].cast(pa.int32()).to_numpy()
    matched = beside.matches["date"].cast(pa.int32()).to_numpy()
    for side in ("credit", "debit"):
        early = beside.known(side) & (matched < beside.of_item(date, side))
        beside.fault("date", early, N_("matched on {value}, before the {field} is dated"), field=f"{side}_item")


def _check_undone(beside: _Matches, undone: Any, is_undo: Any) -> None:
    """An undo is of a match, once, in full, on its day or later."""
    pointed = undone[undone >= 0]
    twice = np.zeros(len(undone), dtype=bool)
    if len(pointed):
        _, first = np.unique(undone, return_index=True)
        twice = is_undo & (undone >= 0) & ~np.isin(np.arange(len(undone)), first)
    beside.fault("undoes", twice, N_("{value} is undone twice"))
    at = np.maximum(undone, 0)
    known = is_undo & (undone >= 0)
    beside.fault("undoes", known & is_undo[at], N_("{value} is itself an undo"))
    amount = beside.matches["amount"].to_numpy()
    beside.fault("undoes", known & (amount != amount[at]), N_("an undo has the amount of the match it undoes"))
    date = beside.matches["date"].cast(pa.int32()).to_numpy()
    beside.fault("date", known & (date < date[at]), N_("undone on {value}, before it was matched"))


def _check_open(beside: _Matches, is_undo: Any) -> None:
    """No item is settled by more than its amount, all told."""
    signed = np.where(is_undo, -1, 1) * beside.matches["amount"].to_numpy()
    amount = beside.items["amount"].to_numpy()
    for side in ("credit", "debit"):
        known = np.flatnonzero(beside.known(side))
        used = np.zeros(len(amount), np.int64)
        np.add.at(used, beside.place[side][known], signed[known])
        over = np.flatnonzero(used > amount)
        for item in over[:100]:
            last = known[np.flatnonzero(beside.place[side][known] == item)[-1]]
            currency = beside.items["currency"][int(item)].as_py()
            template = N_("{value} has {amount}, but {used} of it are matched")
            params = {
                "amount": decimal_text(int(amount[item]), currency),
                "used": decimal_text(int(used[item]), currency),
            }
            number = str(beside.items["number"][int(item)].as_py())
            beside.faults.add(int(beside.rows[last]), beside.headers[f"{side}_item"], template, number, **params)
