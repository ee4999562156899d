"""The night's work: stored once, done again when the book changed, and it finds what doesn't add up."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from goodstanding.access.models import AuditEntry
from goodstanding.access.types import NIGHTLY, SYSTEM, Actor
from goodstanding.actions.import_book import import_book
from goodstanding.actions.nightly import run_nightly
from goodstanding.engine.aging import aging
from goodstanding.inbound.reading import read
from goodstanding.kernel.errors import NotAllowed
from goodstanding.outbound.sample import write_sample
from goodstanding.parties.models import CustomerClass, CustomerFigures
from goodstanding.reports.book import current_book

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
DAY = date(2026, 6, 30)
EXTRA = "number,customer,date,due,amount,currency\nX1,{code},2026-06-20,2026-06-25,1000.00,CNY\n"


@pytest.fixture
def book(transactional_db, tmp_path):
    write_sample(tmp_path / "book", 40, 3)
    import_book(actor=SYSTEM, now=NOW, reading=read(tmp_path / "book"))
    return tmp_path


def night(**changes):
    return run_nightly(**{"actor": NIGHTLY, "now": NOW, "as_of": DAY, **changes})


def test_a_night_is_stored_once(book):
    first = night()
    assert first.figures > 30 and first.classes == 3 * first.figures and first.problems == () and not first.unchanged
    entries = AuditEntry.objects.filter(action="run_nightly").count()
    again = night()
    assert again.unchanged and (again.figures, again.classes) == (first.figures, first.classes)
    assert CustomerFigures.objects.count() == first.figures
    assert AuditEntry.objects.filter(action="run_nightly").count() == entries == 1


def test_the_stored_figures_are_the_agings(book):
    night()
    stored = {
        (row.customer.code, row.currency): (row.open_minor, row.unapplied_minor, row.overdue_minor)
        for row in CustomerFigures.objects.select_related("customer")
        if row.open_minor or row.unapplied_minor or row.overdue_minor
    }
    rows = aging(current_book(), DAY).rows.to_pylist()
    wanted = {
        (row["key"], row["currency"]): (row["total"], row["unapplied"], sum(row[f"b{n}"] for n in range(1, 5)))
        for row in rows
    }
    assert stored == wanted and len(stored) > 15


def test_every_class_has_its_reason_and_every_missing_figure_too(book):
    night()
    for row in CustomerClass.objects.all():
        assert row.label and row.reason["template"].format(**row.reason["params"])
    assert set(CustomerClass.objects.values_list("dimension", flat=True)) == {"value", "rfm", "behaviour"}
    missing = 0
    for row in CustomerFigures.objects.all():
        for name in ("dso", "best_possible_dso", "add", "on_time_share", "average_delay"):
            if row.values[name] is None:
                missing += 1
                assert row.values[f"{name}_why"]["template"]
            else:
                assert isinstance(row.values[name], float)
    assert missing


def test_a_changed_book_is_assessed_again(book):
    night()
    code = CustomerFigures.objects.filter(currency="CNY").select_related("customer").first().customer.code
    before = CustomerFigures.objects.get(customer__code=code, currency="CNY")
    (book / "more.csv").write_text(EXTRA.format(code=code), encoding="utf-8")
    import_book(actor=SYSTEM, now=NOW, reading=read(book / "more.csv"))
    again = night()
    assert not again.unchanged
    after = CustomerFigures.objects.get(customer__code=code, currency="CNY")
    assert after.open_minor == before.open_minor + 100_000
    assert after.overdue_minor == before.overdue_minor + 100_000


def test_a_kept_open_amount_that_is_wrong_is_found(book):
    assert night().problems == ()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE receivables_balance SET open = open + 1 WHERE item_id = (SELECT MIN(item_id) FROM receivables_balance WHERE open > 0)"
        )
    found = night(as_of=date(2026, 6, 29))
    assert len(found.problems) >= 1
    assert night(as_of=date(2026, 6, 29)).problems == found.problems


def test_who_may_not_run_the_night_is_refused(book):
    with pytest.raises(NotAllowed):
        night(actor=Actor(id=7, name="Mei", roles=frozenset({"collector"})))
    assert not CustomerFigures.objects.exists()
