"""A person writes to a customer: what is untrue or may not be asked is told, and nothing is queued."""

from dataclasses import dataclass, fields
from datetime import datetime

from django.conf import settings

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.rechecking import recheck
from goodstanding.correspondence import operations
from goodstanding.correspondence.rules.posting import check_message
from goodstanding.correspondence.types import Message, NewMessage, Why
from goodstanding.outbound.envelope import domain_of
from goodstanding.parties import queries as parties


@dataclass(frozen=True, slots=True)
class Written:
    """The number of the message, None when it was not queued; `why` says why not, or why it waits."""

    message: int | None
    why: tuple[Why, ...] = ()


def write_message(*, actor: Actor, now: datetime, message: NewMessage) -> Written:
    """Queue a message when it may go and says the truth; it is asked again when it goes. The same key is one message.

    Refused, the field named, for what no letter may carry; NotFound for a customer not seen.
    """
    with acting("write_message", actor=actor, now=now) as audit:
        customer = parties.customer_by_id(actor, message.customer_id)
        new = check_message(message)
        told = {each.name: getattr(new, each.name) for each in fields(NewMessage)}
        verdict = recheck(actor, Message(**told, code=customer.code, customer=customer.name), now)
        if verdict.why and verdict.until is None:
            return Written(None, verdict.why)
        domain = domain_of(settings.MAIL_FROM) if settings.MAIL_FROM else ""
        number = operations.queue(new, by=actor.signature, now=now, not_before=verdict.until, domain=domain)
        audit(f"message {number}", after={"to": new.to, "kind": new.kind, "subject": new.subject})
        return Written(number, verdict.why)
