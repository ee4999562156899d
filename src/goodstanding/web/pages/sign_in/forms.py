"""The form that asks who you are."""

from typing import Any, ClassVar

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignIn(AuthenticationForm):
    """Name and password."""

    error_messages: ClassVar[dict[str, Any]] = {
        "invalid_login": _("Name and password don't go together. Please try again."),
        "inactive": _("This person no longer signs in here."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["password"].label = _("Password")
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
