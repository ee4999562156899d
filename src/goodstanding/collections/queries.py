"""Reads of collections: strategies, runs, decisions, the work that follows."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache

from django.db.models import F, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from goodstanding.collections import models
from goodstanding.collections.rules.writing import default_text, read
from goodstanding.collections.types import Asked, Decision, Gain, Reason, Run, StoredStrategy, Strategy, Work
from goodstanding.kernel.errors import N_, NotFound

Hidden = frozenset[str]


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
    codes = _rows(hidden).filter(run=newest, action="withhold").values_list("code", flat=True)
    return dict(Counter(codes).most_common())


def _newest(field: str) -> Subquery:
    return Subquery(models.Doing.objects.filter(decision=OuterRef("pk")).order_by("-pk").values(field)[:1])


def _with_doings(rows: "QuerySet[models.Decision]") -> "QuerySet[models.Decision]":
    """Decisions with how they stand; texts are "" where nobody did anything: NULL is neither equal nor unequal."""
    return rows.annotate(
        doing=Coalesce(_newest("kind"), Value("")),
        owner=Coalesce(_newest("owner"), Value("")),
        outcome=Coalesce(_newest("outcome"), Value("")),
        until=_newest("until"),
        as_of=F("run__as_of"),
    )


def _work(as_of: date, hidden: Hidden) -> "QuerySet[models.Decision]":
    newest = newest_run(as_of)
    rows = _rows(hidden).filter(run=newest).exclude(action="withhold") if newest else _rows(hidden).none()
    return _with_doings(rows)


def _worked(row: models.Decision, day: date) -> Work:
    doing, until = row.doing, row.until  # type: ignore[attr-defined]
    state = "open"
    if doing == models.Doing.Kind.DONE:
        state = "done"
    elif doing == models.Doing.Kind.SNOOZED and until and until > day:
        state = "snoozed"
    elif doing in (models.Doing.Kind.TAKEN, models.Doing.Kind.SNOOZED) and row.owner:  # type: ignore[attr-defined]
        state = "taken"
    return Work(row.pk, value(row), row.as_of, state, row.owner or "", until, row.outcome or "")  # type: ignore[attr-defined]


def worklist(
    as_of: date, *, hidden: Hidden = frozenset(), actions: Collection[str] = (), owner: str | None = None,
    currency: str = "", states: Sequence[str] = ("open", "taken"), limit: int = 50, offset: int = 0,
) -> list[Work]:  # fmt: skip
    """What to do next by the run that holds, most gained an hour first.

    `owner` is a signature (that person's), "" (nobody's), None (everybody's). `states` are open, taken, snoozed, done.
    """
    rows = _work(as_of, hidden)
    rows = rows.filter(action__in=actions) if actions else rows
    rows = rows.filter(currency=currency) if currency else rows
    if owner is not None:
        rows = rows.filter(owner=owner)
    rows = _in_states(rows, states, as_of)
    return [_worked(row, as_of) for row in rows.order_by("-rank", "-amount", "pk")[offset : offset + limit]]


def _in_states(rows: "QuerySet[models.Decision]", states: Sequence[str], day: date) -> "QuerySet[models.Decision]":
    kinds = models.Doing.Kind
    if "done" not in states:
        rows = rows.exclude(doing=kinds.DONE)
    if "snoozed" not in states:
        rows = rows.exclude(doing=kinds.SNOOZED, until__gt=day)
    if states and not {"open", "taken"} & set(states):
        wanted = [kind for kind, state in ((kinds.DONE, "done"), (kinds.SNOOZED, "snoozed")) if state in states]
        rows = rows.filter(doing__in=wanted)
    return rows


def work(number: int, as_of: date, *, hidden: Hidden = frozenset()) -> Work:
    """One piece of work. NotFound."""
    row = _with_doings(_rows(hidden).filter(pk=number)).first()
    if row is None:
        raise NotFound("no_such_decision", N_("There is no such decision."))
    return _worked(row, as_of)


def totals(as_of: date, *, hidden: Hidden = frozenset()) -> tuple[int, int]:
    """How many pieces of work are open by the run that holds, and how many minutes they take."""
    rows = _in_states(_work(as_of, hidden), ("open", "taken"), as_of)
    minutes = list(rows.values_list("minutes", flat=True))
    return len(minutes), sum(minutes)


def to_send(as_of: date) -> list[tuple[int, Decision]]:
    """The open decisions to remind or write by post, of the run of this very day."""
    newest = newest_run(as_of)
    if newest is None or newest.as_of != as_of:
        return []
    rows = _in_states(_work(as_of, frozenset()), ("open", "taken"), as_of).filter(action__in=("remind", "letter"))
    return [(row.pk, value(row)) for row in rows.order_by("pk")]


def completed(as_of: date, items: Collection[int] | None = None) -> dict[int, tuple[int, date]]:
    """By item: the highest level completed by the end of a day, and the day it was."""
    rows = models.Completion.objects.filter(on__lte=as_of)
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
