"""Facts about customers, their contacts, notes, files, groups and merges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Details:
    """What people say about a customer and may change. Texts are "" and the rest None where nothing is said.

    `parent` is the code of the customer whose group it belongs to; `credit_limit` is in minor units of
    `currency`, None for the policy's.
    """

    name: str
    parent: str = ""
    kind: str = ""
    territory: str = ""
    account_manager: str = ""
    currency: str = ""
    terms: str = ""
    credit_limit: int | None = None
    since: date | None = None
    status: str = "active"


@dataclass(frozen=True, slots=True)
class Customer(Details):
    """A customer as stored. `version` grows with each change; whoever changes it names the one they read."""

    id: int = 0
    code: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a customer. `birthday` is YYYY-MM-DD, or MM-DD without the year, in its calendar (solar, lunar)."""

    customer: str  # the customer's code
    name: str
    role: str = ""
    email: str = ""
    phone: str = ""
    birthday: str = ""
    birthday_calendar: str = ""
    language: str = ""
    channel: str = ""
    may_contact: bool = True
    version: int = 0  # 0: not stored yet


@dataclass(frozen=True, slots=True)
class Said:
    """What a customer has in one field, at which version."""

    id: int
    code: str
    version: int
    status: str
    value: str


@dataclass(frozen=True, slots=True)
class MergeFact:
    """Two codes turned out to be one customer, from a day on."""

    merged: str
    survivor: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote down about a customer; `by` are signatures, `withdrawn_by` is "" while it counts."""

    id: int
    customer: str  # the customer's code
    text: str
    pinned: bool
    by: str
    at: datetime
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file kept with a customer; `digest` is the SHA-256 of its bytes, `withdrawn_by` is "" while it counts."""

    id: int
    customer: str  # the customer's code
    name: str
    kind: str
    title: str
    size: int
    digest: str
    by: str
    at: datetime
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None
    reason: str = ""  # why it was withdrawn


@dataclass(frozen=True, slots=True)
class Discount:
    """A cash discount: `basis_points` hundredths of a percent within `days` of the invoice."""

    basis_points: int
    days: int


@dataclass(frozen=True, slots=True)
class Terms:
    """When a customer pays: `days` after the invoice, or after the end of its month; discounts, earliest first."""

    days: int
    end_of_month: bool = False
    discounts: tuple[Discount, ...] = ()
    prepaid: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two codes that may be one customer: how alike (0–100) and why."""

    left: str
    left_name: str
    right: str
    right_name: str
    score: int
    reason: str  # an English template without parameters


@dataclass(frozen=True, slots=True)
class Page:
    """Some customers of a list; `next_code` starts the following page, "" when this is the last."""

    customers: list[Customer]
    next_code: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a bulk save did: every code's id, the codes that are new, and how the changed ones were before."""

    ids: dict[str, int]
    created: list[str]
    changed: dict[str, Mapping[str, object]] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
