"""The tables of the book and of a register: their fields, types, limits and Arrow schemas."""

from dataclasses import dataclass
from enum import Enum

import pyarrow as pa

CODE, NAME, KEY = 64, 200, 200  # longest identifier, name and match id, in characters


class Type(Enum):
    """How a cell is read."""

    TEXT = "text"
    LINE = "line"  # text on one line: codes, numbers, names
    EMAIL = "email"
    BIRTHDAY = "birthday"
    CURRENCY = "currency"
    CHOICE = "choice"
    DAY = "day"
    AMOUNT = "amount"
    COUNT = "count"
    FLAG = "flag"
    MOMENT = "moment"  # a day with a time of it, kept as text in UTC: 2026-03-02T06:30:00Z


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `required` = the column must be there and no cell empty; `above_zero` for amounts of items.

    A count lies between `least` and `most`; `words` names the spellings of a choice where its name isn't enough.
    """

    name: str
    type: Type = Type.TEXT
    required: bool = False
    length: int = NAME
    choices: tuple[str, ...] = ()
    above_zero: bool = False
    least: int = 1
    most: int = 32_767
    words: str = ""


KINDS = (
    *("invoice", "debit_note", "credit_note", "payment", "refund", "write_off", "recovery", "late_fee", "opening"),
)
DEBITS = frozenset({"invoice", "debit_note", "refund", "late_fee", "opening"})
CREDITS = frozenset({"credit_note", "payment", "write_off"})
SIDES = ("them", "us")
PROMISE_KINDS = ("pay", "delivery", "call_back", "answer", "visit", "credit_note", "document", "other")
OUTCOMES = ("open", "kept", "partly_kept", "broken", "withdrawn", "renewed")
TOUCH_KINDS = ("visit", "call", "letter", "message", "delivery", "gift", "greeting", "forum")
PURPOSES = ("collect", "care", "sell", "serve")
RESULTS = (
    *("done", "reached", "no_answer", "wrong_person", "left_message", "promised", "paid", "dispute", "refused"),
    *("bounced", "other"),
)
STATUSES = ("active", "on_hold", "closed", "merged")


def _line(name: str, length: int = CODE, *, required: bool = False) -> Field:
    return Field(name, Type.LINE, required, length)


TABLES: dict[str, tuple[Field, ...]] = {
    "customers": (
        _line("code", required=True),
        _line("name", NAME, required=True),
        _line("parent"),
        _line("kind"),
        _line("territory"),
        _line("account_manager", NAME),
        Field("currency", Type.CURRENCY),
        _line("terms"),
        Field("credit_limit", Type.AMOUNT),
        Field("since", Type.DAY),
        Field("status", Type.CHOICE, choices=STATUSES),
        _line("merged_into"),
        Field("merged_on", Type.DAY),
    ),
    "contacts": (
        _line("customer", required=True),
        _line("name", NAME, required=True),
        _line("role", NAME),
        Field("email", Type.EMAIL, length=254),
        _line("phone"),
        Field("birthday", Type.BIRTHDAY, length=10),
        Field("birthday_calendar", Type.CHOICE, choices=("solar", "lunar")),
        _line("language", 16),
        _line("channel", 32),
        Field("may_contact", Type.FLAG),
    ),
    "items": (
        _line("customer", required=True),
        _line("number", required=True),
        Field("entry", Type.COUNT),
        Field("kind", Type.CHOICE, required=True, choices=KINDS),
        Field("date", Type.DAY, required=True),
        Field("due", Type.DAY),
        Field("amount", Type.AMOUNT, required=True, above_zero=True),
        Field("tax", Type.AMOUNT),
        Field("currency", Type.CURRENCY),
        Field("reference"),
        _line("order"),
        _line("seller", NAME),
        _line("reason"),
    ),
    "matches": (
        _line("id", KEY, required=True),
        Field("date", Type.DAY, required=True),
        _line("credit_customer"),
        _line("credit_item", required=True),
        Field("credit_entry", Type.COUNT),
        _line("debit_customer"),
        _line("debit_item", required=True),
        Field("debit_entry", Type.COUNT),
        Field("amount", Type.AMOUNT, required=True, above_zero=True),
        _line("undoes", KEY),
    ),
    "holds": (
        _line("id", KEY, required=True),
        _line("customer", required=True),
        _line("item", required=True),
        Field("entry", Type.COUNT),
        Field("amount", Type.AMOUNT, required=True, above_zero=True),
        _line("reason", required=True),
        _line("source", NAME),
        Field("placed", Type.DAY, required=True),
        Field("released", Type.DAY),
        _line("release_reason"),
    ),
    "periods": (
        Field("through", Type.DAY, required=True),
        _line("reason", NAME),
    ),
    "promises": (
        _line("id", KEY, required=True),
        _line("customer", required=True),
        Field("by", Type.CHOICE, required=True, choices=SIDES),
        Field("kind", Type.CHOICE, required=True, choices=PROMISE_KINDS, words="promise_kind"),
        Field("made", Type.DAY, required=True),
        Field("due", Type.DAY, required=True),
        Field("tolerance", Type.COUNT, least=0, most=60),
        Field("amount", Type.AMOUNT, above_zero=True),
        Field("currency", Type.CURRENCY),
        _line("subject", NAME),
        _line("contact", NAME),
        _line("owner", NAME),
        _line("plan"),
        Field("step", Type.COUNT, least=0),
        Field("level", Type.COUNT),
        _line("renews", KEY),
        Field("outcome", Type.CHOICE, choices=OUTCOMES, words="outcome"),
        Field("judged", Type.DAY),
        Field("received", Type.AMOUNT),
        _line("reason", NAME),
    ),
    "promise_items": (
        _line("promise", KEY, required=True),
        _line("customer", required=True),
        _line("item", required=True),
        Field("entry", Type.COUNT),
        Field("amount", Type.AMOUNT, above_zero=True),
    ),
    "touches": (
        _line("id", KEY, required=True),
        _line("customer", required=True),
        Field("kind", Type.CHOICE, required=True, choices=TOUCH_KINDS, words="touch_kind"),
        Field("at", Type.MOMENT, required=True),
        _line("by", NAME),
        Field("purpose", Type.CHOICE, choices=PURPOSES),
        Field("minutes", Type.COUNT, least=0, most=1440),
        Field("cost", Type.AMOUNT),
        Field("currency", Type.CURRENCY),
        Field("outcome", Type.CHOICE, choices=RESULTS, words="result"),
        _line("contact", NAME),
        Field("note", length=4_000),
        _line("source", NAME),
        Field("withdrawn", Type.MOMENT),
        _line("withdrawn_by", NAME),
        _line("withdrawn_reason", NAME),
    ),
    "demands": (
        _line("customer", required=True),
        _line("item", required=True),
        Field("entry", Type.COUNT),
        Field("level", Type.COUNT, required=True, most=99),
        Field("made", Type.DAY, required=True),
        _line("how", NAME),
    ),
}
# Tables of the book that later parts of the program read: their files are left alone, and that is said.
LATER_TABLES = ("complaints", "responses", "orders")

REGISTER: tuple[Field, ...] = (
    _line("number", 56, required=True),  # leaves room for "-PAID"
    _line("customer"),
    _line("name", NAME),
    Field("date", Type.DAY, required=True),
    Field("due", Type.DAY),
    Field("amount", Type.AMOUNT, above_zero=True),
    Field("open", Type.AMOUNT),
    Field("paid_on", Type.DAY),
    Field("currency", Type.CURRENCY),
    Field("kind", Type.CHOICE, choices=KINDS),
    Field("reference"),
    _line("order"),
    _line("seller", NAME),
    _line("group"),
    _line("territory"),
)

_ARROW = {Type.DAY: pa.date32(), Type.AMOUNT: pa.int64(), Type.COUNT: pa.int32(), Type.FLAG: pa.bool_()}


def arrow_type(field: Field) -> pa.DataType:
    """The Arrow type of a field's column."""
    return _ARROW.get(field.type, pa.string())


def schema(table: str) -> pa.Schema:
    """The Arrow schema of one of the book's tables, with its column `row`; those with amounts of items carry their currency too."""
    fields = [(field.name, arrow_type(field)) for field in TABLES[table]]
    if table in ("matches", "holds", "promise_items"):
        fields.append(("currency", pa.string()))
    return pa.schema([*fields, ("row", pa.int64())])
