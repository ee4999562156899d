"""Settings, closed books: what closing would mean in numbers, the closing itself, and every closing before."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.close_period import close_period
from goodstanding.receivables.queries import closed_through
from goodstanding.reports.closing import Closing, closing, closings
from goodstanding.web.pages.settings.doing import done
from goodstanding.web.pages.settings.forms import Close
from goodstanding.web.paging import number_before, older
from goodstanding.web.templatetags.desk import day

PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def books(request: HttpRequest) -> HttpResponse:
    """The books' state; with a day in the address what closing through it means; posted, the closing itself."""
    require(request.actor, "view_audit")
    if request.method == "POST":
        require(request.actor, "close_period")
        form = Close(request.POST)
        if form.is_valid() and _close(request, form):
            return redirect("close-books")
        return _page(request, form, None)
    may_close = permits(request.actor.roles, "close_period")
    if not may_close or "through" not in request.GET:
        return _page(request, Close(initial={"through": _last_month()}), None)
    form, found = Close(request.GET), None
    if form.is_valid():
        found = _foreseen(request, form)
    return _page(request, form, found)


def _foreseen(request: HttpRequest, form: Close) -> Closing | None:
    """What it would mean; None, with the reason at its field, when it can't be done."""
    found: list[Closing] = []
    given = form.cleaned_data
    done(form, lambda: found.append(closing(request.actor, given["through"], given["reason"])))
    if found and not found[0].changes:
        form.add_error("through", gettext("The books are closed through this day already."))
        return None
    return found[0] if found else None


def _close(request: HttpRequest, form: Close) -> bool:
    given, before = form.cleaned_data, closed_through()
    if not done(form, lambda: close_period(actor=request.actor, now=timezone.now(), **given)):
        return False
    reopened = before is not None and given["through"] < before
    words = (
        gettext("The books are open again after {day}.") if reopened else gettext("The books are closed through {day}.")
    )
    messages.success(request, words.format(day=day(given["through"])))
    return True


def _last_month() -> date:
    first = timezone.localdate().replace(day=1)
    return date.fromordinal(first.toordinal() - 1)


def _page(request: HttpRequest, form: Close, found: Closing | None) -> HttpResponse:
    before = number_before(request)
    history = closings(PAGE, before)
    context = {
        "closed": closed_through(),
        "form": form,
        "found": found,
        "may_close": permits(request.actor.roles, "close_period"),
        "history": [one for _number, one in history[:PAGE]],
        "newest": reverse("close-books") if before is not None else "",
        "older": older(reverse("close-books"), history[PAGE - 1][0]) if len(history) > PAGE else "",
    }
    return render(request, "pages/settings/books.html", context)
