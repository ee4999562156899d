"""Each step of the tour leads to the page that it is about."""

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.reports.today import today
from goodstanding.web.frame import PLACES, as_of
from goodstanding.web.tour import open_to


@require_safe
def tour(request: HttpRequest, step: int) -> HttpResponseRedirect:
    """To the page of that step; a book without customers shows the list of them instead of one."""
    require(request.actor, "view_book")
    steps = open_to([name for name, _label, _icon, needs in PLACES if permits(request.actor.roles, needs)])
    if not 1 <= step <= len(steps):
        raise Http404
    name, place, *_words = steps[step - 1]
    address = _somebody(request) if name == "customer" else reverse(name)
    return HttpResponseRedirect(f"{address}?tour={step}#{place}")


def _somebody(request: HttpRequest) -> str:
    """The page of who most needs attention."""
    needs = today(request.actor, as_of(request).day).needs
    return reverse("customer", args=[needs[0].customer.id]) if needs else reverse("customers")
