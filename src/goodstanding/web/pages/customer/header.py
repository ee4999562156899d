"""What stands above every tab of a customer: the name, the classes, the tiles of the day, what can be done."""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Customer
from goodstanding.receivables.policy import policy
from goodstanding.reports import customer as report
from goodstanding.standing import queries as standing
from goodstanding.web import aging as shapes
from goodstanding.web import standing as rings
from goodstanding.web.frame import as_of
from goodstanding.web.pages.touches.told import QUICK
from goodstanding.web.templatetags.desk import amount


def page(
    request: HttpRequest, number: int, tab: str, part: Callable[[Customer, list[int], date], dict[str, Any]]
) -> HttpResponse:
    """A tab of the customer's page. `part` gives what the tab shows, from the ids whose items are the customer's."""
    require(request.actor, "view_book")
    customer = parties.customer_by_id(request.actor, number)
    day = as_of(request)
    ids = report.members(customer, day.day)
    limits = policy().limits
    classes = [each for each in report.classes(customer.id, day.day) if each.dimension != "rfm"]
    context = {
        "customer": customer,
        "tab": tab,
        "classes": sorted(classes, key=lambda each: each.dimension != "value"),
        "standings": [_standing(customer, each, limits, day.param) for each in report.standings(ids, day.day, limits)],
        "ring": rings.ring(None if not ids else standing.standings([customer.id], day.day).get(customer.id), "ring"),
        "carried_on": report.carried_on_by(request.actor, customer, day.day),
        "may_record": permits(request.actor.roles, "record_item") and customer.status != "merged",
        "may_merge": permits(request.actor.roles, "merge_customers") and customer.status != "merged",
        "may_touch": permits(request.actor.roles, "record_touch") and customer.status != "merged",
        "quick": QUICK,
        "touch_key": secrets.token_hex(16),
        "may_write": permits(request.actor.roles, "write_message") and customer.status != "merged",
        "may_pay": permits(request.actor.roles, "record_payment") and customer.status != "merged",
    } | part(customer, ids, day.day)
    return render(request, f"pages/customer/{tab}.html", context)


def _standing(
    customer: Customer, found: report.Standing, limits: tuple[int, ...], day: dict[str, str]
) -> dict[str, Any]:
    """A currency's tiles: each figure with its sentence and the address of its items."""
    figures, currency = found.figures, found.currency

    def behind(part: str, count: int) -> str:
        query = {"key": customer.code, "currency": currency, "part": part} | day
        given = urlencode({name: value for name, value in query.items() if value})
        return f"{reverse('items')}?{given}" if count else ""

    return {
        "currency": currency,
        "figures": figures,
        "bar": shapes.bar(figures.buckets),
        "bar_label": shapes.bar_label(figures, limits),
        "total_href": behind("", figures.items),
        "past_due_href": behind("past_due", figures.past_due_count),
        "unapplied_href": behind("unapplied", figures.unapplied_count),
        "held_href": behind("held", figures.held_count),
        "help": shapes.HELP,
        "limit": _limit(customer, currency, figures.total),
    }


def _limit(customer: Customer, currency: str, total: int) -> dict[str, Any] | None:
    """How much of the credit limit is used, in thousandths; nothing without one, or one in another currency."""
    limit = customer.credit_limit
    if limit is None or customer.currency != currency:
        return None
    owed = max(total, 0)
    words = (
        gettext("{part} of the credit limit of {limit} is used.")
        if owed <= limit
        else gettext("{part} is owed, above the credit limit of {limit}.")
    )
    part = (1000 * owed // limit if limit else 1000) if owed <= limit else 1001
    return {"part": part, "words": words.format(part=amount(owed, currency), limit=amount(limit, currency))}
