"""What the desk's pages ask of the book as it is now: the aging, the items behind a figure, one item with its history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Max, Q

from goodstanding.access.types import Actor
from goodstanding.engine.contract import SIGNS
from goodstanding.kernel.errors import N_, NotFound
from goodstanding.parties.models import Customer
from goodstanding.parties.rules.search import needles
from goodstanding.receivables.models import Hold, Item, Match
from goodstanding.reports import receivables, spread
from goodstanding.reports.aging_types import Asked, Behind, OpenItem, Report
from goodstanding.reports.book import current_book
from goodstanding.reports.spread import Concentration, Months


@dataclass(frozen=True, slots=True)
class Document:
    """What is printed on an item: its words, apart from what is open of it."""

    id: int
    number: str
    entry: int
    kind: str
    date: date
    due: date
    amount: int
    tax: int
    currency: str
    sign: int
    customer: str
    customer_id: int
    customer_name: str
    reference: str
    order: str
    seller: str
    reason: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A match seen from one of its two items: the other item, from when, and until when if it was undone."""

    key: str
    other: Document
    amount: int
    date: date
    undone_on: date | None


@dataclass(frozen=True, slots=True)
class Held:
    """A hold on an item: why an amount isn't asked for, from and (if it ended by the day asked) until."""

    key: str
    amount: int
    reason: str
    source: str
    placed: date
    released: date | None
    release_reason: str


@dataclass(frozen=True, slots=True)
class ItemStory:
    """One item at the end of a day: what is open of it, and everything that made it so."""

    document: Document
    open: int
    matches: tuple[Settled, ...]
    later: int  # matches and undoings dated after the day: they don't count yet
    holds: tuple[Held, ...]
    reversal: Document | None
    reverses: Document | None

    @property
    def held(self) -> int:
        """What is held now, at most what is open."""
        return min(sum(hold.amount for hold in self.holds if hold.released is None), max(self.open, 0))


def aging(asked: Asked, actor: Actor, *, search: str = "") -> Report:
    """The aging of the book as it is now. `search` finds customers by code, name, pinyin or initials."""
    return receivables.report(current_book(), _searched(asked, search), actor, holds(asked.as_of))


def months(asked: Asked, actor: Actor, *, search: str = "") -> Months:
    """What is open by month due (see spread.months), of the book as it is now."""
    return spread.months(current_book(), _searched(asked, search), actor, holds(asked.as_of))


def concentration(asked: Asked, actor: Actor, *, search: str = "") -> Concentration:
    """How much is owed by few (see spread.concentration), of the book as it is now."""
    return spread.concentration(current_book(), _searched(asked, search), actor, holds(asked.as_of))


def behind(
    asked: Asked,
    actor: Actor,
    *,
    search: str = "",
    key: str = "",
    part: str = "",
    sort: str = "due",
    descending: bool = False,
) -> Behind:
    """The items behind a figure (see receivables.behind). NotFound when the row isn't there for the actor."""
    found = receivables.behind(
        current_book(),
        _searched(asked, search),
        actor,
        holds(asked.as_of),
        key=key,
        part=part,
        sort=sort,
        descending=descending,
    )
    if found is None:
        raise NotFound("no_such_row", N_("There is no row {key}."), key=repr(key[:64]))
    return found


def _searched(asked: Asked, search: str) -> Asked:
    if not search:
        return asked
    found = Customer.objects.all()
    for needle in needles(search):
        found = found.filter(search__contains=needle)
    survivors = found.filter(merge__isnull=False).values_list("merge__survivor__code", flat=True)
    return replace(asked, found=frozenset(found.values_list("code", flat=True)) | frozenset(survivors))


def holds(as_of: date) -> list[tuple[int, int]]:
    """(item id, minor units) of every hold that is in force at the end of the day."""
    ended = Q(release__released__lte=as_of)
    return list(Hold.objects.filter(placed__lte=as_of).exclude(ended).values_list("item_id", "amount"))


def newest_day(actor: Actor) -> date | None:
    """The day of the newest item that the actor sees; None for an empty book."""
    seen = Item.objects.exclude(customer__territory__in=actor.hidden_territories)
    newest: date | None = seen.aggregate(newest=Max("date"))["newest"]
    return newest


def document_of(item: Item) -> Document:
    """What is printed on an item; reads its customer too."""
    turned = -1 if item.entry % 2 == 0 else 1
    return Document(
        id=item.pk,
        number=item.number,
        entry=item.entry,
        kind=item.kind,
        date=item.date,
        due=item.due,
        amount=item.amount,
        tax=item.tax,
        currency=item.currency,
        sign=SIGNS[item.kind] * turned,
        customer=item.customer.code,
        customer_id=item.customer_id,
        customer_name=item.customer.name,
        reference=item.reference,
        order=item.order,
        seller=item.seller,
        reason=item.reason,
    )


def documents(items: Sequence[OpenItem]) -> dict[int, Document]:
    """The documents of a page of open items, by id."""
    rows = Item.objects.filter(pk__in=[each.item for each in items]).select_related("customer")
    return {row.pk: document_of(row) for row in rows}


def _by_customer(actor: Actor, item: Item) -> bool:
    """Whether the item's customer, or whoever carries it on, exists for the actor."""
    customer: Customer | None = item.customer
    for _ in range(20):
        merge = getattr(customer, "merge", None)
        if merge is None:
            break
        customer = merge.survivor
    return customer is not None and actor.sees(customer.territory)


def item_story(item_id: int, as_of: date, actor: Actor) -> ItemStory:
    """One item at the end of a day. NotFound when there is none, or none for the actor, or none yet on that day."""
    item = Item.objects.select_related("customer__merge__survivor", "reverses__customer").filter(pk=item_id).first()
    if item is None or item.date > as_of or not _by_customer(actor, item):
        raise NotFound("no_such_item", N_("There is no such item."))
    sides = Q(credit_item=item) | Q(debit_item=item)
    everything = list(
        Match.objects.filter(sides)
        .select_related("credit_item__customer", "debit_item__customer", "undo")
        .order_by("date", "id")
    )
    known = [match for match in everything if match.date <= as_of]
    matched = sum(match.amount if match.undoes_id is None else -match.amount for match in known)
    document = document_of(item)
    reversal = Item.objects.select_related("customer").filter(reverses=item, date__lte=as_of).first()
    return ItemStory(
        document=document,
        open=document.sign * (item.amount - matched),
        matches=tuple(_settled(match, item, as_of) for match in known if match.undoes_id is None),
        later=len(everything) - len(known),
        holds=tuple(_held(hold, as_of) for hold in _holds_of(item, as_of)),
        reversal=document_of(reversal) if reversal else None,
        reverses=document_of(item.reverses) if item.reverses else None,
    )


def _settled(match: Match, item: Item, as_of: date) -> Settled:
    other = match.debit_item if match.credit_item_id == item.pk else match.credit_item
    undo = getattr(match, "undo", None)
    return Settled(
        match.key, document_of(other), match.amount, match.date, undo.date if undo and undo.date <= as_of else None
    )


def _holds_of(item: Item, as_of: date) -> list[Hold]:
    return list(item.holds.filter(placed__lte=as_of).select_related("release").order_by("placed", "id"))


def _held(hold: Hold, as_of: date) -> Held:
    release = getattr(hold, "release", None)
    ended = release is not None and release.released <= as_of
    return Held(
        key=hold.key,
        amount=hold.amount,
        reason=hold.reason,
        source=hold.source,
        placed=hold.placed,
        released=release.released if ended else None,
        release_reason=release.reason if ended else "",
    )
