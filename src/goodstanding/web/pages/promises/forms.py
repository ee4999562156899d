"""The forms of promises: theirs (once or in instalments), ours, and what becomes of one."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.kernel.days import month_end
from goodstanding.kernel.errors import Refused
from goodstanding.promises.rules import LONGEST, MOST_STEPS, MOST_TOLERANCE
from goodstanding.promises.types import KINDS, About
from goodstanding.receivables.types import Item
from goodstanding.web.answers import say
from goodstanding.web.forms import DeskForm, amount_field, day_field, line_field, read_money
from goodstanding.web.pages.promises.told import KINDS as NAMES

RHYTHMS = {"week": _("every week"), "month": _("every month")}
PLACES = {"steps": "steps", "other_currency": "currency", "exceeds": "amount", "key_reused": "subject", "day": "day"}


class Making(DeskForm):
    """What both sides' forms share. `key` is the form's own: sent twice it writes one promise."""

    places: ClassVar = PLACES
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def about(self, items: Sequence[Item]) -> tuple[About, ...]:
        """The items that were ticked, with how much of each; faults of single amounts stand above the form."""
        found = []
        for item in items:
            text = str(self.data.get(f"part-{item.id}", "")).strip()
            if f"item-{item.id}" not in self.data and not text:
                continue
            try:
                part = read_money(text, item.currency) if text else None
            except Refused as refused:
                self.add_error(None, f"{item.number}: {say(refused)}")
                continue
            if part is not None and not 0 < part <= item.open:
                words = gettext("{number}: the amount must be above zero and at most what is open.")
                self.add_error(None, words.format(number=item.number))
                continue
            found.append(About(item.id, part))
        return tuple(found)


class Theirs(Making):
    """A customer's word to pay, at once or in steps."""

    amount = amount_field(_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"))
    due = day_field(_("Promised day"), help_text=_("Of a plan: the day of the first step."))
    tolerance = forms.IntegerField(
        label=_("Days of grace"), min_value=0, max_value=MOST_TOLERANCE, initial=1,
        help_text=_("It is judged when they have passed."),
    )  # fmt: skip
    steps = forms.IntegerField(label=_("In how many steps"), min_value=1, max_value=MOST_STEPS, initial=1)
    rhythm = forms.ChoiceField(label=_("One step"), choices=list(RHYTHMS.items()), initial="month")
    made = day_field(_("Given on"))
    contact = line_field(_("Who gave it"), LONGEST, required=False)
    subject = line_field(_("In your words"), LONGEST, required=False)

    def __init__(self, *args: Any, currencies: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(code, code) for code in currencies]
        self.fields["contact"].widget.attrs["list"] = "contacts"

    def days(self) -> list[date]:
        """The days of the steps: the last day of a month stays the last day, a 31st where there is one."""
        first, steps = self.cleaned_data["due"], self.cleaned_data["steps"]
        if self.cleaned_data["rhythm"] == "week":
            return [first + timedelta(days=7 * n) for n in range(steps)]
        return [months_on(first, n) for n in range(steps)]


def months_on(first: date, months: int) -> date:
    """The same day so many months later; the month's last where it is shorter."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = month_end(date(year, month + 1, 1))
    return last.replace(day=min(first.day, last.day))


class Ours(Making):
    """Our word: what, by when, and who of ours keeps it."""

    kind = forms.ChoiceField(
        label=_("What we promise"), choices=[(code, NAMES[code]) for code in KINDS if code != "pay"]
    )
    subject = line_field(_("In your words"), LONGEST)
    due = day_field(_("Promised day"))
    tolerance = forms.IntegerField(label=_("Days of grace"), min_value=0, max_value=MOST_TOLERANCE, initial=0)
    owner = forms.ChoiceField(label=_("Who of us keeps it"))
    contact = line_field(_("Who was told"), LONGEST, required=False)
    made = day_field(_("Given on"))

    def __init__(self, *args: Any, owners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = list(owners)
        self.fields["contact"].widget.attrs["list"] = "contacts"


class Keep(DeskForm):
    """When ours was kept."""

    places: ClassVar = PLACES
    day = day_field(_("Kept on"))


class Withdraw(DeskForm):
    """Why a promise no longer counts."""

    places: ClassVar = {"no_reason": "reason", "text": "reason"}
    reason = line_field(_("Reason"), LONGEST)


class Renew(DeskForm):
    """The other day, and how much."""

    places: ClassVar = PLACES | {"key_reused": "due", "closed_promise": "due"}
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    due = day_field(_("Promised day"))
    amount = amount_field(_("Amount"), required=False, help_text=_("Empty: what is left of it."))
