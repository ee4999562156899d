"""What a paper says, as values: lines, blocks and tables of text. Nothing here is markup; every text is shown as it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, whether figures stand in it, and its share of the width (0: as wide as its content)."""

    label: str
    right: bool = False
    share: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a heading that is repeated on every page; `foot` sums them up, `faint` follows a row's cell."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    title: str = ""
    foot: Sequence[str] = ()
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs. `tone` is "" or "faint"."""

    paragraphs: Sequence[str]
    title: str = ""
    tone: str = ""
    kind: str = field(default="text", init=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, one a line."""

    pairs: Sequence[tuple[str, str]]
    title: str = ""
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """One sum that the paper is about, said large."""

    label: str
    value: str
    kind: str = field(default="figure", init=False)


@dataclass(frozen=True, slots=True)
class Ages:
    """The bar of an aging: per part its words, its amount as text, its thousandths of the whole and its shade 0 … 4."""

    parts: Sequence[tuple[str, str, int, int]]
    kind: str = field(default="ages", init=False)


@dataclass(frozen=True, slots=True)
class Boxes:
    """Something to tick or to fill in by hand: each box its words, and what is to be written under it."""

    boxes: Sequence[tuple[str, Sequence[str]]]
    kind: str = field(default="boxes", init=False)


@dataclass(frozen=True, slots=True)
class Link:
    """An address to open, with the words before it."""

    words: str
    address: str
    kind: str = field(default="link", init=False)


Block = Table | Text | Facts | Figure | Ages | Boxes | Link


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper: from whom (first line the name), to whom, of which day, about what."""

    firm: Sequence[str]
    to: Sequence[str]
    day: date
    title: str
    subtitle: str = ""
    blocks: Sequence[Block] = ()
    sign: Sequence[str] = ()  # the lines under which somebody signs
    note: str = ""  # what stands small at the foot of every page


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a letter: an item's number, its days, how many days late it is and what is open, in minor units."""

    number: str
    date: date
    due: date
    late: int
    open: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter or a reminder: what the firm asks, of whom, and for which items of one currency."""

    firm: Sequence[str]
    to: Sequence[str]
    day: date
    subject: str
    paragraphs: Sequence[str]
    items: Sequence[Item] = ()
    currency: str = ""
    total: int | None = None  # minor units; None: the sum of the items
    sign: Sequence[str] = ()
