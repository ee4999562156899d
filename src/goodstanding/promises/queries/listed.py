"""Lists and sums of many promises as of the end of a day, each in one question to the database."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Count, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from goodstanding.kernel.errors import N_, NotFound
from goodstanding.promises import models, types
from goodstanding.promises.queries.standing import rows_on, values
from goodstanding.promises.types import Asked, Judged, Promise

OVERDUE = "overdue"
SORTS = {"due": "due", "made": "made", "amount": "amount", "customer": "customer__sort_key"}


def numbered(number: int) -> Promise:
    """The promise of this number as it stands after everything written so far. NotFound when there is none."""
    found = values(rows_on(date.max).filter(pk=number))
    if not found:
        raise NotFound("no_such_promise", N_("There is no such promise."))
    return found[0]


def judgements(promises: Collection[int], as_of: date) -> dict[int, list[Judged]]:
    """What was written about each of these promises up to the end of the day, the oldest first."""
    rows = models.Judgement.objects.filter(promise__in=promises, on__lte=as_of).order_by("on", "pk")
    found: dict[int, list[Judged]] = defaultdict(list)
    for row in rows.values_list("promise", "state", "on", "received", "reason"):
        found[row[0]].append(Judged(*row))
    return dict(found)


def _asked(asked: Asked, as_of: date, hidden: frozenset[str]) -> "QuerySet[models.Promise]":
    """What is asked for, whatever its state."""
    rows = rows_on(as_of).exclude(customer__territory__in=hidden)
    wanted = {"by": asked.by, "kind": asked.kind, "owner": asked.owner, "customer__territory": asked.territory}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if asked.first:
        rows = rows.filter(due__gte=asked.first)
    if asked.last:
        rows = rows.filter(due__lte=asked.last)
    return rows.annotate(stands=Coalesce("state", Value("open")))


def _in_state(rows: "QuerySet[models.Promise]", state: str, as_of: date) -> "QuerySet[models.Promise]":
    if state == OVERDUE:
        return rows.filter(stands="open", due__lt=as_of)
    return rows.filter(stands=state) if state else rows


def listed(
    asked: Asked, as_of: date, *, hidden: frozenset[str], start: int = 0, most: int | None = None
) -> list[Promise]:
    """The promises asked for, in their order, from the one at `start`."""
    rows = _in_state(_asked(asked, as_of, hidden), asked.state, as_of)
    order = SORTS.get(asked.sort, "due")
    rows = rows.order_by(f"-{order}" if asked.descending else order, "-pk" if asked.descending else "pk")
    return values(rows[start : start + most] if most is not None else rows[start:])


def sums(asked: Asked, as_of: date, *, hidden: frozenset[str]) -> list[types.Sum]:
    """The promises asked for by side, state and currency; those open whose day has passed once more as "overdue"."""
    rows = _asked(asked, as_of, hidden)
    return _sums(rows) + [
        types.Sum(each.by, OVERDUE, each.currency, each.count, each.amount, each.received)
        for each in _sums(_in_state(rows, OVERDUE, as_of))
    ]


def by_day(first: date, last: date, as_of: date, *, hidden: frozenset[str]) -> list[types.Sum]:
    """The promises due on the days from `first` to `last`, by day, side, state and currency."""
    return _sums(_asked(Asked(first=first, last=last), as_of, hidden), "due")


def _sums(rows: "QuerySet[models.Promise]", *more: str) -> list[types.Sum]:
    found = (
        rows.order_by()
        .values("by", "stands", "currency", *more)
        .annotate(count=Count("pk"), promised=Coalesce(Sum("amount"), 0), got=Coalesce(Sum("received"), 0))
    )
    return [
        types.Sum(
            row["by"], row["stands"], row["currency"], row["count"], row["promised"], row["got"], row.get("due")
        )
        for row in found
    ]  # fmt: skip


def owners(hidden: frozenset[str], most: int = 200) -> list[str]:
    """The signatures of ours who took or keep promises."""
    rows = models.Promise.objects.exclude(owner="").exclude(customer__territory__in=hidden)
    return list(rows.order_by("owner").values_list("owner", flat=True).distinct()[:most])
