"""A night's figures and classes are stored whole, replaced whole, and thinned out by age."""

from datetime import UTC, date, datetime, timedelta

import pytest

from goodstanding.parties.assessment import Class, Figures, checked, night, store
from goodstanding.parties.models import Assessment, Customer, CustomerClass, CustomerFigures

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
DAY = date(2026, 6, 30)


@pytest.fixture
def codes(db):
    Customer.objects.bulk_create(Customer(code=f"C{n}", name=f"Customer {n}") for n in range(50))
    return [f"C{n}" for n in range(50)]


def figures(codes, open_minor=100):
    return [
        Figures(code, "CNY", open_minor, 40, -5, {"delay": 3.5, "dso": None, "dso_why": "没有销售 % \\ \t"})
        for code in codes
    ]


def classes(codes, label="A"):
    return [Class(code, "value", "CNY", label, {"template": "{share}", "params": {"share": "80"}}) for code in codes]


def test_what_is_stored_is_read_back(codes):
    kept = store(DAY, "book-1", figures(codes), classes(codes), NOW)
    assert (kept.figures, kept.classes, kept.problems) == (50, 50, None)
    assert night(DAY) == kept
    row = CustomerFigures.objects.get(customer__code="C7")
    assert (row.as_of, row.open_minor, row.overdue_minor, row.unapplied_minor) == (DAY, 100, 40, -5)
    assert row.values == {"delay": 3.5, "dso": None, "dso_why": "没有销售 % \\ \t"}
    assert CustomerClass.objects.get(customer__code="C7").reason == {"template": "{share}", "params": {"share": "80"}}


def test_the_same_night_is_replaced_whole(codes):
    store(DAY, "book-1", figures(codes), classes(codes), NOW)
    checked(DAY, "book-1", ["a problem"])
    assert night(DAY).problems == ("a problem",)
    store(DAY, "book-2", figures(codes[:10], 7), classes(codes[:10], "B"), NOW)
    assert night(DAY).problems is None
    assert set(CustomerFigures.objects.values_list("open_minor", flat=True)) == {7}
    assert CustomerClass.objects.count() == CustomerFigures.objects.count() == 10
    checked(DAY, "book-1", ["of an older book"])
    assert night(DAY).problems is None


def test_an_unknown_customer_leaves_the_last_night_as_it_was(codes):
    store(DAY, "book-1", figures(codes), classes(codes), NOW)
    with pytest.raises(KeyError):
        store(DAY, "book-2", figures([*codes, "C99"]), classes(codes), NOW)
    assert night(DAY).book == "book-1"
    assert CustomerFigures.objects.count() == 50


def test_old_nights_go_and_month_ends_stay(codes):
    days = [date(2026, 1, 20) + timedelta(days=n) for n in range(100)]
    for day in days:
        store(day, "book", figures(codes[:2]), classes(codes[:2]), NOW)
    kept = set(Assessment.objects.values_list("as_of", flat=True))
    last = days[-1]
    expected = {d for d in days if d >= last - timedelta(days=31) or (d + timedelta(days=1)).day == 1}
    assert kept == expected
    assert set(CustomerFigures.objects.values_list("as_of", flat=True)) == expected
    assert set(CustomerClass.objects.values_list("as_of", flat=True)) == expected
