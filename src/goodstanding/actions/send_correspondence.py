"""Send what waits in the outbox, one message after another, and write down honestly what became of each.

A message is claimed, asked again, taken to the wire, and settled, each in a transaction of its own: whatever
crashes in between leaves a row that says how far it came.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, require
from goodstanding.actions.rechecking import recheck
from goodstanding.collections import operations as collections
from goodstanding.collections.types import DECISION
from goodstanding.correspondence import operations, queries
from goodstanding.correspondence.types import Claim, Message, Why
from goodstanding.inbound import files
from goodstanding.kernel.errors import N_, Refused
from goodstanding.outbound.envelope import Envelope, File, domain_of, written
from goodstanding.outbound.mail import Outcome, Post, server_of
from goodstanding.relations import operations as relations
from goodstanding.relations.types import NewTouch

Step = Callable[[str], None]
SAID = {
    "later": N_("The mail server asks to try later: {reply}"),
    "rejected": N_("The mail server refused it: {reply}"),
    "unknown": N_("The connection broke while the message was on the wire: {reply}"),
}
PURPOSES = {"reminder": "collect", "greeting": "care", "answer": "serve", "statement": "serve", "other": "serve"}


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one message: sent, waits, queued (put off), withheld, failed, unknown, or lost to another."""

    number: int
    customer: str
    to: str
    state: str
    why: tuple[Why, ...] = ()


def post_office() -> Post:
    """The session by the settings, not yet open. Refused "no_mail" where none is set up, or it is set up wrongly."""
    if not (settings.MAIL_URL and settings.MAIL_FROM):
        raise Refused("no_mail", N_("Mail is not set up: messages wait. Set GOODSTANDING_MAIL_URL and …_MAIL_FROM."))
    domain_of(settings.MAIL_FROM)
    return Post(server_of(settings.MAIL_URL))


def give_up_lost(*, actor: Actor, now: datetime) -> list[int]:
    """Messages whose sender died on the wire become unknown, and wait for a person."""
    require(actor, "send_correspondence")
    with acting("send_correspondence", actor=actor, now=now) as audit:
        lost = [number for number in queries.overdue(now) if operations.give_up(number, now=now)]
        for number in lost:
            audit(f"message {number}", {"state": "sending"}, {"state": "unknown"})
    return lost


def send_next(
    *, actor: Actor, now: datetime, post: Post, holder: str, skip: Collection[int] = (), step: Step = lambda _: None
) -> Done | None:
    """Send the message that is due longest; None when nothing is due.

    NotReached before anything is claimed when the server can't be reached. `holder` names this sender, `step` is
    told how far it is: claimed, checked, began, sent.
    """
    require(actor, "send_correspondence")
    for number in queries.next_due(now, skip):
        post.reach()
        with transaction.atomic():
            claim = operations.claim(number, holder=holder, now=now)
        if claim is not None:
            step("claimed")
            return _send(actor, claim, post, now, step)
    return None


def _send(actor: Actor, claim: Claim, post: Post, now: datetime, step: Step) -> Done:
    message = claim.message
    verdict = recheck(actor, message, now)
    if verdict.until is not None:
        return _end(actor, claim, now, "waits", verdict.why, until=verdict.until)
    if verdict.why:
        return _end(actor, claim, now, "withheld", verdict.why)
    try:
        content = written(_envelope(message, now))
    except (Refused, OSError) as unfit:
        code, template = ("file", N_("A file that goes with it can't be read: {why}"))
        why = (
            Why(unfit.code, unfit.template, unfit.params)
            if isinstance(unfit, Refused)
            else Why(code, template, {"why": str(unfit)})
        )
        return _end(actor, claim, now, "failed", (why,))
    step("checked")
    with transaction.atomic():
        mine = operations.begin(claim, now=now)
    if not mine:
        return Done(message.id, message.code, message.to, "lost")
    step("began")
    outcome = post.deliver(settings.MAIL_FROM, message.to, content)
    step("sent")
    return _settle(actor, claim, outcome, now)


def _settle(actor: Actor, claim: Claim, outcome: Outcome, now: datetime) -> Done:
    if outcome.kind == "accepted":
        return _end(actor, claim, now, "sent", reply=outcome.reply)
    why = (Why(outcome.kind, SAID[outcome.kind], {"reply": outcome.reply}),)
    return _end(actor, claim, now, {"later": "queued", "rejected": "failed", "unknown": "unknown"}[outcome.kind], why)


def _end(
    actor: Actor, claim: Claim, now: datetime, state: str, why: tuple[Why, ...] = (), *,
    until: datetime | None = None, reply: str = "",
) -> Done:  # fmt: skip
    """Write down what became of it: one transaction with the touch and the step it completes, and its audit entry."""
    message = claim.message
    with acting("send_correspondence", actor=actor, now=now) as audit:
        if state == "sent":
            mine = operations.sent(claim, now=now, reply=reply)
            if mine:
                went(message, now=now, by=actor.signature)
        elif state == "withheld":
            mine = operations.withhold(claim, why, now=now)
        elif state == "waits":
            mine = operations.wait(claim, why, until=until or now, now=now)
        elif state == "unknown":
            mine = operations.unknown(claim, why[0], now=now)
        elif state == "failed":
            mine = operations.fail(claim, why[0], now=now)
        else:
            state, mine = operations.put_off(claim, why[0], now=now), True
        if mine and state != "waits":
            told = {"state": state, "why": [each.code for each in why]} if why else {"state": state}
            audit(f"message {message.id}", {"state": "queued", "to": message.to}, told)
    return Done(message.id, message.code, message.to, state if mine else "lost", why)


def went(message: Message, *, now: datetime, by: str) -> None:
    """The message reached its way out: a touch of the customer, and the step of its decision is completed.

    What came back and goes again is another touch: the first one was withdrawn.
    """
    kind = "letter" if message.channel == "post" else "message"
    touch = NewTouch(
        kind=kind, at=now, purpose=PURPOSES[message.kind], by=by, contact=message.contact,
        currency=message.currency, note=message.subject, source=f"message {message.id}",
    )  # fmt: skip
    relations.record(message.customer_id, touch, key=touch_key(message.id), now=now, by=by)
    if message.source.startswith(DECISION):
        decision = int(message.source.removeprefix(DECISION))
        collections.complete(decision, localdate(now), kind, now=now)
        collections.note(decision, "done", outcome="done", by=by, now=now)


def touch_key(number: int) -> str:
    """The key of the touch that a message is, by how often it came back before."""
    returns = sum(each.kind == "bounced" for each in queries.events(number))
    return f"message:{number}" + (f":{returns}" if returns else "")


def _envelope(message: Message, now: datetime) -> Envelope:
    attached = tuple(File(each.name, each.media, files.read(each.digest)) for each in message.attachments)
    return Envelope(
        sender=settings.MAIL_FROM, to=message.to, message_id=message.message_id, subject=message.subject,
        body=message.body, at=now, name=message.contact, language=message.language, files=attached,
    )  # fmt: skip
