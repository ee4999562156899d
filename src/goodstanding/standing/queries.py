"""Reads of standing: what a night stored."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Max, Subquery

from goodstanding.standing import models
from goodstanding.standing.types import Reason, Standing

COLUMNS = ("customer_id", "as_of", "figure", "them", "us", "trend", "reasons")


def last_night(as_of: date) -> date | None:
    """The last day up to `as_of` for which standings are stored."""
    found: date | None = models.Standing.objects.filter(as_of__lte=as_of).aggregate(last=Max("as_of"))["last"]
    return found


def standings(customers: Collection[int] | None, as_of: date) -> dict[int, Standing]:
    """How these customers (ids; None: all) stood on the last night up to a day."""
    newest = models.Standing.objects.filter(as_of__lte=as_of).order_by("-as_of").values("as_of")[:1]
    rows = models.Standing.objects.filter(as_of=Subquery(newest))
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    return {row[0]: _value(row) for row in rows.values_list(*COLUMNS)}


def state(as_of: date) -> tuple[date | None, int]:
    """The last night up to a day, and a number that changes whenever it is stored again."""
    found = last_night(as_of)
    stored = models.Standing.objects.filter(as_of=found).aggregate(newest=Max("pk"))["newest"] if found else None
    return found, stored or 0


def night(as_of: date) -> list[Standing]:
    """Everything stored for this very night, by customer's id."""
    rows = models.Standing.objects.filter(as_of=as_of).order_by("customer")
    return [_value(row) for row in rows.values_list(*COLUMNS)]


def history(customer: int, as_of: date, limit: int = 36) -> list[Standing]:
    """How a customer stood on the nights up to a day, the newest first."""
    rows = models.Standing.objects.filter(customer=customer, as_of__lte=as_of).order_by("-as_of")[:limit]
    return [_value(row) for row in rows.values_list(*COLUMNS)]


def _value(row: tuple[Any, ...]) -> Standing:
    return Standing(*row[:6], reasons=_reasons(row[6]))


def _reasons(stored: list[dict[str, Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(each["template"], each["points"], tuple(map(tuple, each["params"]))) for each in stored)
