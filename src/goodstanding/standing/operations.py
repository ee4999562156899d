"""Writes of standing, inside the caller's transaction."""

from collections.abc import Iterable
from datetime import date, timedelta

from goodstanding.standing import models
from goodstanding.standing.types import Standing

NIGHTS_KEPT = 31  # older ones only at month ends
CHUNK = 1_000  # rows written in one statement


def replace_night(as_of: date, standings: Iterable[Standing]) -> int:
    """Store a night's standings in place of what was stored for it, and thin out old ones; how many."""
    _thin(as_of)
    models.Standing.objects.filter(as_of=as_of).delete()
    rows = [
        models.Standing(
            customer_id=each.customer_id,
            as_of=as_of,
            figure=each.figure,
            them=each.them,
            us=each.us,
            trend=each.trend,
            reasons=[
                {"template": one.template, "points": one.points, "params": list(one.params)} for one in each.reasons
            ],
        )
        for each in standings
    ]
    return len(models.Standing.objects.bulk_create(rows, batch_size=CHUNK))


def _thin(as_of: date) -> None:
    """Drop nights more than a month older than `as_of`, month ends excepted: any can be told again from the facts."""
    nights = models.Standing.objects.filter(as_of__lt=as_of - timedelta(days=NIGHTS_KEPT))
    for night in nights.order_by("as_of").values_list("as_of", flat=True).distinct():
        if (night + timedelta(days=1)).day != 1:
            models.Standing.objects.filter(as_of=night).delete()
