"""What became of an experiment's customers: who was drawn into what and when, and the day they had paid in full.

Three set-based reads whatever the number of customers. See docs/algorithms/experiments.md.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Q

from goodstanding.collections.models import Assignment, Decision
from goodstanding.collections.rules.experiments import Subject
from goodstanding.receivables.models import Item, Match

CHUNK = 900
Drawn = tuple[int, str, str, str, date, int]


def counts(experiment: str, hidden: Collection[str] = ()) -> dict[str, int]:
    """How many customers were drawn into each variant, in the order of the names."""
    rows = Assignment.objects.filter(experiment=experiment).exclude(customer__territory__in=list(hidden))
    return dict(Counter(rows.order_by("variant").values_list("variant", flat=True)))


def log(experiment: str, hidden: Collection[str] = ()) -> list[Drawn]:
    """Who was drawn: (customer id, code, name, variant, day, version of the strategy), the newest first."""
    rows = Assignment.objects.filter(experiment=experiment).exclude(customer__territory__in=list(hidden))
    columns = ("customer_id", "customer__code", "customer__name", "variant", "on", "strategy__version")
    return list(rows.order_by("-on", "customer__code").values_list(*columns))


def subjects(experiment: str, as_of: date, hidden: Collection[str] = ()) -> list[Subject]:
    """A subject for each customer drawn by the day.

    Its days run from its first decision on, whatever was decided. It has paid on the day on which all items that this
    decision was about were settled; nobody without an item counts as paid.
    """
    rows = Assignment.objects.filter(experiment=experiment, on__lte=as_of)
    drawn = list(
        rows.exclude(customer__territory__in=list(hidden)).order_by("pk").values_list("customer_id", "variant", "on")
    )
    since = {customer: on for customer, _variant, on in drawn}
    asked: dict[int, tuple[int, set[int]]] = {}
    decided = Decision.objects.filter(customer__assignments__experiment=experiment, run__as_of__lte=as_of)
    for customer, run, on, items in (
        decided.filter(run__as_of__gte=F("customer__assignments__on")).order_by("run__as_of", "run")
        .values_list("customer_id", "run", "run__as_of", "items").iterator()
    ):  # fmt: skip
        if customer in since and items and asked.setdefault(customer, (run, set()))[0] == run:
            asked[customer][1].update(each[0] for each in items)
            since[customer] = on
    known = _settling({item for _run, items in asked.values() for item in items}, as_of)
    return [
        _subject(variant, since[customer], [known[item] for item in sorted(asked.get(customer, (0, set()))[1])])
        for customer, variant, _on in drawn
    ]


@dataclass(slots=True)
class _Settling:
    """An item that somebody was asked for: its amount and, in their order, what was taken off it on which day."""

    currency: str
    amount: int
    steps: list[tuple[date, int]] = field(default_factory=list)

    def done(self) -> date | None:
        """The day from which on it is settled; None while it isn't."""
        rest, found = self.amount, None
        for on, amount in self.steps:
            rest -= amount
            found = (found or on) if rest <= 0 else None
        return found


def _subject(variant: str, since: date, items: Sequence[_Settling]) -> Subject:
    """A customer who was asked for the items; what was taken off before `since` was asked for no more."""
    days = [each.done() for each in items]
    paid = None if None in days else max((day for day in days if day), default=None)
    asked: dict[str, int] = defaultdict(int)
    settled: list[tuple[date, str, int]] = []
    for each in items:
        asked[each.currency] += each.amount - sum(amount for on, amount in each.steps if on < since)
        settled += [(on, each.currency, amount) for on, amount in each.steps if on >= since]
    return Subject(variant, since, paid, dict(asked), settled)


def _settling(items: Collection[int], as_of: date) -> dict[int, _Settling]:
    """By item how it was settled up to the day; what was written off as lost isn't paid."""
    ids = sorted(items)
    found: dict[int, _Settling] = {}
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        for item, currency, amount in Item.objects.filter(pk__in=some).values_list("pk", "currency", "amount"):
            found[item] = _Settling(currency, amount)
        rows = Match.objects.filter(debit_item__in=some, date__lte=as_of)
        rows = rows.exclude(Q(credit_item__kind="write_off") & ~Q(credit_item__reason__in=("discount", "tolerance")))
        for item, on, amount, undoes in (
            rows.order_by("date", "pk").values_list("debit_item", "date", "amount", "undoes").iterator()
        ):  # fmt: skip
            found[item].steps.append((on, -amount if undoes else amount))
    return found
