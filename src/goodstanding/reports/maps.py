"""The customers on two maps, by the classes of the last night: value by payment behaviour, recency by frequency.

They are sums over the whole book, so only who sees every customer may see them (as reports/insight.py).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.db.models import Count, FilteredRelation, Q, Sum, Value
from django.db.models.functions import Coalesce

from goodstanding.access.types import SYSTEM, Actor
from goodstanding.kernel.errors import N_, NotAllowed
from goodstanding.parties.queries import visible
from goodstanding.reports.customer import night_state

VALUES = ("A", "B", "C")
BEHAVIOURS = ("prompt", "fair", "slow", "late", "unknown")
KEPT = 16
SCORES = ("5", "4", "3", "2", "1")


@dataclass(frozen=True, slots=True)
class Cell:
    """The customers of one field of a map; minor units of the map's currency."""

    customers: int = 0
    open: int = 0
    past_due: int = 0

    def __add__(self, other: "Cell") -> "Cell":
        """Two fields as one."""
        return Cell(self.customers + other.customers, self.open + other.open, self.past_due + other.past_due)


@dataclass(frozen=True, slots=True)
class Maps:
    """`worth`: by value and behaviour. `rfm`: by recency and frequency, 5 the best; `unscored` have no quintiles."""

    night: date | None
    currency: str
    worth: dict[tuple[str, str], Cell]
    rfm: dict[tuple[str, str], Cell]
    unscored: Cell


def maps(actor: Actor, as_of: date, currency: str) -> Maps:
    """Both maps of the last night up to the day; empty before the first night. NotAllowed as `insight`."""
    if actor.hidden:
        raise NotAllowed("not_allowed", N_("Figures of the whole book are for those who see every customer."))
    return _maps(str(settings.HOME), *night_state(as_of), currency)


@lru_cache(maxsize=KEPT)
def _maps(_place: str, night: date | None, _book: str, currency: str) -> Maps:
    """Kept: the same night has the same maps."""
    actor = SYSTEM
    worth = _counted(actor, night, currency, "value", "behaviour")
    rfm: dict[tuple[str, str], Cell] = defaultdict(Cell)
    unscored = Cell()
    for (label, _same), cell in _counted(actor, night, currency, "rfm", "rfm").items():
        if len(label) == len("RFM") and label.isdigit():
            rfm[label[0], label[1]] += cell
        else:
            unscored += cell
    return Maps(night, currency, worth, dict(rfm), unscored)


def _counted(actor: Actor, night: date | None, currency: str, *dimensions: str) -> dict[tuple[str, str], Cell]:
    """The customers by two of their classes."""
    first, second = (
        FilteredRelation(
            "classes", condition=Q(classes__as_of=night, classes__currency=currency, classes__dimension=name)
        )
        for name in dimensions
    )
    now = FilteredRelation("figures", condition=Q(figures__as_of=night, figures__currency=currency))
    rows = visible(actor).alias(one=first, other=second, now=now).filter(one__isnull=False, other__isnull=False)
    counted = (
        rows.order_by()
        .values_list("one__label", "other__label")
        .annotate(
            number=Count("id"),
            open=Coalesce(Sum("now__open_minor"), Value(0)),
            late=Coalesce(Sum("now__overdue_minor"), Value(0)),
        )
    )
    return {(a, b): Cell(int(number), int(open_), int(late)) for a, b, number, open_, late in counted}
