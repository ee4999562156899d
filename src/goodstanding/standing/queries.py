"""Reads of standing: what a night stored."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Max

from goodstanding.standing import models
from goodstanding.standing.types import Reason, Standing


def last_night(as_of: date) -> date | None:
    """The last day up to `as_of` for which standings are stored."""
    found: date | None = models.Standing.objects.filter(as_of__lte=as_of).aggregate(last=Max("as_of"))["last"]
    return found


def standings(customers: Collection[int] | None, as_of: date) -> dict[int, Standing]:
    """How these customers (ids; None: all) stood on the last night up to a day."""
    rows = models.Standing.objects.filter(as_of=last_night(as_of))
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    found = rows.values_list("customer_id", "as_of", "figure", "them", "us", "trend", "reasons")
    return {row[0]: Standing(*row[:6], reasons=_reasons(row[6])) for row in found}


def figures(as_of: date) -> dict[int, int]:
    """The figures of the last night up to a day, of those that had one: what a trend is told against."""
    rows = models.Standing.objects.filter(as_of=last_night(as_of), figure__isnull=False)
    return dict(rows.values_list("customer_id", "figure"))


def _reasons(stored: list[dict[str, Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(each["template"], each["points"], tuple(each["params"].items())) for each in stored)
