"""Reads of relations: touches, contacts made, and the rates that hold."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import make_aware

from goodstanding.kernel.errors import N_, NotFound
from goodstanding.relations import models
from goodstanding.relations.rules import REACHING
from goodstanding.relations.types import Rate, Touch

NEWEST = 200  # touches of a customer's page
_TOUCH = (
    "id", "key", "customer_id", "customer__code", "kind", "at", "purpose", "by", "minutes", "cost", "currency",
    "outcome", "contact", "note", "source", "withdrawal__by",
)  # fmt: skip
_RATE = ("kind", "currency", "start", "minute_cost", "piece_cost")


def touches(customers: Collection[int], as_of: date, limit: int | None = NEWEST) -> list[Touch]:
    """The touches of these customers (ids) up to the end of a day, the newest first, withdrawn ones marked."""
    end = make_aware(datetime.combine(as_of + timedelta(days=1), time()))
    rows = models.Touch.objects.filter(customer__in=customers, at__lt=end).order_by("-at", "-id")
    return [_touch(row) for row in rows.values_list(*_TOUCH)[:limit]]


def touch(customers: Collection[int], number: int) -> Touch:
    """One of them. NotFound when there is none of these customers: no difference."""
    row = models.Touch.objects.filter(customer__in=customers, pk=number).values_list(*_TOUCH).first()
    if row is None:
        raise NotFound("no_such_touch", N_("There is no such touch."))
    return _touch(row)


def by_key(key: str) -> Touch:
    """The touch stored under a key that is known to be there."""
    return _touch(models.Touch.objects.values_list(*_TOUCH).get(key=key))


def find(key: str) -> Touch | None:
    """The touch stored under a key, if there is one."""
    row = models.Touch.objects.filter(key=key).values_list(*_TOUCH).first()
    return _touch(row) if row else None


def contacts_since(
    since: datetime, until: datetime, customers: Collection[int] | None = None
) -> list[tuple[int, datetime, str]]:
    """Who was contacted in [since, until), when and how: kinds that reach a person, without withdrawn ones."""
    rows = models.Touch.objects.filter(at__gte=since, at__lt=until, kind__in=REACHING, withdrawal=None)
    if customers is not None:
        rows = rows.filter(customer__in=customers)
    return list(rows.order_by("at", "id").values_list("customer_id", "at", "kind"))


def rates() -> list[Rate]:
    """Every rate ever set, in the order in which they were."""
    return [Rate(*row) for row in models.Rate.objects.order_by("id").values_list(*_RATE)]


def _touch(row: tuple[Any, ...]) -> Touch:
    *stored, withdrawn_by = row
    return Touch(*stored, withdrawn_by=withdrawn_by or "")
