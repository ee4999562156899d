"""Waive what was charged for lateness, from the item's page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from goodstanding.actions.base import require
from goodstanding.actions.waive_late_fee import waive_late_fee
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.reports.desk import item_story
from goodstanding.web.answers import say


@require_POST
def waive(request: HttpRequest, number: int) -> HttpResponse:
    """A credit over what is open of it, with the reason given."""
    require(request.actor, "waive_late_fee")
    today = timezone.localdate()
    document = item_story(number, today, request.actor).document
    key, reason = (document.customer, document.number, document.entry), request.POST.get("reason", "")[:64]
    try:
        waive_late_fee(actor=request.actor, now=timezone.now(), item=key, day=today, reason=reason)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, gettext("It is waived."))
    return redirect("item", number)
