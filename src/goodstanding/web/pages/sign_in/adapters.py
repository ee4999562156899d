"""How the library of sign-in behaves here: nobody signs up, messages are ours, secrets are stored encrypted."""

import base64
import hashlib
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.access.queries import person_known_as


class Accounts(DefaultAccountAdapter):
    """People are added by others, never by themselves."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("Name and password don't go together. Please try again."),
        "incorrect_password": _("That is not your password. Please try again."),
        "too_many_login_attempts": _("Too many wrong tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a moment, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def add_message(self, *_given: Any, **_more: Any) -> None:
        """The pages say what was done."""

    def send_notification_mail(self, *_given: Any, **_more: Any) -> None:
        """The trail keeps what was done; there may be no address to write to."""


class SecondFactors(DefaultMFAAdapter):
    """The secrets of second factors lie encrypted in the database, by a key drawn from the signing key."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code doesn't fit. Look at the newest one in your app, or take a recovery code."),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode("ascii")).decode()

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)


def _cipher() -> Fernet:
    drawn = hashlib.sha256(b"second factor " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(drawn))


class Providers(DefaultSocialAccountAdapter):
    """Who comes from the firm's own sign-in must be somebody known here: nobody is made by it."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Ties the newcomer to the person they are here, by verified e-mail or by user name, or shows the door."""
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                _refuse(request, gettext("This person no longer signs in here."))
            return
        claims = {each.email for each in sociallogin.email_addresses if each.verified}
        found = (
            person_known_as(username=sociallogin.user.username)
            if settings.OIDC_MATCH == "username"
            else next(filter(None, (person_known_as(email=email) for email in claims)), None)
        )
        if found is None:
            _refuse(
                request, gettext("Nobody here is known by that sign-in. Ask your administrator to add your e-mail.")
            )
        sociallogin.connect(request, found)

    def on_authentication_error(self, request: HttpRequest, *_given: Any, **_more: Any) -> None:
        """Back to the door, with a word why."""
        words = gettext("The sign-in at {name} did not succeed. Please try again.")
        _refuse(request, words.format(name=settings.OIDC_NAME))


def _refuse(request: HttpRequest, words: str) -> None:
    messages.error(request, words)
    raise ImmediateHttpResponse(redirect("sign-in"))
