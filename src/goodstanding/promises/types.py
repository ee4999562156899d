"""Facts of promises as values."""

from dataclasses import dataclass
from datetime import date

THEM, US = "them", "us"
PAY = "pay"
KINDS = (PAY, "delivery", "call_back", "answer", "visit", "credit_note", "document", "other")
STATES = ("open", "kept", "partly_kept", "broken", "withdrawn", "renewed")


@dataclass(frozen=True, slots=True)
class About:
    """An item that a promise is about: its id in the subledger (opaque here) and how much of it, None for all."""

    item: int
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class NewPromise:
    """A promise to write down. `amount` is minor units (theirs to pay always has one, in `currency`)."""

    by: str  # them or us
    kind: str
    made: date
    due: date
    amount: int | None = None
    currency: str = ""
    tolerance: int = 0  # days after `due` until it is judged
    subject: str = ""
    contact: str = ""  # who of the customer gave it or got it
    owner: str = ""  # who of ours took it or must keep it: a signature
    items: tuple[About, ...] = ()
    plan: str = ""  # the chain it belongs to: an instalment plan
    step: int = 0  # its place in the plan, from 1


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise as stored, with its state at the end of the day asked. `received` counts for theirs to pay."""

    id: int
    key: str
    customer_id: int
    customer: str  # code
    by: str
    kind: str
    made: date
    due: date
    tolerance: int
    amount: int | None
    currency: str
    subject: str
    contact: str
    owner: str
    items: tuple[About, ...]
    plan: str
    step: int
    level: int
    renews: str  # the key of the promise it renews
    state: str
    judged: date | None
    received: int
    reason: str = ""
    given: bool = False  # the state came with a file: it stands, whatever money the book knows of


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a customer promised to pay and may still pay in time: nobody asks for it until `until` has passed."""

    customer_id: int
    currency: str
    amount: int  # minor units still promised
    until: date  # due + tolerance
    items: tuple[About, ...]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How many promises of each side were judged and how many of them were kept; a part kept counts as not kept."""

    them_judged: int = 0
    them_kept: int = 0
    us_judged: int = 0
    us_kept: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """What was written about a promise on a day."""

    promise: int
    state: str
    on: date
    received: int
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which promises a list shows, and in which order. Empty texts and days ask for everything."""

    state: str = ""  # a state; "overdue" for open ones whose day has passed
    by: str = ""
    kind: str = ""
    owner: str = ""
    territory: str = ""
    first: date | None = None  # due from
    last: date | None = None  # due until
    sort: str = "due"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """Promises of one side, state and currency together; `due` when they are those of one day."""

    by: str
    state: str
    currency: str
    count: int
    amount: int
    received: int
    due: date | None = None
