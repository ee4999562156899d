"""Post an item: once per (customer, number, entry), whoever else tries."""

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
    if (found := queries.find_item([customer], new.number, new.entry)) is not None:
        return _repeated(found, new)
    rules.check_open(new.date, closed)
    _check_entry(customer, new)
    if new.kind == "recovery":
        _check_recovery(customer, new)
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
    """Refuse an entry that doesn't follow on the number's last one."""
    lives = models.Item.objects.filter(customer_id=customer, number=new.number)
    last = lives.order_by("-entry").values_list("entry", flat=True).first() or 0
    if new.entry != last + 1 or new.entry % 2 == 0:
        raise Refused(
            "entry",
            N_("{number} can't be posted as entry {entry}: its last one is {last}."),
            number=new.number,
            entry=new.entry,
            last=last,
        )


def insert(customer: int, new: NewItem, reverses: int | None, now: datetime, batch: int | None) -> Item:
    """Store an item that was checked, with its open amount; for this folder only."""
    row = models.Item.objects.create(
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
    open_now = new.amount if rules.sign(new.kind, new.entry) else 0
    models.Balance.objects.create(item=row, open=open_now)
    return queries.value(row, open_now)


def _check_recovery(customer: int, new: NewItem) -> None:
    """Refuse a recovery without its write-off, in another currency, before it, or of more than was written off."""
    found = queries.find_item([customer], new.reference)
    if found is None or found.kind != "write_off" or found.reversed_on is not None:
        raise Refused("no_write_off", N_("There is no write-off {number}."), number=new.reference)
    lock_items([found.id])
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
