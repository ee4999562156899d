"""How a person corrects the reading of a file: columns to fields, currency, number and day formats."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from goodstanding.inbound.types import Options, Preview
from goodstanding.kernel.days import DateOrder
from goodstanding.kernel.money import NumberStyle
from goodstanding.web.words import DATE_ORDERS

FIELDS = {
    "number": _("Number"),
    "customer": _("Customer code"),
    "name": _("Name"),
    "date": _("Date"),
    "due": _("Due"),
    "amount": _("Amount"),
    "open": _("Open amount"),
    "paid_on": _("Paid on"),
    "currency": _("Currency"),
    "kind": _("Kind"),
    "reference": _("Reference"),
    "order": _("Order"),
    "seller": _("Seller"),
    "group": _("Group"),
    "territory": _("Territory"),
    "code": _("Code"),
    "parent": _("Parent"),
    "account_manager": _("Account manager"),
    "terms": _("Terms"),
    "credit_limit": _("Credit limit"),
    "since": _("Customer since"),
    "status": _("Status"),
    "merged_into": _("Merged into"),
    "merged_on": _("Merged on"),
    "role": _("Role"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "birthday": _("Birthday"),
    "birthday_calendar": _("Birthday calendar"),
    "language": _("Language"),
    "channel": _("Channel"),
    "may_contact": _("May be contacted"),
    "entry": _("Entry"),
    "tax": _("Tax"),
    "reason": _("Reason"),
    "id": _("Key"),
    "credit_customer": _("Customer of the credit"),
    "credit_item": _("Credit item"),
    "credit_entry": _("Entry of the credit"),
    "debit_customer": _("Customer of the debit"),
    "debit_item": _("Debit item"),
    "debit_entry": _("Entry of the debit"),
    "undoes": _("Undoes"),
    "item": _("Item"),
    "source": _("Source"),
    "placed": _("Placed"),
    "released": _("Released"),
    "release_reason": _("Reason of release"),
    "through": _("Through"),
}
NUMBER_STYLES = {str(style): str(style) for style in NumberStyle}
ENCODINGS = ("utf-8", "gb18030", "utf-16", "cp1252")
DELIMITERS = {",": _("comma"), ";": _("semicolon"), "tab": _("tab")}
LONGEST = 200


def field_words(field: str) -> str:
    """A field's name in words; in a book, `items.number` is the number in the table of items."""
    return str(FIELDS.get(field.rpartition(".")[2], field))


def _text(posted: QueryDict, name: str) -> str:
    return posted.get(name, "").replace("\0", "").strip()[:LONGEST]


def read_options(posted: QueryDict, preview: Preview, before: Options) -> Options:
    """The options of a posted form. What is unknown or empty means "find out"."""
    day = _text(posted, "as_of")
    delimiter = _text(posted, "delimiter")
    return Options(
        mapping=_mapping(posted, preview, before),
        currency=_text(posted, "currency").upper()[:3] or None,
        number_style=NumberStyle(_text(posted, "number_style"))
        if _text(posted, "number_style") in NUMBER_STYLES
        else None,
        date_order=DateOrder(_text(posted, "date_order")) if _text(posted, "date_order") in DATE_ORDERS else None,
        encoding=_text(posted, "encoding") if _text(posted, "encoding") in ENCODINGS else None,
        delimiter=("\t" if delimiter == "tab" else delimiter) if delimiter in DELIMITERS else None,
        as_of=_day(day),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _mapping(posted: QueryDict, preview: Preview, before: Options) -> dict[str, str]:
    """What was chosen before, and what the person changed: a field's new column, or "" to leave the field out."""
    mapping = dict(before.mapping)
    changed = []
    for at, (prefix, column) in enumerate(columns(preview)):
        chosen, was = _text(posted, f"column-{at}"), f"{prefix}{column.field}" if column.field else ""
        if f"column-{at}" in posted and chosen != was:
            changed.append((chosen, was, column.header))
    mapping |= {was: "" for _, was, _ in changed if was}
    return mapping | {chosen: header for chosen, _, header in changed if chosen in preview.fields}


def columns(preview: Preview) -> Iterable[tuple[str, Any]]:
    """Each column of each source with the prefix its fields have: "items." in a book, "" in a register."""
    is_book = any("." in field for field in preview.fields)
    for source in preview.sources:
        for column in source.columns:
            yield (f"{source.table}." if is_book else ""), column
