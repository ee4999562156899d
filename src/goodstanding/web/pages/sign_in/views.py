"""Sign-in and sign-out; the second factor at the door; the password once more."""

from typing import Any

from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from django.conf import settings
from django.contrib.auth.views import LogoutView
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from goodstanding.web.middleware import on_this_machine


class SignInPage(LoginView):
    """Asks for name and password; someone signed in already goes on."""

    http_method_names = ("get", "head", "post", "options")
    template_name = "pages/sign_in/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether this visitor may enter the sample book without a password, and the firm's own sign-in."""
        return super().get_context_data(**kwargs) | {
            "may_visit": settings.DEMO and on_this_machine(self.request),
            "provider": settings.OIDC_NAME if settings.OIDC_SERVER else "",
            "next": self.request.POST.get("next", self.request.GET.get("next", "")),
        }


class CodePage(AuthenticateView):
    """Asks who has a second factor for its code."""

    http_method_names = ("get", "head", "post", "options")
    template_name = "pages/sign_in/code.html"


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class PasswordAgainPage(ReauthenticateView):
    """Asks for the password once more."""

    http_method_names = ("get", "head", "post", "options")
    template_name = "pages/sign_in/again.html"


@method_decorator(require_http_methods(["GET", "HEAD", "POST"]), name="dispatch")
class CodeAgainPage(ReauthenticateByCodeView):
    """Asks for a code once more."""

    http_method_names = ("get", "head", "post", "options")
    template_name = "pages/sign_in/again.html"


class SignOut(LogoutView):
    """Ends the session."""

    http_method_names = ("post", "options")
    next_page = "sign-in"
