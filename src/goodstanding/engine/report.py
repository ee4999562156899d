"""The engine's answers as plain dicts for JSON: amounts are decimal text, figures numbers of four decimals.

A figure that can't be told is null, and `why` says why; what a reader must know beside a number is in `notes`.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from goodstanding.engine.aging import Aging
from goodstanding.engine.classes import Classified, Facts
from goodstanding.engine.figures import Figure
from goodstanding.engine.metrics import Month, Overall
from goodstanding.kernel.money import decimal_text


def aging_json(aging: Aging) -> dict[str, Any]:
    """as_of, totals (one a currency) and rows, each named by the grouping ("customer", "group", …)."""
    totals = [
        {
            "currency": total.currency,
            "total": decimal_text(total.total, total.currency),
            "items": total.items,
            "customers": total.customers,
            "unapplied": decimal_text(total.unapplied, total.currency),
            "buckets": [
                {"label": bucket.label, "amount": decimal_text(bucket.amount, total.currency), "items": bucket.items}
                for bucket in total.buckets
            ],
        }
        for total in aging.totals
    ]
    places = [f"b{place}" for place in range(len(aging.labels))]
    rows = [
        {
            **({} if aging.by == "none" else {aging.by: row["key"] or ""}),
            "currency": row["currency"],
            "total": decimal_text(row["total"], row["currency"]),
            "unapplied": decimal_text(row["unapplied"], row["currency"]),
            "buckets": [decimal_text(row[place], row["currency"]) for place in places],
        }
        for row in aging.rows.to_pylist()
    ]
    return {"as_of": aging.as_of.isoformat(), "totals": totals, "rows": rows}


def metrics_json(as_of: date, months: tuple[Month, ...], overall: tuple[Overall, ...] = ()) -> dict[str, Any]:
    """as_of, months (one object for each month and currency) and overall (one a currency, the whole history)."""
    return {
        "as_of": as_of.isoformat(),
        "months": [
            {
                "month": month.month,
                "month_end": month.month_end.isoformat(),
                "currency": month.currency,
                "receivables": decimal_text(month.receivables, month.currency),
                "current": decimal_text(month.current, month.currency),
                "sales": decimal_text(month.sales, month.currency),
                "sales_90d": decimal_text(month.sales_window, month.currency),
                "full_window": month.full_window,
                "after_last_invoice": month.after_last_invoice,
                "settled_invoices": month.settled,
                "late_invoices": month.late,
                **figures_json(month.figures),
            }
            for month in months
        ],
        "overall": [
            {
                "currency": whole.currency,
                "settled_invoices": whole.settled,
                "late_invoices": whole.late,
                **figures_json(whole.figures),
            }
            for whole in overall
        ],
    }


def classify_json(as_of: date, facts: list[Facts], classes: list[Classified]) -> dict[str, Any]:
    """as_of and rows: customer, currency, and for value, rfm and behaviour the class and its reason."""
    found: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for one in classes:
        found[one.customer, one.currency][one.dimension] = {"class": one.label, "reason": one.reason.text}
    rows = [
        {
            "customer": one.customer,
            "currency": one.currency,
            "open": decimal_text(one.open, one.currency),
            "overdue": decimal_text(one.overdue, one.currency),
            "unapplied": decimal_text(one.unapplied, one.currency),
            **found[one.customer, one.currency],
            **figures_json(one.figures),
        }
        for one in facts
    ]
    return {"as_of": as_of.isoformat(), "rows": rows}


def figures_json(figures: Mapping[str, Figure]) -> dict[str, Any]:
    """Each figure under its name, with `why` for the missing ones and `notes` for those that need a word."""
    values: dict[str, Any] = {name: figure.rounded() for name, figure in figures.items()}
    values["why"] = {name: figure.why.text for name, figure in figures.items() if figure.why}
    values["notes"] = {name: [note.text for note in figure.notes] for name, figure in figures.items() if figure.notes}
    return values
