"""Writes of collections, inside the caller's transaction."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Q

from goodstanding.collections import models
from goodstanding.collections.rules.gaining import rank
from goodstanding.collections.rules.writing import default_text
from goodstanding.collections.types import Decision
from goodstanding.kernel.errors import N_, NotFound, StaleVersion

BATCH = 2000
# PostgreSQL's advisory lock for runs, held until the transaction ends: two at once would both find that a day has
# none. On SQLite every writer is alone anyway.
RUNS_LOCK = 0x72756E73
REMEMBERED = timedelta(days=366)  # work can't be put off for longer
KEPT = timedelta(days=31)  # what was taken and is withheld for longer is nobody's
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


def lock_runs() -> None:
    """Wait until nobody else stores a run, and keep it so until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RUNS_LOCK])


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


def carry_over(run: int, as_of: date, *, now: datetime) -> None:
    """Whoever took or put off a step before still has it in the new run, also when it was withheld in between.

    The newest thing that somebody did about a customer in a currency counts, whatever the day's run was: a step that
    was finished, or another one than was taken, is nobody's.
    """
    kinds = models.Doing.Kind
    newest = (
        models.Doing.objects.filter(decision__run__as_of__range=(as_of - REMEMBERED, as_of))
        .exclude(decision__run=run)
        .order_by()
        .values("decision__customer", "decision__currency")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    live = models.Doing.objects.filter(pk__in=newest, kind__in=(kinds.TAKEN, kinds.SNOOZED))
    live = live.filter(Q(kind=kinds.SNOOZED, until__gt=as_of) | Q(decision__run__as_of__gte=as_of - KEPT))
    had = {
        (each.decision.customer_id, each.decision.currency, each.decision.step): each
        for each in live.select_related("decision")
    }
    if not had:
        return
    rows = models.Decision.objects.filter(run=run, customer__in=live.values("decision__customer"))
    made = []
    for *place, pk in rows.exclude(action="withhold").values_list("customer_id", "currency", "step", "pk"):
        was = had.get(tuple(place))
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
