"""The JSON shapes of aging, metrics and classes."""

import json
from datetime import date

from engine.naive_book import Plain
from goodstanding.engine import aging, classes, metrics, report
from goodstanding.engine.book import Book

DAY = date(2013, 6, 30)


def book() -> Book:
    plain = Plain()
    plain.item("A", "invoice", date(2013, 6, 1), 100_000, date(2013, 7, 1))
    plain.item("A", "payment", date(2013, 6, 2), 2_000)
    plain.item("B", "invoice", date(2013, 5, 1), 7_50, date(2013, 5, 31))
    plain.item("J", "invoice", date(2013, 5, 1), 8, date(2013, 5, 31), currency="JPY")
    return plain.book()


def test_aging() -> None:
    answer = report.aging_json(aging.aging(book(), DAY))
    assert json.loads(json.dumps(answer)) == answer
    labels = ["not due", "1-30", "31-60", "61-90", "over 90"]
    dollars = [("1000.00", 1), ("7.50", 1), ("0.00", 0), ("0.00", 0), ("0.00", 0)]
    yen = [("0", 0), ("8", 1), ("0", 0), ("0", 0), ("0", 0)]

    def buckets(columns: list[tuple[str, int]]) -> list[dict[str, object]]:
        return [{"label": name, "amount": a, "items": n} for name, (a, n) in zip(labels, columns, strict=True)]

    assert answer == {
        "as_of": "2013-06-30",
        "totals": [
            {"currency": "JPY", "total": "8", "items": 1, "customers": 1, "unapplied": "0", "buckets": buckets(yen)},
            {
                "currency": "USD",
                "total": "987.50",
                "items": 2,
                "customers": 2,
                "unapplied": "-20.00",
                "buckets": buckets(dollars),
            },
        ],
        "rows": [
            {"customer": "J", "currency": "JPY", "total": "8", "unapplied": "0", "buckets": ["0", "8", "0", "0", "0"]},
            {
                "customer": "A",
                "currency": "USD",
                "total": "980.00",
                "unapplied": "-20.00",
                "buckets": ["1000.00", *["0.00"] * 4],
            },
            {
                "customer": "B",
                "currency": "USD",
                "total": "7.50",
                "unapplied": "0.00",
                "buckets": ["0.00", "7.50", *["0.00"] * 3],
            },
        ],
    }


def test_the_rows_are_named_by_the_grouping() -> None:
    assert "territory" in report.aging_json(aging.aging(book(), DAY, by="territory"))["rows"][0]
    assert next(iter(report.aging_json(aging.aging(book(), DAY, by="none"))["rows"][0])) == "currency"


def test_metrics_are_numbers_of_four_places_or_null_with_why() -> None:
    answer = report.metrics_json(DAY, metrics.monthly(book(), DAY), metrics.overall(book(), DAY))
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    june = next(month for month in answer["months"] if (month["month"], month["currency"]) == ("2013-06", "USD"))
    assert june["dso"] == round(98_750 / 100_750 * 90, 4)
    assert june["late_rate"] is None
    assert june["why"]["late_rate"] == "No invoice was settled in the month."
    for month in answer["months"]:
        for name in ("dso", "dso_countback", "best_possible_dso", "add", "cei", "average_delay", "late_rate"):
            assert (month[name] is None) == (name in month["why"])


def test_classes_carry_their_reasons() -> None:
    facts = classes.facts(book(), DAY)
    answer = report.classify_json(DAY, facts, classes.classify(facts, DAY))
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    first = answer["rows"][0]
    assert first["customer"] == "A"
    assert first["value"] == {
        "class": "A",
        "reason": "Net sales of 1000.00 USD in 12 months: number 1 of 2, 99.3% of the total.",
    }
    assert {"class", "reason"} == set(first["rfm"]) == set(first["behaviour"])
