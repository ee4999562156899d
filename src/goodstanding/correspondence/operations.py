"""Writes of the outbox, inside the caller's transaction: every step is one conditional update and one event.

A message is claimed by whoever's update found it free, and stays theirs until the lease has run out. Nothing
goes to the wire before `begin` is committed, so what crashed earlier may be claimed again without harm; what
crashed later may have gone out, becomes `unknown`, and is never sent again unless a person says so.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db.models import F, Q

from goodstanding.correspondence import models, queries
from goodstanding.correspondence.rules import posting
from goodstanding.correspondence.types import Claim, NewMessage, Why
from goodstanding.kernel.errors import N_, Refused

BY_SENDER = "sender"
CHUNK = 1_000  # rows written in one statement
RAN_OUT = Why(
    "lease_ran_out",
    N_("The sender stopped while the message was on the wire: nobody knows whether it went. Say what happened."),
)


def queue(
    message: NewMessage, *, by: str, now: datetime, not_before: datetime | None = None, domain: str = ""
) -> int:  # fmt: skip
    """Put a message into the outbox and give its number. The same key again is the same message, and changes nothing.

    Refused, the field named, for an address or text that can't be sent;
    "key_reused" when the key stands for another customer's message.
    """
    new = posting.check_message(message)
    defaults = _row(new, domain, by=by, now=now)
    row, fresh = models.Message.objects.get_or_create(key=new.key or uuid4().hex, defaults=defaults)
    if fresh:
        models.Delivery.objects.create(message=row, since=now, not_before=not_before or now)
        _note(row.pk, "queued", now, by)
    elif row.customer_id != new.customer_id:
        raise Refused("key_reused", N_("This form was sent before with another message: open the page anew."))
    return int(row.pk)


def queue_many(new: Sequence[NewMessage], *, by: str, now: datetime, not_before: datetime, domain: str = "") -> None:
    """Put many checked messages with keys of their own into the outbox at once; a key that is there refuses them all."""
    rows = models.Message.objects.bulk_create(
        [models.Message(key=each.key, **_row(each, domain, by=by, now=now)) for each in new], batch_size=CHUNK
    )
    models.Delivery.objects.bulk_create(
        [models.Delivery(message=row, since=now, not_before=not_before) for row in rows], batch_size=CHUNK
    )
    models.MessageEvent.objects.bulk_create(
        [models.MessageEvent(message=row, kind="queued", at=now, by=by) for row in rows], batch_size=CHUNK
    )


def _row(new: NewMessage, domain: str, *, by: str, now: datetime) -> dict[str, Any]:
    """The columns of a message; its Message-ID is made here, once."""
    return {
        "message_id": f"{uuid4().hex}@{domain or 'good-standing.invalid'}", "customer_id": new.customer_id,
        "channel": new.channel, "kind": new.kind, "to": new.to, "contact": new.contact, "language": new.language,
        "subject": new.subject, "body": new.body, "currency": new.currency, "items": [list(i) for i in new.items],
        "promised": [[day.isoformat(), amount] for day, amount in new.promised],
        "attachments": [[a.name, a.media, a.digest] for a in new.attachments],
        "source": new.source, "by": by, "at": now,
    }  # fmt: skip


def claim(number: int, *, holder: str, now: datetime) -> Claim | None:
    """Take a message that is due for one sender; None when somebody else was quicker, or has a reminder of theirs."""
    if _another_goes(number, now):
        return None
    free = Q(state="queued") | Q(state="claimed", lease_until__lt=now)
    taken = models.Delivery.objects.filter(free, pk=number, not_before__lte=now).update(
        state="claimed", since=now, holder=holder, lease_until=now + posting.LEASE, why=[]
    )
    if not taken:
        return None
    found = queries.held_message(number)
    return Claim(found, holder, found.attempts + 1)


def _another_goes(number: int, now: datetime) -> bool:
    """Whether another reminder of the same customer is just being sent: two at once would both find room under a ceiling."""
    who = models.Message.objects.filter(pk=number, kind="reminder").values("customer")
    theirs = models.Delivery.objects.select_for_update(of=("self",)).filter(
        message__customer__in=who, message__kind="reminder", state__in=("queued", "claimed", "sending")
    )
    rows = list(theirs.order_by("pk").values_list("pk", "lease_until"))
    return any(pk != number and lease is not None and lease >= now for pk, lease in rows)


def begin(claim: Claim, *, now: datetime) -> bool:
    """From now on it may have gone out; whether it was still this sender's. Commit before touching the wire."""
    values = {"attempts": F("attempts") + 1, "tries": F("tries") + 1, "lease_until": now + posting.LEASE}
    return _move(claim.message.id, ("claimed",), "sending", now=now, kind="began", holder=claim.holder, **values)


def sent(claim: Claim, *, now: datetime, reply: str = "") -> bool:
    """The server took it. Also when the lease had run out in between, unless a person has settled it: then False."""
    why = [Why("accepted", N_("The mail server took it: {reply}"), {"reply": reply})] if reply else []
    return _move(claim.message.id, ("sending", "unknown"), "sent", why, now=now, holder=claim.holder)


def unknown(claim: Claim, why: Why, *, now: datetime) -> bool:
    """The connection broke when it may have gone: a person has to say."""
    return _move(claim.message.id, ("sending",), "unknown", [why], now=now, holder=claim.holder)


def put_off(claim: Claim, why: Why, *, now: datetime) -> str:
    """It didn't go, and may go later: queued again at its next time, or failed when it was tried often enough.

    Gives the state. A message that never reached the server counts as a try too, so no wait is endless.
    """
    states = ("claimed", "sending")
    tries = models.Delivery.objects.filter(pk=claim.message.id).values_list("tries", "state").get()
    made = tries[0] + (tries[1] == "claimed")
    again = posting.try_again_at(made, now)
    if again is None:
        _move(claim.message.id, states, "failed", [why], now=now, holder=claim.holder, tries=made)
        return "failed"
    _move(
        claim.message.id, states, "queued", [why], now=now, kind="later", holder=claim.holder, tries=made,
        not_before=again,
    )  # fmt: skip
    return "queued"


def wait(claim: Claim, why: Sequence[Why], *, until: datetime, now: datetime) -> bool:
    """It may not go at this hour: queued until it may."""
    return _move(
        claim.message.id, ("claimed",), "queued", why, now=now, kind="waits", holder=claim.holder, not_before=until,
    )  # fmt: skip


def fail(claim: Claim, why: Why, *, now: datetime) -> bool:
    """The server will never take it."""
    return _move(claim.message.id, ("claimed", "sending"), "failed", [why], now=now, holder=claim.holder)


def withhold(claim: Claim, why: Sequence[Why], *, now: datetime) -> bool:
    """It must not go: what it says, or that it asks at all, is no longer right."""
    return _move(claim.message.id, ("claimed",), "withheld", why, now=now, holder=claim.holder)


def give_up(number: int, *, now: datetime) -> bool:
    """A message whose sender never came back becomes unknown; whether it was one."""
    return _move(number, ("sending",), "unknown", [RAN_OUT], now=now)


def settle(
    number: int, states: Sequence[str], state: str, kind: str, *, by: str, now: datetime, why: Sequence[Why] = ()
) -> None:  # fmt: skip
    """A person decides. Refused "message_state" when the message is no longer in one of the states."""
    values: dict[str, object] = {"not_before": now, "tries": 0} if state == "queued" else {}
    if not _move(number, states, state, why, now=now, by=by, kind=kind, **values):
        raise Refused("message_state", N_("This message is no longer as you saw it: open it anew."))


def _move(
    number: int, states: Sequence[str], state: str, why: Sequence[Why] = (), *, now: datetime, by: str = BY_SENDER,
    kind: str = "", holder: str = "", **values: object,
) -> bool:  # fmt: skip
    """One conditional update, and the event when it found the message as expected."""
    where = models.Delivery.objects.filter(pk=number, state__in=states)
    if holder:
        where = where.filter(holder=holder)
    if state == "unknown" and not holder:
        where = where.filter(lease_until__lt=now)
    freed = {} if state in ("sending", "unknown") else {"holder": "", "lease_until": None}
    if not where.update(state=state, since=now, why=queries.kept(why), **freed | values):
        return False
    _note(number, kind or state, now, by, why)
    return True


def _note(number: int, kind: str, now: datetime, by: str, why: Iterable[Why] = ()) -> None:
    models.MessageEvent.objects.create(message_id=number, kind=kind, at=now, by=by, why=queries.kept(why))
