"""The forms for a customer's facts and for a contact."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from goodstanding.kernel.money import CURRENCIES, decimal_text
from goodstanding.parties.rules.checks import LONGEST, STATUSES
from goodstanding.parties.types import Contact, Customer
from goodstanding.web import words
from goodstanding.web.forms import DeskForm, amount_field, day_field, line_field

CREDIT = ("terms", "credit_limit", "status")  # what needs the right to set credit terms
PLACES = {
    "circle": "parent",
    "parent_merged": "parent",
    "no_such_customer": "parent",
    "territory_of_others": "territory",
    "limit_without_currency": "currency",
    "credit_limit": "credit_limit",
    "terms": "terms",
    "status": "status",
}


class Facts(DeskForm):
    """What is said about a customer. `version` is the one that was read."""

    places = PLACES
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = line_field(words.FACTS["name"], LONGEST["name"])
    parent = line_field(
        words.FACTS["parent"],
        LONGEST["parent"],
        required=False,
        help_text=_("The code of the customer whose group it belongs to."),
    )
    kind = line_field(words.FACTS["kind"], LONGEST["kind"], required=False)
    territory = line_field(words.FACTS["territory"], LONGEST["territory"], required=False)
    account_manager = line_field(words.FACTS["account_manager"], LONGEST["account_manager"], required=False)
    currency = forms.ChoiceField(label=words.FACTS["currency"], required=False)
    since = day_field(words.FACTS["since"], required=False)
    terms = line_field(
        words.FACTS["terms"],
        LONGEST["terms"],
        required=False,
        help_text=_("For example net 30, 2/10 net 30 or 月结30天."),
    )
    credit_limit = amount_field(
        words.FACTS["credit_limit"], required=False, help_text=_("Empty: as the policy says. 0: no credit.")
    )
    status = forms.ChoiceField(label=words.FACTS["status"], choices=[(each, words.STATUSES[each]) for each in STATUSES])

    def __init__(self, *args: Any, may_lend: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [("", "–"), *((code, code) for code in sorted(CURRENCIES))]
        if not may_lend:
            for name in CREDIT:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Set by whoever decides on credit.")

    def changes(self) -> dict[str, Any] | None:
        """The fields as the action takes them; None, with the fault shown, when the limit is no amount."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        text = given["credit_limit"]
        given["credit_limit"] = self.money("credit_limit", given["currency"] or "CNY") if text else None
        return None if self.errors else given


def facts_of(customer: Customer) -> dict[str, Any]:
    """The form's first values."""
    limit = customer.credit_limit
    shown = "" if limit is None else decimal_text(limit, customer.currency or "CNY")
    names = (
        "version",
        "name",
        "parent",
        "kind",
        "territory",
        "account_manager",
        "currency",
        "since",
        "terms",
        "status",
    )
    return {name: getattr(customer, name) for name in names} | {"credit_limit": shown}


class Person(DeskForm):
    """A contact. `version` is the one that was read, 0 for a new one; `was` its name so far."""

    places: ClassVar = {
        "contact_taken": "name",
        "email": "email",
        "birthday": "birthday",
        "calendar": "birthday_calendar",
    }
    version = forms.IntegerField(widget=forms.HiddenInput)
    was = forms.CharField(widget=forms.HiddenInput, required=False)
    name = line_field(words.FACTS["name"], LONGEST["name"])
    role = line_field(words.FACTS["role"], LONGEST["role"], required=False)
    phone = line_field(words.FACTS["phone"], LONGEST["phone"], required=False)
    email = line_field(words.FACTS["email"], LONGEST["email"], required=False)
    birthday = line_field(
        words.FACTS["birthday"], 10, required=False, help_text=_("YYYY-MM-DD, or MM-DD without the year.")
    )
    birthday_calendar = forms.ChoiceField(
        label=words.FACTS["birthday_calendar"], required=False,
        choices=[("", "–"), ("solar", _("solar")), ("lunar", _("lunar"))],
    )  # fmt: skip
    language = line_field(words.FACTS["language"], LONGEST["language"], required=False)
    channel = line_field(words.FACTS["channel"], LONGEST["channel"], required=False)
    may_contact = forms.BooleanField(label=words.FACTS["may_contact"], required=False)

    def contact(self, customer: str) -> Contact:
        """The contact as the action takes it."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "was"}
        return Contact(customer=customer, **given)
