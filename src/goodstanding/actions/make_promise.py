"""Write down a promise, theirs or ours."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.judge_promises import judge_for
from goodstanding.actions.ledger import buyer, family
from goodstanding.kernel.errors import N_, NotFound, Refused
from goodstanding.kernel.money import exponent
from goodstanding.promises import operations, queries
from goodstanding.promises.rules import instalments
from goodstanding.promises.types import NewPromise, Promise
from goodstanding.receivables import queries as receivables


def make_promise(*, actor: Actor, now: datetime, customer: str, promise: NewPromise, key: str = "") -> Promise:
    """Keep a promise; the same again (same key) changes nothing.

    Refused for what `promises.rules.check` refuses, "key_reused", "merged"; NotFound for a customer or an item that
    isn't there for the actor.
    """
    with acting("make_promise", actor=actor, now=now) as audit:
        owner = buyer(actor, customer)
        _check_items(actor, customer, promise)
        made, repeated = operations.add(owner, promise, key=key or derived(customer, promise, now), now=now)
        if not repeated:
            audit(f"promise {made.key}", after=told(made))
            if promise.by == "them":
                judge_for([owner], now=now, day=promise.made)
        return queries.promise(made.key, date.max)


def make_plan(
    *, actor: Actor, now: datetime, customer: str, first: NewPromise, days: Sequence[date], key: str = ""
) -> list[Promise]:
    """An instalment plan: the amount of `first` in equal promises due on these days, the rest in the last one."""
    with acting("make_promise", actor=actor, now=now) as audit:
        owner = buyer(actor, customer)
        _check_items(actor, customer, first)
        plan = key or derived(customer, first, now)
        if list(days) != sorted(set(days)):
            raise Refused("steps", N_("The days of a plan follow one another."))
        made = []
        parts = instalments(first.amount or 0, len(days))
        for step, (day, amount) in enumerate(zip(days, parts, strict=True), 1):
            one = _step(first, day, amount, plan[:64], step)
            promise, repeated = operations.add(owner, one, key=f"{plan}/{step}", now=now)
            if not repeated:
                audit(f"promise {promise.key}", after=told(promise))
            made.append(promise)
        judge_for([owner], now=now, day=first.made)
        return made


def _step(first: NewPromise, day: date, amount: int, plan: str, step: int) -> NewPromise:
    from dataclasses import replace

    return replace(first, due=day, amount=amount, plan=plan, step=step)


def _check_items(actor: Actor, customer: str, promise: NewPromise) -> None:
    if promise.currency:
        exponent(promise.currency)
    found = {each.id: each for each in receivables.items([each.item for each in promise.items])}
    mine = set(family(actor, customer))
    for about in promise.items:
        item = found.get(about.item)
        if item is None or item.customer_id not in mine:
            raise NotFound("no_such_item", N_("There is no such item."))
        if promise.currency and item.currency != promise.currency:
            raise Refused(
                "other_currency", N_("{number} is in {currency}."), number=item.number, currency=item.currency
            )


def derived(customer: str, promise: NewPromise, now: datetime) -> str:
    """A key of its own for a promise that came without one."""
    return sha256(f"{customer}\x1f{promise!r}\x1f{now.isoformat()}".encode()).hexdigest()[:32]


def told(promise: Promise) -> dict[str, object]:
    """What the audit trail keeps of a promise."""
    fields = ("customer", "by", "kind", "made", "due", "tolerance", "amount", "currency", "subject", "level", "plan")
    return {name: getattr(promise, name) for name in fields if getattr(promise, name) not in ("", None)}
