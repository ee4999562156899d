"""Facts of relations as values."""

from dataclasses import dataclass
from datetime import date, datetime

KINDS = ("visit", "call", "letter", "message", "delivery", "gift", "greeting", "forum")
PURPOSES = ("collect", "care", "sell", "serve")
OUTCOMES = (
    "done",
    "reached",
    "no_answer",
    "wrong_person",
    "left_message",
    "promised",
    "paid",
    "dispute",
    "refused",
    "bounced",
    "other",
)
ANSWERED = frozenset({"reached", "promised", "paid", "dispute", "refused"})  # who decides said something
IN_PERSON = frozenset({"visit", "call"})  # done, they were spoken with; a letter that is done has only left the house


@dataclass(frozen=True, slots=True)
class NewTouch:
    """A touch to write down. `cost` is minor units of `currency`, None to take it from the rates of its day."""

    kind: str
    at: datetime
    purpose: str
    by: str = ""  # who of ours: a signature
    minutes: int | None = None
    cost: int | None = None
    currency: str = ""
    outcome: str = "done"
    contact: str = ""
    note: str = ""
    source: str = ""  # what made it (a message, a decision), opaque here


@dataclass(frozen=True, slots=True)
class Touch:
    """A touch as stored; `withdrawn_by` is "" while it counts."""

    id: int
    key: str
    customer_id: int
    customer: str  # code
    kind: str
    at: datetime
    purpose: str
    by: str
    minutes: int
    cost: int
    currency: str
    outcome: str
    contact: str
    note: str
    source: str
    withdrawn_by: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a kind of touch costs from a day on: minor units a minute and a piece."""

    kind: str
    currency: str
    start: date
    minute_cost: int
    piece_cost: int
