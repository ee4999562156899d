"""What closing or reopening the books means, and when it was done by whom."""

from dataclasses import dataclass
from datetime import date, datetime

from goodstanding.access.models import AuditEntry
from goodstanding.access.types import Actor
from goodstanding.engine.closing import dated
from goodstanding.receivables.models import PeriodClose
from goodstanding.receivables.queries import closed_through
from goodstanding.receivables.rules import check_close
from goodstanding.reports.aging_types import Asked, CurrencyTotal
from goodstanding.reports.book import current_book
from goodstanding.reports.desk import aging

BEGINNING = date(1899, 12, 31)


@dataclass(frozen=True, slots=True)
class Closing:
    """What would change: `items` and `matches` are dated in the days that would be closed, or opened again.

    `balances` is what is open at the end of the day, by currency; `version` names the state of the books it was read by.
    """

    through: date
    closed: date | None
    reason: str
    items: int
    matches: int
    balances: tuple[CurrencyTotal, ...]
    version: int

    @property
    def reopens(self) -> bool:
        """Whether it takes back an earlier closing."""
        return self.closed is not None and self.through < self.closed

    @property
    def changes(self) -> bool:
        """Whether it does anything."""
        return self.through != self.closed


@dataclass(frozen=True, slots=True)
class Closed:
    """A closing or reopening that was done; no `actor` where an import brought it."""

    through: date
    reason: str
    digest: str
    at: datetime
    actor: str
    reopened: bool


def closing(actor: Actor, through: date, reason: str) -> Closing:
    """What closing through a day would mean. Refused as the closing itself would be."""
    version, closed = version_of_books(), closed_through()
    check_close(through, reason, closed)
    first, last = sorted((closed or BEGINNING, through))
    found = dated(current_book(), first, last)
    balances = aging(Asked(through), actor).currencies
    return Closing(through, closed, reason, found.items, found.matches, balances, version)


def version_of_books() -> int:
    """The number of the last closing or reopening; 0 before the first."""
    return PeriodClose.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def closings(count: int, before: int | None = None) -> list[tuple[int, Closed]]:
    """When the books were closed or reopened, the newest first; `before` is the number that the page before ended with."""
    rows = PeriodClose.objects.order_by("-pk")
    found = list((rows if before is None else rows.filter(pk__lt=before))[: count + 1])
    entries = AuditEntry.objects.filter(action="close_period", at__in=[row.posted_at for row in found])
    who = dict(entries.values_list("at", "actor"))
    earlier: list[date | None] = [*(row.through for row in found[1:]), None]
    told = [
        Closed(row.through, row.reason, row.digest, row.posted_at, who.get(row.posted_at, ""),
               reopened=was is not None and row.through < was)
        for row, was in zip(found, earlier, strict=False)
    ]  # fmt: skip
    return [(row.pk, one) for row, one in zip(found, told, strict=True)]
