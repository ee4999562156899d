"""The list of customers: filtered, in pages by key, with the figures and classes of the last night."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from goodstanding.access.types import Actor
from goodstanding.parties import queries as parties
from goodstanding.parties.models import Customer, CustomerClass, CustomerFigures
from goodstanding.parties.rules.search import needles
from goodstanding.reports.customer import Class, class_of, last_night

FACTS = ("status", "kind", "territory", "account_manager")  # filters by what is said about a customer
CLASSES = ("value", "behaviour")  # filters by what the night found
FIGURES = ("open", "past_due", "unapplied")
SORTS = ("code", *FIGURES)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The question. `after` and `before` are keys of `Listing`; without a status, merged customers are left out."""

    as_of: date
    text: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    currency: str = ""
    sort: str = "code"
    descending: bool = False
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A customer of the list; figures in minor units of the list's currency."""

    id: int
    code: str
    name: str
    status: str
    kind: str
    territory: str
    account_manager: str
    version: int
    open: int
    past_due: int
    unapplied: int
    classes: tuple[Class, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list. `before` and `after` are the keys of its ends, "" where the list itself ends."""

    night: date | None
    currency: str
    currencies: tuple[str, ...]
    total: int
    lines: tuple[Line, ...]
    before: str = ""
    after: str = ""


_COLUMNS = ("id", "code", "name", "status", "kind", "territory", "account_manager", "version", *FIGURES)


def listing(actor: Actor, wanted: Wanted, size: int = 50) -> Listing:
    """A page of customers that the actor may see."""
    night, currency, currencies, rows = _begin(actor, wanted)
    backwards = bool(wanted.before)
    total = rows.count()
    rows = _ordered(rows, wanted, backwards=backwards)
    key = _key(wanted.before or wanted.after, wanted.sort)
    if key is not None:
        rows = rows.filter(_beyond(wanted, key, backwards=backwards))
    found = [Line(*row) for row in rows.values_list(*_COLUMNS)[: size + 1]]
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    named = _classes([line.id for line in found], night, currency)
    lines = tuple(replace(line, classes=named.get(line.id, ())) for line in found)
    before = bool(lines) and (more if backwards else key is not None)
    after = bool(lines) and (backwards or more)
    ends = [f"{getattr(line, wanted.sort)}~{line.code}" for line in (lines[0], lines[-1])] if lines else ["", ""]
    return Listing(night, currency, currencies, total, lines, ends[0] if before else "", ends[1] if after else "")


def every(actor: Actor, wanted: Wanted) -> tuple[str, Iterator[Line]]:
    """The currency, and all customers of the list in its order, without classes: for files."""
    _night, currency, _currencies, rows = _begin(actor, wanted)
    found = _ordered(rows, wanted, backwards=False).values_list(*_COLUMNS)
    return currency, (Line(*row) for row in found.iterator(2_000))


def class_labels(as_of: date) -> dict[str, list[str]]:
    """The labels in use of each class that filters."""
    rows = CustomerClass.objects.filter(as_of=last_night(as_of), dimension__in=CLASSES)
    found: dict[str, list[str]] = defaultdict(list)
    for dimension, label in rows.order_by("dimension", "label").values_list("dimension", "label").distinct():
        found[dimension].append(label)
    return found


def _begin(actor: Actor, wanted: Wanted) -> tuple[date | None, str, tuple[str, ...], "QuerySet[Customer]"]:
    night = last_night(wanted.as_of)
    counted = CustomerFigures.objects.filter(as_of=night).values_list("currency").annotate(Count("id"))
    currencies = tuple(code for code, _ in sorted(counted.order_by(), key=lambda each: (-each[1], each[0])))
    currency = wanted.currency if wanted.currency in currencies else next(iter(currencies), "")
    return night, currency, currencies, _rows(actor, wanted, night, currency)


def _rows(actor: Actor, wanted: Wanted, night: date | None, currency: str) -> "QuerySet[Customer]":
    found = parties.visible(actor)
    filters = dict(wanted.filters)
    if "status" not in filters:
        found = found.exclude(status="merged")
    for word in needles(wanted.text):
        found = found.filter(search__contains=word)
    for name, value in filters.items():
        if name in FACTS:
            found = found.filter(**{name: value})
        elif name in CLASSES:
            mine = CustomerClass.objects.filter(customer=OuterRef("pk"), as_of=night, dimension=name, label=value)
            found = found.filter(Exists(mine.filter(currency=currency)))
    mine_now = Q(figures__as_of=night, figures__currency=currency)
    zero = Value(0, output_field=BigIntegerField())
    return found.annotate(
        now=FilteredRelation("figures", condition=mine_now),
        open=Coalesce(F("now__open_minor"), zero),
        past_due=Coalesce(F("now__overdue_minor"), zero),
        unapplied=Coalesce(F("now__unapplied_minor"), zero),
    )


def _ordered(rows: "QuerySet[Customer]", wanted: Wanted, *, backwards: bool) -> "QuerySet[Customer]":
    down = wanted.descending != backwards
    names = ("code",) if wanted.sort == "code" else (wanted.sort, "code")
    return rows.order_by(*(f"-{name}" if down else name for name in names))


def _key(text: str, sort: str) -> tuple[Any, str] | None:
    """What stands at the end of a page: the sorted value and the code; None for what is no key."""
    value, mark, code = text.partition("~")
    if not mark or "\0" in text:
        return None
    if sort == "code":
        return code, code
    return (int(value), code) if value.removeprefix("-").isdecimal() and len(value) < 19 else None


def _beyond(wanted: Wanted, key: tuple[Any, str], *, backwards: bool) -> Q:
    than = "lt" if wanted.descending != backwards else "gt"
    value, code = key
    if wanted.sort == "code":
        return Q(**{f"code__{than}": code})
    return Q(**{f"{wanted.sort}__{than}": value}) | Q(**{wanted.sort: value, f"code__{than}": code})


def _classes(ids: list[int], night: date | None, currency: str) -> dict[int, tuple[Class, ...]]:
    rows = CustomerClass.objects.filter(customer__in=ids, as_of=night, currency=currency, dimension__in=CLASSES)
    found: dict[int, list[Class]] = defaultdict(list)
    for row in rows.order_by("-dimension"):  # value before behaviour
        found[row.customer_id].append(class_of(row))
    return {customer: tuple(mine) for customer, mine in found.items()}
