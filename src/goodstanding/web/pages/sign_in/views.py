"""Sign-in and sign-out."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView

from goodstanding.web.middleware import on_this_machine
from goodstanding.web.pages.sign_in.forms import SignIn


class SignInPage(LoginView):
    """Asks for name and password; someone signed in already goes on."""

    http_method_names = ("get", "head", "post", "options")
    template_name = "pages/sign_in/page.html"
    authentication_form = SignIn
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether this visitor may enter the sample book without a password."""
        return super().get_context_data(**kwargs) | {"may_visit": settings.DEMO and on_this_machine(self.request)}


class SignOut(LogoutView):
    """Ends the session."""

    http_method_names = ("post", "options")
    next_page = "sign-in"
