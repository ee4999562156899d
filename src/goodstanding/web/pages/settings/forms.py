"""The forms of the settings."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.kernel.errors import Refused
from goodstanding.kernel.money import CURRENCIES, decimal_text
from goodstanding.receivables.policy import Policy
from goodstanding.receivables.rules import check_tolerance
from goodstanding.reports.aging_types import read_limits
from goodstanding.web.answers import say
from goodstanding.web.forms import DeskForm, amount_field, day_field, line_field
from goodstanding.web.frame import ROLES


class Close(DeskForm):
    """Close the books through a day."""

    places: ClassVar = {"no_reason": "reason", "year": "through"}
    through = day_field(_("Closed through"), help_text=_("Nothing can be dated on or before this day any more."))
    reason = line_field(_("Reason"), 200, required=False, help_text=_("Needed to reopen: an earlier day than now."))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class Aging(DeskForm):
    """The buckets of the aging, and the tolerance of each currency."""

    places: ClassVar = {"bucket_limits": "limits"}
    limits = line_field(
        _("Days past due at which a bucket ends"), 60,
        help_text=_("Rising, with commas; the last bucket has no end. A page may still be asked for others."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)
    other = forms.ChoiceField(label=_("Another currency"), required=False)
    other_most = amount_field(_("Tolerance in it"), required=False)

    def __init__(self, *args: Any, found: Policy, currencies: Sequence[str], **kwargs: Any) -> None:
        initial = {"limits": ", ".join(map(str, found.limits)), "version": found.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.currencies = list(dict.fromkeys([*currencies, *found.tolerances]))
        for code in self.currencies:
            most = found.tolerances.get(code, 0)
            field = amount_field(code, required=False, initial=decimal_text(most, code) if most else "")
            field.widget.attrs["class"] = "input"
            self.fields[f"most-{code}"] = field
        rest = sorted(CURRENCIES - set(self.currencies))
        self.fields["other"].choices = [("", _("none")), *((code, code) for code in rest)]

    @property
    def tolerance_fields(self) -> list[forms.BoundField]:
        """The fields of the currencies that are known, then the two for another one."""
        return [*(self[f"most-{code}"] for code in self.currencies), self["other"], self["other_most"]]

    def given_limits(self) -> tuple[int, ...]:
        """The limits as typed; faults are shown at the field."""
        try:
            return read_limits(self.cleaned_data["limits"])
        except Refused as refused:
            self.refuse(refused)
            return ()

    def given_tolerances(self) -> dict[str, int]:
        """Minor units by currency; faults are shown at the field of each."""
        asked = [(f"most-{code}", code) for code in self.currencies]
        if self.cleaned_data.get("other"):
            asked.append(("other_most", self.cleaned_data["other"]))
        elif self.cleaned_data.get("other_most"):
            self.add_error("other", gettext("Which currency is it in?"))
        found = {}
        for name, code in asked:
            most = self.money(name, code) or 0
            try:
                check_tolerance(most, code)
            except Refused as refused:
                self.add_error(name, say(refused))
            found[code] = most
        return found


class Times(DeskForm):
    """The country whose public holidays hold, and the weekly rest days."""

    places: ClassVar = {"unknown_country": "country", "rest_days": "rest"}
    country = forms.ChoiceField(
        label=_("Public holidays of"),
        required=False,
        help_text=_("Make-up working days are known where a government decrees them."),
    )
    rest = forms.TypedMultipleChoiceField(
        label=_("Weekly rest days"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, countries: Sequence[tuple[str, str]], weekdays: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("no country")), *countries]
        self.fields["rest"].choices = weekdays
        self.fields["rest"].widget.attrs.pop("class", None)


class OwnDay(DeskForm):
    """A day of the firm's own."""

    places: ClassVar = {"own_day_taken": "day", "year": "day", "own_day_name": "name"}
    day = day_field(_("Day"))
    name = line_field(_("What it is"), 100)
    working = forms.TypedChoiceField(
        label=_("On this day"), coerce=lambda value: value == "1",
        choices=(("0", _("we are closed")), ("1", _("we work, though it is a day of rest"))),
    )  # fmt: skip


class Named(DeskForm):
    """A remembered mapping's name."""

    places: ClassVar = {"mapping_name": "name"}
    name = line_field(_("Name"), 255)
    version = forms.IntegerField(widget=forms.HiddenInput)


class Someone(DeskForm):
    """A person who signs in. The password is asked for when they are new, or to be changed."""

    places: ClassVar = {
        "bad_person": "username",
        "email_taken": "email",
        "weak_password": "password",
        "unknown_role": "roles",
    }
    username = line_field(_("User name"), 150)
    name = line_field(_("Name"), 200)
    email = forms.EmailField(
        label=_("E-mail"), required=False, max_length=254, help_text=_("By this the firm's own sign-in knows them."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=list(ROLES.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    password = forms.CharField(
        label=_("Password"), required=False, strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 15 characters, and none of the common ones. No rules about signs or digits, no expiry."),
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
