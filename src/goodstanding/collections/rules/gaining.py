"""What asking is expected to bring: see docs/algorithms/gain.md for where the chances come from."""

from goodstanding.collections.types import Gain, Step

# thousandths of the amount that a step is expected to bring sooner; first guesses, to be replaced by measured effects
CHANCE = {"remind": 120, "letter": 150, "call": 250, "visit": 350, "hand_over": 200}
# tenths: who pays late anyway moves more than who pays by the day
BEHAVIOUR = {"prompt": 5, "fair": 8, "slow": 10, "late": 12}


def gain(step: Step, amount: int, behaviour: str) -> Gain:
    """Amount × chance, in whole minor units, rounded down; `step.minutes` is what it takes."""
    chance = min(CHANCE.get(step.action, 0) * BEHAVIOUR.get(behaviour, 10) // 10, 1000)
    return Gain(amount=amount, chance=chance, expected=amount * chance // 1000, minutes=max(step.minutes, 1))


def rank(worth: Gain) -> int:
    """The order of the list: expected minor units an hour."""
    return worth.expected * 60 // max(worth.minutes, 1)
