"""What to do about a customer's open debts in one currency: pure, from facts and a strategy.

The rules of docs/algorithms/collections.md: a level needs the one before delivered; a step is due from the later of
its days after the due day and its gap after the step before; a missed day catches up; never on the due day; one
letter a customer and currency, at its highest level, with all items past due and the level of each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from goodstanding.collections.rules import contacts
from goodstanding.collections.rules.gaining import explained, gain
from goodstanding.collections.types import Asked, Debt, Decision, Facts, Gain, Reason, Segment, Step, Strategy
from goodstanding.kernel.errors import N_

MESSAGES = frozenset({"remind", "letter"})
CONTACTS = frozenset({"remind", "letter", "call", "visit"})  # reaches somebody; a hand-over asks nobody there
HELD = {
    "dispute": N_("{amount} is in dispute: nothing is asked about it until that is settled"),
    "own_promise": N_("we owe them something: {amount} waits until our promise is kept"),
    "promise": N_("{amount} is promised and may still come in time"),
}
OTHER_HOLD = N_("{amount} is held: {why}")
HOLDOUT = Reason("holdout", N_("drawn to get no letter, so that the letters can be measured"))


@dataclass(frozen=True, slots=True)
class _Due:
    """A debt past due with the step it has reached, if any."""

    debt: Debt
    free: int
    days: int
    level: int  # the level it stands at in the letter: the step reached now, else the one completed last
    reached: bool
    spared: bool = False  # the step reached is a written one, and the customer was drawn to get none


def segment_of(facts: Facts, strategy: Strategy, as_of: date) -> Segment | None:
    """The first segment that the customer fits into."""
    for each in strategy.segments:
        wanted = ((each.value, facts.value), (each.behaviour, facts.behaviour), (each.kind, facts.kind))
        if all(not some or mine in some for some, mine in (*wanted, (each.territory, facts.territory))):
            least = each.minimum.get(facts.currency, 0)
            if not least or sum(debt.open for debt in facts.debts if debt.due < as_of) >= least:
                return each
    return None


def effective(debt: Debt, step: Step) -> date:
    """The first day on which a step may be taken for a debt; never the due day itself."""
    first = debt.due + timedelta(days=step.days)
    if debt.completed is not None:
        first = max(first, debt.completed + timedelta(days=step.gap))
    return first


def decide(facts: Facts, strategy: Strategy, as_of: date) -> Decision | None:
    """What to do, or why not; None when no step has been reached: then there is nothing to say no to."""
    segment = segment_of(facts, strategy, as_of)
    if segment is None or facts.status == "merged":
        return None
    past = [each for each in (_due(debt, segment.steps, as_of, facts) for debt in facts.debts) if each]
    reached = [each for each in past if each.reached]
    if not reached:
        return None
    free = [each for each in past if each.free > 0]
    able = [each for each in free if each.reached]
    # a letter that somebody is spared must not stand before the call that another item has reached
    highest = max(able or reached, key=lambda each: (not each.spared, each.level))
    step = segment.steps[highest.level - 1]
    if able and all(each.debt.due > as_of for each in able):
        free = able  # a friendly word before the due day speaks of nothing else
    items = tuple(Asked(e.debt.item, e.debt.number, e.free, e.level, e.days) for e in free)
    amount = max(sum(each.free for each in free) - facts.unapplied, 0)
    reasons = tuple(_no(facts, strategy, step, able=able, past=past, amount=amount))
    if reasons:
        asked = tuple(Asked(e.debt.item, e.debt.number, e.debt.open, e.level, e.days) for e in past)
        return _made(facts, step, level=highest.level, amount=amount, items=items or asked, reasons=reasons, worth=None)
    days = max(each.days for each in able)
    worth = gain(strategy.weights, step, amount, facts.behaviour, days)
    why = (
        *_yes(facts, step, highest, days),
        explained(
            strategy.weights,
            worth,
            action=step.action,
            behaviour=facts.behaviour,
            days=days,
            currency=facts.currency,
        ),
    )
    return _made(facts, step, level=highest.level, amount=amount, items=items, reasons=why, worth=worth)


def may_send(facts: Facts, local_now: datetime, strategy: Strategy) -> list[Reason]:
    """Why a message may not go at this moment, asked again with the facts of the moment; empty when it may.

    `local_now` is the time of day where the quiet hours hold: the firm's, as long as customers have no zone of their own.
    """
    decided = decide(facts, strategy, local_now.date())
    if decided is None:
        return [Reason("nothing", N_("nothing is to be asked any more"))]
    found = list(decided.reasons) if decided.action == "withhold" else []
    if facts.holdout and not any(each.code == "holdout" for each in found):
        found.append(HOLDOUT)  # whatever step was reached since: what would go now is written
    return [*found, *contacts.unfit_hour(local_now, strategy)]


def _due(debt: Debt, steps: Sequence[Step], as_of: date, facts: Facts) -> _Due | None:
    """A debt as the letter sees it: past due, or a step before the due day has been reached."""
    days = (as_of - debt.due).days
    if days == 0 or debt.open <= 0:
        return None
    if facts.holdout:
        debt, spared = _ladder_without_letters(debt, steps, as_of, facts.drawn or as_of)
    else:
        spared = False
    upcoming = steps[debt.level] if debt.level < len(steps) else None
    reached = upcoming is not None and as_of >= effective(debt, upcoming)
    level = debt.level + 1 if reached else debt.level
    spared = spared and not reached
    early = (reached or spared) and steps[level - 1].days < 0
    if days < 0 and not early:
        return None
    return _Due(debt, debt.free, days, level, reached or spared, spared)


def _ladder_without_letters(debt: Debt, steps: Sequence[Step], as_of: date, drawn: date) -> tuple[Debt, bool]:
    """The debt of somebody who gets no letter: a written step is behind it from the first day on which it could have gone.

    That day is never before the one on which the customer was drawn, so that the call after it comes as late as to
    those who are written to. Gives it with whether the last step behind it is such a one.
    """
    spared = False
    while debt.level < len(steps) and steps[debt.level].action in MESSAGES:
        day = effective(debt, steps[debt.level])
        if as_of < day:
            break
        debt, spared = replace(debt, level=debt.level + 1, completed=max(day, drawn)), True
    return debt, spared


def _no(
    facts: Facts, strategy: Strategy, step: Step, *, able: Sequence[_Due], past: Sequence[_Due], amount: int
) -> Iterator[Reason]:
    """Every reason not to ask."""
    if not able:
        yield from _held(facts, past)
    if facts.promised and facts.promised_until is not None:
        soon = (
            ("money:amount", f"{facts.promised} {facts.currency}"),
            ("day:until", facts.promised_until.isoformat()),
        )
        yield Reason("promise", N_("{amount} is promised; it may come until {until}"), soon)
    if facts.owed:
        yield Reason("own_promise", N_("we owe them something: {what}; it comes first"), (("what", facts.owed),))
    if able:
        if not amount:  # what may be asked for is covered, be it less than all that is past due
            params = (("money:amount", f"{facts.unapplied} {facts.currency}"),)
            yield Reason("unapplied", N_("{amount} of theirs is not matched yet and would cover it"), params)
        elif amount < max(strategy.tolerance.get(facts.currency, 0), step.minimum.get(facts.currency, 0)):
            yield Reason("small", N_("too little to ask for"))
        if any(each.debt.pending for each in able) and step.action in MESSAGES:
            yield Reason(
                "pending", N_("a message about it is on its way or did not go: nothing follows until that is settled")
            )
    if facts.status in ("on_hold", "closed"):
        yield Reason("status", N_("the customer is on hold or closed: a person decides"))
    yield from _unfit_moment(facts, strategy, step)


def _unfit_moment(facts: Facts, strategy: Strategy, step: Step) -> Iterator[Reason]:
    """Reasons that lie in the day and the people, not in the debt."""
    if facts.holdout and step.action in MESSAGES:
        yield HOLDOUT
    if step.action not in CONTACTS:
        return
    if facts.opted_out:
        yield Reason("opted_out", N_("nobody there may be contacted"))
    elif step.action == "remind" and not facts.reachable:
        yield Reason("no_address", N_("nobody there has an e-mail address that may be used"))
    if facts.birthday:
        yield Reason("birthday", N_("it is somebody's birthday: greet them, ask another day"))
    yield from contacts.day_off(facts.day_off)
    yield from contacts.ceilings(facts.week, facts.day, strategy)


def _held(facts: Facts, past: Sequence[_Due]) -> Iterator[Reason]:
    """Why nothing of what has been reached may be asked for, by kind of hold."""
    sums: dict[str, int] = {}
    for each in past:
        if not each.reached:
            continue
        whys = set(each.debt.why) | ({"promise"} if each.debt.promised else set())
        for why in whys or {"held"}:
            sums[why] = sums.get(why, 0) + (
                each.debt.promised if why == "promise" else min(each.debt.held, each.debt.open)
            )
    for why, amount in sorted(sums.items()):
        money = ("money:amount", f"{amount} {facts.currency}")
        if why in HELD:
            yield Reason(why, HELD[why], (money,))
        else:
            yield Reason("held", OTHER_HOLD, (money, ("why", why)))


def _yes(facts: Facts, step: Step, highest: _Due, days: int) -> Iterator[Reason]:
    """Why the step is taken; `days` are those of the oldest item that reached one."""
    if days > 0:
        yield Reason("late", N_("{days} days past due"), (("days", str(days)),))
    else:
        yield Reason("soon", N_("due in {days} days"), (("days", str(-days)),))
    yield Reason("step", N_("step {level}: {name}"), (("level", str(highest.level)), ("name", step.name)))
    if facts.behaviour:
        yield Reason("behaviour", N_("pays: {label}"), (("label", facts.behaviour),))


def _made(
    facts: Facts, step: Step, *, level: int, amount: int, items: tuple[Asked, ...], reasons: tuple[Reason, ...],
    worth: Gain | None,
) -> Decision:  # fmt: skip
    """A decision; without anything it is worth it is withheld."""
    return Decision(
        customer_id=facts.customer_id,
        customer=facts.customer,
        currency=facts.currency,
        action=step.action if worth else "withhold",
        step=step.name,
        level=level,
        channel=step.channel,
        tone=facts.variant or step.tone,
        purpose=step.purpose,
        who=step.who,
        amount=amount,
        items=items,
        reasons=reasons,
        gain=worth or Gain(0, 0, 0, step.minutes),
        credits=facts.unapplied,
        variant=facts.variant,
    )
