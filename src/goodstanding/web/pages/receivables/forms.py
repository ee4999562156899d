"""What the reader asks of the aging, read from the address: never an error, wrong parts fall back and are said."""

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.kernel.errors import Refused
from goodstanding.receivables.policy import policy
from goodstanding.reports.aging_types import GROUPINGS, SHOWS, Asked, read_limits
from goodstanding.web.answers import say
from goodstanding.web.columns import read_columns
from goodstanding.web.frame import AsOf

BY = {
    "customer": _("Customer"),
    "group": _("Group"),
    "kind": _("Kind"),
    "territory": _("Territory"),
    "account_manager": _("Account manager"),
    "seller": _("Seller"),
}
WITHOUT = {
    "kind": _("No kind"),
    "territory": _("No territory"),
    "account_manager": _("No account manager"),
    "seller": _("No seller"),
}
SHOW = {
    "all": _("Everything open"),
    "past_due": _("Past due"),
    "oldest": _("In the oldest bucket"),
    "held": _("Disputed or held"),
    "unapplied": _("With unapplied money"),
}
OPTIONAL = {"unapplied": _("Unapplied"), "held": _("Held"), "oldest": _("Oldest due")}
USUAL = ("unapplied", "held")
LONGEST_TEXT = 64


@dataclass(frozen=True, slots=True)
class Question:
    """The question as asked, its parameters as an address keeps them, and what in it was wrong."""

    asked: Asked
    params: dict[str, str]
    search: str = ""
    page: int = 1
    columns: tuple[str, ...] = USUAL
    wrong: list[str] = field(default_factory=list)

    @property
    def filters(self) -> int:
        """How many filters are on."""
        return sum(1 for name in ("show", "kind", "territory") if name in self.params)


def _clean(query: QueryDict, name: str) -> str:
    return query.get(name, "").replace("\0", "").strip()[:LONGEST_TEXT]


def read_question(query: QueryDict, as_of: AsOf) -> Question:
    """The question of an address. Only what differs from the usual stays in `params`; buckets are the firm's."""
    wrong: list[str] = []
    usual = limits = policy().limits
    if given := _clean(query, "buckets"):
        try:
            limits = read_limits(given)
        except Refused as refused:
            wrong.append(say(refused))
    by = _choice(query, "by", GROUPINGS)
    show = _choice(query, "show", SHOWS)
    sort = _clean(query, "sort")
    sort = sort if sort in sort_keys(len(limits) + 2) else "total"
    descending = query.get("order", "down" if sort not in ("name", "oldest") else "up") != "up"
    asked = Asked(
        as_of=as_of.day,
        limits=limits,
        by=by,
        currency=_clean(query, "currency").upper()[:3],
        show=show,
        kind=_clean(query, "kind"),
        territory=_clean(query, "territory"),
        sort=sort,
        descending=descending,
    )
    search = _clean(query, "q")
    columns = read_columns(query, tuple(OPTIONAL), USUAL)
    shown = {"columns": ",".join(columns) or "-"} if columns != USUAL else {}
    page = query.get("page", "1")
    return Question(
        asked=asked,
        params=_params(asked, search, as_of, usual) | shown,
        search=search,
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 and int(page) else 1,
        columns=columns,
        wrong=wrong,
    )


def sort_keys(buckets: int) -> tuple[str, ...]:
    """The columns that sort."""
    return ("name", "total", "unapplied", "held", "oldest", *(f"b{at}" for at in range(buckets)))


def _choice(query: QueryDict, name: str, known: tuple[str, ...]) -> str:
    given = query.get(name, "")
    return given if given in known else known[0]


def _params(asked: Asked, search: str, as_of: AsOf, limits: tuple[int, ...]) -> dict[str, str]:
    usual = Asked(asked.as_of, limits)
    params: dict[str, Any] = {
        **as_of.param,
        "by": asked.by if asked.by != usual.by else "",
        "buckets": ",".join(map(str, asked.limits)) if asked.limits != usual.limits else "",
        "currency": asked.currency,
        "show": asked.show if asked.show != usual.show else "",
        "kind": asked.kind,
        "territory": asked.territory,
        "q": search,
    }
    return {name: value for name, value in params.items() if value}


def no_label(by: str) -> str:
    """The words for the row of everything without a kind, or seller."""
    return gettext(str(WITHOUT.get(by, _("Nameless"))))
