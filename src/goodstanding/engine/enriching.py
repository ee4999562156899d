"""From file tables to the book's tables: ids, signs, matches that know both items, staircases.

Runs embedded, where files come in; a cluster reads the Parquet this leaves behind.
"""

from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from goodstanding.engine import asof
from goodstanding.engine.backend import DuckDB, sql
from goodstanding.engine.contract import BOOK_TABLES, FILE_TABLES, ID, SIGNS, TEXT, conform
from goodstanding.kernel.errors import N_, Refused

FIRST, LAST = date(1, 1, 1), None


def build(database: DuckDB, tables: Mapping[str, pa.Table]) -> None:
    """Fill an empty database with the book's tables."""
    _customers(database, _file(tables, "customers"))
    _incoming(database, tables)
    identity = "id" if _has_ids(tables) else "row_number() OVER ()"
    database.run_all(f"CREATE TABLE items AS {_items(identity)}")
    _resolve(database, "in_matches")
    database.run_all(
        f"CREATE TABLE matches AS {_matches(0)}",
        f"CREATE TABLE steps AS SELECT * FROM ({sql(asof.steps(), 'duckdb')}) ORDER BY since",
    )
    _tidy(database)


def extend(space: DuckDB, base: DuckDB, tables: Mapping[str, pa.Table]) -> None:
    """Fill an empty space beside `base` with its tables and the newer facts."""
    if "customers" in tables:
        _customers(space, _file(tables, "customers"))
    else:
        for name in ("customers", "survivors"):
            space.run_all(f"CREATE VIEW {name} AS FROM {base.space}.{name}")
    _incoming(space, tables)
    if not _has_ids(tables) and _file(tables, "items").num_rows:
        raise Refused("not_the_contract", N_("Column {column} is missing."), column="items.id")
    start = base.run("SELECT coalesce(max(id), 0) AS top FROM matches").to_pylist()[0]["top"]
    whole = space.space
    space.run_all(
        f"CREATE TABLE new_items AS {_items('id')}",
        f"CREATE VIEW items AS FROM {base.space}.items UNION ALL FROM {whole}.new_items",
    )
    _resolve(space, f"(SELECT id, date FROM in_matches UNION ALL SELECT key, date FROM {base.space}.matches)")
    space.run_all(
        f"CREATE TABLE new_matches AS {_matches(start)}",
        f"CREATE VIEW matches AS FROM {base.space}.matches UNION ALL FROM {whole}.new_matches",
    )
    _extend_steps(space, base)
    _tidy(space)


def _extend_steps(space: DuckDB, base: DuckDB) -> None:
    """The base's staircases but for the items that were touched, whose are built again."""
    touched = space.beside(f"{space.space}_touched")
    whole, part = space.space, touched.space
    space.run_all(
        """CREATE TABLE touched AS SELECT id FROM new_items UNION
           SELECT debit_id FROM new_matches UNION SELECT credit_id FROM new_matches"""
    )
    touched.run_all(
        f"CREATE VIEW items AS FROM {whole}.items WHERE id IN (FROM {whole}.touched)",
        # a match of a touched item with an untouched one leaves a staircase without its item: the join drops it
        f"""CREATE VIEW matches AS FROM {whole}.matches
            WHERE debit_id IN (FROM {whole}.touched) OR credit_id IN (FROM {whole}.touched)""",
        f"CREATE TABLE {whole}.new_steps AS {sql(asof.steps(), 'duckdb')}",
    )
    space.run_all(
        f"""CREATE VIEW steps AS FROM {base.space}.steps WHERE item NOT IN (FROM {whole}.touched)
            UNION ALL FROM {whole}.new_steps""",
        f"DROP SCHEMA {part} CASCADE",
    )


def _file(tables: Mapping[str, pa.Table], name: str) -> pa.Table:
    """One incoming table with its columns in order, empty text as null; an absent table is empty."""
    table = tables.get(name)
    if table is None:
        return FILE_TABLES[name].empty_table()
    extra = [(column, ID) for column in ("id", "credit_id", "debit_id") if _extra(name, column, table)]
    table = conform(table, pa.schema([*extra, *FILE_TABLES[name]]))
    for place, field in enumerate(table.schema):
        if field.type == TEXT:
            column = table.column(place)
            blank = pc.equal(column, "")
            if pc.any(blank).as_py():
                table = table.set_column(place, field, pc.if_else(blank, pa.scalar(None, TEXT), column))
    return table


def _extra(name: str, column: str, table: pa.Table) -> bool:
    return name in ("items", "matches") and column not in FILE_TABLES[name].names and column in table.column_names


def _has_ids(tables: Mapping[str, pa.Table]) -> bool:
    return "items" in tables and "id" in tables["items"].column_names


def _incoming(database: DuckDB, tables: Mapping[str, pa.Table]) -> None:
    """The file tables as they came, as tables in_items and in_matches with all columns that may come."""
    items, matches = _file(tables, "items"), _file(tables, "matches")
    _known_kinds(items)
    if "id" not in items.column_names:
        items = items.append_column("id", pa.nulls(items.num_rows, ID))
    for side in ("credit_id", "debit_id"):
        if side not in matches.column_names:
            matches = matches.append_column(side, pa.nulls(matches.num_rows, ID))
    database.load("in_items", items)
    database.load("in_matches", matches)


def _known_kinds(items: pa.Table) -> None:
    for kind in pc.unique(items.column("kind")).to_pylist():
        if kind not in SIGNS:
            raise Refused("unknown_kind", N_("There is no kind of item named {kind}."), kind=str(kind))


def _items(identity: str) -> str:
    """The query of the items table over in_items."""
    signs = " ".join(f"WHEN '{kind}' THEN {sign}" for kind, sign in SIGNS.items())
    return f"""
        SELECT ({identity})::BIGINT AS id, customer, number, coalesce(entry, 1)::INTEGER AS entry, kind, date,
            coalesce(due, date) AS due, amount, coalesce(tax, 0)::BIGINT AS tax, currency, reference, "order",
            seller, reason,
            ((CASE kind {signs} END) * (CASE WHEN coalesce(entry, 1) % 2 = 0 THEN -1 ELSE 1 END))::TINYINT AS sign
        FROM in_items"""


def _resolve(database: DuckDB, undoable: str) -> None:
    """The table `resolved`: in_matches with the ids of both items, how many items fit, and the day undone.

    `undoable` is where the matches (id, date) are found that an undo may point to.
    """

    def found(side: str) -> str:
        # without its customer a number must be the only one of its kind
        return f"""
            SELECT m.place, min(i.id) AS id, count(*) AS fits FROM m JOIN items i
                ON i.number = m.{side}_item AND i.entry = coalesce(m.{side}_entry, 1) AND i.customer = m.{side}_customer
            WHERE m.{side}_id IS NULL GROUP BY m.place
            UNION ALL
            SELECT m.place, min(i.id), count(*) FROM m JOIN items i
                ON i.number = m.{side}_item AND i.entry = coalesce(m.{side}_entry, 1)
            WHERE m.{side}_id IS NULL AND m.{side}_customer IS NULL GROUP BY m.place"""

    database.run_all(
        f"""CREATE TABLE resolved AS
        WITH m AS (SELECT row_number() OVER () AS place, * FROM in_matches)
        SELECT m.* REPLACE (coalesce(m.credit_id, c.id) AS credit_id, coalesce(m.debit_id, d.id) AS debit_id),
            coalesce(c.fits, 1) AS credit_fits, coalesce(d.fits, 1) AS debit_fits, undone.date AS undone
        FROM m LEFT JOIN ({found("credit")}) c USING (place) LEFT JOIN ({found("debit")}) d USING (place)
        LEFT JOIN {undoable} AS undone ON undone.id = m.undoes"""
    )
    _sound(database)


def _sound(database: DuckDB) -> None:
    """Refuse matches whose items are missing or can't be told apart, and undos of nothing."""
    missing = N_("Match {match} names item {number}, which is not in the book.")
    double = N_("Match {match} names item {number}, which several customers have: name the customer too.")
    nothing = N_("Match {match} undoes match {number}, which is not in the book.")
    checks = (
        ("credit_item", "credit_id IS NULL", "match_without_item", missing),
        ("debit_item", "debit_id IS NULL", "match_without_item", missing),
        ("credit_item", "credit_fits > 1", "ambiguous_number", double),
        ("debit_item", "debit_fits > 1", "ambiguous_number", double),
        ("undoes", "undoes IS NOT NULL AND undone IS NULL", "undo_of_nothing", nothing),
    )
    for column, wrong, code, template in checks:
        rows = database.run(f"SELECT id, {column} AS number FROM resolved WHERE {wrong} LIMIT 1").to_pylist()
        if rows:
            raise Refused(code, template, match=rows[0]["id"], number=rows[0]["number"])


def _matches(start: int) -> str:
    """The query of the matches table: each match with what never changes about its two items."""
    return f"""
        SELECT m.place + {start} AS id, m.id AS key, m.date, coalesce(m.undone, m.date) AS paid,
            m.undoes IS NOT NULL AS undo, m.amount, debit.currency,
            debit.id AS debit_id, debit.customer AS debit_customer, debit.date AS debit_date, debit.due AS debit_due,
            debit.kind AS debit_kind, debit.seller AS debit_seller,
            credit.id AS credit_id, credit.customer AS credit_customer, credit.date AS credit_date,
            credit.kind AS credit_kind, credit.seller AS credit_seller
        FROM resolved m JOIN items credit ON credit.id = m.credit_id JOIN items debit ON debit.id = m.debit_id"""


def _tidy(database: DuckDB) -> None:
    database.run_all("DROP TABLE in_items", "DROP TABLE in_matches", "DROP TABLE resolved")


def _customers(database: DuckDB, table: pa.Table) -> None:
    """The customers with the head of their group, and who carries on the merged ones, day by day."""
    codes = table.column("code").to_pylist()
    parents = {code: parent for code, parent in zip(codes, table.column("parent").to_pylist(), strict=True) if parent}
    heads = pa.array([_head(code, parents) for code in codes] if parents else codes, TEXT)
    database.load("customers", conform(table.append_column("group_code", heads), BOOK_TABLES["customers"]))
    merged = table.filter(pc.is_valid(table.column("merged_into"))).to_pylist()
    moves = {row["code"]: (row["merged_into"], row["merged_on"] or FIRST) for row in merged}
    spans = [(code, *span) for code in moves for span in _spans(code, moves)]
    names = BOOK_TABLES["survivors"].names
    rows = [dict(zip(names, span, strict=True)) for span in spans]
    database.load("survivors", pa.Table.from_pylist(rows, schema=BOOK_TABLES["survivors"]))


def _head(code: str, parents: Mapping[str, str]) -> str:
    """The topmost parent; a circle ends where it closes."""
    seen = {code}
    while (parent := parents.get(code)) and parent not in seen:
        seen.add(parent)
        code = parent
    return code


def _spans(code: str, moves: Mapping[str, tuple[str, date]]) -> list[tuple[str, date, date | None]]:
    """(survivor, since, until): who carries on `code`, from its own merge on."""
    spans: list[tuple[str, date, date | None]] = []
    seen, at = {code}, FIRST
    while code in moves:
        code, moved = moves[code]
        if code in seen:
            break
        seen.add(code)
        at = max(at, moved)  # a merge dated before one it follows takes effect with it
        if spans and spans[-1][1] == at:
            spans.pop()
        elif spans:
            spans[-1] = (spans[-1][0], spans[-1][1], at)
        spans.append((code, at, LAST))
    return spans
