"""Facts of standing as values."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Reason:
    """Points for or against, in words: an English template and its parameters."""

    template: str
    points: int
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer's standing as of a night: `figure` 0–100, None with one reason why it can't be told.

    `them` and `us` are the arcs of the ring: percent of promises kept (0–100), None where none was judged.
    `trend` is the figure less the one of about a month before, None without one.
    """

    customer_id: int
    as_of: date
    figure: int | None
    them: int | None
    us: int | None
    trend: int | None
    reasons: tuple[Reason, ...]
