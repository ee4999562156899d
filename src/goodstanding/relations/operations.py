"""Writes of relations, inside the caller's transaction."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from django.utils.timezone import localdate

from goodstanding.kernel.errors import N_, Refused
from goodstanding.relations import models, queries, rules
from goodstanding.relations.types import NewTouch, Rate, Touch


def record(customer_id: int, touch: NewTouch, *, key: str, now: datetime, by: str) -> Touch:
    """Store a touch, priced by the rates of its day unless its cost is given. The same key again is the same row.

    Refused when the touch is unfit, "key_reused" when the key stands for another touch.
    """
    return store(customer_id, touch, key=key, now=now, by=by)[0]


def store(customer_id: int, touch: NewTouch, *, key: str, now: datetime, by: str) -> tuple[Touch, bool]:
    """As `record`, and whether the touch was stored under this key before."""
    touch = rules.check_touch(replace(touch, by=touch.by or by), now)
    key = rules.check_text("key", key) or uuid4().hex
    rate = rules.rate_on(queries.rates(), touch.kind, touch.currency, localdate(touch.at))
    told = {
        name: getattr(touch, name) for name in ("kind", "at", "purpose", "by", "outcome", "contact", "note", "source")
    }
    told |= {"customer_id": customer_id, "minutes": touch.minutes or 0, "currency": touch.currency}
    priced = {"cost": rules.cost(touch, rate), "posted_at": now}
    _, new = models.Touch.objects.get_or_create(key=key, defaults=told | priced)
    stored = queries.by_key(key)
    given = told if touch.cost is None else told | {"cost": touch.cost}
    # A form sent again is told a later minute: `at` doesn't make it another touch.
    if not new and any(getattr(stored, name) != value for name, value in given.items() if name != "at"):
        raise Refused("key_reused", N_("This form was sent before with another touch: open the page anew."))
    return stored, not new


def withdraw(touch: Touch, reason: str, *, by: str, at: datetime) -> bool:
    """Withdraw a touch; whether that is new."""
    given = {"reason": rules.check_text("reason", reason), "by": by, "at": at}
    return models.TouchWithdrawal.objects.get_or_create(touch_id=touch.id, defaults=given)[1]


def set_rate(rate: Rate, *, now: datetime) -> bool:
    """Let a rate hold from its start on; whether that changes anything. Earlier versions stay, touches keep their cost."""
    rate = rules.check_rate(rate)
    if rules.rate_on(queries.rates(), rate.kind, rate.currency, rate.start) == rate:
        return False
    models.Rate.objects.create(
        kind=rate.kind, currency=rate.currency, start=rate.start, minute_cost=rate.minute_cost,
        piece_cost=rate.piece_cost, posted_at=now,
    )  # fmt: skip
    return True
