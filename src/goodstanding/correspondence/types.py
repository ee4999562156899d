"""Facts of correspondence as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

STATES = ("queued", "claimed", "sending", "unknown", "withheld", "failed", "bounced", "sent", "cancelled")
KINDS = ("reminder", "statement", "answer", "greeting", "other")
CHANNELS = ("email", "post")
PURPOSES = ("reminder", "hand_over", "statement", "answer", "greeting")  # what templates are for
TONES = ("friendly", "firm", "final")
TONGUES = ("en", "zh-hans")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a message: its name, media type, and the SHA-256 under which its bytes are kept."""

    name: str
    media: str
    digest: str


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to queue. `key` is unique: the same key is the same message.

    `items` are what it asks for, each with the open amount it names in minor units of `currency`; `promised` are
    the days and amounts of promises it speaks of. Both are compared with the ledger when it is sent.
    """

    customer_id: int
    to: str  # one address; for the post the lines of the envelope
    language: str
    subject: str
    body: str
    kind: str = "other"
    key: str = ""
    source: str = ""  # what made it (a decision, a person), opaque here
    currency: str = ""
    items: tuple[tuple[int, int], ...] = ()
    promised: tuple[tuple[date, int], ...] = ()
    attachments: tuple[Attached, ...] = ()
    channel: str = "email"
    contact: str = ""  # the person's name


@dataclass(frozen=True, slots=True)
class Why:
    """Why something happened to a message: an English template and what fills it."""

    code: str
    template: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """In English, filled in."""
        return self.template.format(**self.params)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a message: `kind` is queued, began, sent, later, failed, unknown and so on."""

    kind: str
    at: datetime
    by: str = ""
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Message(NewMessage):
    """A message as stored: its text never changes, its state does."""

    id: int = 0
    code: str = ""  # the customer's
    customer: str = ""  # the customer's name
    message_id: str = ""  # fixed when queued: a repeat carries the same
    queued_at: datetime | None = None
    queued_by: str = ""
    state: str = "queued"
    since: datetime | None = None
    not_before: datetime | None = None
    attempts: int = 0  # how often it went towards the wire
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A message held by one sender until its lease runs out; `holder` proves who holds it."""

    message: Message
    holder: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Template:
    """A text with variables in force from a day on; version 0 is the packaged one, by nobody."""

    purpose: str
    tone: str
    language: str
    version: int
    start: date
    subject: str
    body: str
    by: str = ""
    at: datetime | None = None
