"""One customer as of a day: what they owe, what happened, their account, their people, what is said about them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Customer
from goodstanding.reports import customer as report
from goodstanding.reports.aging_types import LIMITS
from goodstanding.web import aging as shapes
from goodstanding.web.frame import as_of
from goodstanding.web.pages.customer.events import told
from goodstanding.web.pages.customer.facts import changes, facts
from goodstanding.web.pages.customer.statement import account_part, download

TABS = ("customer", "customer-account", "customer-people", "customer-facts")


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

    def part(_customer: Customer, ids: list[int], day: date) -> dict[str, Any]:
        lines = report.account(ids, day)
        return {"events": [told(each, day) for each in report.events(lines, day)], "more": len(lines) > report.EVENTS}

    return _page(request, number, "timeline", part)


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

    return _page(request, number, "account", part)


@require_safe
def people(request: HttpRequest, number: int) -> HttpResponse:
    """The page with the contacts."""

    def part(customer: Customer, _ids: list[int], _day: date) -> dict[str, Any]:
        return {
            "contacts": parties.contacts(request.actor, customer.code),
            "may_save": permits(request.actor.roles, "save_contact"),
        }

    return _page(request, number, "people", part)


@require_safe
def facts_page(request: HttpRequest, number: int) -> HttpResponse:
    """The page with what is said about the customer, its classes, and every change of it."""

    def part(customer: Customer, _ids: list[int], day: date) -> dict[str, Any]:
        names = [contact.name for contact in parties.contacts(request.actor, customer.code)]
        return {
            "facts": facts(customer),
            "history": changes(report.history(customer, names), customer.currency),
            "all_classes": report.classes(customer.id, day),
            "may_edit": permits(request.actor.roles, "edit_customer") and customer.status != "merged",
        }

    return _page(request, number, "facts", part)


def _page(
    request: HttpRequest, number: int, tab: str, part: Callable[[Customer, list[int], date], dict[str, Any]]
) -> HttpResponse:
    require(request.actor, "view_book")
    customer = parties.customer_by_id(request.actor, number)
    day = as_of(request)
    ids = report.members(customer, day.day)
    classes = [each for each in report.classes(customer.id, day.day) if each.dimension != "rfm"]
    context = {
        "customer": customer,
        "tab": tab,
        "classes": sorted(classes, key=lambda each: each.dimension != "value"),
        "standings": [_standing(customer, each, day.param) for each in report.standings(ids, day.day)],
        "carried_on": report.carried_on_by(request.actor, customer, day.day),
        "may_record": permits(request.actor.roles, "record_item") and customer.status != "merged",
        "may_pay": permits(request.actor.roles, "record_payment") and customer.status != "merged",
    } | part(customer, ids, day.day)
    return render(request, f"pages/customer/{tab}.html", context)


def _standing(customer: Customer, found: report.Standing, day: dict[str, str]) -> dict[str, Any]:
    """A currency's tiles: each figure with its sentence and the address of its items."""
    figures, currency = found.figures, found.currency

    def behind(part: str, count: int) -> str:
        query = {"key": customer.code, "currency": currency, "part": part} | day
        given = urlencode({name: value for name, value in query.items() if value})
        return f"{reverse('items')}?{given}" if count else ""

    return {
        "currency": currency,
        "figures": figures,
        "bar": shapes.bar(figures.buckets),
        "bar_label": shapes.bar_label(figures, LIMITS),
        "total_href": behind("", figures.items),
        "past_due_href": behind("past_due", figures.past_due_count),
        "unapplied_href": behind("unapplied", figures.unapplied_count),
        "held_href": behind("held", figures.held_count),
        "help": shapes.HELP,
    }
