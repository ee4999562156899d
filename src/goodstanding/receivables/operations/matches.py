"""Match credits with debits, and undo a match: dated facts both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count

from django.db import IntegrityError, transaction
from django.db.models import Q

from goodstanding.kernel.errors import N_, NotFound, Refused
from goodstanding.parties.queries import groups_of
from goodstanding.receivables import models, queries, rules
from goodstanding.receivables.operations.locks import lock_items, lowest_from
from goodstanding.receivables.types import Item, Match


@dataclass(frozen=True, slots=True)
class Pair:
    """A credit, a debit (ids), and how much the one settles of the other from `day` on."""

    credit: int
    debit: int
    amount: int
    day: date


def match_once(key: str, pair: Pair, *, now: datetime, closed: date | None) -> tuple[Match, bool]:
    """Match one pair under a key of the caller's; the same again returns the match there is, and True.

    Refused "key_reused" when the key stands for another match.
    """
    rules.check_text("key", key)
    items = lock_items([pair.credit, pair.debit])
    if models.Match.objects.filter(key=key).exists():
        stored = queries.match(key)
        ends = (items[pair.credit].key, items[pair.debit].key)
        if stored.undoes or (stored.credit, stored.debit, stored.amount, stored.date) != (*ends, pair.amount, pair.day):
            raise _reused(key)
        return stored, True
    try:
        with transaction.atomic():
            (stored,) = _match([pair], now=now, closed=closed, why="", key=key)
    except IntegrityError:  # another pair took the key in this moment
        raise _reused(key) from None
    return stored, False


def _reused(key: str) -> Refused:
    return Refused("key_reused", N_("The match {key} exists already with another content."), key=key)


def match(pairs: Sequence[Pair], *, now: datetime, closed: date | None, why: str = "match") -> list[Match]:
    """Match pairs of items, all or none; each within what is open of both on every day from its own on.

    Keys follow from the credit ("C001/PAY-7/1/match/1": customer, number, entry, `why`, count), so that they say
    the same in every book.
    """
    return _match(pairs, now=now, closed=closed, why=why, key="")


def _match(pairs: Sequence[Pair], *, now: datetime, closed: date | None, why: str, key: str) -> list[Match]:
    if not pairs:
        return []
    items = lock_items({each for pair in pairs for each in (pair.credit, pair.debit)})
    owners = {each.customer_id for each in items.values()}
    groups = groups_of(owners) if len(owners) > 1 else dict.fromkeys(owners, 0)
    later = queries.later_postings(list(items), min(pair.day for pair in pairs))
    rows = []
    for pair in pairs:
        credit, debit = items[pair.credit], items[pair.debit]
        rules.check_open(pair.day, closed)
        one_group = groups[credit.customer_id] == groups[debit.customer_id]
        rules.check_match(credit, debit, pair.amount, pair.day, one_group=one_group)
        for each in (debit, credit):
            rules.check_available(each, lowest_from(each, later[each.id], pair.day), pair.amount)
        for each in (debit, credit):
            later[each.id].append((pair.day, pair.amount))
            items[each.id] = replace(each, open=each.open - pair.amount)
        rows.append(
            models.Match(
                date=pair.day,
                credit_item_id=pair.credit,
                debit_item_id=pair.debit,
                amount=pair.amount,
                posted_at=now,
            )
        )
    _name(rows, items, why, key)
    models.Match.objects.bulk_create(rows)
    _store_open(items.values())
    return queries.match_values(models.Match.objects.filter(pk__in=[row.pk for row in rows]))


def _name(rows: Sequence[models.Match], items: dict[int, Item], why: str, key: str) -> None:
    """Give each match a key that nobody has, made of its credit's, so that it says the same in every book."""
    if key:
        (row,) = rows
        row.key = key
        return
    ids = {row.credit_item_id for row in rows}
    taken = set(models.Match.objects.filter(credit_item__in=ids).values_list("key", flat=True))
    for row in rows:
        start = "/".join(map(str, (*items[row.credit_item_id].key, why)))
        row.key = next(each for n in count(1) if (each := f"{start}/{n}") not in taken)
        taken.add(row.key)


def _store_open(items: Iterable[Item]) -> None:
    """Keep the new open amounts of locked items."""
    balances = [models.Balance(item_id=each.id, open=each.open) for each in items]
    models.Balance.objects.bulk_update(balances, ["open"], batch_size=500)


def undo_match(key: str, day: date, *, now: datetime, closed: date | None) -> tuple[Match, bool]:
    """Give back what a match settled, from `day` on: a dated fact of its own. The same again returns what there is, and True.

    Refused "is_undo", "settles_reversal", "before_item" (earlier than the match), "already_undone" (on another day).
    """
    row = models.Match.objects.filter(key=key).first()
    if row is None:
        raise NotFound("no_such_match", N_("There is no match {key}."), key=key)
    items = lock_items([row.credit_item_id, row.debit_item_id])
    credit, debit = items[row.credit_item_id], items[row.debit_item_id]
    stored = queries.match(key)
    if stored.undoes is not None:
        raise Refused("is_undo", N_("{key} is itself an undoing; match the items again instead."), key=key)
    if models.Item.objects.filter(Q(pk=credit.id, reverses=debit.id) | Q(pk=debit.id, reverses=credit.id)).exists():
        raise Refused("settles_reversal", N_("{key} settles a reversal: it stays."), key=key)
    if stored.undone_on is not None:
        if stored.undone_on == day:
            return queries.undo_of(key), True
        raise Refused(
            "already_undone",
            N_("{key} was undone on {day} already."),
            key=key,
            day=stored.undone_on.isoformat(),
        )
    rules.check_day(day)
    if day < stored.date:
        raise Refused(
            "before_item",
            N_("{number} is dated {date}: it can't be undone on {day} already."),
            number=key,
            date=stored.date.isoformat(),
            day=day.isoformat(),
        )
    rules.check_open(day, closed)
    undo = models.Match(
        date=day,
        credit_item_id=credit.id,
        debit_item_id=debit.id,
        amount=stored.amount,
        undoes_id=stored.id,
        posted_at=now,
    )
    _name([undo], items, "undo", "")
    undo.save(force_insert=True)
    _store_open(replace(each, open=each.open + stored.amount) for each in (credit, debit))
    return queries.undo_of(key), False
