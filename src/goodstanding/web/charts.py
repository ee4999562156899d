"""Charts as values: what is drawn, and the same figures as a table for those who can't see it.

A chart says nothing of how it is drawn: `static/charts.js` draws it on a page, a PDF draws it in its own way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

TONES = ("ink", "jade", "indigo", "amber", "cinnabar", "age0", "age1", "age2", "age3", "age4")


@dataclass(frozen=True, slots=True)
class Line:
    """One series. `values` are for drawing only (None leaves a gap); `texts` are the figures as they are written."""

    name: str
    tone: str
    values: tuple[float | int | None, ...]
    texts: tuple[str, ...]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart. `kind`: line, bar or stack (bars on each other). `label` says in a sentence what `title` shows.

    `digits`: how many decimals of a value are minor units, so that an axis can be labelled; `unit` follows its labels.
    """

    id: str
    kind: str
    title: str
    label: str
    head: str
    names: tuple[str, ...]
    lines: tuple[Line, ...]
    digits: int = 0
    unit: str = ""
    most: int | None = None

    def __post_init__(self) -> None:
        """ValueError where a series doesn't fit the names, or its tone is none."""
        for line in self.lines:
            if not len(line.values) == len(line.texts) == len(self.names) or line.tone not in TONES:
                raise ValueError(f"{self.id}: {line.name!r} doesn't fit the chart")

    @property
    def drawn(self) -> dict[str, Any]:
        """What the page's script draws it from."""
        return {
            "kind": self.kind,
            "names": self.names,
            "digits": self.digits,
            "unit": self.unit,
            "most": self.most,
            "lines": [
                {
                    "name": line.name,
                    "tone": line.tone,
                    "values": line.values,
                    "texts": line.texts,
                    "dashed": line.dashed,
                }
                for line in self.lines
            ],
        }

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The figures as a table: a row for each name, a column for each series."""
        return [(name, [line.texts[at] for line in self.lines]) for at, name in enumerate(self.names)]


def drawn_value(value: Fraction | int | None) -> float | int | None:
    """A figure for drawing: never money to reckon with."""
    if value is None or isinstance(value, int):
        return value
    return round(value.numerator / value.denominator, 4)


def line(name: str, tone: str, values: Sequence[Fraction | int | None], texts: Sequence[str], **more: Any) -> Line:
    """A series of exact figures and how each is written."""
    return Line(name, tone, tuple(map(drawn_value, values)), tuple(texts), **more)
