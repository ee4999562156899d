"""What doing something is expected to bring: see docs/algorithms/gain.md for where the weights come from.

Whole numbers only: minor units, thousandths, percent, rounded down.
"""

from goodstanding.collections.types import Gain, Reason, Step, Weights
from goodstanding.kernel.errors import N_


def chance(weights: Weights, action: str, behaviour: str, days: int) -> int:
    """Thousandths of the amount that a step is believed to bring sooner, by how they pay and how late it is."""
    percent = weights.behaviour.get(behaviour, 100) * age(weights, days)
    return min(weights.chance.get(action, 0) * percent // 10_000, 1000)


def age(weights: Weights, days: int) -> int:
    """The percent of the last age that has been reached; before the first one all of it."""
    return next((percent for since, percent in reversed(weights.age) if days >= since), 100)


def gain(weights: Weights, step: Step, amount: int, behaviour: str, days: int) -> Gain:
    """Amount × chance; `step.minutes` is what it takes."""
    share = chance(weights, step.action, behaviour, days)
    return Gain(amount=amount, chance=share, expected=amount * share // 1000, minutes=max(step.minutes, 1))


def explained(weights: Weights, worth: Gain, *, action: str, behaviour: str, days: int, currency: str) -> Reason:
    """How the gain comes about, with every input."""
    params = (
        ("money:expected", f"{worth.expected} {currency}"),
        ("money:amount", f"{worth.amount} {currency}"),
        ("minutes", str(worth.minutes)),
        ("chance", str(worth.chance)),
        ("base", str(weights.chance.get(action, 0))),
        ("behaviour", str(weights.behaviour.get(behaviour, 100))),
        ("age", str(age(weights, days))),
    )
    template = N_(
        "brings {expected} in {minutes} min: {amount} × {chance} in 1000"
        " ({base} for the step × {behaviour}% for how they pay × {age}% for how late it is)"
    )
    return Reason("gain", template, params)


def trust(weights: Weights, owed: int, minutes: int) -> Gain:
    """What keeping a promise of ours is worth: a part of all that they owe us, because they pay who keeps his word."""
    return Gain(amount=owed, chance=weights.trust, expected=owed * weights.trust // 1000, minutes=max(minutes, 1))


def rank(worth: Gain) -> int:
    """The order of the list: expected minor units an hour."""
    return worth.expected * 60 // max(worth.minutes, 1)
