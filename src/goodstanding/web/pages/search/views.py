"""The search: a page of its own, and what the palette shows as one types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from goodstanding.actions.base import require
from goodstanding.reports.finding import Found, find
from goodstanding.web.frame import as_of
from goodstanding.web.pages.search.commands import commands

LONGEST = 64
MOST_COMMANDS = 6


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Customers, items and commands by what was typed."""
    require(request.actor, "view_book")
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    found = find(request.actor, text) if text else Found((), ())
    day = as_of(request)
    there = request.GET.get("next", "")
    context = {
        "text": text,
        "customers": found.customers,
        "items": found.items,
        "commands": commands(request.actor, day, text)[:MOST_COMMANDS] if text else commands(request.actor, day, ""),
        "count": len(found.customers) + len(found.items),
        "next": there,
    }
    part = "#found" if request.htmx else ""
    return render(request, f"pages/search/page.html{part}", context)
