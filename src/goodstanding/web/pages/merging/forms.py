"""The form that merges one customer into another."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.parties.rules.checks import LONGEST
from goodstanding.web.forms import DeskForm, day_field, line_field


class Merge(DeskForm):
    """From which day and why, with the code of the one that goes typed out. The versions are those that were shown."""

    places: ClassVar = {"day_to_come": "on", "closed_period": "on", "year": "on"}
    merged_version = forms.IntegerField(widget=forms.HiddenInput)
    survivor_version = forms.IntegerField(widget=forms.HiddenInput)
    on = day_field(_("From which day"), help_text=_("Reports as of earlier days keep the two apart."))
    reason = line_field(_("Reason"), LONGEST["reason"])
    confirm = line_field(_("Code of the one that goes"), LONGEST["code"], help_text=_("Type it to confirm."))

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code = code

    def clean_confirm(self) -> str:
        """Only the code itself confirms."""
        if self.cleaned_data["confirm"] != self.code:
            raise forms.ValidationError(gettext("Type {code} to confirm.").format(code=self.code))
        return self.code
