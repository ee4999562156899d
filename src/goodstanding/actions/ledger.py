"""What the money actions share: whose books an actor may write in, and how the trail names an item."""

from datetime import date

from goodstanding.access.types import Actor
from goodstanding.kernel.errors import N_, Refused
from goodstanding.parties import queries as parties
from goodstanding.receivables import queries
from goodstanding.receivables.types import Item, Match

ItemKey = tuple[str, str, int]  # customer code, number, entry; entry 0 means the number's last life


def buyer(actor: Actor, code: str) -> int:
    """The id of a customer who is to get new items. NotFound; Refused "merged" when another code carries on."""
    found = parties.customer(actor, code)
    if found.status == "merged":
        survivor = parties.survivors(date.max).get(code, "")
        raise Refused("merged", N_("{code} was merged into {survivor}: use that."), code=code, survivor=survivor)
    return found.id


def family(actor: Actor, code: str) -> list[int]:
    """The ids of a customer and of those merged into it, as far as the actor sees them."""
    codes = [code, *(merged for merged, end in parties.survivors(date.max).items() if end == code)]
    return list(parties.visible(actor).filter(code__in=codes).values_list("pk", flat=True))


def visible_item(actor: Actor, key: ItemKey) -> Item:
    """An item the actor may see. NotFound, for its customer or for itself."""
    code, number, entry = key
    return queries.item(parties.customer(actor, code).id, number, entry)


def name(key: ItemKey) -> str:
    """How the audit trail names an item: "item C001 INV-7", with the entry where it isn't the first."""
    code, number, entry = key
    return f"item {code} {number}" + (f" entry {entry}" if entry != 1 else "")


def told(item: Item) -> dict[str, object]:
    """What the audit trail keeps of an item."""
    fields = ("kind", "date", "due", "amount", "tax", "currency", "reference", "order", "seller", "reason")
    return {field: getattr(item, field) for field in fields if getattr(item, field) not in ("", 0)}


def told_match(match: Match) -> dict[str, object]:
    """What the audit trail keeps of a match."""
    return {
        "credit": list(match.credit),
        "debit": list(match.debit),
        "date": match.date,
        "amount": match.amount,
        "currency": match.currency,
    } | ({"undoes": match.undoes} if match.undoes else {})
