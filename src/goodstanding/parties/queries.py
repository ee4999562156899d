"""Reads of parties: customers as an actor sees them, search, contacts, merges, groups, doubtful duplicates."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import add
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from goodstanding.access.types import Actor
from goodstanding.kernel.errors import N_, NotFound, Refused, RowFault
from goodstanding.kernel.money import suggest
from goodstanding.parties import models
from goodstanding.parties.rules import checks, duplicates, groups
from goodstanding.parties.rules.search import LINE, needles
from goodstanding.parties.types import Contact, Customer, Doubt, MergeFact, Page, Said

_COLUMNS = (
    "id", "code", "name", "parent__code", "parent__territory", "kind", "territory", "account_manager", "currency",
    "terms", "credit_limit", "since", "status", "version",
)  # fmt: skip
_CONTACT = (
    "customer__code", "name", "role", "email", "phone", "birthday", "birthday_calendar", "language", "channel",
    "may_contact", "version",
)  # fmt: skip
CHUNK = 2_000  # rows named in one statement
LIKELY = 200  # customers whose names are compared with one customer's, those that share most first
FILTERS = ("kind", "territory", "account_manager", "currency", "status")


def seen_by(actor: Actor, path: str = "") -> Q:
    """The condition under which a row's customer exists for the actor; `path` leads to it (`customer__`)."""
    if actor.territories is None or not actor.hidden_territories:
        return Q()
    return ~Q(**{f"{path}territory__in": sorted(actor.hidden_territories)})


def visible(actor: Actor) -> QuerySet[models.Customer]:
    """The customers that exist for the actor, as rows: for reports and for subqueries."""
    return models.Customer.objects.filter(seen_by(actor))


def customer(actor: Actor, code: str) -> Customer:
    """The customer with this code. NotFound when there is none or the actor may not see it: no difference."""
    found = visible(actor).filter(code=code).values_list(*_COLUMNS).first() if "\0" not in code else None
    if found is None:
        raise no_such_customer(code)
    return _customer(actor, found)


def customer_by_id(actor: Actor, number: int) -> Customer:
    """As `customer`, by the number that addresses carry."""
    found = visible(actor).filter(pk=number).values_list(*_COLUMNS).first()
    if found is None:
        raise NotFound("no_such_customer", N_("There is no such customer."))
    return _customer(actor, found)


def no_such_customer(code: str) -> NotFound:
    """What is said of a customer that doesn't exist, or not for the asker."""
    return NotFound("no_such_customer", N_("There is no customer {code}."), code=repr(code))


def _customer(actor: Actor, row: Iterable[Any]) -> Customer:
    given = dict(zip(_COLUMNS, row, strict=True))
    parent, territory = given.pop("parent__code") or "", given.pop("parent__territory") or ""
    return Customer(**given, parent=parent if actor.sees(territory) else "")


def search(actor: Actor, query: str, limit: int = 20) -> list[Customer]:
    """Customers by code, name, pinyin or initials, the nearest first; [] for an empty query.

    All words must occur. First comes who is meant exactly, then who begins with the first word, then the rest.
    """
    words = needles(query)
    if not words:
        return []
    found = visible(actor)
    for word in words:
        found = found.filter(search__contains=word)
    whole = " ".join(words)
    nearness = Case(
        When(search__startswith=LINE + whole + LINE, then=Value(0)),
        When(search__contains=LINE + whole + LINE, then=Value(1)),
        When(search__startswith=LINE + words[0], then=Value(2)),
        When(search__contains=LINE + words[0], then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    ranked = found.annotate(nearness=nearness).order_by("nearness", "code")
    # The few that are shown are read by number: until PostgreSQL has looked at a table that was just filled, it takes
    # it for empty, and would join each of the thousands found with every row.
    return by_ids(actor, list(ranked.values_list("pk", flat=True)[:limit]))


def by_codes(actor: Actor, codes: Collection[str]) -> list[Customer]:
    """The customers of these codes that exist for the actor, by code."""
    found = visible(actor).filter(code__in=codes).order_by("code")
    return [_customer(actor, row) for row in found.values_list(*_COLUMNS)]


def by_ids(actor: Actor, ids: Sequence[int]) -> list[Customer]:
    """The customers of these numbers that exist for the actor, in the order given."""
    rows = {row[0]: row for row in visible(actor).filter(pk__in=ids).values_list(*_COLUMNS)}
    return [_customer(actor, rows[each]) for each in ids if each in rows]


def customers(actor: Actor, *, text: str = "", after: str = "", limit: int = 50, **filters: str) -> Page:
    """Customers by code, those after the code `after`; filters: kind, territory, account_manager, currency, status.

    `parent` filters by the group's code. Unknown filters raise TypeError.
    """
    found = visible(actor).order_by("code")
    for word in needles(text):
        found = found.filter(search__contains=word)
    for name, value in filters.items():
        if name == "parent":
            found = found.filter(parent__code=value)
        elif name in FILTERS:
            found = found.filter(**{name: value})
        else:
            raise TypeError(f"customers can't be filtered by {name}")
    if after:
        found = found.filter(code__gt=after)
    rows = [_customer(actor, row) for row in found.values_list(*_COLUMNS)[: limit + 1]]
    return Page(rows[:limit], rows[limit - 1].code if len(rows) > limit else "")


def values_of(
    actor: Actor, field: str, *, ids: Sequence[int] = (), codes: Sequence[str] = (), lock: bool = False
) -> list[Said]:
    """What the chosen customers that exist for the actor have in a field, by code; `lock` keeps others from them.

    A merged customer is Refused: another carries on for it.
    """
    found: list[Said] = []
    for name, wanted in (("pk", ids), ("code", codes)):
        for start in range(0, len(wanted), CHUNK):
            rows = visible(actor).filter(**{f"{name}__in": wanted[start : start + CHUNK]})
            rows = rows.select_for_update(of=("self",)) if lock else rows
            found += [Said(*row) for row in rows.order_by("code").values_list("pk", "code", "version", "status", field)]
    merged = next((each.code for each in found if each.status == "merged"), "")
    if merged:
        raise Refused("merged", N_("{code} is merged: change the customer that carries on."), code=merged)
    return sorted(found, key=lambda each: each.code)


def choices(actor: Actor, name: str) -> list[str]:
    """The values in use of a filter, for choosing from."""
    if name not in FILTERS:
        raise TypeError(f"customers can't be filtered by {name}")
    return list(visible(actor).exclude(**{name: ""}).order_by(name).values_list(name, flat=True).distinct())


def ids(codes: Collection[str] | None = None) -> dict[str, int]:
    """The id of each code (all codes when None) in the whole book; unknown codes are left out."""
    every = models.Customer.objects.order_by()
    if codes is None or len(codes) > 5_000:
        found = dict(every.values_list("code", "id"))
        return found if codes is None else {code: found[code] for code in codes if code in found}
    wanted = list(codes)
    parts = (wanted[start : start + 500] for start in range(0, len(wanted), 500))
    return {code: id_ for part in parts for code, id_ in every.filter(code__in=part).values_list("code", "id")}


def nearest(codes: Collection[str]) -> dict[str, list[str]]:
    """For codes that don't exist the existing codes most like them: for a file's faults, at most 100 of them."""
    known = list(models.Customer.objects.order_by().values_list("code", flat=True))
    return {code: suggest(code, known) for code in list(codes)[:100]}


def contacts(actor: Actor, code: str) -> list[Contact]:
    """A customer's contacts, those of customers merged into it included. NotFound as for `customer`."""
    wanted = {customer(actor, code).code}
    wanted |= {merged for merged, end in survivors(date.max).items() if end == code}
    found = models.Contact.objects.filter(customer__code__in=wanted).filter(seen_by(actor, "customer__"))
    return [Contact(*row) for row in found.order_by("name", "customer__code").values_list(*_CONTACT)]


def survivors(as_of: date) -> dict[str, str]:
    """Each code that was merged on or before a day, with the code that carries on for it that day."""
    links = models.Merge.objects.filter(on__lte=as_of).values_list("merged__code", "survivor__code")
    return groups.ends(dict(links))


def merges() -> list[MergeFact]:
    """All merges, the oldest first."""
    found = models.Merge.objects.order_by("on", "id").values_list("merged__code", "survivor__code", "on", "reason")
    return [MergeFact(*row) for row in found]


def parent_codes() -> dict[str, str]:
    """Each code that belongs to a group, with the code one step up."""
    return dict(models.Customer.objects.filter(parent__isnull=False).order_by().values_list("code", "parent__code"))


def merge_codes() -> dict[str, str]:
    """Each merged code, with the code it was merged into."""
    return dict(models.Merge.objects.values_list("merged__code", "survivor__code"))


def groups_of(customer_ids: Collection[int]) -> dict[int, int]:
    """For each customer's id that of the top of its group, merges followed: equal for who may pay for each other."""
    parents = models.Customer.objects.filter(parent__isnull=False).order_by().values_list("id", "parent_id")
    merged = models.Merge.objects.values_list("merged_id", "survivor_id")
    return groups.roots(dict(parents), dict(merged), customer_ids)


def customer_faults(columns: Mapping[str, Sequence[Any]]) -> list[RowFault]:
    """The faults that keep a file's customers (see `operations.save_customers`) from being stored; [] when fit."""
    return checks.customer_faults(columns, known=ids().keys(), parents=parent_codes(), merges=merge_codes())


def doubtful_duplicates(actor: Actor, limit: int = 200) -> list[Doubt]:
    """Pairs of visible customers that may be one, the likest first; merged ones and pairs of one group are left out."""
    found = visible(actor).exclude(status="merged").order_by("code").annotate(up=F("parent__code"))
    rows = list(found.values_list("code", "name", "up"))
    heads = {up for _, _, up in rows if up}
    return duplicates.doubts(((code, name, up or (code if code in heads else "")) for code, name, up in rows), limit)


def doubts_about(actor: Actor, about: Customer, limit: int = 5) -> list[Doubt]:
    """Visible customers that may be this one, the likest first; merged ones and those of its group are left out."""
    clues = duplicates.clues(about.name)
    holds = [
        Case(When(search__contains=clue, then=Value(1)), default=Value(0), output_field=IntegerField())
        for clue in clues
    ]
    near = visible(actor).exclude(status="merged").exclude(pk=about.id).annotate(up=F("parent__code"))
    near = near.annotate(held=reduce(add, holds)).filter(held__gt=0).order_by("-held", "code")
    rows = list(near.values_list("code", "name", "up")[:LIKELY])
    heads = {about.parent, *(up for _, _, up in rows)}
    others = ((code, name, up or (code if code in heads else "")) for code, name, up in rows)
    mine = about.parent or (about.code if about.code in heads else "")
    return duplicates.doubts_about((about.code, about.name, mine), others)[:limit]
