"""Write a promise down: theirs, once or in steps that are shown before they are kept; or ours."""

import secrets
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from goodstanding.access.queries import people
from goodstanding.actions.base import require
from goodstanding.actions.ledger import buyer
from goodstanding.actions.make_promise import make_plan, make_promise
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.kernel.money import decimal_text
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Customer
from goodstanding.promises.rules import instalments
from goodstanding.promises.types import PAY, THEM, US, NewPromise, Promise
from goodstanding.receivables import queries as receivables
from goodstanding.receivables.types import Item
from goodstanding.reports.customer import members
from goodstanding.web.answers import say
from goodstanding.web.pages.promises.forms import Making, Ours, Theirs
from goodstanding.web.templatetags.desk import day as day_of

MOST_ITEMS = 200
METHODS = ["GET", "HEAD", "POST"]


def _opened(request: HttpRequest, number: int) -> tuple[Customer, list[Item]]:
    """The customer who is to get a promise, and what is open of theirs, oldest due first."""
    require(request.actor, "make_promise")
    customer = parties.customer_by_id(request.actor, number)
    buyer(request.actor, customer.code)
    items = receivables.open_items(members(customer, date.max) or [customer.id])
    return customer, [each for each in items if each.sign > 0][:MOST_ITEMS]


@require_http_methods(METHODS)
def theirs(request: HttpRequest, number: int) -> HttpResponse:
    """The form for their promise to pay; a plan shows its steps first."""
    try:
        customer, items = _opened(request, number)
    except Refused as refused:
        return _refused(request, number, refused)
    form = Theirs(request.POST or None, currencies=_currencies(customer, items), initial=_first(customer, items))
    steps: list[tuple[date, int]] = []
    if request.method == "POST" and form.is_valid():
        new = _theirs(request, form, items)
        if new is not None:
            steps = _steps(form, new)
        if new is not None and steps and (len(steps) == 1 or request.POST.get("shown") == _digest(steps)):
            done = _make(request, form, lambda: _promise(request, customer, form, new, [on for on, _part in steps]))
            if done is not None:
                return done
    context = _context(request, customer, form, items, "theirs") | {
        "steps": steps if len(steps) > 1 else [],
        "shown": _digest(steps),
        "currency": form.cleaned_data.get("currency", "") if form.is_bound and form.is_valid() else "",
    }
    return render(request, "pages/promises/make.html", context)


@require_http_methods(METHODS)
def ours(request: HttpRequest, number: int) -> HttpResponse:
    """The form for our promise."""
    try:
        customer, items = _opened(request, number)
    except Refused as refused:
        return _refused(request, number, refused)
    today = timezone.localdate()
    first = {"key": secrets.token_hex(16), "due": today + timedelta(days=1), "made": today}
    owners = [(f"{each.name} #{each.id}", each.name) for each in people() if each.active]
    form = Ours(request.POST or None, owners=owners, initial=first | {"owner": request.actor.signature})
    if request.method == "POST" and form.is_valid():
        given, about = form.cleaned_data, form.about(items)
        if not form.errors:
            new = NewPromise(
                US, given["kind"], given["made"], given["due"], tolerance=given["tolerance"], subject=given["subject"],
                contact=given["contact"], owner=given["owner"], items=about,
            )  # fmt: skip
            done = _make(request, form, lambda: _promise(request, customer, form, new, [new.due]))
            if done is not None:
                return done
    return render(request, "pages/promises/make.html", _context(request, customer, form, items, "ours"))


def _refused(request: HttpRequest, number: int, refused: Refused) -> HttpResponse:
    """Why this customer takes no promise; what isn't there for the actor stays so."""
    if isinstance(refused, NotFound | NotAllowed):
        raise refused
    messages.error(request, say(refused))
    return redirect("customer-promises", number)


def _theirs(request: HttpRequest, form: Theirs, items: Sequence[Item]) -> NewPromise | None:
    """What is to be written down; None, with the faults shown, when it isn't fit."""
    given = form.cleaned_data
    amount, about = form.money("amount", given["currency"]), form.about(items)
    if form.errors or amount is None:
        return None
    return NewPromise(
        THEM, PAY, given["made"], given["due"], amount, given["currency"], given["tolerance"], given["subject"],
        given["contact"], request.actor.signature, about,
    )  # fmt: skip


def _steps(form: Theirs, new: NewPromise) -> list[tuple[date, int]]:
    """The steps of a plan; [] with the fault shown when it can't be parted."""
    days = form.days()
    if len(days) == 1:
        return [(days[0], new.amount or 0)]
    try:
        return list(zip(days, instalments(new.amount or 0, len(days)), strict=True))
    except Refused as refused:
        form.refuse(refused)
        return []


def _digest(steps: Sequence[tuple[date, int]]) -> str:
    """Which steps were shown: other ones are shown again before they are kept."""
    return sha256(repr(steps).encode()).hexdigest()[:32]


def _promise(
    request: HttpRequest, customer: Customer, form: Making, new: NewPromise, days: Sequence[date]
) -> list[Promise]:
    by: dict[str, Any] = {"actor": request.actor, "now": timezone.now(), "customer": customer.code}
    key = f"desk-{form.cleaned_data['key']}"
    if new.made > timezone.localdate():
        form.add_error("made", gettext("That day is still to come."))
        return []
    if len(days) == 1:
        return [make_promise(**by, promise=new, key=key)]
    return make_plan(**by, first=new, days=days, key=key)


def _make(request: HttpRequest, form: Making, write: Callable[[], list[Promise]]) -> HttpResponse | None:
    """Where to go when it is written down; None, with the refusal at its field, otherwise."""
    try:
        made = write()
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        form.refuse(refused)
        return None
    if not made:
        return None
    first = made[0]
    undo = reverse("undo-promise", args=[first.customer_id, first.id])
    if len(made) > 1:
        words = ngettext("A plan of {count} step is kept.", "A plan of {count} steps is kept.", len(made))
        messages.success(request, words.format(count=len(made)), extra_tags=undo)
    else:
        words = gettext("The promise for {day} is written down.")
        messages.success(request, words.format(day=day_of(first.due)), extra_tags=undo)
    return redirect("customer-promises", first.customer_id)


def _currencies(customer: Customer, items: Sequence[Item]) -> list[str]:
    known = [each.currency for each in items] + [customer.currency]
    return list(dict.fromkeys(code for code in known if code)) or ["EUR"]


def _first(customer: Customer, items: Sequence[Item]) -> dict[str, Any]:
    """What the form begins with: what is past due, a week from today."""
    today = timezone.localdate()
    currency = _currencies(customer, items)[0]
    late = sum(each.open for each in items if each.currency == currency and each.due < today)
    return {
        "key": secrets.token_hex(16),
        "amount": decimal_text(late, currency) if late else "",
        "currency": currency,
        "due": today + timedelta(days=7),
        "made": today,
    }


def _context(
    request: HttpRequest, customer: Customer, form: Making, items: Sequence[Item], side: str
) -> dict[str, Any]:
    contacts = [each.name for each in parties.contacts(request.actor, customer.code)]
    sent = form.data if form.is_bound else {}
    return {
        "customer": customer,
        "form": form,
        "side": side,
        "items": [
            {"item": each, "ticked": f"item-{each.id}" in sent, "part": sent.get(f"part-{each.id}", "")}
            for each in items
        ],
        "contacts": contacts,
    }
