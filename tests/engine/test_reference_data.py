"""Every number of the reference for real invoices, as an independent script computed them."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa
import pytest

from goodstanding.engine import aging, lateness, metrics, report
from goodstanding.engine.baselines import Settlement, baselines
from goodstanding.engine.book import Book, enrich
from goodstanding.kernel.money import decimal_text

pytestmark = pytest.mark.real_data
AFTER_ALL = date(2014, 12, 31)
LABELS = {"not due": "current", "1-30": "1-30", "31-60": "31-60", "61-90": "61-90", "over 90": ">90"}


def day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007


@pytest.fixture(scope="module")
def rows(real_data: Path) -> list[dict[str, str]]:
    with (real_data / "ar" / "split_dev.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def reference(real_data: Path) -> dict[str, Any]:
    return json.loads((real_data / "ar" / "reference_dev.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def book(rows: list[dict[str, str]]) -> Book:
    items, matches = [], []
    for row in rows:
        amount = int(Decimal(row["InvoiceAmount"]) * 100)
        same = {"customer": row["customerID"], "amount": amount, "currency": "USD"}
        number, invoiced, paid = row["invoiceNumber"], day(row["InvoiceDate"]), day(row["SettledDate"])
        items.append({"number": number, "kind": "invoice", "date": invoiced, "due": day(row["DueDate"]), **same})
        items.append({"number": number + "-PAID", "kind": "payment", "date": paid, "due": None, **same})
        sides = {f"{side}_customer": row["customerID"] for side in ("credit", "debit")}
        sides |= {"credit_item": number + "-PAID", "debit_item": number}
        matches.append({"id": number, "date": max(paid, invoiced), "amount": amount, **sides})
    return enrich({"items": pa.Table.from_pylist(items), "matches": pa.Table.from_pylist(matches)})


def test_aging_at_three_dates(book: Book, reference: dict[str, Any]) -> None:
    for expected in reference["aging"]:
        answer = report.aging_json(aging.aging(book, date.fromisoformat(expected["as_of"])))
        (total,) = answer["totals"]
        found = {
            "as_of": answer["as_of"],
            "open_total": total["total"],
            "open_count": total["items"],
            "overdue_total": str(sum(Decimal(bucket["amount"]) for bucket in total["buckets"][1:])),
            "customers_with_open": total["customers"],
            "amount": {LABELS[bucket["label"]]: bucket["amount"] for bucket in total["buckets"]},
            "count": {LABELS[bucket["label"]]: bucket["items"] for bucket in total["buckets"]},
            "top10_open_by_customer": [[row["customer"], row["total"]] for row in answer["rows"][:10]],
        }
        assert found == expected


def test_dso_by_month(book: Book, reference: dict[str, Any]) -> None:
    as_of = date(2013, 12, 31)
    months = report.metrics_json(as_of, metrics.monthly(book, as_of))["months"]
    names = {
        "month_end": "month_end",
        "full_window": "full_window",
        "after_last_invoice": "after_last_invoice",
        "receivables": "receivables",
        "sales_90d": "sales_90d",
        "simple_dso": "dso",
        "best_possible_dso": "best_possible_dso",
        "average_days_delinquent": "add",
    }
    assert [{theirs: month[ours] for theirs, ours in names.items()} for month in months] == reference["dso_by_month"]


def test_lateness(book: Book, rows: list[dict[str, str]], reference: dict[str, Any]) -> None:
    (whole,) = lateness.lateness(book, AFTER_ALL)
    settled = book.rows(lateness.settlements(AFTER_ALL))
    found = {
        "settled_invoices": whole.settled,
        "late_invoices": whole.late,
        "late_rate": whole.late_rate.rounded(),
        "late_rate_by_amount": whole.late_rate_by_amount.rounded(),
        "mean_days_late_all": whole.mean_days_late.rounded(),
        "mean_days_late_when_late": whole.mean_days_late_when_late.rounded(),
        "amount_weighted_days_late_all": whole.weighted_days_late.rounded(),
        "mean_days_to_settle": whole.mean_days_to_settle.rounded(),
        "median_days_to_settle": float(median((row["settled"] - row["date"]).days for row in settled)),
    }
    extra = {row["invoiceNumber"]: row for row in rows}
    for name, column in (("by_disputed", "Disputed"), ("by_bill", "PaperlessBill"), ("by_country", "countryCode")):
        found[name] = grouped((extra[row["number"]][column], row) for row in settled)
    assert found == reference["lateness"]


def grouped(rows: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for key, row in rows:
        groups[key].append(row)
    answer = {}
    for key, members in groups.items():
        late = [max((row["settled"] - row["due"]).days, 0) for row in members]
        answer[key] = {
            "n": len(members),
            "late": sum(days > 0 for days in late),
            "late_rate": round(sum(days > 0 for days in late) / len(members), 4),
            "mean_days_to_settle": round(sum((row["settled"] - row["date"]).days for row in members) / len(members), 4),
            "mean_days_late": round(sum(late) / len(members), 4),
        }
    return answer


def test_the_latest_customers(book: Book, reference: dict[str, Any]) -> None:
    customers = lateness.lateness(book, AFTER_ALL, "customer")
    orders = {
        "by_mean_days_late": lambda one: one.mean_days_late.value,
        "by_total_days_late": lambda one: one.days_late,
        "by_late_amount": lambda one: one.late_amount,
    }
    found = {
        name: [
            {
                "customer": one.key,
                "invoices": one.settled,
                "late": one.late,
                "late_rate": one.late_rate.rounded(),
                "total_days_late": one.days_late,
                "mean_days_late": one.mean_days_late.rounded(),
                "late_amount": decimal_text(one.late_amount, one.currency),
            }
            for one in sorted(customers, key=lambda one: (-order(one), one.key))[:10]
        ]
        for name, order in orders.items()
    }
    assert found == reference["top10_late"]


def test_the_errors_of_plain_averages(book: Book, reference: dict[str, Any]) -> None:
    known = [
        Settlement(row["customer"], row["number"], row["date"], row["due"], row["settled"])
        for row in book.rows(lateness.settlements(AFTER_ALL))
    ]
    answer = baselines(known)

    def rounded(figures: Any) -> Any:
        return {name: round(float(value), 4) for name, value in figures.items()}

    assert {
        "n_train": answer.train,
        "n_test": answer.test,
        "first_test_invoice_date": answer.first_test_date.isoformat(),
        "train_rows_settled_on_or_after_that_date": answer.unknown_then,
        "train_mean": round(float(answer.train_mean), 4),
        "train_median": round(float(answer.train_median), 4),
        "mae_train_labels": rounded(answer.train_labels),
        "mae_point_in_time": rounded(answer.point_in_time),
        "point_in_time_test_rows_without_customer_history": answer.without_history,
        "test_late_rate": round(float(answer.late_rate), 4),
        "test_accuracy_of_always_not_late": round(float(1 - answer.late_rate), 4),
    } == reference["days_to_settle_baselines"]


def test_the_rest_of_the_reference(book: Book, rows: list[dict[str, str]], reference: dict[str, Any]) -> None:
    invoices = [item for item in book.table("items").to_pylist() if item["kind"] == "invoice"]
    assert len(invoices) == len(rows) == reference["invoices"]
    assert len({item["customer"] for item in invoices}) == reference["customers"]
    assert decimal_text(sum(item["amount"] for item in invoices), "USD") == reference["invoiced_total"]
    dates = sorted(item["date"].isoformat() for item in invoices)
    assert [dates[0], dates[-1]] == reference["invoice_dates"]
    assert set(reference) == {
        *("invoices", "customers", "invoiced_total", "invoice_dates", "aging", "dso_by_month"),
        *("lateness", "top10_late", "days_to_settle_baselines"),
    }
