"""Post items: once per (customer, number, entry), whoever else tries."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from goodstanding.kernel.errors import N_, Refused
from goodstanding.receivables import models, queries, rules
from goodstanding.receivables.operations.locks import lock_items
from goodstanding.receivables.types import Item, NewItem, Posted


def post_item(customer: int, new: NewItem, *, now: datetime, closed: date | None, batch: int | None = None) -> Posted:
    """Post an item, or find it posted already with an equal body.

    The key is (customer, number, entry): another body under it is Refused "key_reused". An entry above 1 posts a
    number again whose last life was reversed; even entries are reversals and come from `reverse` only.
    """
    rules.check_item(new)
    written_off = _locked_write_off(customer, new) if new.kind == "recovery" else None
    if (found := queries.find_item([customer], new.number, new.entry)) is not None:
        return _repeated(found, new)
    rules.check_open(new.date, closed)
    _check_entry(customer, new)
    if new.kind == "recovery":
        _check_recovery(written_off, new)
    try:
        with transaction.atomic():
            return Posted(insert(customer, new, None, now, batch), repeated=False)
    except IntegrityError:
        found = queries.find_item([customer], new.number, new.entry)  # somebody else's, just committed
        if found is None:
            raise
        return _repeated(found, new)


def _repeated(found: Item, new: NewItem) -> Posted:
    if not rules.same_body(found, new):
        raise Refused(
            "key_reused",
            N_("{number} is posted already with another content. Reverse it first, or use another number."),
            number=new.number,
        )
    return Posted(found, repeated=True)


def _check_entry(customer: int, new: NewItem) -> None:
    """Refuse an entry that is no life of its number: an even one, or one whose forerunner was not reversed.

    Asks only for what can't change any more, so that a twin who is posting the same just now makes no difference.
    """
    before = models.Item.objects.filter(customer_id=customer, number=new.number, entry=new.entry - 1)
    if new.entry % 2 == 0 or new.entry < 1 or (new.entry > 1 and not before.exists()):
        raise Refused(
            "entry",
            N_("{number} can't be posted as entry {entry}: only a reversed number is posted again, as the next odd."),
            number=new.number,
            entry=new.entry,
        )


def post_all(new: Sequence[tuple[int, NewItem]], *, now: datetime, closed: date | None) -> list[Item]:
    """Post items that lean on no other (no recoveries), each of a customer, in two statements; gives them in their order.

    IntegrityError when one of the numbers stands for an item already: nothing of the transaction may stay then.
    """
    for _customer, each in new:
        rules.check_item(each)
        rules.check_open(each.date, closed)
    rows = models.Item.objects.bulk_create([_row(customer, each, None, now, None) for customer, each in new])
    models.Balance.objects.bulk_create([models.Balance(item=row, open=_opened(row)) for row in rows])
    return queries.items([row.pk for row in rows])


def insert(customer: int, new: NewItem, reverses: int | None, now: datetime, batch: int | None) -> Item:
    """Store an item that was checked, with its open amount; for this folder only."""
    row = _row(customer, new, reverses, now, batch)
    row.save(force_insert=True)
    models.Balance.objects.create(item=row, open=_opened(row))
    return queries.value(row, _opened(row))


def _opened(row: models.Item) -> int:
    return row.amount if rules.sign(row.kind, row.entry) else 0


def _row(customer: int, new: NewItem, reverses: int | None, now: datetime, batch: int | None) -> models.Item:
    return models.Item(
        customer_id=customer,
        number=new.number,
        entry=new.entry,
        reverses_id=reverses,
        kind=new.kind,
        date=new.date,
        due=new.due or new.date,
        amount=new.amount,
        tax=new.tax,
        currency=new.currency,
        reference=new.reference,
        order=new.order,
        seller=new.seller,
        reason=new.reason,
        posted_at=now,
        batch=batch,
    )


def _locked_write_off(customer: int, recovery: NewItem) -> Item | None:
    """The write-off that a recovery names, locked: whoever recovers on it comes one after the other."""
    found = queries.find_item([customer], recovery.reference)
    return lock_items([found.id])[found.id] if found else None


def _check_recovery(found: Item | None, new: NewItem) -> None:
    """Refuse a recovery without its write-off, in another currency, before it, or of more than was written off."""
    if found is None or found.kind != "write_off" or found.reversed_on is not None:
        raise Refused("no_write_off", N_("There is no write-off {number}."), number=new.reference)
    if found.currency != new.currency:
        raise Refused(
            "other_currency",
            N_("The write-off {number} is in {currency}."),
            number=found.number,
            currency=found.currency,
        )
    if new.date < found.date:
        raise Refused(
            "before_item",
            N_("{number} is dated {date}: nothing was recovered on {day} already."),
            number=found.number,
            date=found.date.isoformat(),
            day=new.date.isoformat(),
        )
    left = found.amount - queries.recovered(found)
    if new.amount > left:
        raise Refused(
            "over_recovery",
            N_("{asked} is more than the {left} left to recover of {number}."),
            asked=rules.money(new.amount, new.currency),
            left=rules.money(left, found.currency),
            number=found.number,
        )
