"""One customer as of a day: what they owe, what happened, their account, their people, what is said about them."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Customer
from goodstanding.promises import queries as promised
from goodstanding.relations import queries as relations
from goodstanding.reports import customer as report
from goodstanding.standing import queries as standing
from goodstanding.web.frame import as_of, locale
from goodstanding.web.pages.customer import stood
from goodstanding.web.pages.customer.account import account_part, download
from goodstanding.web.pages.customer.events import given, timeline_of, touched
from goodstanding.web.pages.customer.facts import changes, facts
from goodstanding.web.pages.customer.header import page


@require_safe
def by_code(request: HttpRequest) -> HttpResponse:
    """Leads to the page of the customer with this code, keeping the day."""
    require(request.actor, "view_book")
    found = parties.customer(request.actor, request.GET.get("code", ""))
    query = urlencode(as_of(request).param)
    return HttpResponseRedirect(reverse("customer", args=[found.id]) + (f"?{query}" if query else ""))


@require_safe
def timeline(request: HttpRequest, number: int) -> HttpResponse:
    """The page with what happened, newest first."""

    def part(customer: Customer, ids: list[int], day: date) -> dict[str, Any]:
        lines = report.account(ids, day)
        kept = report.records(request.actor, customer, ids, day)
        whose = ids or [customer.id]
        promises = promised.promises(whose, day, report.EVENTS)
        more = given(promises, promised.judgements([each.id for each in promises], day))
        more += touched(relations.touches(whose, day, report.EVENTS))
        found = timeline_of(report.events(lines, day), kept, day, more)
        return found | {"more": found["cut"] or len(lines) > report.EVENTS}

    return page(request, number, "timeline", part)


@require_safe
def account(request: HttpRequest, number: int) -> HttpResponse:
    """The page with every item and the balance after it, or the same as a file."""
    if request.GET.get("format") in ("csv", "xlsx"):
        require(request.actor, "view_book")
        customer = parties.customer_by_id(request.actor, number)
        day = as_of(request).day
        lines = report.account(report.members(customer, day), day)
        return download(request.GET["format"], customer, lines, request.GET.get("currency", ""), day)

    def part(_customer: Customer, ids: list[int], day: date) -> dict[str, Any]:
        here = reverse("customer-account", args=[number])
        return account_part(report.account(ids, day), request.GET, here, as_of(request).param)

    return page(request, number, "account", part)


@require_safe
def people(request: HttpRequest, number: int) -> HttpResponse:
    """The page with the contacts."""

    def part(customer: Customer, _ids: list[int], _day: date) -> dict[str, Any]:
        return {
            "contacts": parties.contacts(request.actor, customer.code),
            "may_save": permits(request.actor.roles, "save_contact"),
        }

    return page(request, number, "people", part)


@require_safe
def facts_page(request: HttpRequest, number: int) -> HttpResponse:
    """The page with what is said about the customer, its classes, and every change of it."""

    def part(customer: Customer, _ids: list[int], day: date) -> dict[str, Any]:
        names = [contact.name for contact in parties.contacts(request.actor, customer.code)]
        return {
            "facts": facts(customer),
            "history": changes(report.history(customer, names), customer.currency),
            "nights": stood.history(standing.history(customer.id, day)),
            "evidence": stood.evidence(customer, as_of(request).param),
            "tongue": locale(),
            "all_classes": report.classes(customer.id, day),
            "may_edit": permits(request.actor.roles, "edit_customer") and customer.status != "merged",
        }

    return page(request, number, "facts", part)
