"""How sure a share is: Wilson's interval for one share, Newcombe's for the difference of two.

Both hold near 0 and 1 and for few customers, where the usual "plus or minus" gives shares below none or above all.
Ratios are floats here and nowhere near money. See docs/algorithms/experiments.md.

Wilson, E. B. (1927), J. Am. Stat. Assoc. 22, 209-212. Newcombe, R. G. (1998), Stat. Med. 17, 857-872 (score interval)
and 873-890 (method 10: the difference of independent shares from their score intervals).
"""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054  # the 97.5th percentile of the normal distribution: 95 of 100 intervals hold the truth
BETTER, WORSE, CANNOT_TELL = "better", "worse", "cannot_tell"


@dataclass(frozen=True, slots=True)
class Interval:
    """A share, or a difference of shares, with the bounds that 95 of 100 such experiments would put around it."""

    value: float
    low: float
    high: float


def wilson(hits: int, of: int, z: float = Z95) -> Interval | None:
    """The share of `hits` among `of` with its score interval; None when nobody was asked: there is no share of none."""
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of}")
    if not of:
        return None
    share, weight = hits / of, z * z
    centre = share + weight / (2 * of)
    spread = z * sqrt(share * (1 - share) / of + weight / (4 * of * of))
    low, high = ((centre + side * spread) / (1 + weight / of) for side in (-1, 1))
    # none and all are bounds by themselves: what the roots leave of them is rounding
    return Interval(share, 0.0 if hits == 0 else max(low, 0.0), 1.0 if hits == of else min(high, 1.0))


def newcombe(one: tuple[int, int], other: tuple[int, int], z: float = Z95) -> Interval | None:
    """How much larger the share of `one` (hits, of) is than that of `other`; None when either asked nobody."""
    first, second = wilson(*one, z), wilson(*other, z)
    if first is None or second is None:
        return None
    value = first.value - second.value
    down = sqrt((first.value - first.low) ** 2 + (second.high - second.value) ** 2)
    up = sqrt((first.high - first.value) ** 2 + (second.value - second.low) ** 2)
    return Interval(value, max(value - down, -1.0), min(value + up, 1.0))


def verdict(difference: Interval | None) -> str:
    """What the difference says: better, worse, or that it cannot tell, which it can't whenever it holds 0."""
    if difference is None or difference.low <= 0 <= difference.high:
        return CANNOT_TELL
    return BETTER if difference.low > 0 else WORSE
