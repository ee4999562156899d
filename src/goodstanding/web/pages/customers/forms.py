"""What the reader asks of the list of customers, read from the address; what makes no sense falls back."""

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from goodstanding.reports.customers import CLASSES, FACTS, FIGURES, SORTS, Wanted
from goodstanding.web.columns import read_columns
from goodstanding.web.frame import AsOf

LONGEST = 200
FILTERS = (*FACTS, *CLASSES)
TEXTS = ("class", "kind", "territory", "account_manager", "status", "terms", "credit_limit", "since")
NIGHTLY = ("dso", "average_delay", "on_time_share")
COLUMNS = ("standing", *TEXTS, *FIGURES, *NIGHTLY)
USUAL = ("standing", "class", "account_manager", *FIGURES)


@dataclass(frozen=True, slots=True)
class Question:
    """The question, and its parameters as an address keeps them (without the place in the list)."""

    wanted: Wanted
    params: dict[str, str]
    columns: tuple[str, ...] = USUAL

    def address(self, **changes: str) -> str:
        """The address of the list with some parameters changed; empty ones go."""
        given = {name: value for name, value in (self.params | changes).items() if value}
        return reverse("customers") + (f"?{urlencode(given)}" if given else "")


def read_question(query: QueryDict, as_of: AsOf) -> Question:
    """The question of an address."""
    asked = {name: query.get(name, "").replace("\0", "").strip()[:LONGEST] for name in (*FILTERS, "q", "currency")}
    sort = query.get("sort", "")
    sort = sort if sort in SORTS else "code"
    down = query.get("order", "down" if sort in ("open", "past_due") else "up") == "down"
    filters = tuple((name, asked[name]) for name in FILTERS if asked[name])
    wanted = Wanted(
        as_of=as_of.day,
        text=asked["q"][:64],
        filters=filters,
        currency=asked["currency"].upper()[:3],
        sort=sort,
        descending=down,
        after=query.get("after", "")[:LONGEST],
        before=query.get("before", "")[:LONGEST],
    )
    usual = sort == "code" and not down
    params = as_of.param | dict(filters) | {"q": wanted.text, "currency": wanted.currency}
    params |= {} if usual else {"sort": sort, "order": "down" if down else "up"}
    columns = read_columns(query, COLUMNS, USUAL)
    params |= {"columns": ",".join(columns) or "-"} if columns != USUAL else {}
    return Question(wanted, {name: value for name, value in params.items() if value}, columns)
