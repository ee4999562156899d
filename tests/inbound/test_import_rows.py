"""The row of an import moves one way, keeps its faults, and a mapping is remembered by shape."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from goodstanding.inbound import operations, queries
from goodstanding.inbound.types import Options
from goodstanding.kernel.days import DateOrder
from goodstanding.kernel.errors import NotFound, Refused, RowFault
from goodstanding.kernel.money import NumberStyle

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FULL = Options(
    mapping={"number": "Beleg", "due": ""},
    currency="EUR",
    number_style=NumberStyle.COMMA,
    date_order=DateOrder.DMY,
    encoding="cp1252",
    delimiter=";",
    as_of=date(2026, 1, 31),
)


def opened(digest: str = "d" * 64) -> int:
    return operations.open_import(
        digest=digest, name="r.csv", options=FULL, actor="7", now=NOW, path="up/r.csv", total=9
    )


@pytest.mark.django_db
def test_an_import_runs_and_is_done_once() -> None:
    one = opened()
    assert queries.done_import("d" * 64) is None
    operations.start(one, total=100)
    operations.tell(one, step="items", progress=50)
    assert queries.import_by_id(one).percent == 50
    with pytest.raises(Refused, match="can't become running"):
        operations.start(one, total=100)
    operations.finish(one, counts={"items": 100}, now=NOW)
    done = queries.done_import("d" * 64)
    assert done == queries.import_by_id(one)
    assert (done.state, done.percent, done.counts, done.options) == ("done", 100, {"items": 100}, FULL)
    with pytest.raises(Refused):
        operations.fail(one, faults=[], now=NOW)
    operations.mark_undone(one, now=NOW)
    assert queries.done_import("d" * 64) is None
    assert [each.id for each in queries.recent_imports()] == [one]


@pytest.mark.django_db
def test_the_database_refuses_a_second_done_import_of_one_digest() -> None:
    first, second = opened(), opened()
    operations.finish(first, counts={}, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        operations.finish(second, counts={}, now=NOW)


@pytest.mark.django_db
def test_faults_are_kept_as_they_were_found() -> None:
    one = opened()
    fault = RowFault("items", 7, "Amount", "'1_000'", "{value} is not an amount", {"n": 1}, "x")
    operations.fail(one, faults=[fault], now=NOW)
    assert queries.import_by_id(one).faults == (fault,)
    operations.start(one, total=1)
    assert queries.import_by_id(one).faults == ()


@pytest.mark.django_db
def test_options_can_change_only_while_it_waits() -> None:
    one = opened()
    operations.choose(one, digest="e" * 64, options=Options(currency="USD"), total=3)
    assert queries.import_by_id(one).options == Options(currency="USD")
    operations.start(one, total=3)
    with pytest.raises(Refused, match="no longer waits"):
        operations.choose(one, digest="f" * 64, options=Options(), total=3)


@pytest.mark.django_db
def test_what_is_not_there_is_not_found() -> None:
    for ask in (lambda: queries.import_by_id(404), lambda: operations.start(404, total=1)):
        with pytest.raises(NotFound):
            ask()


@pytest.mark.django_db
def test_a_mapping_is_remembered_and_the_newest_word_counts() -> None:
    assert queries.remembered_options("s" * 64) is None
    operations.remember("s" * 64, Options(currency="USD"), now=NOW)
    operations.remember("s" * 64, FULL, now=NOW)
    assert queries.remembered_options("s" * 64) == FULL
