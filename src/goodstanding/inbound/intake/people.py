"""Customers and contacts of a file against those of the book."""

from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.inbound.intake.desk import Desk
from goodstanding.kernel.errors import N_

_CUSTOMER = (
    "name",
    "parent",
    "kind",
    "territory",
    "account_manager",
    "currency",
    "terms",
    "credit_limit",
    "since",
    "merged_into",
    "merged_on",
)
_CONTACT = ("role", "email", "phone", "birthday", "birthday_calendar", "language", "channel")
OTHER_BODY = N_("{key} is already in the book with {known}: edit it there, or leave the cell empty")
UNKNOWN = N_("there is no customer {value}")
UNKNOWN_BUT_NEAR = N_("there is no customer {value}; did you mean {suggestion}?")


def by_name(tables: dict[str, pa.Table], known: pa.Table) -> dict[str, pa.Table]:
    """A register that names customers without codes means those of the book who alone have the name."""
    codes = (
        tables["customers"].select(["code"]).filter(pc.equal(tables["customers"]["code"], tables["customers"]["name"]))
    )
    strangers = set(codes["code"].to_pylist()) - set(known["code"].to_pylist())
    meant: dict[str, str] = {}
    ambiguous: set[str] = set()
    for code, name in zip(known["code"].to_pylist(), known["name"].to_pylist(), strict=True):
        if name in strangers:
            ambiguous.update({name} if name in meant else ())
            meant[name] = code
    for name in ambiguous:
        del meant[name]
    if not meant:
        return tables
    columns = {
        "items": ("customer",),
        "matches": ("credit_customer", "debit_customer"),
        "customers": ("code", "parent"),
    }
    return tables | {table: _renamed(tables[table], names, meant) for table, names in columns.items()}


def _renamed(table: pa.Table, names: Iterable[str], meant: Mapping[str, str]) -> pa.Table:
    old, new = pa.array(list(meant), pa.string()), pa.array(list(meant.values()), pa.string())
    for name in names:
        column = table[name]
        place = pc.index_in(column, value_set=old)
        better = pc.coalesce(new.take(place.combine_chunks()), column.combine_chunks())
        table = table.set_column(table.column_names.index(name), name, better)
    return table


def check_customers(desk: Desk, *, compare: bool) -> None:
    """Make `fresh_customers` and `codes` (every code there will be). `compare`: a code in both must say the same."""
    desk.make("fresh_customers", "SELECT f.* FROM customers f ANTI JOIN known_customers k USING (code) ORDER BY row")
    desk.make("codes", "SELECT code, name FROM known_customers UNION ALL SELECT code, name FROM fresh_customers")
    if compare:
        _compare(desk, "customers", ("code",), _CUSTOMER)
    for field in ("parent", "merged_into"):
        unknown_customers(desk, "customers", field)
    for each in desk.rows("SELECT row, code, merged_into FROM customers WHERE merged_into = code"):
        desk.fault("customers", each["row"], "merged_into", N_("{value} can't be merged into itself"), each["code"])
    _check_circles(desk)


def _compare(desk: Desk, table: str, key: tuple[str, ...], fields: tuple[str, ...]) -> None:
    """A fault for each cell that is given and says something else than the book."""
    join = " AND ".join(f"k.{name} = f.{name}" for name in key)
    for field in fields:
        sql = f"""SELECT f.row, f.{key[-1]} AS key, f.{field}::VARCHAR AS given, k.{field}::VARCHAR AS known
            FROM {table} f JOIN known_{table} k ON {join}
            WHERE f.{field} IS NOT NULL AND f.{field} IS DISTINCT FROM k.{field} ORDER BY f.row"""
        for each in desk.rows(sql):
            said = f"{field} = {each['known'] or ''}"
            desk.fault(table, each["row"], field, OTHER_BODY, each["given"], key=repr(each["key"]), known=said)


def _check_circles(desk: Desk) -> None:
    """Parents and merges must end somewhere."""
    for field in ("parent", "merged_into"):
        up = {
            each["code"]: each[field]
            for each in desk.rows(
                f"SELECT code, {field} FROM fresh_customers WHERE {field} IS NOT NULL"
                f" UNION ALL SELECT code, {field} FROM known_customers WHERE {field} IS NOT NULL"
            )
        }
        for each in desk.rows(f"SELECT row, code, {field} AS up FROM fresh_customers WHERE {field} IS NOT NULL"):
            seen, code = {each["code"]}, each["up"]
            while code in up and code not in seen:
                seen.add(code)
                code = up[code]
            if code == each["code"] and each["up"] != each["code"]:
                desk.fault("customers", each["row"], field, N_("{value} leads back to the customer itself"), each["up"])


def unknown_customers(desk: Desk, table: str, field: str) -> None:
    """A fault for each cell that names a customer neither the file nor the book has."""
    sql = f"""SELECT row, f.{field} AS code FROM {table} f ANTI JOIN codes c ON c.code = f.{field}
        WHERE f.{field} IS NOT NULL ORDER BY row"""
    found = desk.rows(sql)
    if not found:
        return
    names = {each["code"]: each["name"] for each in desk.rows("SELECT code, name FROM codes")}
    codes = {name: code for code, name in names.items()} | {code: code for code in names}
    words, near = list(codes), {}
    for each in found:
        code = each["code"]
        if code not in near:
            hints = [codes[word] for word in desk.nearest(code, words)]
            near[code] = ", ".join(f"{hint} ({names[hint]})" for hint in dict.fromkeys(hints))
        template = UNKNOWN_BUT_NEAR if near[code] else UNKNOWN
        desk.fault(table, each["row"], field, template, code, suggestion=near[code])


def check_contacts(desk: Desk) -> None:
    """Make `fresh_contacts`; a contact the book has must say the same."""
    desk.make(
        "fresh_contacts",
        "SELECT f.* FROM contacts f ANTI JOIN known_contacts k USING (customer, name) ORDER BY row",
    )
    _compare(desk, "contacts", ("customer", "name"), _CONTACT)
    unknown_customers(desk, "contacts", "customer")


def make_groups(desk: Desk) -> None:
    """Make `roots`: code → the topmost parent, merges followed; only customers who have either are in it."""
    sql = "SELECT code, coalesce(merged_into, parent) AS up FROM {} WHERE merged_into IS NOT NULL OR parent IS NOT NULL"
    up = {
        each["code"]: each["up"]
        for name in ("known_customers", "fresh_customers")
        for each in desk.rows(sql.format(name))
    }
    roots = {}
    for code in up:
        root, seen = code, {code}
        while root in up and up[root] not in seen:
            root = up[root]
            seen.add(root)
        roots[code] = root
    desk.put("roots", pa.table({"code": pa.array(roots, pa.string()), "root": pa.array(roots.values(), pa.string())}))
