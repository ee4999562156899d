"""Record a payment and say what it settles."""

from collections.abc import Sequence
from datetime import datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.judge_promises import judge_for
from goodstanding.actions.ledger import buyer, family, name, told
from goodstanding.kernel.errors import N_, Refused
from goodstanding.parties import queries as parties
from goodstanding.receivables import operations, queries, rules
from goodstanding.receivables.operations import Pair
from goodstanding.receivables.types import Allocation, Item, NewItem, Payment

BY = ("none", "oldest", "reference", "list")  # how a payment finds its items; "list" is an explicit one


def record_payment(
    *,
    actor: Actor,
    now: datetime,
    customer: str,
    payment: NewItem,
    allocation: Sequence[Allocation] | str = "none",
    tolerance: int = 0,
) -> Payment:
    """Post a payment and match it; see docs/algorithms/allocation.md.

    `allocation` is a list (so much for that item), or "oldest" (oldest due first), "reference" (the item numbers
    in the payment's reference) or "none". Each match is dated the payment's day, or the item's where that is later.
    What a used-up payment leaves open of an item is written off up to `tolerance` minor units, reason "tolerance";
    above it, it is returned as a short payment. (customer, number) is the key: the same request again returns the
    same answer and changes nothing; another one is Refused "key_reused".
    Refused: "over_allocation" (both figures), "other_currency", "other_customer", "closed_period", "tolerance", and
    what `rules.check_item` refuses.
    """
    with acting("record_payment", actor=actor, now=now) as audit:
        how = _how(payment, allocation, tolerance)
        owner = buyer(actor, customer)
        closed = operations.lock_shared()
        posted = operations.post_item(owner, payment, now=now, closed=closed)
        if posted.repeated:
            stored = queries.payment(posted.item.id, repeated=True)
            _check_same(stored, how, allocation)
            return stored
        pairs = _pairs(actor, posted.item, allocation)
        operations.match(pairs, now=now, closed=closed, why=how)
        if tolerance:
            operations.tolerate(posted.item.id, tolerance, now=now, closed=closed)
        stored = queries.payment(posted.item.id, repeated=False)
        settled = [[*match.debit, match.amount] for match in stored.matches]
        after = told(stored.item) | {"settled": settled, "written_off": [each.number for each in stored.written_off]}
        audit(name(stored.item.key), after=after)
        judge_for([owner], now=now, day=payment.date)
        return stored


def _how(payment: NewItem, allocation: Sequence[Allocation] | str, tolerance: int) -> str:
    """How the payment is matched, as the keys of its matches say it ("oldest", "list~50")."""
    if payment.kind != "payment":
        raise Refused("other_action", N_("A {kind} is recorded by {action}."), kind=payment.kind, action="record_item")
    by = allocation if isinstance(allocation, str) else "list"
    if by not in BY or (by == "list" and isinstance(allocation, str)):
        raise Refused("allocation", N_("{by} is not a way to match a payment."), by=repr(by))
    rules.check_tolerance(tolerance, payment.currency)
    return f"{by}~{tolerance}" if tolerance else by


def _check_same(stored: Payment, how: str, allocation: Sequence[Allocation] | str) -> None:
    """Refuse a repeated payment that asks for another matching than the first did."""
    # A way that found nothing to match left no trace, and no difference between it and "none".
    same = {rules.why(match) for match in stored.matches} <= {how}
    if not isinstance(allocation, str):
        code = stored.item.customer
        wanted = sorted((each.customer or code, each.number, each.amount) for each in _summed(allocation))
        same = same and wanted == sorted((*match.debit[:2], match.amount) for match in stored.matches)
    if not same:
        raise Refused(
            "key_reused",
            N_("{number} is recorded already, matched in another way."),
            number=stored.item.number,
        )


def _summed(allocation: Sequence[Allocation]) -> list[Allocation]:
    """One allocation an item: what is named twice is added up."""
    sums: dict[tuple[str, str, int], int] = {}
    for each in allocation:
        key = (each.customer, each.number, each.entry)
        sums[key] = sums.get(key, 0) + each.amount
    return [Allocation(number, amount, customer, entry) for (customer, number, entry), amount in sums.items()]


def _pairs(actor: Actor, payment: Item, allocation: Sequence[Allocation] | str) -> list[Pair]:
    """The matches to make."""
    if not isinstance(allocation, str):
        return _given(actor, payment, _summed(allocation))
    if allocation == "none":
        return []
    mine = family(actor, payment.customer)
    debits = [each for each in queries.open_items(mine, currency=payment.currency) if each.sign > 0]
    wanted = {each.id: max(payment.date, each.date) for each in rules.in_turn(debits, allocation, payment.reference)}
    most = operations.lock_available(wanted)  # what is open may have changed until it is locked
    parts = rules.spread(payment.amount, [most[item] for item in wanted])
    return [
        Pair(payment.id, item, part, day) for (item, day), part in zip(wanted.items(), parts, strict=True) if part > 0
    ]


def _given(actor: Actor, payment: Item, allocation: Sequence[Allocation]) -> list[Pair]:
    """The matches of a list. Refused "over_allocation" when it gives away more than was paid."""
    pairs = []
    for each in allocation:
        rules.check_amount(each.amount, payment.currency)
        owner = parties.customer(actor, each.customer).id if each.customer else payment.customer_id
        debit = queries.item(owner, each.number, each.entry)
        pairs.append(Pair(payment.id, debit.id, each.amount, max(payment.date, debit.date)))
    rules.check_available(payment, payment.amount, sum(pair.amount for pair in pairs))
    return pairs
