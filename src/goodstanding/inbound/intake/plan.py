"""Work out what an import would write, or every reason why it can't: docs/algorithms/import.md."""

from collections.abc import Mapping
from datetime import date, datetime

import numpy as np
import pyarrow as pa

from goodstanding.inbound.intake import bonds, demands, items, matches, people, rest
from goodstanding.inbound.intake.desk import Desk
from goodstanding.inbound.intake.facts import Known, Plan, conform

_ITEM = ("customer", "number", "kind", "date", "due", "amount", "tax", "currency")
_ITEM_TEXT = ["reference", "order", "seller", "reason"]
_CUSTOMER_TEXT = ["kind", "territory", "account_manager", "currency", "terms"]
_PROMISE_TEXT = ["currency", "subject", "contact", "owner", "plan"]
_TOUCH_TEXT = ["by", "currency", "contact", "note", "source"]
_CONTACT_TEXT = ["role", "email", "phone", "birthday", "birthday_calendar", "language", "channel"]


def plan(
    tables: Mapping[str, pa.Table],
    known: Known,
    *,
    now: datetime,
    today: date,
    register: bool = False,
    headers: Mapping[str, Mapping[str, str]] | None = None,
) -> Plan:
    """Hold a file's tables (`inbound.reading.Reading.tables`) against the book.

    `register`: customers of the file only name whom the rows belong to, so nothing is said against a customer
    of the book who has another name. `headers`: table → field → header, for the faults. `today` dates a merge
    that the file doesn't date.
    """
    whole = conform(tables)
    if register:
        whole = people.by_name(whole, known.customers)
    whole["items"] = whole["items"].append_column("spot", pa.array(np.arange(whole["items"].num_rows)))
    desk = Desk(headers or {})
    try:
        _lay_out(desk, whole, known)
        people.check_customers(desk, compare=not register)
        people.check_contacts(desk)
        people.make_groups(desk)
        items.check_items(desk, known.closed_through)
        matches.check_matches(desk, known.closed_through, now)
        items.check_reversals(desk)
        rest.check_holds(desk)
        bonds.check_promises(desk)
        bonds.check_promise_items(desk)
        bonds.check_touches(desk)
        demands.check_demands(desk, today)
        periods = rest.check_periods(desk, whole["periods"], known.periods)
        return _result(desk, whole["items"], periods, today)
    finally:
        desk.close()


def _lay_out(desk: Desk, whole: Mapping[str, pa.Table], known: Known) -> None:
    for name, table in whole.items():
        desk.put(name, table)
    known_tables = (
        "customers",
        "contacts",
        "items",
        "matches",
        "holds",
        "promises",
        "promise_items",
        "touches",
        "demands",
    )
    for name in known_tables:
        desk.put(f"known_{name}", getattr(known, name))


def _texts(names: list[str]) -> str:
    return ", ".join(f"""coalesce("{name}", '') AS "{name}\"""" for name in names)


def _result(desk: Desk, given: pa.Table, periods: tuple[tuple[date, str], ...], today: date) -> Plan:
    return Plan(
        customers=desk.table(
            f"SELECT code, name, parent, {_texts(_CUSTOMER_TEXT)}, credit_limit, since, merged_into,"
            " CASE WHEN merged_into IS NULL THEN coalesce(status, 'active') ELSE 'merged' END AS status,"
            " CASE WHEN merged_into IS NOT NULL THEN coalesce(merged_on, $today) END AS merged_on"
            " FROM fresh_customers ORDER BY row",
            {"today": today},
        ),
        contacts=desk.table(
            f"SELECT customer, name, {_texts(_CONTACT_TEXT)}, coalesce(may_contact, true) AS may_contact"
            " FROM fresh_contacts ORDER BY row"
        ),
        items=_new_items(desk, given),
        matches=desk.table("SELECT key, date, credit, debit, amount, undoes FROM fresh_matches ORDER BY ref DESC"),
        holds=desk.table(
            f"SELECT id AS key, ref AS item, amount, reason, {_texts(['source'])}, placed FROM fresh_holds ORDER BY row"
        ),
        releases=desk.table(f"SELECT hold, released, {_texts(['reason'])} FROM fresh_releases ORDER BY row"),
        promises=desk.table(
            f"""SELECT id AS key, customer, "by", kind, made, due, tolerance, amount, {_texts(_PROMISE_TEXT)}, step, level,
            renews_ref AS renews, outcome AS state, judged, received, coalesce(reason, '') AS reason
            FROM fresh_promises ORDER BY ref DESC"""
        ),
        promise_items=desk.table("SELECT promise, item, amount FROM fresh_promise_items ORDER BY row"),
        revived=desk.table("SELECT known AS promise, known_judged AS judged FROM placed_promises WHERE fate = 'again'"),
        touches=desk.table(
            f"""SELECT "key", customer, kind, "at", purpose, minutes, cost, {_texts(_TOUCH_TEXT)}, outcome, withdrawn,
            {_texts(["withdrawn_by", "withdrawn_reason"])}, home FROM fresh_touches ORDER BY row"""
        ),
        demands=desk.table(
            "SELECT ref AS item, level, made, coalesce(how, '') AS how FROM placed_demands WHERE fate = 'new' ORDER BY row"
        ),
        periods=periods,
        skipped=_skipped(desk),
        faults=desk.faults,
    )


def _new_items(desk: Desk, given: pa.Table) -> pa.Table:
    """The new rows of the file's items in the order of their refs, with the entry each gets and what it reverses."""
    fresh = desk.table("SELECT spot, entry FROM fresh ORDER BY ref DESC")
    rows = given if fresh.num_rows == given.num_rows else given.take(fresh["spot"])
    reverses = np.zeros(fresh.num_rows, np.int64)
    for each in desk.rows("SELECT ref, reverses FROM reversals"):
        reverses[-each["ref"] - 1] = each["reverses"]
    columns = {name: rows[name] for name in _ITEM} | {"entry": fresh["entry"]}
    columns |= {name: rows[name].fill_null("") for name in _ITEM_TEXT}
    return pa.table(columns | {"reverses": pa.array(reverses, mask=reverses == 0)})


def _skipped(desk: Desk) -> pa.Table:
    """What the book has already: table, row, key, why (a message template)."""
    return desk.table(
        f"""SELECT * FROM (
            SELECT 'items' AS "table", row, number AS key,
                CASE fate WHEN 'same' THEN '{items.OVERLAP}' ELSE '{items.REVERSED}' END AS why
            FROM fates WHERE fate IN ('same', 'reversed')
            UNION ALL SELECT 'matches', row, key, '{items.OVERLAP}' FROM placed_matches WHERE fate = 'same'
            UNION ALL SELECT 'holds', row, id, '{items.OVERLAP}' FROM placed_holds WHERE known IS NOT NULL AND equal
            UNION ALL SELECT 'promises', row, id, '{items.OVERLAP}' FROM placed_promises WHERE fate = 'same'
            UNION ALL SELECT 'demands', row, item, '{items.OVERLAP}' FROM placed_demands WHERE fate = 'same'
            UNION ALL SELECT 'touches', row, id, '{items.OVERLAP}' FROM placed_touches WHERE fate = 'same'
        ) ORDER BY "table", row"""
    )
