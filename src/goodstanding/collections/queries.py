"""Reads of collections: strategies, runs, decisions, the work that follows."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.timezone import make_aware

from goodstanding.collections import models
from goodstanding.collections.rules.writing import default_text, read
from goodstanding.collections.types import (
    Asked,
    Decision,
    Gain,
    Reason,
    Run,
    StoredStrategy,
    Strategy,
    Totals,
    Wanted,
    Work,
)
from goodstanding.kernel.errors import N_, NotFound
from goodstanding.parties.rules.search import needles

Hidden = frozenset[str]
EVERYTHING = Wanted()
PAGES = 1_000  # rows of a list that are looked at


@lru_cache(maxsize=32)
def _read(text: str) -> Strategy:
    strategy, faults = read(text)
    if strategy is None:
        raise ValueError(f"a stored strategy can't be read: {faults[:1]}")
    return strategy


def _stored(row: models.Strategy) -> StoredStrategy:
    return StoredStrategy(row.version, row.start, row.text, row.by, _read(row.text))


def strategies() -> list[StoredStrategy]:
    """Every version, the newest first; the packaged one is version 0 and always there."""
    rows = models.Strategy.objects.filter(version__gt=0).order_by("-version")
    return [*(_stored(row) for row in rows), _packaged()]


def _packaged() -> StoredStrategy:
    return StoredStrategy(0, date(1900, 1, 1), default_text(), "", _read(default_text()))


def strategy(version: int) -> StoredStrategy:
    """One version. NotFound."""
    if version == 0:
        return _packaged()
    row = models.Strategy.objects.filter(version=version).first()
    if row is None:
        raise NotFound("no_such_strategy", N_("There is no version {version} of the strategy."), version=version)
    return _stored(row)


def strategy_on(day: date) -> StoredStrategy:
    """The version in force on a day: the highest of those that started."""
    row = models.Strategy.objects.filter(start__lte=day, version__gt=0).order_by("-version").first()
    return _stored(row) if row else _packaged()


def _run(row: models.Run) -> Run:
    return Run(row.pk, row.as_of, row.strategy.version, finished=True, counts=row.counts)


def runs(limit: int = 50) -> list[Run]:
    """The runs, the newest first. A run is stored whole, so every one here is finished."""
    return [_run(row) for row in models.Run.objects.select_related("strategy").order_by("-as_of", "-pk")[:limit]]


def run(number: int) -> Run:
    """One run. NotFound."""
    row = models.Run.objects.select_related("strategy").filter(pk=number).first()
    if row is None:
        raise NotFound("no_such_run", N_("There is no such run."))
    return _run(row)


def newest_run(as_of: date) -> models.Run | None:
    """The run whose decisions hold at the end of a day: of the newest day up to it, the last run."""
    return models.Run.objects.filter(as_of__lte=as_of).order_by("-as_of", "-pk").first()


def fingerprint_of(as_of: date) -> tuple[int, str] | None:
    """Number and fingerprint of the last run for a day."""
    found = models.Run.objects.filter(as_of=as_of).order_by("-pk").values_list("pk", "fingerprint").first()
    return (found[0], found[1]) if found else None


def later_run(as_of: date) -> date | None:
    """The day of a run for a later day, if there is one: it blocks an earlier one."""
    found: date | None = models.Run.objects.filter(as_of__gt=as_of).aggregate(day=Max("as_of"))["day"]
    return found


def value(row: models.Decision) -> Decision:
    """A stored decision as a value."""
    return Decision(
        customer_id=row.customer_id,
        customer=row.customer.code,
        currency=row.currency,
        action=row.action,
        step=row.step,
        level=row.level,
        channel=row.channel,
        tone=row.tone,
        purpose=row.purpose,
        who=row.who,
        amount=row.amount,
        items=tuple(Asked(*each) for each in row.items),
        reasons=tuple(Reason(code, template, tuple(map(tuple, params))) for code, template, params in row.reasons),
        gain=Gain(row.gain_amount, row.chance, row.expected, row.minutes),
        credits=row.credits,
        variant=row.variant,
    )


def _rows(hidden: Hidden) -> "QuerySet[models.Decision]":
    return models.Decision.objects.select_related("customer").exclude(customer__territory__in=hidden)


def decisions(
    number: int, *, hidden: Hidden = frozenset(), action: str = "", reason: str = "", limit: int = 100, offset: int = 0
) -> list[tuple[int, Decision]]:
    """A run's decisions with their numbers, the weightiest first."""
    rows = _chosen(number, hidden, action, reason).order_by("-rank", "-amount", "pk")
    return [(row.pk, value(row)) for row in rows[offset : offset + limit]]


def kept(number: int) -> tuple[Decision, ...]:
    """Every decision of a run, in the order in which they were taken."""
    rows = models.Decision.objects.select_related("customer").filter(run=number).order_by("pk")
    return tuple(value(row) for row in rows.iterator(chunk_size=2000))


def _chosen(number: int, hidden: Hidden, action: str, reason: str) -> "QuerySet[models.Decision]":
    rows = _rows(hidden).filter(run=number)
    rows = rows.filter(action=action) if action else rows
    return rows.filter(action="withhold", code=reason) if reason else rows


def count(number: int, *, hidden: Hidden = frozenset(), action: str = "", reason: str = "") -> int:
    """How many decisions of a run there are."""
    return _chosen(number, hidden, action, reason).count()


def decision(number: int, *, hidden: Hidden = frozenset()) -> Decision:
    """One decision. NotFound."""
    row = _rows(hidden).filter(pk=number).first()
    if row is None:
        raise NotFound("no_such_decision", N_("There is no such decision."))
    return value(row)


def withheld(as_of: date, *, hidden: Hidden = frozenset()) -> dict[str, int]:
    """How many decisions of the run that holds were withheld, by reason, the commonest first."""
    newest = newest_run(as_of)
    if newest is None:
        return {}
    return withheld_of(newest.pk, hidden=hidden)


def withheld_of(number: int, *, hidden: Hidden = frozenset()) -> dict[str, int]:
    """As `withheld`, of one run."""
    rows = _rows(hidden).filter(run=number, action="withhold").order_by().values_list("code")
    return dict(rows.annotate(n=Count("pk")).order_by("-n", "code"))


def counts(number: int, *, hidden: Hidden = frozenset()) -> dict[str, int]:
    """How many decisions of a run there are by action, of customers that exist for the reader."""
    return dict(_rows(hidden).filter(run=number).order_by().values_list("action").annotate(n=Count("pk")))


def _with_doings(rows: "QuerySet[models.Decision]", day: date) -> "QuerySet[models.Decision]":
    """Decisions with how they stand at the end of a day; texts are "" where nobody did anything: NULL compares as neither."""
    kinds = models.Doing.Kind
    end = make_aware(datetime.combine(day + timedelta(days=1), time()))
    doings = models.Doing.objects.filter(decision=OuterRef("pk"), at__lt=end).order_by("-pk")

    def newest(field: str) -> Subquery:
        return Subquery(doings.values(field)[:1])

    told = {name: Coalesce(newest(name), Value("")) for name in ("owner", "outcome", "reason", "kind")}
    rows = rows.annotate(until=newest("until"), as_of=F("run__as_of"), doing=told.pop("kind"), **told)
    put_off = When(doing=kinds.SNOOZED, until__gt=day, then=Value("snoozed"))
    taken = When(~Q(owner=""), doing__in=(kinds.TAKEN, kinds.SNOOZED), then=Value("taken"))
    done = When(doing=kinds.DONE, then=Value("done"))
    return rows.annotate(state=Case(done, put_off, taken, default=Value("open")))


def _work(as_of: date, hidden: Hidden) -> "QuerySet[models.Decision]":
    newest = newest_run(as_of)
    rows = _rows(hidden).filter(run=newest).exclude(action="withhold") if newest else _rows(hidden).none()
    return _with_doings(rows, as_of)


def _worked(row: Any) -> Work:
    return Work(row.pk, value(row), row.as_of, row.state, row.owner, row.until, row.outcome, row.reason)


def worklist(
    as_of: date, wanted: Wanted = EVERYTHING, *, hidden: Hidden = frozenset(), limit: int | None = 50
) -> list[Work]:
    """What to do next by the run that holds, most gained an hour first: the first `limit` of what is wanted."""
    order = ("-rank", "-amount", "pk")
    rows = _wanted(as_of, wanted, hidden).order_by(*order)
    if limit is not None and limit <= PAGES:  # sorting is for the numbers alone: only a page is read whole
        first = list(rows.values_list("pk", flat=True)[:limit])
        rows, limit = _with_doings(_rows(hidden).filter(pk__in=first), as_of).order_by(*order), None
    return [_worked(row) for row in rows[:limit]]


def totals(as_of: date, wanted: Wanted = EVERYTHING, *, hidden: Hidden = frozenset()) -> Totals:
    """How much work is wanted, in pieces, minutes and expected money."""
    rows = _wanted(as_of, wanted, hidden).order_by().values_list("currency")
    sums = list(rows.annotate(n=Count("pk"), m=Sum("minutes"), e=Sum("expected")))
    expected = {currency: each for currency, _count, _minutes, each in sums}
    return Totals(sum(each[1] for each in sums), sum(each[2] for each in sums), expected)


def _wanted(as_of: date, wanted: Wanted, hidden: Hidden) -> "QuerySet[models.Decision]":
    rows = _work(as_of, hidden).filter(state__in=wanted.states)
    rows = rows.filter(action__in=wanted.actions) if wanted.actions else rows
    rows = rows.filter(currency=wanted.currency) if wanted.currency else rows
    for word in needles(wanted.text):
        rows = rows.filter(customer__search__contains=word)
    if wanted.owner is None:
        return rows
    _name, mark, number = wanted.owner.rpartition(" #")  # a name may change, the number never does
    return rows.filter(owner__endswith=mark + number) if mark else rows.filter(owner=wanted.owner)


def work(number: int, as_of: date, *, hidden: Hidden = frozenset()) -> Work:
    """One piece of work. NotFound."""
    row = _with_doings(_rows(hidden).filter(pk=number), as_of).first()
    if row is None:
        raise NotFound("no_such_decision", N_("There is no such decision."))
    return _worked(row)


def to_send(as_of: date) -> list[tuple[int, Decision]]:
    """The open decisions to remind or write by post, of the run of this very day."""
    newest = newest_run(as_of)
    if newest is None or newest.as_of != as_of:
        return []
    rows = _work(as_of, frozenset()).filter(state__in=("open", "taken"), action__in=("remind", "letter"))
    return [(row.pk, value(row)) for row in rows.order_by("pk")]


def completed(as_of: date, items: Collection[int] | None = None) -> dict[int, tuple[int, date]]:
    """By item: the highest level completed by the end of a day, and the day it was."""
    rows = models.Completion.objects.filter(on__lte=as_of).exclude(undoing__on__lte=as_of)
    if items is not None:
        rows = rows.filter(item__in=items)
    found: dict[int, tuple[int, date]] = {}
    for item, level, on in rows.order_by("level", "on").values_list("item", "level", "on"):
        found[item] = (level, on)
    return found


def assigned(experiment: str) -> list[tuple[int, str, date]]:
    """Who was drawn into which variant, and when: (customer id, variant, day)."""
    rows = models.Assignment.objects.filter(experiment=experiment).order_by("customer_id")
    return list(rows.values_list("customer_id", "variant", "on"))


def experiments() -> list[str]:
    """The names of the experiments that anybody was drawn into."""
    return list(models.Assignment.objects.order_by("experiment").values_list("experiment", flat=True).distinct())
