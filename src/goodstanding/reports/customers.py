"""The list of customers: filtered, in pages by key, with the figures and classes of the last night."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import connection
from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce

from goodstanding.access.types import Actor
from goodstanding.parties import queries as parties
from goodstanding.parties.models import Customer, CustomerClass, CustomerFigures
from goodstanding.parties.rules.search import needles
from goodstanding.reports import snapshot
from goodstanding.reports.customer import Class, class_of, last_night, night_state
from goodstanding.standing import queries as standing
from goodstanding.standing.types import Standing

FACTS = ("status", "kind", "territory", "account_manager")  # filters by what is said about a customer
CLASSES = ("value", "behaviour", "rfm")  # filters by what the night found; of RFM, the first quintiles do
SHOWN = ("value", "behaviour")  # classes that a line shows
FIGURES = ("open", "past_due", "unapplied")
SORTS = ("code", "name", "since", "standing", *FIGURES)
UNTOLD = -1  # the figure of standing of somebody who has none, when sorted
KEPT = 64  # orders and words of lists
CHUNK = 2_000  # rows named in one statement
NEVER = date.min  # where somebody without a day stands among days


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
    terms: str
    credit_limit: int | None  # minor units of `own_currency`
    own_currency: str
    since: date | None
    version: int
    open: int
    past_due: int
    unapplied: int
    figures: dict[str, Any]  # of the night, by name: a number, or None where there is none
    standing: int  # the figure, UNTOLD without one
    sort_key: str
    classes: tuple[Class, ...] = ()
    stands: Standing | None = None

    def key(self, sort: str) -> str:
        """Where the line stands in a list so sorted."""
        value = self.sort_key if sort == "name" else getattr(self, sort)
        return f"{NEVER if sort == 'since' and value is None else value}~{self.code}"


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


_SORTED = {"name": "sort_key", "since": "since_day"}  # columns that order otherwise than they read
_FACTS = ("id", "code", "name", "status", "kind", "territory", "account_manager", "terms", "credit_limit")
_COLUMNS = (*_FACTS, "currency", "since", "version", *FIGURES, "now__values", "standing", "sort_key")


def listing(actor: Actor, wanted: Wanted, size: int = 50) -> Listing:
    """A page of customers that the actor may see."""
    night, currency, currencies, rows = _begin(actor, wanted)
    order = _order(*_key_of(wanted), currency, replace(wanted, after="", before=""), actor.hidden)
    start = _start(order, wanted, size)
    if start is None:
        return _by_key(actor, wanted, size)
    ids = order[start : start + size].tolist()
    found = {line.id: line for line in map(_line, rows.filter(pk__in=ids).values_list(*_COLUMNS))}
    named = _classes(ids, night, currency)
    stand = standing.standings(ids, wanted.as_of)
    lines = tuple(
        replace(found[each], classes=named.get(each, ()), stands=stand.get(each)) for each in ids if each in found
    )
    ends = [line.key(wanted.sort) for line in (lines[0], lines[-1])] if lines else ["", ""]
    return Listing(
        night, currency, currencies, len(order), lines,
        ends[0] if start > 0 else "", ends[1] if start + size < len(order) else "",
    )  # fmt: skip


def _key_of(wanted: Wanted) -> tuple[str, str, tuple[object, ...]]:
    """What the order of a list depends on beside the question: the database, its customers, the night."""
    night: tuple[object, ...] = night_state(wanted.as_of)
    if wanted.sort == "standing":
        night = (*night, *standing.state(wanted.as_of))
    return f"{settings.HOME} {connection.settings_dict['NAME']}", snapshot.people(), night


@lru_cache(maxsize=KEPT)
def _order(
    _place: str, _people: str, _night: object, currency: str, wanted: Wanted, hidden: frozenset[str]
) -> "npt.NDArray[np.int64]":
    """The ids of the list in its order. Kept: paging, and the next reader, ask for the same again."""
    eyes = Actor(0, "", frozenset(), None if not hidden else frozenset(), hidden)
    night = last_night(wanted.as_of)
    rows = _ordered(_rows(eyes, wanted, night, currency), wanted, backwards=False)
    return np.fromiter(rows.values_list("pk", flat=True).iterator(10_000), np.int64)


def _start(order: "npt.NDArray[np.int64]", wanted: Wanted, size: int) -> int | None:
    """Where the page begins; None when its key isn't in the list as it is now, 0 for what is no key."""
    text = wanted.before or wanted.after
    key = _key(text, wanted.sort) if text else None
    if key is None:
        return 0
    number = Customer.objects.filter(code=key[1]).values_list("pk", flat=True).first()
    at = np.flatnonzero(order == number) if number is not None else ()
    if not len(at):
        return None
    return int(at[0]) + 1 if wanted.after and not wanted.before else max(int(at[0]) - size, 0)


def _by_key(actor: Actor, wanted: Wanted, size: int) -> Listing:
    """The page beyond a key that stands for nobody in the list any more, by the database's own order."""
    night, currency, currencies, rows = _begin(actor, wanted)
    backwards = bool(wanted.before)
    total = _filtered(actor, wanted, night, currency).count()
    rows = _ordered(rows, wanted, backwards=backwards)
    key = _key(wanted.before or wanted.after, wanted.sort)
    if key is not None:
        rows = rows.filter(_beyond(wanted, key, backwards=backwards))
    found = [_line(row) for row in rows.values_list(*_COLUMNS)[: size + 1]]
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    named = _classes([line.id for line in found], night, currency)
    stand = standing.standings([line.id for line in found], wanted.as_of)
    lines = tuple(replace(line, classes=named.get(line.id, ()), stands=stand.get(line.id)) for line in found)
    before = bool(lines) and (more if backwards else key is not None)
    after = bool(lines) and (backwards or more)
    ends = [line.key(wanted.sort) for line in (lines[0], lines[-1])] if lines else ["", ""]
    return Listing(night, currency, currencies, total, lines, ends[0] if before else "", ends[1] if after else "")


def every(actor: Actor, wanted: Wanted) -> tuple[str, Iterator[Line]]:
    """The currency, and all customers of the list in its order, without classes: for files."""
    _night, currency, _currencies, rows = _begin(actor, wanted)
    found = _ordered(rows, wanted, backwards=False).values_list(*_COLUMNS)
    return currency, (_line(row) for row in found.iterator(2_000))


def chosen(actor: Actor, wanted: Wanted) -> list[tuple[int, int]]:
    """Id and version of every customer of the list, whatever its page."""
    night, currency, *_rest = _begin(actor, wanted)
    return list(_filtered(actor, wanted, night, currency).order_by("pk").values_list("pk", "version"))


def said(actor: Actor, ids: Sequence[int], field: str) -> list[tuple[str, int]]:
    """What these customers have in a field of text, the most frequent first."""
    found: Counter[str] = Counter()
    for start in range(0, len(ids), CHUNK):
        rows = parties.visible(actor).filter(pk__in=ids[start : start + CHUNK]).order_by()
        found.update(dict(rows.values_list(field).annotate(Count("pk"))))
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))


def _line(row: tuple[Any, ...]) -> Line:
    *facts, figures, told, key = row
    return Line(*facts, figures or {}, told, key)


def class_labels(as_of: date) -> dict[str, list[str]]:
    """The labels in use of each class that filters."""
    return _night_words(str(settings.HOME), *night_state(as_of))[0]


def choices(actor: Actor) -> dict[str, list[str]]:
    """The values in use of each fact that filters, of the customers that the actor may see."""
    return _choices(f"{settings.HOME} {connection.settings_dict['NAME']}", snapshot.people(), actor.hidden)


@lru_cache(maxsize=KEPT)
def _choices(_place: str, _people: str, hidden: frozenset[str]) -> dict[str, list[str]]:
    eyes = Actor(0, "", frozenset(), None if not hidden else frozenset(), hidden)
    return {name: parties.choices(eyes, name) for name in FACTS if name != "status"}


@lru_cache(maxsize=KEPT)
def _night_words(_place: str, night: date | None, _book: str) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """The labels of each class that filters, and the currencies by how many customers have figures in them."""
    rows = CustomerClass.objects.filter(as_of=night, dimension__in=CLASSES)
    found: dict[str, list[str]] = defaultdict(list)
    for dimension, label in rows.order_by("dimension", "label").values_list("dimension", "label").distinct():
        found[dimension].append(label)
    counted = CustomerFigures.objects.filter(as_of=night).values_list("currency").annotate(Count("id"))
    currencies = tuple(code for code, _ in sorted(counted.order_by(), key=lambda each: (-each[1], each[0])))
    return dict(found), currencies


def _begin(actor: Actor, wanted: Wanted) -> tuple[date | None, str, tuple[str, ...], "QuerySet[Customer]"]:
    night, book = night_state(wanted.as_of)
    currencies = _night_words(str(settings.HOME), night, book)[1]
    currency = wanted.currency if wanted.currency in currencies else next(iter(currencies), "")
    return night, currency, currencies, _rows(actor, wanted, night, currency)


def _filtered(actor: Actor, wanted: Wanted, night: date | None, currency: str) -> "QuerySet[Customer]":
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
            label = {"label__startswith": value} if name == "rfm" else {"label": value}
            mine = CustomerClass.objects.filter(customer=OuterRef("pk"), as_of=night, dimension=name, **label)
            found = found.filter(Exists(mine.filter(currency=currency)))
    return found


def _rows(actor: Actor, wanted: Wanted, night: date | None, currency: str) -> "QuerySet[Customer]":
    found = _filtered(actor, wanted, night, currency)
    mine_now = Q(figures__as_of=night, figures__currency=currency)
    zero = Value(0, output_field=BigIntegerField())
    return found.annotate(
        now=FilteredRelation("figures", condition=mine_now),
        stood=FilteredRelation("standings", condition=Q(standings__as_of=standing.last_night(wanted.as_of))),
        standing=Coalesce(F("stood__figure"), Value(UNTOLD), output_field=IntegerField()),
        open=Coalesce(F("now__open_minor"), zero),
        past_due=Coalesce(F("now__overdue_minor"), zero),
        unapplied=Coalesce(F("now__unapplied_minor"), zero),
        since_day=Coalesce(F("since"), Value(NEVER)),
    )


def _ordered(rows: "QuerySet[Customer]", wanted: Wanted, *, backwards: bool) -> "QuerySet[Customer]":
    down = wanted.descending != backwards
    names = ("code",) if wanted.sort == "code" else (_SORTED.get(wanted.sort, wanted.sort), "code")
    return rows.order_by(*(f"-{name}" if down else name for name in names))


def _key(text: str, sort: str) -> tuple[Any, str] | None:
    """What stands at the end of a page: the sorted value and the code; None for what is no key."""
    value, mark, code = text.partition("~")
    if not mark or "\0" in text:
        return None
    if sort in ("code", "name"):
        return (code if sort == "code" else value), code
    if sort == "since":
        try:
            return date.fromisoformat(value), code
        except ValueError:
            return None
    return (int(value), code) if value.removeprefix("-").isdecimal() and len(value) < 19 else None


def _beyond(wanted: Wanted, key: tuple[Any, str], *, backwards: bool) -> Q:
    than = "lt" if wanted.descending != backwards else "gt"
    value, code = key
    if wanted.sort == "code":
        return Q(**{f"code__{than}": code})
    sort = _SORTED.get(wanted.sort, wanted.sort)
    return Q(**{f"{sort}__{than}": value}) | Q(**{sort: value, f"code__{than}": code})


def _classes(ids: list[int], night: date | None, currency: str) -> dict[int, tuple[Class, ...]]:
    rows = CustomerClass.objects.filter(customer__in=ids, as_of=night, currency=currency, dimension__in=SHOWN)
    found: dict[int, list[Class]] = defaultdict(list)
    for row in rows.order_by("-dimension"):  # value before behaviour
        found[row.customer_id].append(class_of(row))
    return {customer: tuple(mine) for customer, mine in found.items()}
