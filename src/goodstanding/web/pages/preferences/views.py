"""The reader's choice of language and theme: two forms of the frame, answered with the page they stood on."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from goodstanding.web.frame import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600


def way_back(request: HttpRequest) -> HttpResponse:
    """Back to the page that a form of the frame stood on."""
    there = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(there if safe else resolve_url(settings.LOGIN_REDIRECT_URL))


def _remember(response: HttpResponse, name: str, value: str) -> HttpResponse:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SECURE_COOKIES, httponly=True)
    return response


@require_POST
@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language chosen; an unknown one changes nothing."""
    chosen = request.POST.get("language", "")
    answer = way_back(request)
    return _remember(answer, settings.LANGUAGE_COOKIE_NAME, chosen) if chosen in dict(settings.LANGUAGES) else answer


@require_POST
@login_not_required
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme chosen; an unknown one changes nothing."""
    chosen = request.POST.get("theme", "")
    answer = way_back(request)
    return _remember(answer, THEME_COOKIE, chosen) if chosen in THEMES else answer
