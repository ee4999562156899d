"""What stands between a request and a view: the demo visitor, the actor, refusals as pages."""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from goodstanding.access.sign_in import has_second_factor
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.web.answers import refusal
from goodstanding.web.demo import demo_person
from goodstanding.web.frame import lazy_actor

Answer = Callable[[HttpRequest], HttpResponse]
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_HOST", "HTTP_VIA")
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


def on_this_machine(request: HttpRequest) -> bool:
    """Whether the visitor sits at this machine: the peer and the name asked for are loopback, no proxy between."""
    try:
        peer = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
        name = urlsplit(f"//{request.META.get('HTTP_HOST', '')}").hostname
    except ValueError:
        return False
    return peer.is_loopback and name in LOCAL_NAMES and not any(request.META.get(header) for header in FORWARDED)


class DemoVisitor:
    """With GOODSTANDING_DEMO, and only on this machine: signs a visitor in to the sample book without secrets."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = settings.DEMO and not request.path.startswith(
            (reverse("sign-in"), f"/{settings.STATIC_URL.strip('/')}/")
        )
        if wanted and not request.user.is_authenticated and on_this_machine(request):
            login(request, demo_person(), backend="django.contrib.auth.backends.ModelBackend")
        return self.get_response(request)


class SecondFactor:
    """Leads somebody whose role asks for a second factor to setting one up, before anything else."""

    FREE = ("/account/", "/sign-out/", "/sign-in/", "/preferences/")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECOND_FACTOR_ROLES and not request.path.startswith(
            (*self.FREE, f"/{settings.STATIC_URL.strip('/')}/")
        ):
            actor = request.actor  # type: ignore[attr-defined]
            if actor and not settings.SECOND_FACTOR_ROLES.isdisjoint(actor.roles) and not has_second_factor(actor.id):
                messages.warning(request, gettext("Your role needs a second factor: set it up, then go on."))
                return redirect("mfa_activate_totp")
        return self.get_response(request)


class Acting:
    """Gives every request its actor, and every refusal its page: 404, 403 or 409."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = lazy_actor(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals; anything else goes on to be a server error."""
        if isinstance(exception, NotFound | Http404):
            return refusal(request, 404)
        if isinstance(exception, NotAllowed):
            return refusal(request, 403, exception)
        if isinstance(exception, Refused):
            return refusal(request, 409, exception)
        return None
