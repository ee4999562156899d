"""Holds and closed periods of a file against those of the book."""

from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from goodstanding.inbound.intake.desk import Desk
from goodstanding.inbound.intake.items import DOUBLE
from goodstanding.inbound.intake.people import unknown_customers
from goodstanding.kernel.errors import N_
from goodstanding.kernel.money import decimal_text

_PLACED = """
SELECT h.*, coalesce(n.ref, f.id, i.ref) AS ref, i.amount AS most, i.currency AS item_currency, i.date AS item_date,
    k.id AS known, k.released AS known_released,
    k.item_id = coalesce(n.ref, f.id, i.ref) AND k.amount = h.amount AND k.reason = h.reason AND k.placed = h.placed
        AND k.released IS NOT DISTINCT FROM coalesce(k.released, h.released) AS equal
FROM holds h
LEFT JOIN fates f ON f.customer = h.customer AND f.number = h.item AND f.entry = h.entry
LEFT JOIN fresh n ON n.spot = f.spot
LEFT JOIN all_items i ON i.customer = h.customer AND i.number = h.item AND i.entry = coalesce(n.entry, f.place, h.entry)
LEFT JOIN known_holds k ON k.key = h.id
"""


def check_holds(desk: Desk) -> None:
    """Make `fresh_holds` (with item as ref) and `fresh_releases` (with hold as ref)."""
    sql = """SELECT row, id, min(row) OVER (PARTITION BY id) AS first FROM holds
        QUALIFY row_number() OVER (PARTITION BY id ORDER BY row) > 1 ORDER BY row"""
    for each in desk.rows(sql):
        desk.fault("holds", each["row"], "id", DOUBLE, each["id"], first=each["first"])
    unknown_customers(desk, "holds", "customer")
    desk.make("placed_holds", _PLACED)
    for each in desk.rows("SELECT row, item FROM placed_holds WHERE ref IS NULL ORDER BY row"):
        desk.fault("holds", each["row"], "item", N_("there is no item {value}"), each["item"])
    for each in desk.rows("SELECT * FROM placed_holds WHERE amount > most ORDER BY row"):
        given, most = (decimal_text(each[name], each["item_currency"]) for name in ("amount", "most"))
        desk.fault("holds", each["row"], "amount", N_("{value} is more than the item's {amount}"), given, amount=most)
    for each in desk.rows("SELECT row, placed FROM placed_holds WHERE placed < item_date ORDER BY row"):
        desk.fault("holds", each["row"], "placed", N_("held from {value}, before the item is dated"), each["placed"])
    template = N_("{value} is already in the book with another content")
    for each in desk.rows("SELECT row, id FROM placed_holds WHERE known IS NOT NULL AND NOT equal ORDER BY row"):
        desk.fault("holds", each["row"], "id", template, each["id"])
    desk.make(
        "fresh_holds",
        "SELECT *, -row_number() OVER (ORDER BY row) AS own FROM placed_holds WHERE known IS NULL ORDER BY row",
    )
    desk.make(
        "fresh_releases",
        """SELECT own AS hold, released, release_reason AS reason, row FROM fresh_holds WHERE released IS NOT NULL
        UNION ALL SELECT known, released, release_reason, row FROM placed_holds
            WHERE known IS NOT NULL AND released IS NOT NULL AND known_released IS NULL ORDER BY row""",
    )


def check_periods(desk: Desk, given: pa.Table, known: Sequence[tuple[date, str]]) -> tuple[tuple[date, str], ...]:
    """The periods to close after what the book closed already: its history must be the beginning of the file's."""
    closed = [
        (day, reason or "")
        for day, reason in zip(given["through"].to_pylist(), given["reason"].to_pylist(), strict=True)
    ]
    shared = min(len(closed), len(known))
    for index in range(shared):
        if closed[index] != known[index]:
            template = N_("{value} is not how the book was closed: {through}")
            row, through = given["row"][index].as_py(), known[index][0].isoformat()
            desk.fault("periods", row, "through", template, closed[index][0], through=through)
            return ()
    return tuple(closed[shared:])
