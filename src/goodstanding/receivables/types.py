"""Facts of the subledger as values: what is asked to be posted, and what is stored."""

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to post. `amount` and `tax` are minor units; no `due` means the document date."""

    number: str
    kind: str
    date: dt.date
    amount: int
    currency: str
    due: dt.date | None = None
    tax: int = 0
    reference: str = ""
    order: str = ""
    seller: str = ""
    reason: str = ""
    entry: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """A stored item. `sign` is its effect on the receivable (+1 debit, −1 credit, 0 neither), reversal included;
    `open` its open amount as of the day asked (now, where no day is asked), never signed.
    """

    id: int
    customer_id: int
    customer: str
    number: str
    entry: int
    kind: str
    date: dt.date
    due: dt.date
    amount: int
    tax: int
    currency: str
    reference: str
    order: str
    seller: str
    reason: str
    sign: int
    open: int
    reversed_on: dt.date | None = None

    @property
    def key(self) -> tuple[str, str, int]:
        """What names the item in every file: customer code, number, entry."""
        return self.customer, self.number, self.entry

    def days_past_due(self, as_of: dt.date) -> int:
        """Days from the due day to `as_of`; 0 or less is not due."""
        return (as_of - self.due).days


@dataclass(frozen=True, slots=True)
class Match:
    """A stored match: `amount` of the credit settles as much of the debit from `date` on.

    With `undoes` (another match's key) it gives the amount back instead.
    """

    id: int
    key: str
    date: dt.date
    credit: tuple[str, str, int]
    debit: tuple[str, str, int]
    amount: int
    currency: str
    undoes: str | None = None
    undone_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Why `amount` of an item isn't asked for, from `placed` to the day before `released`."""

    key: str
    item: tuple[str, str, int]
    amount: int
    currency: str
    reason: str
    source: str
    placed: dt.date
    released: dt.date | None = None
    release_reason: str = ""


@dataclass(frozen=True, slots=True)
class ItemStory:
    """An item with its matches and holds, all as of the same day."""

    item: Item
    matches: tuple[Match, ...]
    holds: tuple[Hold, ...]


@dataclass(frozen=True, slots=True)
class Allocation:
    """So much of a payment for that item. No `customer` means the payer's own; no `entry` the number's last life."""

    number: str
    amount: int
    customer: str = ""
    entry: int = 0


@dataclass(frozen=True, slots=True)
class ShortPayment:
    """An item that a payment addressed and did not cover: `paid` by it, `short` still open afterwards."""

    item: tuple[str, str, int]
    paid: int
    short: int
    currency: str


@dataclass(frozen=True, slots=True)
class Posted:
    """An item as posted. `repeated`: it was there already with an equal body, and nothing was written."""

    item: Item
    repeated: bool = field(compare=False)


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as recorded, with what it settled, what the tolerance wrote off and what it left short."""

    item: Item
    matches: tuple[Match, ...]
    written_off: tuple[Item, ...]
    short: tuple[ShortPayment, ...]
    repeated: bool = field(compare=False)

    @property
    def unapplied(self) -> int:
        """Minor units of the payment that settled nothing yet."""
        return self.item.open


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Two items that may be one: `why` is "amount" (same within 7 days), "order" or "number" (one edit apart)."""

    first: tuple[str, str, int]
    second: tuple[str, str, int]
    why: str


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One line of a customer's account: an item, its signed amount and the balance after it, in its currency."""

    item: Item
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class PeriodClose:
    """The books were closed through a day, or reopened back to it."""

    through: dt.date
    reason: str
    posted_at: dt.datetime
