"""What lateness cost the whole book, charged together; and the claims that end soon."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from goodstanding.actions.base import require
from goodstanding.actions.charge_late_fees import charge_late_fees, to_charge
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.parties import queries as parties
from goodstanding.receivables.late import lateness
from goodstanding.reports.limitation import expiring
from goodstanding.web.answers import say
from goodstanding.web.frame import as_of

SHOWN = 200
WITHIN, MOST = 90, 3650


@require_http_methods(["GET", "HEAD", "POST"])
def fees(request: HttpRequest) -> HttpResponse:
    """What would be charged today, for looking at; and, confirmed, charging it."""
    require(request.actor, "charge_late_fee")
    if request.method == "POST":
        try:
            made = charge_late_fees(actor=request.actor, now=timezone.now(), as_of=timezone.localdate())
        except (NotFound, NotAllowed):
            raise
        except Refused as refused:
            messages.error(request, say(refused))
        else:
            told = gettext("Charged: {count} items.") if made.items else gettext("There was nothing left to charge.")
            messages.success(request, told.format(count=len(made.items)))
        return redirect("late-fees")
    found = to_charge(request.actor, as_of(request).day)
    free = [each for each in found if not each.held]
    sums: dict[str, int] = {}
    for each in free:
        sums[each.item.currency] = sums.get(each.item.currency, 0) + each.total
    shown = sorted(found, key=lambda each: -each.total)[:SHOWN]
    context: dict[str, Any] = {
        "due": shown,
        "names": _names(request, shown),
        "total": len(found),
        "sums": sorted(sums.items()),
        "ruled": bool(lateness().currencies),
    }
    return render(request, "pages/receivables/late_fees.html", context)


def _names(request: HttpRequest, shown: list[Any]) -> dict[int, str]:
    ids = list({each.item.customer_id for each in shown})
    return {each.id: each.name for each in parties.by_ids(request.actor, ids)}


@require_safe
def expiring_soon(request: HttpRequest) -> HttpResponse:
    """Claims whose limitation ends within the days asked, the nearest first."""
    require(request.actor, "view_book")
    asked = request.GET.get("within", "")
    within = min(int(asked), MOST) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else WITHIN
    found = expiring(as_of(request).day, within, request.actor.hidden)
    shown = found[:SHOWN]
    context = {"found": shown, "total": len(found), "within": within, "names": _names(request, shown)}
    return render(request, "pages/receivables/expiring.html", context | {"choices": (30, 90, 180, 365)})
