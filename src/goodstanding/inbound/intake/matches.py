"""Matches of a file against the items and matches of file and book together."""

from datetime import date, datetime
from typing import Any

from goodstanding.inbound.intake.desk import Desk
from goodstanding.inbound.intake.items import CLOSED, DOUBLE
from goodstanding.kernel.errors import N_
from goodstanding.kernel.money import decimal_text

_ENDS = """
WITH owners AS (
    SELECT number, min(customer) AS customer, count(DISTINCT customer) AS owners
    FROM (SELECT number, customer FROM items UNION ALL SELECT number, customer FROM known_items)
    WHERE number IN (SELECT {side}_item FROM matches WHERE {side}_customer IS NULL) GROUP BY number
), named AS (
    SELECT m.row, m.id AS key, m.{side}_item AS number, m.{side}_entry AS entry,
        coalesce(m.{side}_customer, CASE WHEN o.owners = 1 THEN o.customer END) AS customer,
        m.{side}_customer IS NULL AND o.owners > 1 AS unsure
    FROM matches m LEFT JOIN owners o ON o.number = m.{side}_item
), here AS (
    SELECT f.customer, f.number, f.entry, coalesce(n.ref, f.id) AS ref, n.ref IS NOT NULL AND n.entry <> f.entry AS again
    FROM fates f LEFT JOIN fresh n USING (spot)
), alive AS (
    SELECT customer, number, arg_max(id, entry) AS id, max(entry) AS entry FROM known_items GROUP BY ALL
)
SELECT named.*, coalesce(here.ref,
        CASE WHEN named.entry = 1 AND alive.entry % 2 = 1 AND k.key IS NULL THEN alive.id END, known.id) AS ref,
    coalesce(here.again, false) AS again
FROM named
LEFT JOIN here ON here.customer = named.customer AND here.number = named.number AND here.entry = named.entry
LEFT JOIN known_items known
    ON known.customer = named.customer AND known.number = named.number AND known.entry = named.entry
LEFT JOIN alive ON alive.customer = named.customer AND alive.number = named.number
LEFT JOIN known_matches k ON k.key = named.key
"""


def check_matches(desk: Desk, closed_through: date | None, now: datetime) -> None:
    """Make `fresh_matches`: key, date, credit, debit (refs), amount, undoes (ref), row; and report what can't be."""
    _check_doubles(desk)
    for side in ("credit", "debit"):
        desk.make(f"{side}_ends", _ENDS.format(side=side))
        _report_unknown(desk, side)
    _place(desk, now)
    _report_clashes(desk)
    desk.make("beside", _BESIDE)
    _check_sides(desk)
    _check_days(desk, closed_through)
    _check_undoes(desk)
    _check_amounts(desk)


def _check_doubles(desk: Desk) -> None:
    sql = """SELECT m.row, m.id, d.first FROM matches m
        JOIN (SELECT id, min(row) AS first FROM matches GROUP BY id HAVING count(*) > 1) d USING (id)
        WHERE m.row > d.first ORDER BY m.row"""
    for each in desk.rows(sql):
        desk.fault("matches", each["row"], "id", DOUBLE, each["id"], first=each["first"])


def _report_unknown(desk: Desk, side: str) -> None:
    field = f"{side}_item"
    for each in desk.rows(f"SELECT * FROM {side}_ends WHERE ref IS NULL ORDER BY row"):
        if each["unsure"]:
            template = N_("{value} is a number of several customers; add the column {column}")
            desk.fault("matches", each["row"], field, template, each["number"], column=f"{side}_customer")
            continue
        same_customer = "SELECT DISTINCT number FROM all_items WHERE customer = $customer LIMIT 5000"
        known = [found["number"] for found in desk.rows(same_customer, {"customer": each["customer"]})]
        near = ", ".join(desk.nearest(each["number"], known)) if known else ""
        template = (
            N_("there is no item {value}; did you mean {suggestion}?") if near else N_("there is no item {value}")
        )
        if each["number"] in known:
            template = N_("there is no entry {entry} of item {value}")
        desk.fault("matches", each["row"], field, template, each["number"], suggestion=near, entry=each["entry"])


def _place(desk: Desk, now: datetime) -> None:
    """Each row's fate: new, the same as the book's, brought back under a key of its own, or a clash."""
    desk.make(
        "match_rows",
        """SELECT m.row, m.id AS key, m.date, m.amount, m.undoes, c.ref AS credit, d.ref AS debit,
            c.again OR d.again AS again, k.id AS known, k.undone, k.undone_by_import, k.undoes AS known_undoes,
            k.credit_id = c.ref AND k.debit_id = d.ref AS same_ends, k.date = m.date AND k.amount = m.amount AS same_body
        FROM matches m JOIN credit_ends c ON c.row = m.row AND c.key = m.id
        JOIN debit_ends d ON d.row = m.row AND d.key = m.id LEFT JOIN known_matches k ON k.key = m.id
        WHERE c.ref IS NOT NULL AND d.ref IS NOT NULL""",
    )
    suffix = f"#{now:%Y%m%d%H%M%S%f}"
    desk.make(
        "placed_matches",
        """SELECT *, CASE
            WHEN known IS NULL THEN 'new'
            WHEN undoes IS NULL AND undone AND (again OR undone_by_import) THEN 'again'
            WHEN undoes IS NOT NULL AND again THEN 'again'
            WHEN same_ends AND same_body AND (undoes IS NULL) = (known_undoes IS NULL) THEN 'same'
            ELSE 'clash' END AS fate,
            CASE WHEN fate = 'again' THEN left(key, 170) || $suffix ELSE key END AS new_key,
            CASE WHEN fate IN ('new', 'again') THEN
                -row_number() OVER (PARTITION BY fate IN ('new', 'again') ORDER BY row, key) END AS ref
        FROM match_rows""",
        {"suffix": suffix},
    )
    desk.make(
        "fresh_matches",
        """SELECT p.row, p.ref, p.new_key AS key, p.date, p.credit, p.debit, p.amount, p.undoes AS undoes_key,
            coalesce(t.ref, t.known, k.id) AS undoes
        FROM placed_matches p LEFT JOIN placed_matches t ON t.key = p.undoes
        LEFT JOIN known_matches k ON k.key = p.undoes
        WHERE p.fate IN ('new', 'again') ORDER BY p.ref DESC""",
    )


def _report_clashes(desk: Desk) -> None:
    template = N_("{value} is already in the book with another content")
    for each in desk.rows("SELECT row, key FROM placed_matches WHERE fate = 'clash' ORDER BY row"):
        desk.fault("matches", each["row"], "id", template, each["key"])


# The new matches beside their items: those that something may be said against, and the undos.
_BESIDE = """
SELECT m.*, c.number AS credit_number, c.sign AS credit_sign, c.currency AS credit_currency,
    c.customer AS credit_customer, c.date AS credit_date,
    d.number AS debit_number, d.sign AS debit_sign, d.currency AS debit_currency,
    d.customer AS debit_customer, d.date AS debit_date,
    c.customer = d.customer OR coalesce(cr.root, c.customer) = coalesce(dr.root, d.customer) AS one_group
FROM fresh_matches m JOIN all_items c ON c.ref = m.credit JOIN all_items d ON d.ref = m.debit
LEFT JOIN roots cr ON cr.code = c.customer LEFT JOIN roots dr ON dr.code = d.customer
WHERE m.undoes_key IS NOT NULL OR NOT (credit_sign < 0 AND debit_sign > 0 AND credit_currency = debit_currency
    AND one_group AND m.date >= credit_date AND m.date >= debit_date)
"""


def _check_sides(desk: Desk) -> None:
    sides = {
        "credit": ("<", N_("{value} is not a credit: a payment, credit note or write-off")),
        "debit": (">", N_("{value} is not a debit: an invoice, debit note, fee, refund or opening")),
    }
    for side, (sign, template) in sides.items():
        sql = f"SELECT row, {side}_number AS number FROM beside WHERE NOT {side}_sign {sign} 0 ORDER BY row"
        for each in desk.rows(sql):
            desk.fault("matches", each["row"], f"{side}_item", template, each["number"])
    template = N_("{value} is in {credit} and settles {number} in {debit}")
    for each in desk.rows("SELECT * FROM beside WHERE credit_currency <> debit_currency ORDER BY row"):
        params = {"credit": each["credit_currency"], "debit": each["debit_currency"], "number": each["debit_number"]}
        desk.fault("matches", each["row"], "credit_item", template, each["credit_number"], **params)
    template = N_("{value} belongs to {credit} and {number} to {debit}, who share no parent group")
    for each in desk.rows("SELECT * FROM beside WHERE NOT one_group ORDER BY row"):
        params = {"credit": each["credit_customer"], "debit": each["debit_customer"], "number": each["debit_number"]}
        desk.fault("matches", each["row"], "credit_item", template, each["credit_number"], **params)


def _check_days(desk: Desk, closed_through: date | None) -> None:
    template = N_("matched on {value}, before {number} of {date}")
    for each in desk.rows("SELECT * FROM beside WHERE date < greatest(credit_date, debit_date) ORDER BY row"):
        side = "credit" if each["credit_date"] >= each["debit_date"] else "debit"
        params = {"number": each[f"{side}_number"], "date": each[f"{side}_date"].isoformat()}
        desk.fault("matches", each["row"], "date", template, each["date"], **params)
    if closed_through is not None:
        sql = "SELECT row, date FROM fresh_matches WHERE date <= $day ORDER BY row"
        for each in desk.rows(sql, {"day": closed_through}):
            desk.fault("matches", each["row"], "date", CLOSED, each["date"], through=closed_through.isoformat())


def _check_undoes(desk: Desk) -> None:
    """An undo names a match of the same items and amount, on its day or before, that nothing has undone."""
    sql = """
    WITH targets AS (
        SELECT ref, date, credit, debit, amount, undoes_key IS NOT NULL AS is_undo, false AS undone FROM fresh_matches
        UNION ALL SELECT id, date, credit_id, debit_id, amount, undoes IS NOT NULL, undone FROM known_matches
    )
    SELECT m.row, m.undoes_key, m.date, t.ref, t.is_undo, t.undone,
        t.credit = m.credit AND t.debit = m.debit AND t.amount = m.amount AS equal, m.date < t.date AS early,
        row_number() OVER (PARTITION BY m.undoes ORDER BY m.row) > 1 AS twice,
        m.credit_number = m.debit_number AND m.credit_customer = m.debit_customer AS reversal
    FROM beside m LEFT JOIN targets t ON t.ref = m.undoes WHERE m.undoes_key IS NOT NULL
    QUALIFY t.ref IS NULL OR t.is_undo OR t.undone OR NOT equal OR early OR twice OR reversal ORDER BY m.row
    """
    for each in desk.rows(sql):
        template, value, field = _why_no_undo(each)
        desk.fault("matches", each["row"], field, template, value)


def _why_no_undo(each: dict[str, Any]) -> tuple[str, str, str]:
    key = each["undoes_key"]
    if each["ref"] is None:
        return N_("there is no match {value}"), key, "undoes"
    if each["is_undo"]:
        return N_("{value} is itself an undo"), key, "undoes"
    if each["undone"] or each["twice"]:
        return N_("{value} is undone twice"), key, "undoes"
    if not each["equal"]:
        return N_("an undo has the items and the amount of the match it undoes; {value} has others"), key, "undoes"
    if each["early"]:
        return N_("undone on {value}, before it was matched"), each["date"].isoformat(), "date"
    return N_("{value} ties an item to its reversal and can't be undone"), key, "undoes"


_OVER = """
WITH touched AS (SELECT DISTINCT unnest([credit, debit]) AS ref FROM fresh_matches),
posted AS (
    SELECT unnest([credit, debit]) AS ref, unnest(['credit', 'debit']) AS side, date, row,
        CASE WHEN undoes_key IS NULL THEN amount ELSE -amount END AS amount FROM fresh_matches
    UNION ALL
    SELECT unnest([credit_id, debit_id]), unnest(['credit', 'debit']), date, NULL,
        CASE WHEN undoes IS NULL THEN amount ELSE -amount END FROM known_matches
), days AS (
    SELECT ref, min(side) AS side, date, sum(amount) AS amount, max(row) AS row
    FROM posted SEMI JOIN touched USING (ref) GROUP BY ref, date
), running AS (
    SELECT ref, side, date, sum(amount) OVER upto AS total, max(row) OVER upto AS row,
        max(row) OVER (PARTITION BY ref) AS last
    FROM days WINDOW upto AS (PARTITION BY ref ORDER BY date)
)
SELECT ref, any_value(r.side) AS side, min(r.date) AS date, arg_min(r.total, r.date) AS total,
    arg_min(coalesce(r.row, r.last), r.date) AS row, any_value(i.number) AS number, any_value(i.amount) AS amount,
    any_value(i.currency) AS currency
FROM running r JOIN all_items i USING (ref) WHERE r.total > i.amount GROUP BY ref ORDER BY row
"""


def _check_amounts(desk: Desk) -> None:
    """On no day is more matched of an item than its amount."""
    template = N_("{number} has {amount} {currency}, but {used} of it would be matched by {day}")
    for each in desk.rows(_OVER):
        params = {
            "amount": decimal_text(each["amount"], each["currency"]),
            "used": decimal_text(int(each["total"]), each["currency"]),
            "currency": each["currency"],
            "number": each["number"],
            "day": each["date"].isoformat(),
        }
        desk.fault("matches", each["row"], f"{each['side']}_item", template, each["number"], **params)
