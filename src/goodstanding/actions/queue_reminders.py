"""Put a day's reminders and letters into the outbox: those that the run of the day decided, each once.

Nothing is sent here and no step is completed: that happens when the message goes, and then everything is asked again.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.conf import settings
from django.utils.timezone import get_current_timezone

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.collections import queries as collections
from goodstanding.collections.types import DECISION, Decision, Strategy
from goodstanding.correspondence import operations, queries, texts
from goodstanding.correspondence.rules.filling import fill
from goodstanding.correspondence.rules.posting import check_address, check_message
from goodstanding.correspondence.types import NewMessage
from goodstanding.kernel.errors import N_, Refused
from goodstanding.outbound.envelope import domain_of
from goodstanding.reports import letters

NO_FIRM = N_("Letters need to say who writes: set GOODSTANDING_FIRM, the name first.")
CHANNELS = {"remind": "email", "letter": "post"}


@dataclass(frozen=True, slots=True)
class Queued:
    """How many messages were queued now, how many were there before, and why others couldn't be written, counted."""

    queued: int = 0
    there: int = 0
    unwritten: Mapping[str, int] = field(default_factory=dict)


def queue_reminders(*, actor: Actor, now: datetime, as_of: date) -> Queued:
    """Queue what the run of this very day decided to write, in one transaction; again queues nothing twice.

    Refused "no_firm" where nobody is named who writes.
    """
    if not settings.FIRM:
        raise Refused("no_firm", NO_FIRM)
    with acting("send_correspondence", actor=actor, now=now) as audit:
        work = collections.to_send(as_of)
        there = queries.by_keys([key_of(number) for number, _ in work])
        left = [(number, each) for number, each in work if key_of(number) not in there]
        start = _start(as_of, now, collections.strategy_on(as_of).strategy)
        new, unwritten = _written(left, as_of)
        domain = domain_of(settings.MAIL_FROM) if settings.MAIL_FROM else ""
        operations.queue_many(new, by=actor.signature, now=now, not_before=start, domain=domain)
        if new:
            audit(f"reminders of {as_of}", after={"queued": len(new), **unwritten})
        return Queued(len(new), len(there), unwritten)


def key_of(decision: int) -> str:
    """The key of a decision's message: one decision is written about once."""
    return f"reminder:{decision}"


def _start(as_of: date, now: datetime, strategy: Strategy) -> datetime:
    """When they may go: now, or when the day's quiet hours are over."""
    quiet = strategy.quiet_until if strategy.quiet_from != strategy.quiet_until else time()
    return max(now, datetime.combine(as_of, quiet, tzinfo=get_current_timezone()))


def _written(work: list[tuple[int, Decision]], day: date) -> tuple[list[NewMessage], dict[str, int]]:
    people = letters.recipients({each.customer_id for _, each in work}, day)
    asked = {item.item: (item.amount, item.level) for _, each in work for item in each.items}
    known = {line.item: line for line in letters.lines(asked)}
    new: list[NewMessage] = []
    unwritten: Counter[str] = Counter()
    for number, each in work:
        try:
            new.append(_message(number, each, people.get(each.customer_id, []), known, day))
        except Refused as refused:
            unwritten[refused.code] += 1
    return new, dict(unwritten)


def _message(
    number: int, each: Decision, people: list[letters.Recipient], known: Mapping[int, letters.Line], day: date
) -> NewMessage:
    """The message of one decision. Refused "no_contact", "no_template", or what the text is refused for."""
    channel = CHANNELS[each.action]
    who = _first(people, channel)
    template = texts.template_on(each.purpose or "reminder", each.tone, who.language, day)
    if template is None:
        raise Refused("no_template", N_("there is no text for this purpose and tone"))
    items = [known[item.item] for item in each.items]
    told = letters.values(who, items, each.currency, day, credits=each.credits)
    return check_message(
        NewMessage(
            customer_id=each.customer_id, to=who.email if channel == "email" else "\n".join(_envelope(who)),
            language=who.language, subject=fill(template.subject, told), body=fill(template.body, told), kind="reminder",
            key=key_of(number), source=f"{DECISION}{number}", currency=each.currency,
            items=tuple((line.item, line.open) for line in items), channel=channel, contact=who.contact,
        )
    )  # fmt: skip


def _first(people: list[letters.Recipient], channel: str) -> letters.Recipient:
    """The first who can be written to; of people whose addresses are all unfit the first, so that it is told why."""
    able = [one for one in people if one.email or channel == "post"]
    if not able:
        raise Refused("no_contact", N_("nobody there may be written to"))
    return next((one for one in able if channel == "post" or _is_fit(one.email)), able[0])


def _is_fit(address: str) -> bool:
    try:
        check_address(address)
    except Refused:
        return False
    return True


def _envelope(who: letters.Recipient) -> Iterator[str]:
    yield who.customer
    yield from [who.contact] if who.contact else []
