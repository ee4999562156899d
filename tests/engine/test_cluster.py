"""DuckDB and a real Spark cluster of two worker processes give equal answers to every expression."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from generated_book import generate

from goodstanding.engine import aging, backend, catalog, metrics
from goodstanding.engine.book import Book, enrich
from goodstanding.kernel.errors import Refused

MASTER = "local-cluster[2,1,1024]"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Book, Book]]:
    """One generated book of at least 200,000 items, here and on the cluster."""
    assert shutil.which("java"), "Spark needs Java 17"
    folder = tmp_path_factory.mktemp("book")
    here = enrich(generate(220_000, 5_000, seed=11))
    assert here.table("items").num_rows >= 200_000
    here.write_parquet(folder)
    there = Book.from_parquet(folder, engine="spark", master=MASTER)
    yield here, there
    there.engine.stop()


@pytest.mark.cluster
@pytest.mark.timeout(900)
def test_every_expression_gives_equal_answers(books: tuple[Book, Book]) -> None:
    here, there = books
    for name, expression in catalog.EXPRESSIONS.items():
        asked = expression(catalog.EXAMPLE)
        ours, theirs = here.run(asked), there.run(asked)
        assert ours.column_names == theirs.column_names, name
        assert ours.num_rows == theirs.num_rows, name
        assert _sorted(ours) == _sorted(theirs), name


@pytest.mark.cluster
def test_the_cluster_has_worker_processes_of_its_own(books: tuple[Book, Book]) -> None:
    context = books[1].engine.session.sparkContext
    assert context.master == MASTER
    assert context._jsc.sc().getExecutorMemoryStatus().size() == 3  # the driver and two executors


@pytest.mark.cluster
def test_whole_reports_are_equal(books: tuple[Book, Book]) -> None:
    here, there = books
    for by in ("group", "none"):
        ours, theirs = (aging.aging(book, catalog.EXAMPLE, by=by) for book in books)
        assert ours.totals == theirs.totals
        assert ours.rows.to_pylist() == theirs.rows.to_pylist()
    assert metrics.monthly(here, catalog.EXAMPLE) == metrics.monthly(there, catalog.EXAMPLE)


def test_without_the_extra_the_refusal_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An import that fails is the real thing that happens without the extra."""
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(Refused) as refused:
        backend.Spark()
    assert refused.value.code == "cluster_missing"
    assert "goodstanding[cluster]" in refused.value.message


def _sorted(table: pa.Table) -> list[str]:
    """The rows as text: an expression's order may leave ties open."""
    return sorted(map(repr, table.to_pylist()))
