"""The forms of the settings."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from goodstanding.web.forms import DeskForm, day_field, line_field
from goodstanding.web.frame import ROLES


class Close(DeskForm):
    """Close the books through a day."""

    places: ClassVar = {"no_reason": "reason", "year": "through", "not_later": "through"}
    through = day_field(_("Closed through"), help_text=_("Nothing can be dated on or before this day any more."))
    reason = line_field(_("Reason"), 200, required=False, help_text=_("Needed to reopen: an earlier day than now."))


class Someone(DeskForm):
    """A person who signs in. The password is asked for when they are new, or to be changed."""

    places: ClassVar = {"bad_person": "username", "weak_password": "password", "unknown_role": "roles"}
    username = line_field(_("User name"), 150)
    name = line_field(_("Name"), 200)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=list(ROLES.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    password = forms.CharField(
        label=_("Password"), required=False, strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters, and none of the common ones. No rules about signs or digits, no expiry."),
    )  # fmt: skip
    active = forms.BooleanField(label=_("May sign in"), required=False)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].required = is_new
        self.fields["username"].disabled = not is_new
        if is_new:
            del self.fields["active"]
        self.fields["roles"].widget.attrs.pop("class", None)


class Group(DeskForm):
    """A team: who alone sees the customers of its territories."""

    places: ClassVar = {"bad_team_name": "name", "territory_taken": "territories"}
    name = line_field(_("Team"), 100)
    members = forms.MultipleChoiceField(label=_("Members"), required=False, widget=forms.CheckboxSelectMultiple)
    territories = forms.CharField(
        label=_("Territories"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, as customers have them. Only members see these customers."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[tuple[str, str]], is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = people
        self.fields["members"].widget.attrs.pop("class", None)
        self.fields["name"].disabled = not is_new
