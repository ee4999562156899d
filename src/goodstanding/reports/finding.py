"""What the palette finds: customers by code, name, pinyin or initials; items by number, reference or amount."""

import re
from dataclasses import dataclass

from goodstanding.access.types import Actor
from goodstanding.engine.finding import find_items
from goodstanding.kernel.errors import Refused
from goodstanding.kernel.money import NumberStyle, read_amount
from goodstanding.parties.queries import by_ids, search
from goodstanding.parties.types import Customer
from goodstanding.receivables.models import Item
from goodstanding.reports import lookup
from goodstanding.reports.book import current_book
from goodstanding.reports.desk import Document, document_of

LOOKS_LIKE_AMOUNT = re.compile(r"[0-9][0-9.,' ]*")
ONE_OF_EACH = ("JPY", "EUR", "KWD")  # currencies of 0, 2 and 3 decimals
SHORTEST = 2  # letters below which a part of a number says nothing


@dataclass(frozen=True, slots=True)
class Found:
    """The nearest customers and items."""

    customers: tuple[Customer, ...]
    items: tuple[Document, ...]


def find(actor: Actor, text: str, limit: int = 8) -> Found:
    """What somebody means by a text, as far as they may see it; nothing for an empty text."""
    text = " ".join(text.replace("\0", " ").split())
    if not text:
        return Found((), ())
    # who sees everybody is answered from memory; for others the rows they don't see must not use up the places
    customers = search(actor, text, limit) if actor.hidden else by_ids(actor, lookup.customers(text, limit))
    if len(text) < SHORTEST:
        return Found(tuple(customers), ())
    if actor.hidden:
        ids = find_items(current_book(), text, amounts(text), limit, actor.hidden)
    else:
        ids = lookup.items(text, amounts(text), limit)
    rows = Item.objects.select_related("customer").in_bulk(ids)
    return Found(tuple(customers), tuple(document_of(rows[each]) for each in ids if each in rows))


def amounts(text: str) -> dict[int, int]:
    """What a text is as an amount, in minor units by the currency's decimals; {} when it is none."""
    if not LOOKS_LIKE_AMOUNT.fullmatch(text):
        return {}
    found: dict[int, int] = {}
    for digits, currency in zip((0, 2, 3), ONE_OF_EACH, strict=True):
        for style in NumberStyle:
            try:
                found.setdefault(digits, read_amount(text, currency, style)[0])
            except Refused:
                continue  # not an amount in this style
    return found
