"""How a customer stands: a figure of 0–100 as the sum of the points of its reasons.

Every input earns points by itself, whole ones, so that the reasons add up to the figure exactly and a better input
never lowers it. What we kept is the other arc of the ring and lowers nobody; disputed and held amounts are no input.
"""

from dataclasses import dataclass
from datetime import date

from goodstanding.kernel.errors import N_
from goodstanding.standing.types import Reason, Standing

KEPT, LATE, OVERDUE, OLDEST, BROKEN, TREND = 40, 20, 20, 10, 5, 5  # the most that each can earn: together 100
LATEST = 90  # days late, or of the oldest overdue item, from which nothing is earned
NOTHING_DUE = N_("Nothing has fallen due in the last year.")
SWING = 30  # days of change in lateness that earn all or nothing


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a customer on a day; money in minor units of one currency, held and disputed parts left out.

    `judged` and `kept` count their promises of the year, invoices fallen due among them; `broken` those given and broken.
    """

    customer_id: int
    judged: int = 0
    kept: int = 0
    late_days: int | None = None  # average over what was paid, weighted by amount; None when nothing was
    change_days: int | None = None  # that average less the one before: more is worse
    overdue: int = 0
    paid: int = 0  # in the year
    oldest_days: int = 0  # of the oldest overdue item
    broken: int = 0
    our_judged: int = 0
    our_kept: int = 0
    currency: str = ""  # named when there are several: the one in which the customer stands lowest


def standing(facts: Facts, as_of: date, before: int | None = None) -> Standing:
    """The standing with its reasons; `before` is the figure of about a month ago."""
    told = figure(facts)
    return Standing(
        customer_id=facts.customer_id,
        as_of=as_of,
        figure=told,
        them=percent(facts.kept, facts.judged),
        us=percent(facts.our_kept, facts.our_judged),
        trend=None if told is None or before is None else told - before,
        reasons=(Reason(NOTHING_DUE, 0),) if told is None else reasons_of(facts),
    )


def figure(facts: Facts) -> int | None:
    """The sum of the points; None where nothing fell due."""
    if not facts.judged and not facts.overdue:
        return None
    return sum(each.points for each in reasons_of(facts))


def reasons_of(facts: Facts) -> tuple[Reason, ...]:
    """The points that each input earns, in words."""
    late = facts.oldest_days if facts.late_days is None else facts.late_days
    change = min(max(facts.change_days or 0, -SWING), SWING)
    total = facts.overdue + facts.paid
    where = (_reason(N_("Measured in {currency}, where they stand lowest"), 0, currency=facts.currency),)
    return (
        _reason(
            N_("Kept {kept} of {judged} promises and due dates of the year"),
            KEPT * facts.kept // facts.judged if facts.judged else 0,
            kept=facts.kept,
            judged=facts.judged,
        ),
        _reason(N_("Pays {days} days late on average"), _fewer(LATE, late, LATEST), days=max(late, 0)),
        _reason(
            N_("{percent} % of what fell due is overdue now"),
            OVERDUE * facts.paid // total if total else OVERDUE,
            percent=100 - (100 * facts.paid // total if total else 100),
        ),
        _reason(
            N_("The oldest overdue item is {days} days late"),
            _fewer(OLDEST, facts.oldest_days, LATEST),
            days=facts.oldest_days,
        ),
        _reason(N_("Broke {count} promises given"), max(BROKEN - facts.broken, 0), count=facts.broken),
        _reason(
            N_("Lateness changed by {days} days"), TREND * (SWING - change) // (2 * SWING), days=facts.change_days or 0
        ),
        *(where if facts.currency else ()),
    )


def percent(kept: int, judged: int) -> int | None:
    """Whole percent kept, rounded down so that only all is 100; None where none was judged."""
    return 100 * kept // judged if judged else None


def _fewer(most: int, days: int, limit: int) -> int:
    return most * (limit - min(max(days, 0), limit)) // limit


def _reason(template: str, points: int, **params: int | str) -> Reason:
    return Reason(template, points, tuple((name, str(value)) for name, value in params.items()))
