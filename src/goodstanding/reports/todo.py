"""What to do next, across all kinds: who is asked for money, and which promise of ours is kept first.

Both are weighed by what they bring a minute: a decision by its chance, our promise by the trust that is lost with it
(docs/algorithms/gain.md).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from goodstanding.access.types import Actor
from goodstanding.collections import queries as collections
from goodstanding.collections.rules.gaining import rank, trust
from goodstanding.collections.types import Gain, Wanted, Work
from goodstanding.parties.models import Customer
from goodstanding.promises import queries as promises
from goodstanding.promises.types import Promise
from goodstanding.receivables import queries as receivables

KEEP = "keep"  # the kind of work that is a promise of ours
MINUTES = {"call_back": 5, "answer": 10, "credit_note": 10, "document": 10, "visit": 60, "delivery": 30}
USUAL = 15  # minutes for a promise of another kind


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: a decision's work, or a promise of ours. `gain` is minor units of `currency`."""

    customer_id: int
    code: str
    name: str
    currency: str
    gain: Gain
    work: Work | None = None
    promise: Promise | None = None

    @property
    def kind(self) -> str:
        """The action of the decision, or "keep"."""
        return self.work.decision.action if self.work else KEEP


@dataclass(frozen=True, slots=True)
class Todo:
    """A page of tasks, how many there are, and what they take and bring (minutes, minor units by currency)."""

    tasks: list[Task]
    count: int
    minutes: int
    expected: dict[str, int]


def todo(actor: Actor, as_of: date, wanted: Wanted, *, first: int = 0, limit: int | None = 50) -> Todo:
    """The tasks that the actor may see, most gained a minute first. One list of two, merged by what they bring."""
    ours = _ours(actor, as_of) if _keeps(wanted) else []
    theirs = wanted.actions != (KEEP,)
    end = None if limit is None else first + limit
    found = collections.worklist(as_of, wanted, hidden=actor.hidden, limit=end) if theirs else []
    totals = collections.totals(as_of, wanted, hidden=actor.hidden) if theirs else None
    names = dict(
        Customer.objects.filter(pk__in={each.decision.customer_id for each in found}).values_list("pk", "name")
    )
    tasks = [
        Task(
            each.decision.customer_id, each.decision.customer, names[each.decision.customer_id],
            each.decision.currency, each.decision.gain, work=each,
        )
        for each in found
    ]  # fmt: skip
    tasks = sorted([*tasks, *ours], key=lambda each: -rank(each.gain))[first:end]
    expected = dict(totals.expected) if totals else {}
    for each in ours:
        expected[each.currency] = expected.get(each.currency, 0) + each.gain.expected
    return Todo(
        tasks,
        count=len(ours) + (totals.count if totals else 0),
        minutes=sum(each.gain.minutes for each in ours) + (totals.minutes if totals else 0),
        expected=expected,
    )


def _keeps(wanted: Wanted) -> bool:
    """Whether our promises are among what is wanted: they have no owner to filter by, and are open."""
    kinds = not wanted.actions or KEEP in wanted.actions
    return kinds and not wanted.text and "open" in wanted.states and wanted.owner in (None, "")


def _ours(actor: Actor, as_of: date) -> list[Task]:
    due = promises.ours_to_keep(as_of, hidden=actor.hidden)
    ids = {each.customer_id for each in due}
    people = {
        pk: (name, currency)
        for pk, name, currency in Customer.objects.filter(pk__in=ids).values_list("pk", "name", "currency")
    }
    owed = _owed(ids, as_of)
    weights = collections.strategy_on(as_of).strategy.weights
    tasks = []
    for each in due:
        name, currency = people[each.customer_id]
        worth = trust(weights, owed.get((each.customer_id, currency), 0), MINUTES.get(each.kind, USUAL))
        tasks.append(Task(each.customer_id, each.customer, name, currency, worth, promise=each))
    return tasks


def _owed(ids: Collection[int], as_of: date) -> dict[tuple[int, str], int]:
    """What customers owe at the end of a day, by currency: open debits in minor units."""
    sums: dict[tuple[int, str], int] = {}
    for item in receivables.open_items(ids, as_of) if ids else ():
        if item.sign > 0:
            place = (item.customer_id, item.currency)
            sums[place] = sums.get(place, 0) + item.open
    return sums
