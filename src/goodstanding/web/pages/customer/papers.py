"""A customer's papers: balances to confirm, the evidence pack, and what lateness cost."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.ask_confirmation import DAYS, MOST_DAYS, ask_confirmation, token, withdraw_confirmation
from goodstanding.actions.base import require
from goodstanding.actions.charge_late_fees import charge_late_fees, to_charge
from goodstanding.actions.make_evidence import make_evidence
from goodstanding.actions.make_statements import own_language, paying
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.outbound.paper import render
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Customer
from goodstanding.receivables import confirmations as kept
from goodstanding.receivables import queries
from goodstanding.reports import customer as report
from goodstanding.reports.limitation import clocks
from goodstanding.reports.papers import confirmation_sheet
from goodstanding.web.answers import say
from goodstanding.web.forms import DeskForm, day_field
from goodstanding.web.frame import as_of
from goodstanding.web.pages.customer.header import page

TONGUES = [("en", "English"), ("zh-hans", "中文")]


class Ask(DeskForm):
    """Which balance is to be confirmed, and until when its link is answered."""

    currency = forms.ChoiceField(label=_("Currency"))
    as_of = day_field(_("As of the end of"))
    language = forms.ChoiceField(label=_("Language of the paper"), choices=TONGUES)
    days = forms.IntegerField(
        label=_("Days to answer"), min_value=1, max_value=MOST_DAYS, initial=DAYS,
        help_text=_("Then its link leads nowhere."),
    )  # fmt: skip

    def __init__(self, *args: Any, currencies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(code, code) for code in currencies]


def pdf(content: bytes, name: str) -> HttpResponse:
    """A paper to keep."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest, number: int) -> HttpResponse:
    """The tab; a confirmation is asked for here."""
    if request.method != "POST":
        return _tab(request, number)
    require(request.actor, "make_paper")
    customer = parties.customer_by_id(request.actor, number)
    form = Ask(request.POST, currencies=_currencies(customer))
    if form.is_valid():
        try:
            ask_confirmation(actor=request.actor, now=timezone.now(), customer=customer.code, **form.cleaned_data)
        except (NotFound, NotAllowed):
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("The confirmation is ready: send the paper, or its link."))
            return redirect("customer-papers", number)
    return _tab(request, number, form)


def _currencies(customer: Customer) -> list[str]:
    ids = report.members(customer, date.max) or [customer.id]
    found = {each.currency for each in queries.open_items(ids)} | {customer.currency or ""}
    return sorted(found - {""}) or ["EUR"]


def _tab(request: HttpRequest, number: int, form: Ask | None = None) -> HttpResponse:
    def part(customer: Customer, ids: list[int], day: date) -> dict[str, Any]:
        roles, now = request.actor.roles, not as_of(request).is_past and customer.status != "merged"
        first = {"as_of": day, "language": own_language(customer), "days": DAYS}
        due = to_charge(request.actor, day, customer.code) if ids else []
        timed = clocks(queries.open_items(ids, day), day)
        return {
            "asked": [
                {"found": each, "state": each.state(day), "link": _link(request, each, day)}
                for each in kept.confirmations(ids, day)
            ],
            "form": form or Ask(initial=first, currencies=_currencies(customer)),
            "due": due,
            "sums": _sums(due),
            "clocks": sorted(timed, key=lambda each: each.clock.until)[:50],
            "may_make": permits(roles, "make_paper") and now,
            "may_print": permits(roles, "make_paper"),
            "may_charge": permits(roles, "charge_late_fee") and now,
            "tongues": TONGUES,
            "own": own_language(customer),
        }

    return page(request, number, "papers", part)


def _sums(due: list[Any]) -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    for each in due:
        if not each.held:
            found[each.item.currency] = found.get(each.item.currency, 0) + each.total
    return sorted(found.items())


def _link(request: HttpRequest, found: kept.Confirmation, day: date) -> str:
    if found.state(day) != "waiting" or not permits(request.actor.roles, "make_paper"):
        return ""
    return request.build_absolute_uri(reverse("confirmation", args=[token(found)]))


@require_safe
def confirmation(request: HttpRequest, number: int, asked: int) -> HttpResponse:
    """A confirmation as PDF, in the language it was asked in."""
    require(request.actor, "make_paper")
    customer, found = _one(request, number, asked)
    address = _link(request, found, timezone.localdate())
    items = queries.open_items(report.members(customer, found.as_of), found.as_of, found.currency)
    contact = paying(parties.contacts(request.actor, customer.code))
    with translation.override(found.language):
        on = timezone.localtime(found.asked_at).date()
        sheet = confirmation_sheet(customer, contact, found, items, address, on)
    name = f"confirmation-{customer.id}-{found.currency}-{found.as_of.isoformat()}.pdf"
    return pdf(render("confirmation", sheet, found.language), name)


def _one(request: HttpRequest, number: int, asked: int) -> tuple[Customer, kept.Confirmation]:
    customer = parties.customer_by_id(request.actor, number)
    found = kept.confirmation_by_id(asked)
    if found is None or found.customer_id not in (report.members(customer, date.max) or [customer.id]):
        raise kept.no_such_confirmation()
    return customer, found


@require_POST
def withdraw(request: HttpRequest, number: int, asked: int) -> HttpResponse:
    """Its link leads nowhere any more."""
    require(request.actor, "make_paper")
    customer, found = _one(request, number, asked)
    withdraw_confirmation(actor=request.actor, now=timezone.now(), customer=customer.code, key=found.key)
    messages.success(request, gettext("The link is withdrawn."))
    return redirect("customer-papers", number)


@require_POST
def evidence(request: HttpRequest, number: int) -> HttpResponse:
    """The evidence pack; the trail keeps its fingerprint."""
    require(request.actor, "make_paper")
    customer, day = parties.customer_by_id(request.actor, number), as_of(request).day
    language = "zh-hans" if request.POST.get("language") == "zh-hans" else "en"
    content = make_evidence(
        actor=request.actor, now=timezone.now(), customer=customer.code, as_of=day, language=language
    )
    return pdf(content, f"evidence-{customer.id}-{day.isoformat()}.pdf")


@require_POST
def charge(request: HttpRequest, number: int) -> HttpResponse:
    """Charge what lateness cost this customer until today."""
    require(request.actor, "charge_late_fee")
    customer = parties.customer_by_id(request.actor, number)
    try:
        made = charge_late_fees(
            actor=request.actor, now=timezone.now(), as_of=timezone.localdate(), customer=customer.code
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, say(refused))
    else:
        told = gettext("Charged: {count} items.") if made.items else gettext("There was nothing left to charge.")
        messages.success(request, told.format(count=len(made.items)))
    return redirect("customer-papers", number)
