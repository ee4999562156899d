"""How long each claim still lives, and by which proof: what the clock of an item needs, out of four contexts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils.timezone import localtime, make_aware

from goodstanding.collections.models import Decision
from goodstanding.collections.types import DECISION
from goodstanding.correspondence.models import Message
from goodstanding.promises.models import Promise
from goodstanding.receivables import queries
from goodstanding.receivables.late import lateness
from goodstanding.receivables.limitation import YEARS, Clock, Proof, clock
from goodstanding.receivables.models import ConfirmationAnswer
from goodstanding.receivables.models import Item as Stored
from goodstanding.receivables.types import Item
from goodstanding.relations.models import Touch

DEMANDING = frozenset({"invoice", "debit_note", "late_fee", "opening"})
DELIVERED = ("done", "reached", "promised", "paid", "dispute", "refused")  # somebody got it
SENT = ("reminder", "statement", "other")  # kinds of messages that ask for money when they name items
OUTBOX = "message "  # how the source of a touch from the outbox begins
CHUNK = 900


@dataclass(frozen=True, slots=True)
class Timed:
    """An open item with its clock."""

    item: Item
    clock: Clock


@dataclass(frozen=True, slots=True)
class _Said:
    """A proof and what it is about: some items, or everything of the customer in a currency ("" for all)."""

    proof: Proof
    items: frozenset[int]
    currency: str
    through: date  # what came into the book after this day was not spoken of

    def about(self, item: Item) -> bool:
        if item.date > self.through:
            return False
        return item.id in self.items if self.items else self.currency in ("", item.currency)


def clocks(items: Iterable[Item], as_of: date) -> list[Timed]:
    """The items that are asked for, each with its clock at the end of a day, in the order given."""
    asked = [each for each in items if each.kind in DEMANDING and each.sign > 0]
    said = proofs({each.customer_id for each in asked}, as_of)
    terms = lateness().terms
    return [
        Timed(
            each,
            clock(each.due, (one.proof for one in said.get(each.customer_id, ()) if one.about(each)), terms, as_of),
        )
        for each in asked
    ]


def proofs(customers: Collection[int], as_of: date) -> dict[int, list[_Said]]:
    """What can be proved to these customers (ids) up to the end of a day."""
    found: dict[int, list[_Said]] = defaultdict(list)
    ids = sorted(customers)
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        for whose, said in (*_messages(some, as_of), *_letters(some, as_of), *_promises(some), *_confirmed(some)):
            found[whose].append(said)
    return found


def _end(as_of: date) -> datetime:
    return make_aware(datetime.combine(as_of + timedelta(days=1), time.min))


def _messages(ids: Sequence[int], as_of: date) -> Iterable[tuple[int, _Said]]:
    """Messages that went out and did not come back; each names its items."""
    rows = Message.objects.filter(
        customer_id__in=ids, kind__in=SENT, delivery__state="sent", delivery__since__lt=_end(as_of)
    )
    columns = ("customer_id", "delivery__since", "channel", "subject", "items")
    for customer, at, channel, subject, items in rows.values_list(*columns):
        about = frozenset(int(pair[0]) for pair in items)
        if about:
            kind = "letter" if channel == "post" else "message"
            day = localtime(at).date()
            yield customer, _Said(Proof(day, kind, subject), about, "", day)


def _letters(ids: Sequence[int], as_of: date) -> Iterable[tuple[int, _Said]]:
    """Letters and messages that people wrote down as delivered, to collect, by hand or by finishing a step.

    A step asked for the items of its decision. What the outbox sent is told by its message.
    """
    rows = Touch.objects.filter(
        customer_id__in=ids, kind__in=("letter", "message"), purpose="collect", outcome__in=DELIVERED,
        at__lt=_end(as_of), withdrawal=None,
    ).exclude(source__startswith=OUTBOX)  # fmt: skip
    found = list(rows.values_list("customer_id", "at", "kind", "note", "source", "batch"))
    asked = _decided(source for *_, source, batch in found if batch is None)
    for customer, at, kind, note, source, batch in found:
        numbers: dict[int, str] = {}
        if source.startswith(DECISION):
            numbers = asked.get((source, customer), {}) if batch is None else {}
            if not numbers:
                continue  # another book's decision: nobody knows what it asked for
        day = localtime(at).date()
        what = (note or ", ".join(numbers.values()))[:80]
        yield customer, _Said(Proof(day, kind, what), frozenset(numbers), "", day)


def _decided(sources: Iterable[str]) -> dict[tuple[str, int], dict[int, str]]:
    """The items (id → number) of the decisions that made these touches, by source and customer."""
    numbers = {each.removeprefix(DECISION) for each in sources if each.startswith(DECISION)}
    wanted = sorted(int(each) for each in numbers if each.isascii() and each.isdecimal() and len(each) < 19)
    found: dict[tuple[str, int], dict[int, str]] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = Decision.objects.filter(pk__in=wanted[start : start + CHUNK])
        for pk, customer, items in rows.values_list("pk", "customer_id", "items"):
            found[f"{DECISION}{pk}", customer] = {int(item): str(number) for item, number, *_ in items}
    return found


def _promises(ids: Sequence[int]) -> Iterable[tuple[int, _Said]]:
    """Their promises to pay: an acknowledgement, whatever became of them."""
    rows = Promise.objects.filter(customer_id__in=ids, by="them", kind="pay").prefetch_related("items")
    for each in rows:
        about = frozenset(one.item for one in each.items.all())
        yield each.customer_id, _Said(Proof(each.made, "promise", each.subject), about, each.currency, each.made)


def _confirmed(ids: Sequence[int]) -> Iterable[tuple[int, _Said]]:
    """Balances that they confirmed."""
    rows = ConfirmationAnswer.objects.filter(confirmation__customer_id__in=ids, agrees=True, amount__gt=0)
    columns = ("confirmation__customer_id", "on", "name", "confirmation__currency", "confirmation__as_of")
    for customer, on, name, currency, through in rows.values_list(*columns):
        yield customer, _Said(Proof(on, "confirmation", name), frozenset(), currency, through)


def expiring(as_of: date, within: int, hidden: Collection[str] = ()) -> list[Timed]:
    """Open claims of the whole book whose clock ends within so many days, or has ended; the nearest first.

    A clock ends no earlier than its years after the due day: younger items are not even looked at.
    """
    shortest = min((YEARS, *(each.years for each in lateness().terms)))
    latest = as_of + timedelta(days=within) - timedelta(days=365 * shortest)
    open_then = Q(balance__open__gt=0) | Q(debit_matches__date__gt=as_of)  # as-of: also what was paid since
    rows = Stored.objects.filter(open_then, kind__in=DEMANDING, reverses=None, due__lte=latest, date__lte=as_of)
    rows = rows.exclude(customer__territory__in=list(hidden)).order_by("pk")
    ids = list(rows.values_list("pk", flat=True).distinct())
    found: list[Timed] = []
    for start in range(0, len(ids), CHUNK):
        items = [each for each in queries.items(ids[start : start + CHUNK], as_of) if each.open]
        found += [each for each in clocks(items, as_of) if each.clock.days_left <= within]
    return sorted(found, key=lambda each: (each.clock.until, each.item.id))
