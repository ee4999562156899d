"""Reads of the outbox: messages as an actor sees them, how many stand where, and what happened to one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from goodstanding.access.types import Actor
from goodstanding.correspondence import models
from goodstanding.correspondence.types import Attached, Event, Message, Why
from goodstanding.kernel.errors import N_, NotFound
from goodstanding.parties.queries import seen_by

_COLUMNS = (
    "customer_id", "to", "language", "subject", "body", "kind", "key", "source", "currency", "items", "promised",
    "attachments", "channel", "contact", "id", "customer__code", "customer__name", "message_id", "at", "by",
    "delivery__state", "delivery__since", "delivery__not_before", "delivery__attempts", "delivery__why",
)  # fmt: skip
_ASKS = ("unknown", "failed", "bounced")  # a person has to say something
_LIVE = ("queued", "claimed", "sending", "unknown")  # on their way, or perhaps


def _visible(actor: Actor) -> "QuerySet[models.Message]":
    return models.Message.objects.filter(seen_by(actor, "customer__"))


def messages(
    actor: Actor, *, states: Collection[str] = (), text: str = "", channel: str = "", first: int = 0,
    limit: int | None = 50,
) -> list[Message]:  # fmt: skip
    """Messages of customers that the actor sees: what waits for a person first, then the newest."""
    rows = _visible(actor)
    if states:
        rows = rows.filter(delivery__state__in=states)
    if channel:
        rows = rows.filter(channel=channel)
    if text := text.replace("\0", "").strip():
        rows = rows.filter(
            Q(customer__code__icontains=text)
            | Q(customer__name__icontains=text)
            | Q(to__icontains=text)
            | Q(subject__icontains=text)
        )
    end = None if limit is None else first + limit
    waits = Case(When(delivery__state__in=_ASKS, then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(map(_message, rows.order_by(waits, "-delivery__since", "-id").values_list(*_COLUMNS)[first:end]))


def counts(actor: Actor) -> dict[str, int]:
    """How many messages stand in each state, of customers that the actor sees."""
    rows = models.Delivery.objects.filter(seen_by(actor, "message__customer__"))
    return dict(rows.values_list("state").annotate(Count("pk")).order_by())


def message(actor: Actor, number: int) -> Message:
    """One message. NotFound when there is none or the actor may not see its customer: no difference."""
    return _one(_visible(actor).filter(pk=number))


def held_message(number: int) -> Message:
    """One message, for the sender that has claimed it."""
    return _one(models.Message.objects.filter(pk=number))


def message_named(actor: Actor, message_id: str) -> Message:
    """As `message`, by its Message-ID, with or without the angle brackets that a bounce quotes."""
    name = message_id.replace("\0", "").strip().removeprefix("<").removesuffix(">")
    return _one(_visible(actor).filter(message_id=name))


def events(number: int) -> list[Event]:
    """What happened to a message, the oldest first."""
    rows = models.MessageEvent.objects.filter(message=number).order_by("id")
    return [Event(kind, at, by, whys(why)) for kind, at, by, why in rows.values_list("kind", "at", "by", "why")]


def by_keys(keys: Collection[str]) -> dict[str, int]:
    """The messages queued under these keys."""
    return dict(models.Message.objects.filter(key__in=keys).values_list("key", "id"))


def on_their_way(customers: Collection[int], kind: str = "reminder") -> list[tuple[int, str]]:
    """Who (customer id) has a message of a kind that may still go or may have gone, and where it stands."""
    rows = models.Delivery.objects.filter(message__customer__in=customers, message__kind=kind, state__in=_LIVE)
    return list(rows.values_list("message__customer", "state"))


def next_due(now: datetime, exclude: Collection[int] = (), limit: int | None = 20) -> list[int]:
    """Messages by mail that may be claimed, those that wait longest first."""
    free = Q(state="queued") | Q(state="claimed", lease_until__lt=now)
    rows = models.Delivery.objects.filter(free, not_before__lte=now, message__channel="email")
    return list(rows.exclude(pk__in=exclude).order_by("not_before", "pk").values_list("pk", flat=True)[:limit])


def overdue(now: datetime) -> list[int]:
    """Messages that a sender took to the wire and never came back from."""
    rows = models.Delivery.objects.filter(state="sending", lease_until__lt=now)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def whys(stored: Iterable[Sequence[Any]]) -> tuple[Why, ...]:
    """Reasons as they are kept, as values."""
    return tuple(Why(code, template, dict(params)) for code, template, params in stored)


def kept(reasons: Iterable[Why]) -> list[list[object]]:
    """Reasons as they are stored."""
    return [[each.code, each.template, {name: str(value) for name, value in each.params.items()}] for each in reasons]


def _one(rows: "QuerySet[models.Message]") -> Message:
    row = rows.values_list(*_COLUMNS).first()
    if row is None:
        raise NotFound("no_such_message", N_("There is no such message."))
    return _message(row)


def _message(row: Sequence[Any]) -> Message:
    given: Mapping[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    plain = {name: value for name, value in given.items() if "__" not in name and name not in ("at", "by")}
    plain |= {
        "items": tuple((item, amount) for item, amount in given["items"]),
        "promised": tuple((date.fromisoformat(day), amount) for day, amount in given["promised"]),
        "attachments": tuple(Attached(*each) for each in given["attachments"]),
    }
    return Message(
        **plain, code=given["customer__code"], customer=given["customer__name"], queued_at=given["at"],
        queued_by=given["by"], state=given["delivery__state"], since=given["delivery__since"],
        not_before=given["delivery__not_before"], attempts=given["delivery__attempts"], why=whys(given["delivery__why"]),
    )  # fmt: skip
