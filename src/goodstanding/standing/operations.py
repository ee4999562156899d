"""Writes of standing, inside the caller's transaction."""

from collections.abc import Iterable
from datetime import date

from goodstanding.standing import models
from goodstanding.standing.types import Standing

CHUNK = 1_000  # rows written in one statement


def replace_night(as_of: date, standings: Iterable[Standing]) -> int:
    """Store a night's standings in place of what was stored for it; how many."""
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
                {"template": one.template, "points": one.points, "params": dict(one.params)} for one in each.reasons
            ],
        )
        for each in standings
    ]
    return len(models.Standing.objects.bulk_create(rows, batch_size=CHUNK))
