"""The forms for work on one item: reverse it, hold part of it, end a hold."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from goodstanding.receivables.rules import LONGEST
from goodstanding.web import words
from goodstanding.web.forms import DeskForm, amount_field, day_field, line_field

HOLD_ID = "id_hold_%s"  # the page has other forms with a day and a reason
HOLD_REASONS = ("dispute", "promise", "own_promise", "other")
DAYS = {"before_item": "day", "closed_period": "day", "year": "day"}


class Reverse(DeskForm):
    """From when, and why."""

    day = day_field(_("From"))
    reason = line_field(_("Reason"), 64)
    undo_matches = forms.BooleanField(label=_("Undo its matches first"), required=False)


class Hold(DeskForm):
    """How much isn't asked for, from when, and why. `key` is the form's own: sent twice it places one hold."""

    places: ClassVar = DAYS | {"over_open": "amount", "amount_not_positive": "amount", "no_reason": "reason"}
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    amount = amount_field(_("Amount"))
    reason = forms.ChoiceField(label=_("Reason"), choices=[(code, words.REASONS[code]) for code in HOLD_REASONS])
    source = line_field(_("In your words"), LONGEST["source"], required=False)
    day = day_field(_("From"))


class Release(DeskForm):
    """From when the amount is asked for again, and why. `hold` names the hold."""

    places: ClassVar = DAYS
    hold = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST["key"])
    day = day_field(_("From"), help_text=_("From this day on it is asked for again."))
    reason = line_field(_("Reason"), LONGEST["reason"], required=False)
