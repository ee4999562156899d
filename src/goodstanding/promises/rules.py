"""How promises are judged: FORMULAS 6 and docs/algorithms/promises.md.

A promise to pay is judged on the money received in its window: from the day it was made to the promised day and its
tolerance. Money is never counted twice: where windows overlap, what comes goes to the promise that is due first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from goodstanding.kernel.errors import N_, Refused
from goodstanding.promises.types import KINDS, PAY, THEM, US, NewPromise

MOST_TOLERANCE = 60  # days
LONGEST = 200
MOST_STEPS = 60
MAXIMUM = 10**15  # minor units
CLOSED = frozenset({"withdrawn", "renewed"})
MADE_GOOD = "made good"  # why ours stays broken though it was kept in the end


@dataclass(frozen=True, slots=True)
class Given:
    """A promise to pay as its judge sees it. `closed` is the day it was withdrawn or renewed: it takes no money after."""

    key: str
    made: date
    due: date
    tolerance: int
    amount: int
    closed: date | None = None

    @property
    def until(self) -> date:
        """The last day of its window."""
        return self.due + timedelta(days=self.tolerance)

    @property
    def order(self) -> tuple[date, date, str]:
        """Who takes money first."""
        return self.due, self.made, self.key


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a promise stands: its state, the day it stands so from, and the minor units received in its window."""

    key: str
    state: str
    on: date
    received: int


def judge(given: Iterable[Given], receipts: Iterable[tuple[date, int]], as_of: date) -> list[Verdict]:
    """The verdicts on one customer's promises to pay in one currency at the end of a day.

    `receipts` are (day, minor units) of money received; those after `as_of` don't count yet.
    """
    ordered = sorted(given, key=lambda each: each.order)
    taken = dict.fromkeys((each.key for each in ordered), 0)
    last = {each.key: each.made for each in ordered}
    full: dict[str, date] = {}
    for day, amount in sorted(each for each in receipts if each[0] <= as_of):
        left = amount
        for each in ordered:
            if not each.made <= day <= min(each.until, each.closed or each.until) or left <= 0:
                continue
            part = min(left, each.amount - taken[each.key])
            taken[each.key] += part
            left -= part
            last[each.key] = max(day, last[each.key]) if part else last[each.key]
            if part and taken[each.key] == each.amount:
                full[each.key] = day
    return [
        _verdict(each, taken[each.key], last[each.key], full.get(each.key), as_of)
        for each in ordered
        if each.closed is None
    ]


def _verdict(each: Given, received: int, last: date, full: date | None, as_of: date) -> Verdict:
    after = each.until + timedelta(days=1)
    if full is not None:
        return Verdict(each.key, "kept", full, received)
    if as_of >= after:
        return Verdict(each.key, "partly_kept" if received else "broken", after, received)
    return Verdict(each.key, "open", last, received)


@dataclass(frozen=True, slots=True)
class Rates:
    """How promises to pay were kept; None where none was judged. Amounts are minor units of one currency."""

    judged: int
    by_count: Fraction | None
    by_amount: Fraction | None
    received: Fraction | None


def rates(judged: Sequence[tuple[str, int, int]]) -> Rates:
    """The three rates of FORMULAS 6 over (state, promised, received); withdrawn, renewed and open ones don't count.

    By count a promise counts when it was kept whole. By amount counts what was promised by those kept whole. The
    third is what was received of all that was promised.
    """
    mine = [each for each in judged if each[0] in ("kept", "partly_kept", "broken")]
    promised = sum(amount for _state, amount, _received in mine)
    if not mine or not promised:
        return Rates(len(mine), None, None, None)
    kept = [each for each in mine if each[0] == "kept"]
    return Rates(
        len(mine),
        Fraction(len(kept), len(mine)),
        Fraction(sum(each[1] for each in kept), promised),
        Fraction(sum(min(each[2], each[1]) for each in mine), promised),
    )


def next_level(state: str, level: int) -> int:
    """The level of the promise that renews one: higher, unless part of it was kept and this is for the rest."""
    return level if state == "partly_kept" else level + 1


def instalments(amount: int, steps: int) -> list[int]:
    """An amount in equal steps; what doesn't divide is in the last. Sums to the amount exactly."""
    if not 1 <= steps <= MOST_STEPS or amount < steps:
        raise Refused("steps", N_("A plan has 1 to {most} steps of at least one unit each."), most=MOST_STEPS)
    part = amount // steps
    return [part] * (steps - 1) + [amount - part * (steps - 1)]


def check(promise: NewPromise) -> None:
    """Refuse what can't be a promise, naming the field."""
    if promise.by not in (THEM, US):
        raise Refused("by", N_("Whose promise it is must be them or us."))
    if promise.kind not in KINDS:
        raise Refused("kind", N_("{value} is not a kind of promise."), value=repr(promise.kind))
    if promise.by == THEM and promise.kind != PAY:
        raise Refused("kind", N_("What customers promise here is to pay."))
    if promise.due < promise.made:
        raise Refused("due", N_("The promised day can't lie before the day it was made."))
    if not 0 <= promise.tolerance <= MOST_TOLERANCE:
        raise Refused("tolerance", N_("The tolerance is 0 to {most} days."), most=MOST_TOLERANCE)
    if promise.by == THEM and promise.amount is None:
        raise Refused("amount", N_("A promise to pay needs its amount."))
    if promise.amount is not None and not 0 < promise.amount <= MAXIMUM:
        raise Refused("amount", N_("The amount must be above zero and not beyond reason."))
    if promise.amount is not None and not promise.currency:
        raise Refused("currency", N_("An amount needs its currency."))
    if len({each.item for each in promise.items}) < len(promise.items):
        raise Refused("items", N_("An item is named once in a promise."))
    if any(each.amount is not None and not 0 < each.amount <= MAXIMUM for each in promise.items):
        raise Refused("items", N_("The amount of an item must be above zero and not beyond reason."))
    for name in ("subject", "contact", "owner", "plan"):
        text = getattr(promise, name)
        if len(text) > LONGEST or not (text.isprintable() or not text):
            raise Refused("text", N_("{field} is one line of at most {most} characters."), field=name, most=LONGEST)
