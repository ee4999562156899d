"""Whether a message may go at this very moment: the rules of collections and the truth of its text, asked again.

What was right when it was queued may not be now: paid, promised, disputed, a birthday, night. Reasons that lie in
the hour let it wait; reasons that lie in the debt or in the text withhold it, and a person reads why.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils.timezone import localtime

from goodstanding.access.types import Actor
from goodstanding.collections import queries as collections
from goodstanding.collections.rules import saying
from goodstanding.collections.rules.deciding import may_send
from goodstanding.collections.types import Facts, Reason, Strategy
from goodstanding.correspondence.rules.sincerity import Truth, check
from goodstanding.correspondence.types import Message, Why
from goodstanding.kernel.errors import N_
from goodstanding.kernel.money import decimal_text
from goodstanding.parties import queries as parties
from goodstanding.promises import queries as promises
from goodstanding.receivables import queries as receivables
from goodstanding.receivables.types import Item
from goodstanding.reports import collecting, debtors
from goodstanding.reports.customer import members

OF_THE_HOUR = frozenset({"quiet"})
OF_THE_DAY = frozenset({"day_off", "birthday", "ceiling", "clock"})
DECISION = "decision "  # how a message's source names the decision it came from
OTHER_AMOUNT = N_("{number} is asked for with {named}; {now} of it may be asked for now")
NOT_OPEN = N_("an item that it asks for is settled or reversed")
DUE_TODAY = N_("{number} falls due today: nobody is asked on the day itself")
OTHER_PROMISE = N_("it speaks of a promise of {amount} by {day}: there is none that may still be kept")
NOBODY = N_("{to} is no address of somebody there who may be contacted")
OTHER_CREDITS = N_("{now} of theirs is not matched yet; it was written with {named}")
CLOCK = N_("something of theirs is dated {day}: the clock was set back, or it has to come first")
MERGED = N_("the customer is no longer one of its own")


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
        truth = truth_of(
            actor, message.code, ids, message.currency, day, named=[named for _item, named in message.items]
        )
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
    hard = [each for each in reasons if each.code not in OF_THE_HOUR | OF_THE_DAY]
    if faults or hard:
        return Verdict((*faults, *map(_why, hard)))
    if reasons:
        return Verdict(tuple(map(_why, reasons)), _until(reasons, local, strategy.strategy))
    return Verdict()


def truth_of(  # noqa: PLR0917
    actor: Actor, code: str, ids: Collection[int], currency: str, day: date, named: Sequence[int] = ()
) -> Truth:
    """What the ledger says of a customer in a currency on a day, as the sincerity check wants it.

    `named` are the open amounts that a message asks for, item by item: their sum may be said, with and without credits.
    """
    debits = [each for each in receivables.open_items(ids, day, currency) if each.sign > 0]
    held = receivables.held(debits, day)
    free = {each.id: each.open - held.get(each.id, 0) for each in debits}
    asked = [each for each in debits if free[each.id] > 0]
    past = [each for each in asked if each.due < day]
    credits_ = [each for each in receivables.open_items(ids, day, currency) if each.sign < 0]
    told = [each for each in promises.promises(ids, day) if each.by == "them" and each.currency == currency]
    unapplied = sum(each.open for each in credits_)
    sums = [*(sum(free[each.id] for each in some) for some in (asked, past)), sum(named)]
    sums += [unapplied, sum(each.open for each in debits), *(each - unapplied for each in sums)]
    customer = parties.customer(actor, code)
    people = parties.contacts(actor, code)
    lines = {*settings.FIRM, customer.name, code, *(each.name for each in people), *(each.phone for each in people)}
    return Truth(
        currency=currency,
        amounts=frozenset(
            {*sums, *free.values(), *(e.open for e in debits), *(e.amount for e in debits)}
            | {e.open for e in credits_}
            | {each.amount for each in told if each.amount is not None}
        ),
        days=frozenset({day, *(e.due for e in debits), *(e.date for e in debits), *(each.due for each in told)}),
        counts=frozenset({len(asked), len(past), len(named), *(e.days_past_due(day) for e in past)}),
        items=frozenset(each.number for each in asked) | {each.number for each in credits_},
        closed={each.number: "held" for each in debits if free[each.id] <= 0},
        promised=any(each.state in ("open", "broken", "partly_kept") for each in told),
        words=frozenset(line for line in lines if line),
    )


def _recipient(actor: Actor, message: Message) -> Iterator[Why]:
    if message.channel != "email":
        return
    people = parties.contacts(actor, message.code)
    if not any(each.may_contact and each.email.strip().lower() == message.to.lower() for each in people):
        yield Why("no_contact", NOBODY, {"to": message.to})


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
    start = strategy.quiet_until if strategy.quiet_from != strategy.quiet_until else time()
    at = datetime.combine(local.date() + timedelta(days=tomorrow), start, tzinfo=local.tzinfo)
    return at if at > local else at + timedelta(days=1)
