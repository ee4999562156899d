"""Exports of the whole book: ask for one, watch it being written, fetch the file."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from goodstanding.actions.base import require
from goodstanding.actions.start_export import FORMS, fetch_export, restart_export, start_export
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.outbound.queries import export_by_id, file_of
from goodstanding.outbound.types import ExportFacts
from goodstanding.web.answers import say


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Ask for an export; leads to its page."""
    require(request.actor, "export_book")
    form = request.POST.get("form", FORMS[0])[:16]
    try:
        return redirect("export", start_export(actor=request.actor, now=timezone.now(), form=form))
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, say(refused))
        return redirect("imports")


@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One export by its state: how far it is, the file, or why there is none."""
    require(request.actor, "export_book")
    found = export_by_id(number)
    context: dict[str, Any] = {"found": found, "why": why(found), "part": f"pages/exports/{found.state}.html"}
    whole = "export.html" if not request.htmx or request.htmx.boosted else "part.html"
    return render(request, f"pages/exports/{whole}", context)


def why(found: ExportFacts) -> str:
    """Why it failed, in the reader's language; "" when it didn't."""
    if not found.fault:
        return ""
    template, params = found.fault
    return gettext(template).format(**params)


@require_safe
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    """The file itself, in pieces. Each time it is fetched is on the audit trail."""
    require(request.actor, "export_book")
    if request.method == "HEAD":
        found = export_by_id(number)
    else:
        found = fetch_export(actor=request.actor, now=timezone.now(), export=number)
    return FileResponse(file_of(found).open("rb"), as_attachment=True, filename=found.name)


@require_POST
def restart(request: HttpRequest, number: int) -> HttpResponse:
    """Start one again that failed or whose worker died."""
    require(request.actor, "export_book")
    try:
        restart_export(actor=request.actor, now=timezone.now(), export=number)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, say(refused))
    return redirect("export", number)
