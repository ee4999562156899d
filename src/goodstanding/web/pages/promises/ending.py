"""What becomes of a promise by a person's word: ours was kept, one is withdrawn, one gets another day."""

import secrets
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from goodstanding.actions.base import require
from goodstanding.actions.keep_promise import keep_promise, renew_promise, withdraw_promise
from goodstanding.kernel.errors import N_, NotAllowed, NotFound, Refused
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Customer
from goodstanding.promises import queries
from goodstanding.promises.types import Promise
from goodstanding.reports.customer import members
from goodstanding.web.answers import say
from goodstanding.web.forms import DeskForm
from goodstanding.web.pages.promises.forms import Keep, Renew, Withdraw
from goodstanding.web.pages.promises.told import what, why
from goodstanding.web.templatetags.desk import day as day_of

METHODS = ["GET", "HEAD", "POST"]
WORDS = {  # the page's heading, what it means, the button
    "keep": (
        _("We kept our promise"),
        _("After its time it stays not kept, but what it held is asked for again."),
        _("It was kept"),
    ),
    "withdraw": (_("Withdraw a promise"), _("It no longer counts, and holds nothing back."), _("Withdraw")),
    "renew": (
        _("Agree on another day"),
        _("It stands a level higher then, unless this is for the rest of one that was kept in part."),
        _("Agree"),
    ),
}


def _one(request: HttpRequest, number: int, promise: int) -> tuple[Customer, Promise]:
    """The promise and its customer. NotFound for one of somebody else: no difference."""
    customer = parties.customer_by_id(request.actor, number)
    found = queries.numbered(promise)
    if found.customer_id not in (members(customer, date.max) or [customer.id]):
        raise NotFound("no_such_promise", N_("There is no such promise."))
    return customer, found


def _page(request: HttpRequest, what_for: str, customer: Customer, found: Promise, form: DeskForm) -> HttpResponse:
    heading, sentence, button = WORDS[what_for]
    context = {
        "customer": customer,
        "promise": found,
        "what": what(found),
        "why": why(found),
        "form": form,
        "heading": heading,
        "sentence": sentence,
        "button": button,
        "danger": what_for == "withdraw",
    }
    return render(request, "pages/promises/ending.html", context)


@require_http_methods(METHODS)
def keep(request: HttpRequest, number: int, promise: int) -> HttpResponse:
    """Ours was kept, and on which day."""
    require(request.actor, "keep_promise")
    customer, found = _one(request, number, promise)
    today = timezone.localdate()
    form = Keep(request.POST or None, initial={"day": today})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["day"] > today:
            form.add_error("day", gettext("That day is still to come."))
            return _page(request, "keep", customer, found, form)
        try:
            keep_promise(actor=request.actor, now=timezone.now(), key=found.key, day=form.cleaned_data["day"])
        except (NotFound, NotAllowed):
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("Kept: nothing is held for it any more."))
            return redirect("customer-promises", number)
    return _page(request, "keep", customer, found, form)


@require_http_methods(METHODS)
def withdraw(request: HttpRequest, number: int, promise: int) -> HttpResponse:
    """It no longer counts, and why."""
    require(request.actor, "withdraw_promise")
    customer, found = _one(request, number, promise)
    form = Withdraw(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _withdraw(request, found, form.cleaned_data["reason"])
        except (NotFound, NotAllowed):
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("The promise is withdrawn."))
            return redirect("customer-promises", number)
    return _page(request, "withdraw", customer, found, form)


def _withdraw(request: HttpRequest, found: Promise, reason: str) -> None:
    day = max(timezone.localdate(), found.made)
    withdraw_promise(actor=request.actor, now=timezone.now(), key=found.key, day=day, reason=reason)


@require_POST
def undo(request: HttpRequest, number: int, promise: int) -> HttpResponse:
    """Take back what was just written down: the promise, or every step of its plan that is still open."""
    require(request.actor, "withdraw_promise")
    customer, found = _one(request, number, promise)
    whose = members(customer, date.max) or [customer.id]
    steps = [each for each in queries.promises(whose, date.max) if found.plan and each.plan == found.plan]
    try:
        for each in steps or [found]:
            if each.state == "open":
                _withdraw(request, each, gettext("written down by mistake"))
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, gettext("The promise is withdrawn."))
    return redirect("customer-promises", number)


@require_http_methods(METHODS)
def renew(request: HttpRequest, number: int, promise: int) -> HttpResponse:
    """Another day, and how much."""
    require(request.actor, "renew_promise")
    customer, found = _one(request, number, promise)
    today = timezone.localdate()
    first = {"key": secrets.token_hex(16), "due": max(today, found.due) + timedelta(days=7)}
    form = Renew(request.POST or None, initial=first)
    if found.amount is None:
        del form.fields["amount"]
    if request.method == "POST" and form.is_valid():
        amount = form.money("amount", found.currency)
        if not form.errors and _renew(request, found, form, amount, max(today, found.made)):
            return redirect("customer-promises", number)
    return _page(request, "renew", customer, found, form)


def _renew(request: HttpRequest, found: Promise, form: Renew, amount: int | None, day: date) -> bool:
    """Whether it is renewed; the refusal is shown otherwise."""
    given = form.cleaned_data
    try:
        new = renew_promise(
            actor=request.actor, now=timezone.now(), key=found.key, due=given["due"], day=day, amount=amount,
            new_key=f"desk-{given['key']}",
        )  # fmt: skip
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        form.refuse(refused)
        return False
    words = gettext("Agreed for {day}, level {level}.")
    messages.success(request, words.format(day=day_of(new.due), level=new.level))
    return True
