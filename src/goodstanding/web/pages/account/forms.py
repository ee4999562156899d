"""The form of one's own password."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from goodstanding.web.forms import DeskForm

LONGEST = 200


def password_field(label: object, autocomplete: str, **more: object) -> forms.CharField:
    """A field for a password: pasting is fine, blanks are kept."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=LONGEST, widget=widget, **more)


class OwnPassword(DeskForm):
    """The password as it is, and as it shall be."""

    places: ClassVar = {"wrong_password": "old", "weak_password": "new"}
    old = password_field(_("Your password now"), "current-password")
    new = password_field(
        _("New password"),
        "new-password",
        help_text=_("At least 15 characters, and none of the common ones. No rules about signs or digits, no expiry."),
    )
