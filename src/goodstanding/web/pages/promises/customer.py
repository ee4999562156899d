"""A customer's promises, both ways: how each stands and why, and how both sides kept their word."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Customer
from goodstanding.promises import queries
from goodstanding.promises.types import Promise
from goodstanding.receivables import queries as receivables
from goodstanding.reports import customer as report
from goodstanding.web.frame import as_of
from goodstanding.web.pages.customer.header import page
from goodstanding.web.pages.promises.files import download
from goodstanding.web.pages.promises.told import SIDES, keeping, line

SHOWN = {"open": ("open", "broken", "partly_kept")}
MOST = 200


@require_safe
def promises(request: HttpRequest, number: int) -> HttpResponse:
    """The tab, or the promises it shows as a file."""
    side, only = request.GET.get("by", ""), request.GET.get("show", "")
    side, only = (side if side in SIDES else ""), (only if only in SHOWN else "")
    if request.GET.get("format") in ("csv", "xlsx"):
        require(request.actor, "view_book")
        customer = parties.customer_by_id(request.actor, number)
        day = as_of(request).day
        found = _shown(queries.promises(_whose(customer, day), day), side, only)
        return download(request.GET["format"], "promises", found, {customer.code: customer.name}, day)

    def part(customer: Customer, _ids: list[int], day: date) -> dict[str, Any]:
        every = queries.promises(_whose(customer, day), day)
        found = _shown(every, side, only)
        roles, now = request.actor.roles, not as_of(request).is_past and customer.status != "merged"
        asked = {"by": side, "show": only}
        return {
            "groups": _groups(found[:MOST], day),
            "found": len(found),
            "shown": min(len(found), MOST),
            "every": len(every),
            "keeping": keeping(every),
            "tabs": [_tab(request, number, asked, each) for each in ("by", "show")],
            "csv": _address(request, number, asked | {"format": "csv"}),
            "xlsx": _address(request, number, asked | {"format": "xlsx"}),
            "may_make": permits(roles, "make_promise") and now,
            "may_keep": permits(roles, "keep_promise") and now,
            "may_renew": permits(roles, "renew_promise") and now,
            "may_withdraw": permits(roles, "withdraw_promise") and now,
        }

    return page(request, number, "promises", part)


def _whose(customer: Customer, day: date) -> list[int]:
    return report.members(customer, day) or [customer.id]


def _shown(found: Sequence[Promise], side: str, only: str) -> list[Promise]:
    return [
        each
        for each in found
        if (not side or each.by == side) and (not only or (each.state in SHOWN[only] and not each.reason))
    ]


def _address(request: HttpRequest, number: int, asked: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in (asked | as_of(request).param).items() if value})
    return reverse("customer-promises", args=[number]) + (f"?{query}" if query else "")


def _tab(request: HttpRequest, number: int, asked: dict[str, str], name: str) -> list[dict[str, Any]]:
    """The choices of one filter."""
    values = ("", *SIDES) if name == "by" else ("", "open")
    return [
        {"value": each, "href": _address(request, number, asked | {name: each}), "current": asked[name] == each}
        for each in values
    ]


def _groups(found: Sequence[Promise], day: date) -> list[dict[str, Any]]:
    """The promises as they are shown: the steps of a plan together, in their order."""
    items = {each.id: each for each in receivables.items(sorted({a.item for each in found for a in each.items}), day)}
    judged = queries.judgements([each.id for each in found], day)
    groups: dict[str, list[Promise]] = {}
    for each in found:
        groups.setdefault(each.plan or each.key, []).append(each)
    rows = []
    for mine in groups.values():
        steps = sorted(mine, key=lambda each: (each.step, each.made, each.level))
        rows.append(
            {
                "plan": bool(steps[0].plan),
                "first": steps[0],
                "steps": len({each.step for each in steps}),
                "whole": sum(each.amount or 0 for each in steps if each.state not in ("renewed", "withdrawn")),
                "lines": [line(each, day, items, judged.get(each.id, [])) for each in steps],
            }
        )
    return rows
