"""The forms of a touch: all that can be said about it, and why it is withdrawn."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from goodstanding.relations.rules import LONGEST_LINE, LONGEST_NOTE, MOST_MINUTES
from goodstanding.web.forms import DeskForm, amount_field, line_field
from goodstanding.web.pages.touches.told import KINDS, OUTCOMES, PURPOSES


class Record(DeskForm):
    """A touch. `key` is the form's own: sent twice it writes one touch."""

    places: ClassVar = {"future_touch": "at", "no_currency": "currency"}
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    kind = forms.ChoiceField(label=_("What"), choices=list(KINDS.items()))
    outcome = forms.ChoiceField(label=_("What came of it"), choices=list(OUTCOMES.items()))
    purpose = forms.ChoiceField(label=_("What for"), choices=list(PURPOSES.items()))
    at = forms.DateTimeField(
        label=_("When"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=MOST_MINUTES, required=False)
    cost = amount_field(_("Money"), required=False, help_text=_("Empty: by the rates of its day."))
    currency = forms.ChoiceField(label=_("Currency"))
    contact = line_field(_("With whom"), LONGEST_LINE, required=False)
    note = forms.CharField(
        label=_("Note"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(code, code) for code in currencies]
        self.fields["contact"].widget.attrs["list"] = "contacts"


class Withdraw(DeskForm):
    """Why a touch is withdrawn."""

    places: ClassVar = {"text_too_long": "reason", "text": "reason"}
    reason = line_field(_("Reason"), LONGEST_LINE)
