"""The forms for a payment and for another document."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.kernel.errors import Refused
from goodstanding.kernel.money import CURRENCIES, decimal_text
from goodstanding.receivables.types import Allocation, Item
from goodstanding.web import words
from goodstanding.web.answers import say
from goodstanding.web.forms import DeskForm, amount_field, day_field, line_field, read_money

NUMBER, TEXT, REASON = 64, 200, 64
WAYS = {
    "oldest": _("Oldest due first"),
    "reference": _("The numbers in its reference"),
    "list": _("By hand, below"),
    "none": _("Nothing yet: leave it unapplied"),
}
DOCUMENTS = ("invoice", "debit_note", "credit_note", "refund", "late_fee", "opening", "recovery")
PLACES = {
    "key_reused": "number",
    "closed_period": "date",
    "year": "date",
    "amount_not_positive": "amount",
    "maximum": "amount",
    "tolerance": "tolerance",
    "no_write_off": "reference",
    "over_recovery": "amount",
    "tax": "tax",
}


class Payment(DeskForm):
    """A payment: number, day, amount, and how it finds what it settles."""

    places = PLACES
    number = line_field(
        _("Number"), NUMBER, help_text=_("The bank's or the receipt's; the same number is recorded once.")
    )
    date = day_field(_("Date"), help_text=_("The day the bank had it."))
    amount = amount_field(_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"))
    reference = line_field(_("Reference"), TEXT, required=False)
    way = forms.ChoiceField(label=_("Settles"), choices=list(WAYS.items()))
    tolerance = amount_field(
        _("Write off a rest of up to"),
        required=False,
        help_text=_("The firm's tolerance to begin with; leave empty for none."),
    )

    def __init__(
        self, *args: Any, currencies: Sequence[str], tolerances: Mapping[str, int] = MappingProxyType({}), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rest = sorted(CURRENCIES - set(currencies))
        self.fields["currency"].choices = [(code, code) for code in (*currencies, *rest)]
        usual = {code: decimal_text(most, code) for code, most in tolerances.items()}
        self.fields["tolerance"].widget.attrs["data-usual"] = json.dumps(usual)  # by currency: see allocate.js

    def allocation(self, items: Sequence[Item]) -> list[Allocation] | str:
        """What the payment is to settle; faults of single amounts are shown above the form."""
        way = str(self.cleaned_data["way"])
        if way != "list":
            return way
        found = []
        for item in items:
            text = str(self.data.get(f"part-{item.id}", "")).strip()
            if not text:
                continue
            try:
                part = read_money(text, item.currency)
            except Refused as refused:
                self.add_error(None, f"{item.number}: {say(refused)}")
                continue
            if part:
                found.append(Allocation(item.number, part, item.customer, item.entry))
        if not found and not self.errors:
            self.add_error("way", gettext("Give an amount for at least one item below, or choose another way."))
        return found


class Document(DeskForm):
    """Any other document: an invoice, a note, a refund, a fee."""

    places = PLACES
    kind = forms.ChoiceField(label=_("Kind"), choices=[(code, words.KINDS[code]) for code in DOCUMENTS])
    number = line_field(_("Number"), NUMBER)
    date = day_field(_("Date"))
    due = day_field(_("Due"), required=False, help_text=_("Empty: the date itself."))
    amount = amount_field(_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"))
    tax = amount_field(_("of which tax"), required=False)
    reference = line_field(_("Reference"), TEXT, required=False, help_text=_("A recovery names its write-off here."))
    order = line_field(_("Order"), NUMBER, required=False)
    seller = line_field(_("Seller"), TEXT, required=False)
    reason = line_field(_("Reason"), REASON, required=False)

    def __init__(self, *args: Any, currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest = sorted(CURRENCIES - set(currencies))
        self.fields["currency"].choices = [(code, code) for code in (*currencies, *rest)]
