"""The collection effectiveness of each collector: of what their customers had to pay in a period, the part that came in.

A collector's customers are those that the collector touched to collect in the period: a fact, dated and signed. Who
manages an account is a field of today and tells nothing of a past period. One question to the book, whatever its size.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from goodstanding.engine import effectiveness, formulas
from goodstanding.engine.figures import Figure
from goodstanding.parties.models import Customer
from goodstanding.reports.book import current_book

PARTS = effectiveness.PARTS


@dataclass(slots=True)
class Stood:
    """What customers owed and bought, in minor units of one currency."""

    opening: int = 0
    sales: int = 0
    closing: int = 0
    current: int = 0  # of the closing, not yet due

    @property
    def cei(self) -> Figure:
        """CEI [3] in percent."""
        return formulas.collection_effectiveness(self.opening, self.sales, self.closing, self.current)


def stood(owners: Mapping[int, Collection[str]], first: date, last: date) -> dict[tuple[str, str], Stood]:
    """By (collector, currency); `owners` are the collectors of each customer (id of who carries on at `last`)."""
    if not owners:
        return {}
    codes = dict(Customer.objects.values_list("code", "pk"))
    found: dict[tuple[str, str], Stood] = {}
    for row in current_book().rows(effectiveness.parts(first, last)):
        amounts = [row[name] for name in PARTS]
        if not any(amounts):
            continue
        for who in owners.get(codes.get(row["customer"], 0), ()):
            one = found.setdefault((who, row["currency"]), Stood())
            for name, amount in zip(PARTS, amounts, strict=True):
                setattr(one, name, getattr(one, name) + amount)
    return found
