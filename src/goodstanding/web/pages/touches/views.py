"""A customer's touches: in two clicks from the header, or with all that can be said; and taken back."""

import secrets
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.record_touch import record_touch
from goodstanding.actions.withdraw_touch import withdraw_touch
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Customer
from goodstanding.receivables import queries as receivables
from goodstanding.relations import queries
from goodstanding.relations.types import NewTouch
from goodstanding.reports.customer import members
from goodstanding.web.answers import say
from goodstanding.web.frame import as_of
from goodstanding.web.pages.customer.header import page
from goodstanding.web.pages.touches.forms import Record, Withdraw
from goodstanding.web.pages.touches.told import KINDS, OUTCOMES, QUICK, row


@require_http_methods(["GET", "HEAD", "POST"])
def touches(request: HttpRequest, number: int) -> HttpResponse:
    """The tab; a touch is recorded here with all that can be said."""
    if request.method != "POST":
        return _tab(request, number)
    require(request.actor, "record_touch")
    customer = parties.customer_by_id(request.actor, number)
    form = Record(request.POST, currencies=_currencies(customer))
    if form.is_valid():
        given = form.cleaned_data
        cost = form.money("cost", given["currency"])
        if not form.errors:
            names = ("kind", "outcome", "purpose", "at", "minutes", "currency", "contact", "note")
            touch = NewTouch(**{name: given[name] for name in names}, cost=cost)
            if _record(request, customer, touch, given["key"], form):
                return redirect("customer-touches", number)
    return _tab(request, number, form)


@require_POST
def quick(request: HttpRequest, number: int) -> HttpResponse:
    """What the header's menu records: that it happened now, to collect when something is past due."""
    require(request.actor, "record_touch")
    customer = parties.customer_by_id(request.actor, number)
    what = request.POST.get("what", "")
    if what not in dict(QUICK):
        messages.error(request, gettext("Choose what to record."))
        return redirect("customer-touches", number)
    kind, _mark, outcome = what.partition(":")
    touch = NewTouch(kind, timezone.now(), _purpose(customer), outcome=outcome)
    key = request.POST.get("key", "")[:64]
    _record(request, customer, touch, f"{key}-{what}" if key else "")
    return redirect("customer-touches", number)


def _record(request: HttpRequest, customer: Customer, touch: NewTouch, key: str, form: Record | None = None) -> bool:
    """Whether it is recorded; the refusal is shown otherwise."""
    try:
        stored = record_touch(actor=request.actor, now=timezone.now(), customer=customer.code, touch=touch, key=key)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        if form is not None:
            form.refuse(refused)
        else:
            messages.error(request, say(refused))
        return False
    words = gettext("Recorded: {kind}, {outcome}.")
    told = words.format(kind=KINDS[stored.kind], outcome=OUTCOMES[stored.outcome])
    undo = reverse("withdraw-touch", args=[customer.id, stored.id])
    messages.success(request, told, extra_tags=undo)
    return True


def _purpose(customer: Customer) -> str:
    today = timezone.localdate()
    items = receivables.open_items(members(customer, today) or [customer.id], today)
    return "collect" if any(each.sign > 0 and each.due < today for each in items) else "care"


def _currencies(customer: Customer) -> list[str]:
    found = {each.currency for each in receivables.open_items(members(customer, date.max) or [customer.id])}
    first = [customer.currency] if customer.currency else []
    return list(dict.fromkeys([*first, *sorted(found)])) or ["EUR"]


@require_POST
def withdraw(request: HttpRequest, number: int, touch: int) -> HttpResponse:
    """Take a touch back: from its row with a reason, or just after it was recorded."""
    require(request.actor, "withdraw_touch")
    customer = parties.customer_by_id(request.actor, number)
    reason = gettext("recorded by mistake")
    if "reason" in request.POST:
        form = Withdraw(request.POST)
        if not form.is_valid():
            messages.error(request, gettext("Say in one line why the touch is withdrawn."))
            return redirect("customer-touches", number)
        reason = form.cleaned_data["reason"]
    withdraw_touch(actor=request.actor, now=timezone.now(), customer=customer.code, touch=touch, reason=reason)
    messages.success(request, gettext("The touch is withdrawn."))
    return redirect("customer-touches", number)


def _tab(request: HttpRequest, number: int, form: Record | None = None) -> HttpResponse:
    def part(customer: Customer, ids: list[int], day: date) -> dict[str, Any]:
        roles, now = request.actor.roles, not as_of(request).is_past
        currencies = _currencies(customer)
        first = {
            "key": secrets.token_hex(16), "kind": "call", "outcome": "reached", "purpose": _purpose(customer),
            "at": timezone.localtime(), "currency": currencies[0],
        }  # fmt: skip
        return {
            "rows": [row(each) for each in queries.touches(ids or [customer.id], day)],
            "form": form or Record(initial=first, currencies=currencies),
            "contacts": [each.name for each in parties.contacts(request.actor, customer.code)],
            "may_record_touch": permits(roles, "record_touch") and now and customer.status != "merged",
            "may_withdraw": permits(roles, "withdraw_touch") and now,
        }

    return page(request, number, "touches", part)
