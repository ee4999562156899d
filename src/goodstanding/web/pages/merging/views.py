"""Merge a customer into another: choose who carries on, see both, confirm. There is no way back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from goodstanding.actions.base import require
from goodstanding.actions.merge_customers import merge_customers
from goodstanding.kernel.errors import N_, NotAllowed, Refused
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Customer
from goodstanding.reports.merging import Side, side
from goodstanding.web.pages.customer.facts import facts
from goodstanding.web.pages.merging.forms import Merge
from goodstanding.web.templatetags.desk import day

LONGEST = 64
MOST_FOUND, MOST_LIKE = 12, 5


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, number: int) -> HttpResponse:
    """Whom to merge the customer with; with a survivor chosen, both side by side and the form."""
    require(request.actor, "merge_customers")
    customer = parties.customer_by_id(request.actor, number)
    if customer.status == "merged":
        raise Refused("merged", N_("{code} is merged: change the customer that carries on."), code=customer.code)
    asked = (request.POST if request.method == "POST" else request.GET).get("into", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19) or int(asked) == customer.id:
        return _choose(request, customer)
    survivor = parties.customer_by_id(request.actor, int(asked))
    form = Merge(request.POST or None, code=customer.code, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid() and _merge(request, customer, survivor, form):
        return redirect("customer", survivor.id)
    return _compare(request, customer, survivor, form)


def _choose(request: HttpRequest, customer: Customer) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    found = parties.search(request.actor, text, MOST_FOUND) if text else []
    doubts = parties.doubts_about(request.actor, customer, MOST_LIKE)
    known = {each.code: each for each in parties.by_codes(request.actor, [doubt.right for doubt in doubts])}
    context = {
        "customer": customer,
        "text": text,
        "found": [each for each in found if each.id != customer.id and each.status != "merged"],
        "likely": [(known[doubt.right], gettext(doubt.reason)) for doubt in doubts if doubt.right in known],
    }
    return render(request, "pages/merging/choose.html", context)


def _merge(request: HttpRequest, customer: Customer, survivor: Customer, form: Merge) -> bool:
    given = form.cleaned_data
    try:
        merge_customers(
            actor=request.actor,
            now=timezone.now(),
            merged=customer.code,
            merged_version=given["merged_version"],
            survivor=survivor.code,
            survivor_version=given["survivor_version"],
            on=given["on"],
            reason=given["reason"],
        )
    except NotAllowed:
        raise
    except Refused as refused:
        form.refuse(refused)
        return False
    words = gettext("{merged} is merged: {name} carries on from {day}.")
    messages.success(request, words.format(merged=customer.code, name=survivor.name, day=day(given["on"])))
    return True


def _compare(request: HttpRequest, customer: Customer, survivor: Customer, form: Merge) -> HttpResponse:
    today = timezone.localdate()
    gone, stays = side(request.actor, customer, today), side(request.actor, survivor, today)
    context = {
        "customer": customer,
        "survivor": survivor,
        "gone": gone,
        "stays": stays,
        "sides": (gone, stays),
        "form": form,
    }
    return render(request, "pages/merging/compare.html", context | {"facts": _facts(gone, stays)})


def _facts(gone: Side, stays: Side) -> list[dict[str, Any]]:
    """The facts of both, row by row."""
    rows = zip(facts(gone.customer), facts(stays.customer), strict=True)
    return [
        {"name": name, "gone": mine, "stays": theirs, "differ": mine != theirs} for (name, mine), (_, theirs) in rows
    ]
