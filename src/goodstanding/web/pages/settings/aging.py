"""Settings, aging and tolerances: where the buckets end, and how little of a payment may be missing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.set_policy import set_policy
from goodstanding.receivables.policy import policy
from goodstanding.reports.aging_types import Asked, bucket_ends
from goodstanding.reports.desk import aging as report
from goodstanding.web.pages.settings.doing import done
from goodstanding.web.pages.settings.forms import Aging
from goodstanding.web.templatetags.desk import bucket


@require_http_methods(["GET", "HEAD", "POST"])
def aging(request: HttpRequest) -> HttpResponse:
    """The form, and what follows from it."""
    require(request.actor, "view_audit")
    found = policy()
    used = [each.currency for each in report(Asked(timezone.localdate(), found.limits), request.actor).currencies]
    form = Aging(request.POST or None, found=found, currencies=used)
    if request.method == "POST":
        require(request.actor, "set_policy")
        if form.is_valid() and _save(request, form):
            messages.success(request, gettext("Saved. Every page counts by it from now on."))
            return redirect("aging-settings")
    context = {
        "form": form,
        "found": found,
        "may_set": permits(request.actor.roles, "set_policy"),
        "buckets": [bucket(ends) for ends in bucket_ends(found.limits)],
        "tolerances": list(found.tolerances.items()),
    }
    return render(request, "pages/settings/aging.html", context)


def _save(request: HttpRequest, form: Aging) -> bool:
    limits, tolerances = form.given_limits(), form.given_tolerances()
    if form.errors:
        return False
    given = {"limits": limits, "tolerances": tolerances, "version": form.cleaned_data["version"]}
    return done(form, lambda: set_policy(actor=request.actor, now=timezone.now(), **given))
