"""Promises and touches of a file against those of the book, whose ids are the keys.

A promise that an import's undoing withdrew is open again when its file comes again; a touch comes back under a key
of its own. What became of a promise that the book has is the book's to say: the file's outcome is left aside.
"""

from goodstanding.inbound.intake.desk import Desk
from goodstanding.inbound.intake.items import DOUBLE
from goodstanding.inbound.intake.people import unknown_customers
from goodstanding.kernel.errors import N_
from goodstanding.kernel.money import decimal_text

OTHER = N_("{value} is already in the book with another content")
AGAIN = "~"  # stands before the count in the key of a touch that came again

_SAME_PROMISE = " AND ".join(
    f'k."{name}" IS NOT DISTINCT FROM p."{name}"' for name in ("customer", "by", "kind", "made", "due", "amount")
)
_PROMISES = f"""SELECT p.*, k.id AS known, k.judged AS known_judged, CASE WHEN k.id IS NULL THEN 'new'
    WHEN NOT ({_SAME_PROMISE}) OR (p.amount IS NOT NULL AND k.currency <> p.currency) THEN 'clash'
    WHEN k.undone THEN 'again' ELSE 'same' END AS fate
    FROM promises p LEFT JOIN known_promises k ON k."key" = p.id"""
_ITEMS = """SELECT a.*, coalesce(f.ref, k.id) AS own, k.id AS known, coalesce(n.ref, t.id, i.ref) AS ref,
    i.amount AS most, i.currency AS item_currency, coalesce(f.currency, '') AS currency_promised,
    coalesce(ru.root, a.customer) <> coalesce(rp.root, p.customer) AS stranger
FROM promise_items a LEFT JOIN promises p ON p.id = a.promise
LEFT JOIN fresh_promises f ON f.id = a.promise LEFT JOIN known_promises k ON k."key" = a.promise
LEFT JOIN fates t ON t.customer = a.customer AND t.number = a.item AND t.entry = a.entry
LEFT JOIN fresh n ON n.spot = t.spot
LEFT JOIN all_items i ON i.customer = a.customer AND i.number = a.item AND i.entry = coalesce(n.entry, t.place, a.entry)
LEFT JOIN roots ru ON ru.code = a.customer LEFT JOIN roots rp ON rp.code = coalesce(p.customer, k.customer)"""
_SAME_TOUCH = " AND ".join(
    f'k."{name}" IS NOT DISTINCT FROM t."{name}"' for name in ("customer", "kind", "at", "purpose")
)
_TOUCHES = f"""SELECT t.*, CASE WHEN k.id IS NULL THEN 'new'
    WHEN NOT ({_SAME_TOUCH} AND k.minutes = t.minutes AND coalesce(t.cost, k.cost, 0) = coalesce(k.cost, 0)) THEN 'clash'
    WHEN k.undone THEN 'again' ELSE 'same' END AS fate,
    CASE WHEN NOT k.undone OR k.id IS NULL THEN t.id
        WHEN k.id = t.id THEN left(t.id, 190) || '{AGAIN}2'
        ELSE left(t.id, 190) || '{AGAIN}' || (split_part(k.id, '{AGAIN}', -1)::INTEGER + 1) END AS "key"
    FROM touches t LEFT JOIN known_touches k ON k.given = t.id"""


def _doubles(desk: Desk, table: str) -> None:
    sql = f"""SELECT row, id, min(row) OVER (PARTITION BY id) AS first FROM {table}
        QUALIFY row_number() OVER (PARTITION BY id ORDER BY row) > 1 ORDER BY row"""
    for each in desk.rows(sql):
        desk.fault(table, each["row"], "id", DOUBLE, each["id"], first=each["first"])


def _clashes(desk: Desk, table: str) -> None:
    for each in desk.rows(f"SELECT row, id FROM placed_{table} WHERE fate = 'clash' ORDER BY row"):
        desk.fault(table, each["row"], "id", OTHER, each["id"])


def check_promises(desk: Desk) -> None:
    """Make `placed_promises` (with fate) and `fresh_promises` (with ref, and what it renews as ref)."""
    _doubles(desk, "promises")
    unknown_customers(desk, "promises", "customer")
    desk.make("placed_promises", _PROMISES)
    _clashes(desk, "promises")
    desk.make(
        "new_promises",
        "SELECT *, -row_number() OVER (ORDER BY row) AS ref FROM placed_promises WHERE fate = 'new'",
    )
    desk.make(
        "fresh_promises",
        """SELECT p.*, coalesce(o.ref, k.id) AS renews_ref, coalesce(o.customer, k.customer) AS before,
            coalesce(o."by", k."by") AS by_before, coalesce(o.made, k.made) AS made_before,
            coalesce(o.level, k.level) AS level_before,
            k.renewed AS taken, count(*) OVER (PARTITION BY p.renews) > 1 AS twice
        FROM new_promises p LEFT JOIN new_promises o ON o.id = p.renews LEFT JOIN known_promises k ON k."key" = p.renews""",
    )
    sql = "SELECT * FROM fresh_promises WHERE renews IS NOT NULL ORDER BY row"
    for each in desk.rows(sql):
        if each["before"] is None:
            template = N_("there is no promise {value}")
        elif each["before"] != each["customer"] or each["renews"] == each["id"]:
            template = N_("{value} is no earlier promise of this customer")
        elif each["by_before"] != each["by"] or each["made_before"] > each["made"]:
            template = N_("{value} is of the other side, or was made later")
        elif each["level_before"] > each["level"]:
            template = N_("{value} has a higher level than this, which renews it")
        elif each["taken"] or each["twice"]:
            template = N_("{value} is renewed twice")
        else:
            continue
        desk.fault("promises", each["row"], "renews", template, each["renews"])


def check_promise_items(desk: Desk) -> None:
    """Make `fresh_promise_items`, with promise and item as refs. A promise of the book keeps the items it has."""
    unknown_customers(desk, "promise_items", "customer")
    desk.make("placed_promise_items", _ITEMS)
    sql = """SELECT * FROM placed_promise_items WHERE own IS NULL OR ref IS NULL OR stranger OR amount > most
        OR currency_promised NOT IN ('', item_currency) ORDER BY row"""
    for each in desk.rows(sql):
        if found := _wrong_item(each):
            template, value, field, params = found
            desk.fault("promise_items", each["row"], field, template, value, **params)
    other = """SELECT row, a.promise FROM placed_promise_items a LEFT JOIN known_promise_items k
        ON k.promise = a.known AND k.item = a.ref AND k.amount IS NOT DISTINCT FROM a.amount
        WHERE a.known IS NOT NULL AND k.item IS NULL ORDER BY row"""
    for each in desk.rows(other):
        desk.fault("promise_items", each["row"], "promise", OTHER, each["promise"])
    desk.make(
        "fresh_promise_items",
        "SELECT own AS promise, ref AS item, amount, row FROM placed_promise_items WHERE known IS NULL",
    )


def _wrong_item(each: dict[str, object]) -> tuple[str, object, str, dict[str, object]] | None:
    """What is wrong with an item of a promise: the words, the value, its field and more for the words."""
    if each["own"] is None:
        return N_("there is no promise {value}"), each["promise"], "promise", {}
    if each["ref"] is None:
        return N_("there is no item {value}"), each["item"], "item", {}
    if each["stranger"]:
        return N_("{value} is not of the group of who promised"), each["customer"], "customer", {}
    currency = str(each["item_currency"])
    if each["currency_promised"] not in ("", currency):
        return N_("{value} is in {currency}"), each["item"], "item", {"currency": currency}
    amount, most = each["amount"], each["most"]
    if isinstance(amount, int) and isinstance(most, int) and amount > most:
        told = {"amount": decimal_text(most, currency)}
        return N_("{value} is more than the item's {amount}"), decimal_text(amount, currency), "amount", told
    return None


def check_touches(desk: Desk) -> None:
    """Make `placed_touches` (with fate) and `fresh_touches`, with the key each gets."""
    _doubles(desk, "touches")
    unknown_customers(desk, "touches", "customer")
    desk.make("placed_touches", _TOUCHES)
    _clashes(desk, "touches")
    desk.make(
        "fresh_touches",
        """SELECT t.*, c.currency AS home FROM placed_touches t LEFT JOIN (
            SELECT code, currency FROM known_customers UNION ALL SELECT code, currency FROM fresh_customers
        ) c ON c.code = t.customer WHERE fate IN ('new', 'again')""",
    )
