"""A figure is a number or a reason why there is none: never 0 in its place, never infinity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

PLACES = 4  # decimals of a figure in JSON and CSV


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: an English template and its parameters, for the translator (see `kernel.errors.N_`)."""

    template: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The reason in English, filled in."""
        return self.template.format(**self.params)


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` exactly, or None and `why`. `notes` say what a reader must know to read the number."""

    value: Fraction | None
    why: Reason | None = None
    notes: tuple[Reason, ...] = ()

    def rounded(self, places: int = PLACES) -> float | None:
        """The value as a float, rounded half to even on the exact value; None when there is no figure."""
        return None if self.value is None else float(round(self.value, places))


def ratio(above: int | Fraction, below: int | Fraction, why: str, **params: Any) -> Figure:
    """Above / below, or no figure for the reason `why` when below is zero or less."""
    if below <= 0:
        return Figure(None, Reason(why, params))
    return Figure(Fraction(above) / below)
