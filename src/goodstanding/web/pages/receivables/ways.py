"""What the ways of looking at receivables share: the question, its menus, the way from one to the other."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from goodstanding.reports.aging_types import CurrencyTotal
from goodstanding.web.pages.receivables.forms import BY, SHOW, Question

WAYS = {
    "receivables": _("By age"),
    "receivables-months": _("By month due"),
    "receivables-concentration": _("Concentration"),
}
FILTERS = ("show", "kind", "territory")


def address(name: str, params: dict[str, Any]) -> str:
    """The address of a page with the parameters that say something."""
    query = urlencode({key: value for key, value in params.items() if value})
    return reverse(name) + (f"?{query}" if query else "")


def ways(question: Question, here: str) -> list[dict[str, Any]]:
    """The ways of looking, each with the same question."""
    return [
        {"label": label, "href": address(name, question.params), "current": name == here}
        for name, label in WAYS.items()
    ]


def menus(question: Question, here: str, currency: str, currencies: tuple[CurrencyTotal, ...]) -> dict[str, Any]:
    """What the tools and the tabs of every way need; see tools.html."""
    params, asked = question.params, question.asked

    def at(**changes: str) -> str:
        return address(here, params | changes)

    return {
        "question": question,
        "asked": asked,
        "currency": currency,
        "here": reverse(here),
        "ways": ways(question, here),
        "tabs": [
            {"currency": each.currency, "total": each.total, "current": each.currency == currency,
             "href": at(currency=each.currency)}
            for each in currencies
        ],
        "groupings": [
            {"label": label, "current": by == asked.by, "href": at(by=by if by != "customer" else "")}
            for by, label in BY.items()
        ],
        "by": BY[asked.by],
        "shows": SHOW,
        "kept": params,
        "filters": " · ".join(str(SHOW[asked.show]) if name == "show" else params[name] for name in FILTERS if name in params),
        "bare": address(here, {k: v for k, v in params.items() if k in ("as_of", "by", "currency")}),
        "unfiltered": address(here, {k: v for k, v in params.items() if k not in FILTERS}),
        "csv": at(format="csv", currency=currency),
        "xlsx": at(format="xlsx", currency=currency),
    }  # fmt: skip
