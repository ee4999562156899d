"""Each night's figures and classes of customers: stored whole in one transaction, thinned out later.

A night is replaced, never edited. Old nights are kept at month ends, the last month night by night:
anything left out can be computed again from the book.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from goodstanding.parties.models import Assessment, Customer, CustomerClass, CustomerFigures

NIGHTS_KEPT = 31


@dataclass(frozen=True, slots=True)
class Figures:
    """One customer's figures in one currency; money in minor units, `values` by name, null with "<name>_why"."""

    customer: str
    currency: str
    open_minor: int
    overdue_minor: int
    unapplied_minor: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Class:
    """One class of a customer in one dimension ("value", "rfm", "behaviour") and its reason, template and params."""

    customer: str
    dimension: str
    currency: str
    label: str
    reason: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Night:
    """A stored night; `problems` is None until the kept open amounts were compared with the ledger."""

    as_of: date
    book: str
    figures: int
    classes: int
    problems: tuple[str, ...] | None


def night(as_of: date) -> Night | None:
    """What is stored for this day, if anything."""
    row = Assessment.objects.filter(as_of=as_of).first()
    if row is None:
        return None
    problems = None if row.problems is None else tuple(row.problems)
    return Night(row.as_of, row.book, row.figures, row.classes, problems)


def store(as_of: date, book: str, figures: Iterable[Figures], classes: Iterable[Class], now: datetime) -> Night:
    """Replace the night `as_of` by these figures and classes, drawn from the book with fingerprint `book`.

    Whole or not at all. KeyError for a customer code that isn't in the book.
    """
    with transaction.atomic():
        ids = dict(Customer.objects.values_list("code", "id"))
        for model in (CustomerFigures, CustomerClass, Assessment):
            _delete(model._meta.db_table, as_of)
        figure_count = _fill(
            CustomerFigures._meta.db_table,
            ("customer_id", "currency", "as_of", "open_minor", "overdue_minor", "unapplied_minor", "values"),
            (
                (
                    ids[row.customer],
                    row.currency,
                    as_of,
                    row.open_minor,
                    row.overdue_minor,
                    row.unapplied_minor,
                    _json(row.values),
                )
                for row in figures
            ),
        )
        class_count = _fill(
            CustomerClass._meta.db_table,
            ("customer_id", "as_of", "dimension", "currency", "label", "reason"),
            ((ids[row.customer], as_of, row.dimension, row.currency, row.label, _json(row.reason)) for row in classes),
        )
        _thin(as_of)
        Assessment.objects.create(
            as_of=as_of, book=book, figures=figure_count, classes=class_count, problems=None, stored_at=now
        )
    return Night(as_of, book, figure_count, class_count, None)


def checked(as_of: date, book: str, problems: Sequence[str]) -> None:
    """Note what the check of that night's book found."""
    Assessment.objects.filter(as_of=as_of, book=book).update(problems=list(problems))


def _thin(as_of: date) -> None:
    """Drop nights more than a month older than `as_of`, month ends excepted."""
    old = Assessment.objects.filter(as_of__lt=as_of - timedelta(days=NIGHTS_KEPT)).values_list("as_of", flat=True)
    for day in old:
        if (day + timedelta(days=1)).day != 1:
            for model in (CustomerFigures, CustomerClass, Assessment):
                _delete(model._meta.db_table, day)


def _delete(table: str, as_of: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{table}" WHERE as_of = %s', [as_of])


def _fill(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Insert many rows the database's fastest way; returns how many."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                count = 0
                for row in rows:
                    copy.write_row(row)
                    count += 1
            return count
        marks = ", ".join(["%s"] * len(columns))
        given = [tuple(value.isoformat() if isinstance(value, date) else value for value in row) for row in rows]
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', given)
        return len(given)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
