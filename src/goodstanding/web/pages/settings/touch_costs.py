"""Settings, what a touch costs: per kind a minute and a piece, from a day on."""

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
from goodstanding.actions.set_rates import set_rates
from goodstanding.kernel.money import CURRENCIES
from goodstanding.relations.queries import rates
from goodstanding.relations.rules import rate_on
from goodstanding.relations.types import Rate
from goodstanding.web.forms import DeskForm, amount_field, day_field
from goodstanding.web.pages.collections.costs.views import CHANNELS
from goodstanding.web.pages.settings.doing import done


class TouchRate(DeskForm):
    """What a kind of touch costs."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(CHANNELS.items()))
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in sorted(CURRENCIES)])
    start = day_field(_("From"))
    minute_cost = amount_field(_("A minute"), required=False)
    piece_cost = amount_field(
        _("A piece"), required=False, help_text=_("Postage, fare, the call itself; minutes come on top.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def touch_costs(request: HttpRequest) -> HttpResponse:
    """What holds and held, and the form for what is to hold from a day on."""
    require(request.actor, "view_audit")
    today, found = timezone.localdate(), rates()
    currency = found[-1].currency if found else "CNY"
    form = TouchRate(request.POST or None, initial={"start": today, "currency": currency})
    if request.method == "POST":
        require(request.actor, "set_rates")
        if form.is_valid() and _save(request, form):
            messages.success(request, gettext("Saved. Touches written down before keep what they cost."))
            return redirect("touch-costs")
    placed = sorted(enumerate(found), key=lambda pair: (pair[1].start, pair[0]), reverse=True)
    context = {
        "form": form,
        "rates": [
            (each, CHANNELS[each.kind], rate_on(found, each.kind, each.currency, today) is each) for _at, each in placed
        ],
        "may_set": permits(request.actor.roles, "set_rates"),
    }
    return render(request, "pages/settings/touch_costs.html", context)


def _save(request: HttpRequest, form: TouchRate) -> bool:
    given = form.cleaned_data
    minute, piece = (form.money(name, given["currency"]) or 0 for name in ("minute_cost", "piece_cost"))
    if form.errors:
        return False
    rate = Rate(given["kind"], given["currency"], given["start"], minute, piece)
    return done(form, lambda: set_rates(actor=request.actor, now=timezone.now(), rates=[rate]))
