"""Saved views of a list: which there are, which one is shown, and which one the list opens with."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from goodstanding.access.queries import views
from goodstanding.access.rules import permits
from goodstanding.web.frame import as_of

WHOLE = "all"  # view=all: the list as it is, whatever it opens with
KEPT_APART = ("as_of", "page", "after", "before", "format", "view")  # not how a list looks, but where in it one is


def looks(params: Mapping[str, str]) -> dict[str, str]:
    """What of an address says how the list looks."""
    return {name: value for name, value in params.items() if name not in KEPT_APART and value}


def opening(request: HttpRequest, page: str) -> HttpResponse | None:
    """Leads to the view that the list opens with for the reader, when the address asks for nothing of its own."""
    if set(request.GET) - {"as_of"}:
        return None
    first = next((each for each in views(request.actor, page) if each.opens and each.owner == request.actor.id), None)
    if first is None or not first.params:
        return None
    return HttpResponseRedirect(_address(page, as_of(request).param | first.params))


def menu(request: HttpRequest, page: str, params: Mapping[str, str]) -> dict[str, Any]:
    """What components/views_menu.html needs; `params` is how the list looks now."""
    now, day, actor = looks(params), as_of(request).param, request.actor
    known = [
        {
            "view": each,
            "mine": each.owner == actor.id,
            "href": _address(page, day | (each.params or {"view": WHOLE})),
            "current": looks(each.params) == now,
        }
        for each in views(actor, page)
    ]
    return {
        "page": page,
        "known": known,
        "current": next((each for each in known if each["current"]), None),
        "whole": _address(page, day | {"view": WHOLE}),
        "is_whole": not now,
        "query": urlencode(now),
        "may_share": permits(actor.roles, "share_view"),
    }


def _address(page: str, params: Mapping[str, str]) -> str:
    return reverse(page) + (f"?{urlencode(params)}" if params else "")
