"""Books drawn at random come in as they were given, add up as a model says, go out, and come in again."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from any_book import FORMS, Drawn, as_tables, books
from conftest import wipe
from goodstanding.actions.export_book import export_book
from goodstanding.actions.import_book import import_book
from goodstanding.inbound.reading import read
from goodstanding.receivables.models import Balance
from goodstanding.reports.book import database_tables, digest
from goodstanding.reports.integrity import problems
from ledger import BY

seen: Counter[str] = Counter()


def bring(path: Path) -> None:
    reading = read(path)
    assert not reading.faults, [fault.message for fault in reading.faults]
    import_book(**BY, reading=reading)


def balances() -> dict[tuple[str, str, int], int]:
    rows = Balance.objects.values_list("item__customer__code", "item__number", "item__entry", "open")
    return {(code, number, entry): left for code, number, entry, left in rows}


def count(book: Drawn) -> None:
    for name, rows in book.tables.items():
        seen[name] += len(rows)
    seen["undone"] += sum(row["undoes"] is not None for row in book.tables["matches"])
    seen["reversals"] += sum(row["entry"] % 2 == 0 for row in book.tables["items"])
    seen["recoveries"] += sum(row["kind"] == "recovery" for row in book.tables["items"])
    seen["merged"] += sum(row["status"] == "merged" for row in book.tables["customers"])


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    print_blob=True,
)
@given(
    book=books(), form=st.sampled_from(["csv", "csv", "workbook", "parquet"]), out=st.sampled_from(["csv", "parquet"])
)
def comes_in_and_goes_out(book: Drawn, form: str, out: str) -> None:
    wipe()
    with tempfile.TemporaryDirectory() as folder:
        bring(FORMS[form](book.tables, Path(folder) / "given"))
        wanted, first = digest(as_tables(book.tables)), digest()
        for name in wanted:
            assert first[name] == wanted[name], (name, book.tables[name], database_tables()[name].to_pylist())
        assert balances() == {key: book.model.open(key) for key in book.model.lines}
        assert [problem.message for problem in problems()] == []
        export_book(**BY, folder=Path(folder) / "out", form=out)
        wipe()
        bring(Path(folder) / "out")
        assert digest() == first
    count(book)


@pytest.mark.django_db(transaction=True)
def test_any_book_comes_in_goes_out_and_comes_in_again() -> None:
    seen.clear()
    comes_in_and_goes_out()
    print(connection.vendor, dict(seen))
    assert len(seen) == 14 and min(seen.values()) > 0, seen
