"""Answers that are not a page's own: refusals in the reader's language, and the pages for errors."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.kernel.errors import Refused, RowFault

TITLES = {
    400: _("This request can't be read"),
    403: _("Not permitted"),
    404: _("There is nothing here"),
    409: _("This can't be done"),
    429: _("Too many tries"),
    500: _("Something went wrong here"),
}
SENTENCES = {
    400: _("The address or the form holds something that makes no sense. Go back and try again."),
    403: _("Your roles don't permit this. Ask your administrator if they should."),
    404: _("There is no such page, or it isn't yours to see."),
    409: "",
    429: _("Wait a minute, then try again."),
    500: _("Nothing was changed. The fault is written down; please tell your administrator."),
}


def say(refused: Refused | RowFault) -> str:
    """The refusal's message in the reader's language."""
    if isinstance(refused, RowFault):
        given: dict[str, Any] = {"value": refused.value, "suggestion": refused.suggestion, **refused.params}
    else:
        given = refused.params
    return gettext(refused.template).format(**given)


def refusal(request: HttpRequest, status: int, refused: Refused | None = None) -> HttpResponse:
    """A page for a request that was refused, with the reason when there is one to tell."""
    told = say(refused) if refused and status == 409 else SENTENCES[status]
    context = {"status": status, "heading": TITLES[status], "sentence": told}
    return render(request, "pages/refused.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's handler for 400."""
    return refusal(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's handler for 403."""
    return refusal(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's handler for 404."""
    return refusal(request, 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form from a page that is no longer valid, or from somewhere else."""
    return refusal(request, 403)


def too_many(request: HttpRequest) -> HttpResponse:
    """Somebody tried a password or a code too often."""
    context = {"status": 429, "heading": TITLES[429], "sentence": SENTENCES[429], "bare": True}
    return render(request, "pages/refused_bare.html", context, status=429)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Django's handler for 500: a page that needs no database."""
    context = {"status": 500, "heading": TITLES[500], "sentence": SENTENCES[500], "bare": True}
    return render(None, "pages/refused_bare.html", context, status=500)  # type: ignore[arg-type]
