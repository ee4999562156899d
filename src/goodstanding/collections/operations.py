"""Writes of collections, inside the caller's transaction."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import Max, OuterRef, Subquery

from goodstanding.collections import models
from goodstanding.collections.rules.gaining import rank
from goodstanding.collections.rules.writing import default_text
from goodstanding.collections.types import Decision
from goodstanding.kernel.errors import N_, NotFound, StaleVersion

BATCH = 2000
DEFAULT_VERSION = 0  # the packaged strategy: stored when the first run needs it


def store_strategy(text: str, start: date, *, by: str, now: datetime, seen: int | None = None) -> int:
    """A new version of the strategy from a day on. Gives its version; StaleVersion when `seen` isn't the newest."""
    while True:
        newest = _newest()
        if seen is not None and seen != newest:
            raise StaleVersion(
                "stale_strategy",
                N_("Somebody wrote version {version} since you opened this page: look at it, then try yours again."),
                version=newest,
            )
        try:
            with transaction.atomic():
                models.Strategy.objects.create(version=newest + 1, start=start, text=text, by=by, posted_at=now)
            return newest + 1
        except IntegrityError:
            if _newest() == newest:  # nobody took the number in this moment: it is something else
                raise


def _newest() -> int:
    return models.Strategy.objects.aggregate(newest=Max("version"))["newest"] or DEFAULT_VERSION


def strategy_row(version: int, *, now: datetime) -> models.Strategy:
    """The stored row of a version; the packaged strategy is stored when it is first needed."""
    if version == DEFAULT_VERSION:
        packaged = {"start": date(1900, 1, 1), "text": default_text(), "by": "", "posted_at": now}
        return models.Strategy.objects.get_or_create(version=version, defaults=packaged)[0]
    return models.Strategy.objects.get(version=version)


def store_run(
    as_of: date, version: int, fingerprint: str, decisions: Iterable[Decision], *, by: str, now: datetime
) -> int:
    """A run with all its decisions, in batches. Gives the run's number."""
    strategy = strategy_row(version, now=now)
    source = iter(decisions)
    first = list(islice(source, BATCH))
    counts: dict[str, int] = {}
    rows: list[list[Decision]] = []
    while first:
        for each in first:
            counts[each.action] = counts.get(each.action, 0) + 1
        rows.append(first)
        first = list(islice(source, BATCH))
    run = models.Run.objects.create(
        as_of=as_of, strategy=strategy, fingerprint=fingerprint, counts=counts, by=by, posted_at=now
    )
    for batch in rows:
        models.Decision.objects.bulk_create([_row(run, each) for each in batch])
    return int(run.pk)


def _row(run: models.Run, each: Decision) -> models.Decision:
    return models.Decision(
        run=run,
        customer_id=each.customer_id,
        currency=each.currency,
        action=each.action,
        step=each.step,
        level=each.level,
        channel=each.channel,
        tone=each.tone,
        purpose=each.purpose,
        who=each.who,
        variant=each.variant,
        amount=each.amount,
        credits=each.credits,
        items=[[i.item, i.number, i.amount, i.level, i.days] for i in each.items],
        reasons=[[reason.code, reason.template, [list(pair) for pair in reason.params]] for reason in each.reasons],
        code=each.reasons[0].code if each.reasons else "",
        gain_amount=each.gain.amount,
        chance=each.gain.chance,
        expected=each.gain.expected,
        minutes=each.gain.minutes,
        rank=rank(each.gain),
    )


def assign(experiment: str, drawn: Mapping[int, str], version: int, *, on: date, now: datetime) -> None:
    """Write down who was drawn into which variant; who was drawn before stays there."""
    strategy = strategy_row(version, now=now)
    there = set(models.Assignment.objects.filter(experiment=experiment).values_list("customer_id", flat=True))
    models.Assignment.objects.bulk_create(
        [
            models.Assignment(
                experiment=experiment, customer_id=customer, variant=variant, on=on, strategy=strategy, posted_at=now
            )
            for customer, variant in drawn.items()
            if customer not in there
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )


def complete(decision_id: int, on: date, how: str, *, now: datetime) -> int:
    """The decision's step was done: a further completion for each item whose level it raises.

    The same again changes nothing. NotFound when there is no such decision. Gives how many items went up.
    """
    decision = models.Decision.objects.select_for_update().filter(pk=decision_id).first()
    if decision is None:
        raise NotFound("no_such_decision", N_("There is no such decision."))
    items = {int(item): int(level) for item, _number, _amount, level, _days in decision.items}
    done = (
        models.Completion.objects.filter(item__in=items, undoing=None).values_list("item").annotate(level=Max("level"))
    )
    reached = dict(done)
    made = [
        models.Completion(decision=decision, item=item, level=level, on=on, how=how, posted_at=now)
        for item, level in items.items()
        if level > reached.get(item, 0)
    ]
    models.Completion.objects.bulk_create(made)
    return len(made)


def undo(decision_id: int, on: date, why: str, *, now: datetime) -> int:
    """What the decision completed doesn't count from a day on; gives how many items went down. Again does nothing."""
    rows = models.Completion.objects.select_for_update(of=("self",)).filter(decision=decision_id, undoing=None)
    undone = [models.Undoing(completion=each, on=max(on, each.on), why=why[:200], posted_at=now) for each in rows]
    return len(models.Undoing.objects.bulk_create(undone))


def lock(decision_id: int) -> None:
    """Whoever else works on it waits until this transaction ends: two can't finish the same thing."""
    list(models.Decision.objects.select_for_update().filter(pk=decision_id).values_list("pk"))


def note(
    decision_id: int, kind: str, *, owner: str = "", until: date | None = None, reason: str = "", outcome: str = "",
    by: str, now: datetime,
) -> None:  # fmt: skip
    """What somebody did with a piece of work."""
    models.Doing.objects.create(
        decision_id=decision_id, kind=kind, owner=owner, until=until, reason=reason, outcome=outcome, by=by, at=now
    )


def carry_over(old: int, new: int, as_of: date, *, now: datetime) -> None:
    """Whoever took or put off a step in the run before still has it in the new one."""
    newest = models.Doing.objects.filter(decision=OuterRef("pk")).order_by("-pk")
    kinds = models.Doing.Kind
    fields = ("customer_id", "currency", "step", "pk")
    before = models.Decision.objects.filter(run=old).annotate(doing=Subquery(newest.values("pk")[:1]))
    doings = {
        each.pk: each for each in models.Doing.objects.filter(decision__run=old, kind__in=(kinds.TAKEN, kinds.SNOOZED))
    }
    live = {
        tuple(place): doings[doing]
        for *place, _pk, doing in before.exclude(doing=None).values_list(*fields, "doing")
        if doing in doings
    }
    if not live:
        return
    made = []
    for *place, pk in models.Decision.objects.filter(run=new).exclude(action="withhold").values_list(*fields):
        was = live.get(tuple(place))
        if was is None or (was.kind == kinds.SNOOZED and was.until and was.until <= as_of and not was.owner):
            continue
        made.append(
            models.Doing(
                decision_id=pk,
                kind=was.kind,
                owner=was.owner,
                until=was.until,
                reason=was.reason,
                outcome=was.outcome,
                by=was.by,
                at=now,
            )
        )
    models.Doing.objects.bulk_create(made, batch_size=BATCH)
