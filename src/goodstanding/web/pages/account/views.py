"""One's own sign-in: password, second factor with recovery codes, sessions listed and ended."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.internal.flows import activate_totp
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodstanding.access.sign_in import forget_second_factor, has_second_factor, sessions
from goodstanding.actions.base import require
from goodstanding.actions.own_sign_in import change_own_password, change_second_factor, end_own_sessions
from goodstanding.kernel.errors import NotAllowed, Refused
from goodstanding.web.demo import USERNAME as VISITOR
from goodstanding.web.pages.account.browsers import named
from goodstanding.web.pages.account.forms import OwnPassword

MATTERS = reauthentication_required(app="allauth.mfa")


def _mine(request: HttpRequest) -> None:
    """NotAllowed for the visitor of the sample book, whose sign-in is everybody's."""
    require(request.actor, "own_sign_in")
    if request.user.username == VISITOR:
        raise NotAllowed("not_allowed", "The visitor's sign-in can't be changed.")


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _page(request, OwnPassword())


def _page(request: HttpRequest, form: OwnPassword) -> HttpResponse:
    require(request.actor, "own_sign_in")
    person = request.user
    context = {
        "form": form,
        "is_visitor": person.username == VISITOR,
        "has_password": person.has_usable_password(),
        "has_factor": has_second_factor(person.pk),
        "sessions": [
            {"facts": each, "browser": named(each.browser)}
            for each in sessions(person.pk, request.session.session_key or "", timezone.now())
        ],
    }
    return render(request, "pages/account/page.html", context)


@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Give oneself another password; other sessions end."""
    _mine(request)
    form = OwnPassword(request.POST)
    if not form.is_valid():
        return _page(request, form)
    given = form.cleaned_data
    key = request.session.session_key or ""
    try:
        ended = change_own_password(
            actor=request.actor, now=timezone.now(), old=given["old"], new=given["new"], session=key
        )
    except NotAllowed:
        raise
    except Refused as refused:
        form.refuse(refused)
        return _page(request, form)
    request.user.refresh_from_db()
    update_session_auth_hash(request, request.user)
    messages.success(request, gettext("Your password is changed.") + _ended(ended))
    return redirect("account")


def _ended(number: int) -> str:
    words = ngettext(" {count} other session ended.", " {count} other sessions ended.", number)
    return words.format(count=number) if number else ""


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End one of one's own sessions."""
    _mine(request)
    who = {"actor": request.actor, "now": timezone.now(), "username": request.user.username}
    ended = end_own_sessions(**who, only=number)
    messages.success(request, gettext("The session is ended.") if ended else gettext("It had ended already."))
    return redirect("account")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    _mine(request)
    who = {"actor": request.actor, "now": timezone.now(), "username": request.user.username}
    ended = end_own_sessions(**who, but=request.session.session_key or "")
    messages.success(request, _ended(ended).strip() or gettext("There was no other session."))
    return redirect("account")


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class SetUp(ActivateTOTPView):
    """Set the second factor up: a picture and a text for the app, then its first code."""

    template_name = "pages/account/second_factor.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only for oneself; with a factor already, back to the page."""
        _mine(request)
        if has_second_factor(request.user.pk):
            return redirect("account")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, and lead to the recovery codes."""
        _change(self.request, "set up", lambda: activate_totp(self.request, form))
        messages.success(self.request, gettext("From now on signing in asks for a code too. Keep these for a bad day."))
        return redirect("mfa_view_recovery_codes")


def _change(request: HttpRequest, what: str, write: Any) -> None:
    change_second_factor(
        actor=request.actor, now=timezone.now(), username=request.user.username, what=what, write=write
    )


@require_POST
@MATTERS
def take_away(request: HttpRequest) -> HttpResponse:
    """Sign in by the password alone again."""
    _mine(request)
    _change(request, "taken away", lambda: forget_second_factor(request.user.pk))
    messages.success(request, gettext("The second factor is taken away."))
    return redirect("account")


@require_POST
@MATTERS
def new_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes; the old ones are worth nothing any more."""
    _mine(request)
    if has_second_factor(request.user.pk):
        _change(request, "new recovery codes", lambda: generate_recovery_codes(request))
    return redirect("mfa_view_recovery_codes")


@method_decorator([require_safe, MATTERS], name="dispatch")
class Codes(ViewRecoveryCodesView):
    """The recovery codes that are left."""

    template_name = "pages/account/codes.html"


@method_decorator([require_safe, MATTERS], name="dispatch")
class CodesFile(DownloadRecoveryCodesView):
    """The recovery codes as a file."""

    template_name = "pages/account/codes.txt"
