"""Whether a message may go at this very moment: the rules of collections and the truth of its text, asked again.

What was right when it was queued may not be now: paid, promised, disputed, a birthday, night. Reasons that lie in
the hour let it wait; reasons that lie in the debt or in the text withhold it, and a person reads why.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import localtime

from goodstanding.access.types import Actor
from goodstanding.actions.truth import truth_for
from goodstanding.collections import queries as collections
from goodstanding.collections.rules import contacts, saying
from goodstanding.collections.rules.deciding import may_send
from goodstanding.collections.types import DECISION, Facts, Reason, Strategy, Work
from goodstanding.correspondence.rules.posting import check_address
from goodstanding.correspondence.rules.sincerity import check
from goodstanding.correspondence.types import Message, Why
from goodstanding.kernel.errors import N_, Refused
from goodstanding.kernel.money import decimal_text
from goodstanding.parties import queries as parties
from goodstanding.promises import queries as promises
from goodstanding.receivables import queries as receivables
from goodstanding.receivables.types import Item
from goodstanding.reports import collecting, debtors
from goodstanding.reports.customer import members

OF_THE_HOUR = frozenset({"quiet"})
OF_THE_DAY = frozenset({"day_off", "birthday", "ceiling", "clock"})
OTHER_AMOUNT = N_("{number} is asked for with {named}; {now} of it may be asked for now")
NOT_OPEN = N_("an item that it asks for is settled or reversed")
DUE_TODAY = N_("{number} falls due today: nobody is asked on the day itself")
OTHER_PROMISE = N_("it speaks of a promise of {amount} by {day}: there is none that may still be kept")
NOBODY = N_("{to} is no address of somebody there who may be contacted")
OTHER_CREDITS = N_("{now} of theirs is not matched yet; it was written with {named}")
CLOCK = N_("something of theirs is dated {day}: the clock was set back, or it has to come first")
MERGED = N_("the customer is no longer one of its own")
PUT_OFF = N_("a person put it off until {day}: {reason}")
DEALT_WITH = N_("a person has dealt with it since")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`why` is empty when the message may go. With `until` it waits for that moment, without it is withheld."""

    why: tuple[Why, ...] = ()
    until: datetime | None = None


def recheck(actor: Actor, message: Message, now: datetime) -> Verdict:
    """Ask everything again with the facts of the moment."""
    local = localtime(now)
    day = local.date()
    ids = members(parties.customer_by_id(actor, message.customer_id), day)
    if not ids:
        return Verdict((Why("merged", MERGED),))
    mine: Facts | None = None
    strategy = collections.strategy_on(day)
    if message.kind == "reminder":
        found = collecting.facts(
            day, until=local, strategy=strategy, customers=[message.code], leaving_out=message.key
        )  # fmt: skip
        mine = next((each for each in found if each.currency == message.currency), None)
    faults = [*_recipient(actor, message), *(_amounts(message, ids, day, mine) if message.currency else ())]
    if message.kind != "greeting" and message.currency:
        truth = truth_for(actor, message, ids, day)
        words = f"{message.subject}\n{message.body}"
        faults += [
            Why(each.code, each.template, {"text": each.text, "why": each.why})
            for each in check(words, message.language, truth)
        ]
    reasons: list[Reason] = []
    if message.kind == "reminder":
        faults += _credits(message, mine)
        reasons = may_send(mine, local, strategy.strategy) if mine else [Reason("nothing", NOT_OPEN)]
        if (later := debtors.dated_later(ids, day)) is not None:
            reasons.append(Reason("clock", CLOCK, (("day:day", later.isoformat()),)))
    else:
        reasons = [*_unfit(message, ids, local, strategy.strategy)]
    work = _work(message, day)
    if work is not None and work.state == "done":
        faults.append(Why("dealt_with", DEALT_WITH))
    hard = [each for each in reasons if each.code not in OF_THE_HOUR | OF_THE_DAY]
    if faults or hard:
        return Verdict((*faults, *map(_why, hard)))
    if work is not None and work.state == "snoozed" and work.until is not None:
        put_off = Why("put_off", PUT_OFF, {"day": work.until.isoformat(), "reason": work.reason})
        return Verdict((put_off,), _morning(work.until, local, strategy.strategy))
    if reasons:
        return Verdict(tuple(map(_why, reasons)), _until(reasons, local, strategy.strategy))
    return Verdict()


def _work(message: Message, day: date) -> Work | None:
    """What people did with the decision that a message comes from."""
    if not message.source.startswith(DECISION):
        return None
    return collections.work(int(message.source.removeprefix(DECISION)), day)


def _unfit(message: Message, ids: Collection[int], local: datetime, strategy: Strategy) -> Iterator[Reason]:
    """Why what is no demand waits too: night, a day of rest, too many contacts. Greetings are for holidays."""
    yield from contacts.unfit_hour(local, strategy)
    if message.kind != "greeting":
        yield from contacts.day_off(debtors.day_off(local.date()))
    yield from contacts.ceilings(*debtors.contacted(ids, local, leaving_out=message.key), strategy)


def _recipient(actor: Actor, message: Message) -> Iterator[Why]:
    if message.channel != "email":
        return
    people = parties.contacts(actor, message.code)
    if not any(each.may_contact and _address(each.email) == _address(message.to) for each in people):
        yield Why("no_contact", NOBODY, {"to": message.to})


def _address(text: str) -> str:
    """An address as mail carries it, to be compared; as it stands where mail can't."""
    try:
        return check_address(text).lower()
    except Refused:
        return text.strip().lower()


def _credits(message: Message, facts: Facts | None) -> Iterator[Why]:
    """What they paid and nobody has matched yet is taken off a reminder: more or less of it since makes its sum wrong."""
    if facts is None or not message.source.startswith(DECISION):
        return
    written = collections.decision(int(message.source.removeprefix(DECISION))).credits
    if written != facts.unapplied:
        told = {"named": _money(written, message), "now": _money(facts.unapplied, message)}
        yield Why("other_credits", OTHER_CREDITS, told)


def _amounts(message: Message, ids: Collection[int], day: date, facts: Facts | None) -> Iterator[Why]:
    """What it asks for beside what may be asked for; `facts` know of promises too, and are there for a reminder."""
    found = {each.id: each for each in receivables.items([item for item, _ in message.items], day)}
    held = receivables.held(list(found.values()), day)
    free = {number: each.open - held.get(number, 0) for number, each in found.items()}
    free |= {debt.item: debt.free for debt in facts.debts} if facts else {}
    for number, named in message.items:
        item: Item | None = found.get(number)
        if item is None or item.customer_id not in ids or item.sign <= 0 or not item.open:
            yield Why("settled", NOT_OPEN)
        elif message.kind == "reminder" and item.due == day:
            yield Why("due_today", DUE_TODAY, {"number": item.number})
        elif free[number] != named:
            told = {"number": item.number, "named": _money(named, message), "now": _money(free[number], message)}
            yield Why("other_amount", OTHER_AMOUNT, told)
    live = {
        (each.due, each.amount)
        for each in (promises.promises(ids, day) if message.promised else ())
        if each.state in ("open", "broken", "partly_kept")
    }
    for due, amount in message.promised:
        if (due, amount) not in live:
            yield Why("promise_gone", OTHER_PROMISE, {"amount": _money(amount, message), "day": due.isoformat()})


def _money(minor: int, message: Message) -> str:
    return f"{decimal_text(minor, message.currency)} {message.currency}"


def _why(reason: Reason) -> Why:
    return Why(reason.code, reason.template, saying.params(reason))


def _until(reasons: Collection[Reason], local: datetime, strategy: Strategy) -> datetime:
    """The next moment worth asking again: the end of the quiet hours, of the next day when it is the day's fault."""
    tomorrow = any(each.code in OF_THE_DAY for each in reasons)
    return _morning(local.date() + timedelta(days=tomorrow), local, strategy)


def _morning(day: date, local: datetime, strategy: Strategy) -> datetime:
    """When a day's quiet hours end, or the next day's where that is past."""
    start = strategy.quiet_until if strategy.quiet_from != strategy.quiet_until else time()
    at = datetime.combine(day, start, tzinfo=local.tzinfo)
    return at if at > local else at + timedelta(days=1)
