"""From file tables to a book: keys found, faults refused, Parquet and back, extensions."""

import gc
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from engine.naive_book import Plain
from goodstanding.engine import aging
from goodstanding.engine.book import Book, enrich
from goodstanding.engine.contract import BOOK_TABLES, SIGNS
from goodstanding.kernel.errors import Refused

DAY = date(2024, 6, 30)


def items(*rows: tuple[str, str, str, int]) -> pa.Table:
    """(customer, number, kind, amount), all of one day."""
    return pa.Table.from_pylist(
        [
            {"customer": c, "number": n, "kind": k, "amount": a, "currency": "USD", "date": date(2024, 1, 1)}
            for c, n, k, a in rows
        ]
    )


def matches(*rows: dict[str, object]) -> pa.Table:
    return pa.Table.from_pylist(
        [{"id": f"m{at}", "date": date(2024, 2, 1), "amount": 100, **row} for at, row in enumerate(rows)]
    )


BOTH = items(("A", "I1", "invoice", 100), ("A", "P1", "payment", 100))


def test_matches_find_their_items_by_customer_and_number_or_by_number_alone() -> None:
    whole = {"credit_customer": "A", "credit_item": "P1", "debit_customer": "A", "debit_item": "I1"}
    for match in (whole, {"credit_item": "P1", "debit_item": "I1"}, {**whole, "credit_entry": 1, "debit_entry": 1}):
        book = enrich({"items": BOTH, "matches": matches(match)})
        assert aging.aging(book, DAY).totals == ()


def test_the_customer_tells_equal_numbers_apart() -> None:
    two = pa.concat_tables([BOTH, items(("B", "I1", "invoice", 100))])
    book = enrich({"items": two, "matches": matches({"credit_item": "P1", "debit_customer": "A", "debit_item": "I1"})})
    assert [row["key"] for row in aging.aging(book, DAY).rows.to_pylist()] == ["B"]
    with pytest.raises(Refused) as refused:
        enrich({"items": two, "matches": matches({"credit_item": "P1", "debit_item": "I1"})})
    assert refused.value.code == "ambiguous_number"
    assert "I1" in refused.value.message


@pytest.mark.parametrize(
    ("match", "code"),
    [
        ({"credit_item": "P1", "debit_item": "nothing"}, "match_without_item"),
        ({"credit_item": "nothing", "debit_item": "I1"}, "match_without_item"),
        ({"credit_item": "P1", "debit_item": "I1", "debit_entry": 2}, "match_without_item"),
        ({"credit_item": "P1", "debit_item": "I1", "debit_customer": "B"}, "match_without_item"),
        ({"credit_item": "P1", "debit_item": "I1", "undoes": "m7"}, "undo_of_nothing"),
    ],
)
def test_matches_of_nothing_are_refused(match: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        enrich({"items": BOTH, "matches": matches(match)})
    assert refused.value.code == code


def test_an_unknown_kind_and_a_wrong_type_are_refused() -> None:
    with pytest.raises(Refused) as kind:
        enrich({"items": items(("A", "1", "bill", 1))})
    assert kind.value.code == "unknown_kind"
    wrong = BOTH.set_column(BOTH.column_names.index("amount"), "amount", pa.array([1.5, 2.5]))
    with pytest.raises(Refused) as amount:
        enrich({"items": wrong})
    assert (amount.value.code, amount.value.params["column"]) == ("not_the_contract", "amount")


def test_signs_due_days_and_empty_texts() -> None:
    rows = [(f"C{at}", str(at), kind, 1) for at, kind in enumerate(SIGNS)]
    table = items(*rows).append_column("seller", pa.array([""] * len(rows)))
    book = enrich(
        {"items": pa.concat_tables([table, _with(table, "entry", [2] * len(rows))], promote_options="default")}
    )
    found = book.table("items").to_pylist()
    assert [row["sign"] for row in found] == [*SIGNS.values(), *(-sign for sign in SIGNS.values())]
    assert all(row["due"] == row["date"] and row["seller"] is None and row["tax"] == 0 for row in found)


def test_a_circle_of_parents_and_of_merges_ends() -> None:
    customers = pa.Table.from_pylist(
        [
            {"code": "A", "name": "A", "parent": "B", "merged_into": "B", "merged_on": date(2024, 1, 1)},
            {"code": "B", "name": "B", "parent": "A", "merged_into": "A", "merged_on": date(2024, 1, 1)},
        ]
    )
    book = enrich({"items": BOTH, "customers": customers})
    assert len(aging.aging(book, DAY, by="group").rows) == 1


def test_parquet_and_back(generated: Book, tmp_path: Path) -> None:
    folder = tmp_path / "it's a book"
    generated.write_parquet(folder)
    again = Book.from_parquet(folder, threads=1, memory="1GB")
    for name in BOOK_TABLES:
        assert again.table(name).equals(generated.table(name)), name
    assert aging.aging(again, DAY).totals == aging.aging(generated, DAY).totals


def test_a_folder_that_is_no_book_and_an_unknown_engine_are_refused(generated: Book, tmp_path: Path) -> None:
    with pytest.raises(Refused) as empty:
        Book.from_parquet(tmp_path)
    assert empty.value.code == "no_book"
    generated.write_parquet(tmp_path)
    with pytest.raises(Refused) as engine:
        Book.from_parquet(tmp_path, engine="abacus")
    assert engine.value.code == "unknown_engine"


def test_an_extension_undoes_a_match_of_its_base_and_leaves_the_base_alone() -> None:
    plain = Plain()
    bill = plain.item("A", "invoice", date(2024, 1, 1), 100)
    match = plain.pay(bill, date(2024, 2, 1))
    base = plain.book()
    counts = len(plain.items), len(plain.matches)
    plain.undo(match, date(2024, 3, 1))
    extended = base.extended(plain.tables(since=counts))
    assert aging.aging(base, DAY).totals == ()
    assert [(t.total, t.items, t.credits) for t in aging.aging(extended, DAY).totals] == [(0, 1, 1)]
    undo = extended.table("matches").to_pylist()[-1]
    assert (undo["undo"], undo["date"], undo["paid"]) == (True, date(2024, 3, 1), date(2024, 2, 1))


def test_an_extension_nobody_holds_is_forgotten() -> None:
    plain = Plain()
    plain.item("A", "invoice", date(2024, 1, 1), 100)
    base = plain.book()
    spaces = "SELECT count(DISTINCT schema_name)::INT AS n FROM duckdb_tables()"
    for _ in range(3):
        plain.item("A", "invoice", date(2024, 1, 1), 100)
        extended = base.extended(plain.tables(since=(1, 0)))
        assert aging.aging(extended, DAY).totals[0].total == 100 * len(plain.items)
        del extended
        gc.collect()
    assert base.engine.run(spaces).to_pylist() == [{"n": 1}]


def _with(table: pa.Table, name: str, values: list[int]) -> pa.Table:
    return table.append_column(name, pa.array(values, pa.int32()))
