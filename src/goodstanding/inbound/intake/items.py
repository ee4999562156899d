"""Items of a file against those of the book: new, there already, posted again, or in each other's way.

A number whose last entry is a reversal is free again. What an import's undoing reversed is posted again as the
next entry; what a person reversed is not, unless the file says something else than was reversed.
"""

from datetime import date

from goodstanding.engine.contract import SIGNS
from goodstanding.inbound.intake.desk import Desk
from goodstanding.inbound.intake.facts import UNDONE
from goodstanding.inbound.intake.people import unknown_customers
from goodstanding.kernel.errors import N_
from goodstanding.kernel.money import decimal_text

OVERLAP = N_("is in the book already")
REVERSED = N_("was reversed in the book and is not posted again")
CLOSED = N_("{value}: the books are closed through {through}")
DOUBLE = N_("{value} stands already in row {first}")

_BODY = ("kind", "date", "due", "amount", "currency")
_ALSO = ("tax", "reference", "order", "seller", "reason")  # compared where the file has them
SIGN_SQL = "CASE kind {} END * CASE WHEN entry % 2 = 0 THEN -1 ELSE 1 END".format(
    " ".join(f"WHEN '{kind}' THEN {sign}" for kind, sign in SIGNS.items())
)

# `spot` is the row's place in the file's table; only what tells rows apart is kept, the rest is taken from there.
_FATES = f"""
WITH lives AS (
    SELECT customer, number, max(entry) AS last, arg_max(reason, entry) = '{UNDONE}' AS undone
    FROM known_items GROUP BY ALL
), given AS (SELECT customer, number, max(entry) AS most FROM items GROUP BY ALL),
placed AS (
    SELECT f.*, lives.last, given.most, CASE
        WHEN lives.last IS NULL THEN f.entry
        WHEN f.entry = given.most AND f.entry % 2 = 1 AND lives.last % 2 = 0 AND lives.last > f.entry AND lives.undone
            THEN lives.last + 1
        WHEN given.most = 1 AND lives.last % 2 = 0 THEN lives.last - 1
        WHEN given.most = 1 THEN lives.last
        ELSE f.entry END AS place
    FROM items f JOIN given USING (customer, number) LEFT JOIN lives USING (customer, number)
), compared AS (
    SELECT p.spot, p.row, p.customer, p.number, p.entry, p.last, p.most, p.place, k.id, CASE {{differences}} END AS differs
    FROM placed p LEFT JOIN known_items k ON k.customer = p.customer AND k.number = p.number AND k.entry = p.place
)
SELECT spot, row, customer, number, entry, id, differs,
    CASE WHEN id IS NOT NULL AND differs IS NOT NULL AND most = 1 AND last % 2 = 0 THEN last + 1 ELSE place END AS place,
    CASE WHEN id IS NULL THEN 'new'
        WHEN differs IS NULL THEN CASE WHEN most = 1 AND last % 2 = 0 THEN 'reversed' ELSE 'same' END
        WHEN most = 1 AND last % 2 = 0 THEN 'new'
        ELSE 'clash' END AS fate
FROM compared
"""


def check_items(desk: Desk, closed_through: date | None) -> None:
    """Make `fates` (of each row), `fresh` (the new ones, with ref), `all_items` (with sign) and `reversals`."""
    unknown_customers(desk, "items", "customer")
    _check_doubles(desk)
    differences = " ".join(f"""WHEN k."{name}" IS DISTINCT FROM p."{name}" THEN '{name}'""" for name in _BODY)
    differences += """ WHEN p.tax <> 0 AND k.tax <> p.tax THEN 'tax'"""
    differences += " ".join(f""" WHEN p."{name}" <> k."{name}" THEN '{name}'""" for name in _ALSO[1:])
    desk.make("fates", _FATES.format(differences=f"WHEN k.id IS NULL THEN NULL {differences}"))
    desk.make(
        "fresh",
        """SELECT spot, row, place AS entry, entry AS in_file, -row_number() OVER (ORDER BY spot) AS ref
        FROM fates WHERE fate = 'new'""",
    )
    desk.make(
        "all_items",
        f"""SELECT *, ({SIGN_SQL})::TINYINT AS sign FROM (
            SELECT id AS ref, customer, number, entry, kind, date, amount, tax, currency, NULL::BIGINT AS row FROM known_items
            UNION ALL SELECT ref, customer, number, f.entry, kind, date, amount, tax, currency, f.row
                FROM fresh f JOIN items i USING (spot))""",
    )
    desk.make(
        "reversals",
        """SELECT r.*, o.ref AS reverses FROM all_items r JOIN all_items o
            ON o.customer = r.customer AND o.number = r.number AND o.entry = r.entry - 1
            WHERE r.ref < 0 AND r.entry % 2 = 0""",
    )
    _report_clashes(desk)
    _check_entries(desk)
    if closed_through is not None:
        closed = desk.rows(
            "SELECT row, date FROM all_items WHERE ref < 0 AND date <= $day ORDER BY row", {"day": closed_through}
        )
        for each in closed:
            desk.fault("items", each["row"], "date", CLOSED, each["date"], through=closed_through.isoformat())


def _check_doubles(desk: Desk) -> None:
    sql = """SELECT i.row, i.number, d.first FROM items i JOIN (
            SELECT customer, number, entry, min(row) AS first, min(spot) AS spot FROM items
            GROUP BY customer, number, entry HAVING count(*) > 1) d USING (customer, number, entry)
        WHERE i.spot > d.spot ORDER BY i.row"""
    for each in desk.rows(sql):
        desk.fault("items", each["row"], "number", DOUBLE, each["number"], first=each["first"])


def _report_clashes(desk: Desk) -> None:
    """The same key with another body: named by the first field that differs, with what the book says."""
    fields = (*_BODY, *_ALSO)
    given = " ".join(f"""WHEN '{name}' THEN i."{name}"::VARCHAR""" for name in fields)
    known = " ".join(f"""WHEN '{name}' THEN k."{name}"::VARCHAR""" for name in fields)
    sql = f"""SELECT f.row, f.number, f.differs, CASE differs {given} END AS given, CASE differs {known} END AS known,
        i.currency, k.currency AS known_currency
        FROM fates f JOIN items i USING (spot) JOIN known_items k ON k.id = f.id WHERE fate = 'clash' ORDER BY f.row"""
    template = N_("{number} is already in the book with {known}: the same number can't say {value}")
    for each in desk.rows(sql):
        given, known = each["given"], each["known"]
        if each["differs"] in ("amount", "tax"):
            given = decimal_text(int(given), each["currency"])
            known = decimal_text(int(known), each["known_currency"])
        said = f"{each['differs']} = {known or ''}"
        desk.fault("items", each["row"], each["differs"], template, given, number=repr(each["number"]), known=said)


def _check_entries(desk: Desk) -> None:
    """A later entry needs the one before it; a reversal says the same as what it reverses, on its day or later."""
    same = "o.kind = f.kind AND o.amount = f.amount AND o.tax = f.tax AND o.currency = f.currency"
    sql = f"""SELECT f.row, f.number, f.entry, o.ref, o.date, f.date AS given, {same} AS equal
        FROM all_items f LEFT JOIN all_items o
            ON o.customer = f.customer AND o.number = f.number AND o.entry = f.entry - 1
        WHERE f.ref < 0 AND f.entry > 1 AND (o.ref IS NULL OR (f.entry % 2 = 0 AND (f.date < o.date OR NOT ({same}))))
        ORDER BY f.row"""
    for each in desk.rows(sql):
        if each["ref"] is None:
            template = N_("entry {value} of {number} has no entry before it")
            desk.fault("items", each["row"], "entry", template, each["entry"], number=repr(each["number"]))
        elif not each["equal"]:
            template = N_("a reversal has the kind, amount, tax and currency of what it reverses; {value} has not")
            desk.fault("items", each["row"], "entry", template, each["number"])
        else:
            template = N_("reversed on {value}, before the item is dated")
            desk.fault("items", each["row"], "date", template, each["given"])


def check_reversals(desk: Desk) -> None:
    """A new reversal is matched in full with what it reverses, on its own day. Needs `fresh_matches`."""
    sql = """SELECT f.row, f.number FROM reversals f LEFT JOIN fresh_matches m
            ON m.date = f.date AND m.amount = f.amount AND m.undoes IS NULL
            AND ((m.credit = f.ref AND m.debit = f.reverses) OR (m.debit = f.ref AND m.credit = f.reverses))
        WHERE f.kind <> 'recovery' AND m.key IS NULL ORDER BY f.row"""
    template = N_("the reversal of {value} is not matched in full with it on its day")
    for each in desk.rows(sql):
        desk.fault("items", each["row"], "entry", template, each["number"])
