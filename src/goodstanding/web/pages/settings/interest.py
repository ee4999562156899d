"""Settings, late interest: what lateness costs from which day on, the reference rates, how long a claim lives."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.set_late_interest import set_late_rule, set_limitation, set_reference_rate
from goodstanding.kernel.money import CURRENCIES
from goodstanding.receivables.interest import KINDS, MOST_GRACE, OFF, PARTS, Reference, Rule
from goodstanding.receivables.late import lateness
from goodstanding.receivables.limitation import LONGEST, YEARS, Term, years_on
from goodstanding.web.forms import DeskForm, amount_field, day_field
from goodstanding.web.pages.settings.doing import done

WAYS = {
    "off": _("Nothing is charged"),
    "daily": _("A rate a day"),
    "annual": _("A rate a year"),
    "reference": _("Points above the reference rate"),
}


WRITTEN = re.compile(r"-?[0-9]{1,5}([.][0-9]{1,3})?")


class PercentField(forms.CharField):
    """A percentage with up to three decimals, read as parts in 100,000; exact."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def __init__(self, *, least: int, most: int = 9_999, **more: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**more)

    def to_python(self, value: object) -> int | None:
        """The parts; None when nothing was written."""
        text = super().to_python(value).strip().removesuffix("%").strip()
        if not text:
            return None
        if not WRITTEN.fullmatch(text):
            raise forms.ValidationError(_("Write a percentage with up to three decimals, such as 8 or 0.05."))
        found = int(Decimal(text) * (PARTS // 100))
        if not self.least * (PARTS // 100) <= found <= self.most * (PARTS // 100):
            raise forms.ValidationError(
                _("A percentage from %(least)s to %(most)s."), params={"least": self.least, "most": self.most}
            )
        return found

    def validate(self, value: object) -> None:
        """Nothing written is refused where it is needed; 0 is something."""
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")


def percent(rate: int) -> str:
    """Parts in 100,000 as a percentage: 10150 is 10.15."""
    return f"{Decimal(rate) / (PARTS // 100):f}"


class Late(DeskForm):
    """A rule of lateness."""

    places: ClassVar = {"interest_rate": "rate", "year": "start"}
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in sorted(CURRENCIES)])
    start = day_field(_("From"))
    kind = forms.ChoiceField(label=_("How it is charged"), choices=[(code, WAYS[code]) for code in KINDS])
    rate = PercentField(
        label=_("Rate in %"), required=False, least=0, help_text=_("0.05 a day; 8 points above the reference rate.")
    )
    fee = amount_field(_("Fee, once an item"), required=False)
    grace = forms.IntegerField(
        label=_("Days of grace"), required=False, min_value=0, max_value=MOST_GRACE,
        help_text=_("Paid within them costs nothing; after them every day since the due day counts."),
    )  # fmt: skip


class Rate(DeskForm):
    """A reference rate."""

    places: ClassVar = {"interest_rate": "rate", "year": "start"}
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in sorted(CURRENCIES)])
    start = day_field(_("From"))
    rate = PercentField(
        label=_("Rate in %"), least=-99, most=99, help_text=_("That of 1 January or 1 July holds for the half-year.")
    )


class Life(DeskForm):
    """How long a claim lives."""

    places: ClassVar = {"limitation_years": "years", "year": "start"}
    start = day_field(_("From"))
    years = forms.IntegerField(label=_("Years"), min_value=1, max_value=LONGEST)


@require_http_methods(["GET", "HEAD", "POST"])
def interest(request: HttpRequest) -> HttpResponse:
    """What holds, and the forms for what is to hold from a day on."""
    require(request.actor, "view_audit")
    today = timezone.localdate()
    first = {"start": today}
    sent = request.POST.get("what", "") if request.method == "POST" else ""
    chosen = next((each.currency for each in reversed(lateness().rules)), "CNY")
    forms_of = {
        "rule": Late(request.POST if sent == "rule" else None, initial=first | {"currency": chosen}, prefix="rule"),
        "rate": Rate(request.POST if sent == "rate" else None, initial=first | {"currency": "EUR"}, prefix="rate"),
        "life": Life(request.POST if sent == "life" else None, initial=first | {"years": YEARS}, prefix="life"),
    }
    if request.method == "POST":
        require(request.actor, "set_late_interest")
        form = forms_of.get(sent)
        if form is not None and form.is_valid() and _save(request, sent, form):
            messages.success(request, gettext("Saved. It holds from its day on; what was charged stays."))
            return redirect("interest-settings")
    found = lateness()
    context = {
        "forms": forms_of,
        "rules": [
            {"rule": each, "way": WAYS[each.kind], "rate": percent(each.rate), "off": each.kind == OFF}
            for each in _newest(found.rules)
        ],
        "references": [(each, percent(each.rate)) for each in _newest(found.references)],
        "terms": _newest(found.terms),
        "years": years_on(found.terms, today),
        "may_set": permits(request.actor.roles, "set_late_interest"),
        "may_charge": permits(request.actor.roles, "charge_late_fee"),
    }
    return render(request, "pages/settings/interest.html", context)


def _newest(found: Sequence[Any]) -> list[Any]:
    """The latest start first, and of one start what was decided last."""
    placed = sorted(enumerate(found), key=lambda pair: (pair[1].start, pair[0]), reverse=True)
    return [each for _place, each in placed]


def _save(request: HttpRequest, what: str, form: DeskForm) -> bool:
    given, by = form.cleaned_data, {"actor": request.actor, "now": timezone.now()}
    if what == "life":
        return done(form, lambda: set_limitation(**by, term=Term(given["start"], given["years"])))
    rate = given.get("rate") or 0
    if what == "rate":
        return done(
            form, lambda: set_reference_rate(**by, reference=Reference(given["currency"], given["start"], rate))
        )
    fee = form.money("fee", given["currency"]) or 0
    if form.errors:
        return False
    kind = given["kind"]
    rule = Rule(given["currency"], given["start"], kind, 0 if kind == OFF else rate, fee, given.get("grace") or 0)
    return done(form, lambda: set_late_rule(**by, rule=rule))
