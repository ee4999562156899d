"""What lateness cost the whole book, charged together; and the claims that end soon."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.charge_late_fees import charge_late_fees, to_charge
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.parties import queries as parties
from goodstanding.receivables.late import lateness
from goodstanding.receivables.types import Item
from goodstanding.reports.charges import newest_charges
from goodstanding.reports.limitation import expiring
from goodstanding.web.answers import say
from goodstanding.web.frame import as_of

SHOWN, LATELY = 200, 20
WITHIN, MOST = 90, 3650


@require_http_methods(["GET", "HEAD", "POST"])
def fees(request: HttpRequest) -> HttpResponse:
    """What would be charged today, for looking at; and, confirmed, charging it."""
    require(request.actor, "view_book")
    if request.method == "POST":
        require(request.actor, "charge_late_fee")
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
    day = as_of(request).day
    found = to_charge(request.actor, day)
    charged = newest_charges(request.actor, day, LATELY)
    free = [each for each in found if not each.held]
    sums: dict[str, int] = {}
    for each in free:
        sums[each.item.currency] = sums.get(each.item.currency, 0) + each.total
    shown = sorted(found, key=lambda each: -each.total)[:SHOWN]
    context: dict[str, Any] = {
        "due": shown,
        "charged": charged,
        "names": _names(request, [*(each.item for each in shown), *charged]),
        "may_charge": permits(request.actor.roles, "charge_late_fee"),
        "total": len(found),
        "sums": sorted(sums.items()),
        "ruled": bool(lateness().currencies),
    }
    return render(request, "pages/receivables/late_fees.html", context)


def _names(request: HttpRequest, shown: Iterable[Item]) -> dict[int, str]:
    ids = list({each.customer_id for each in shown})
    return {each.id: each.name for each in parties.by_ids(request.actor, ids)}


@require_safe
def expiring_soon(request: HttpRequest) -> HttpResponse:
    """Claims whose limitation ends within the days asked, the nearest first."""
    require(request.actor, "view_book")
    asked = request.GET.get("within", "")
    within = min(int(asked), MOST) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else WITHIN
    found = expiring(as_of(request).day, within, request.actor.hidden)
    shown = found[:SHOWN]
    names = _names(request, (each.item for each in shown))
    context = {"found": shown, "total": len(found), "within": within, "names": names}
    return render(request, "pages/receivables/expiring.html", context | {"choices": (30, 90, 180, 365)})
