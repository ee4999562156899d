"""Change a customer's facts, add or change a contact: each with the version that was read."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.edit_customer import edit_customer
from goodstanding.actions.save_contact import save_contact
from goodstanding.kernel.errors import NotAllowed, Refused
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Customer
from goodstanding.web.pages.editing.forms import CREDIT, Facts, Person, facts_of

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def facts(request: HttpRequest, number: int) -> HttpResponse:
    """The form for what is said about a customer."""
    require(request.actor, "edit_customer")
    customer = parties.customer_by_id(request.actor, number)
    may_lend = permits(request.actor.roles, "set_credit_terms")
    form = Facts(request.POST or None, initial=facts_of(customer), may_lend=may_lend)
    if request.method == "POST" and form.is_valid() and _change(request, customer, form, may_lend=may_lend):
        messages.success(request, gettext("Saved."))
        return redirect("customer-facts", customer.id)
    return render(request, "pages/editing/facts.html", {"customer": customer, "form": form})


def _change(request: HttpRequest, customer: Customer, form: Facts, *, may_lend: bool) -> bool:
    changes = form.changes()
    if changes is None:
        return False
    if not may_lend:
        changes = {name: value for name, value in changes.items() if name not in CREDIT}
    version = form.cleaned_data["version"]
    try:
        edit_customer(actor=request.actor, now=timezone.now(), code=customer.code, version=version, changes=changes)
    except NotAllowed:
        raise
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


@require_http_methods(METHODS)
def contact(request: HttpRequest, number: int) -> HttpResponse:
    """The form for a contact: the one named in the address, or a new one."""
    require(request.actor, "save_contact")
    customer = parties.customer_by_id(request.actor, number)
    wanted = request.GET.get("name", "")
    known = [each for each in parties.contacts(request.actor, customer.code) if each.customer == customer.code]
    found = next((each for each in known if each.name == wanted), None)
    initial = asdict(found) | {"was": found.name} if found else {"version": 0, "may_contact": True}
    form = Person(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.contact(customer.code)
        try:
            save_contact(actor=request.actor, now=timezone.now(), contact=given, was=form.cleaned_data["was"])
        except NotAllowed:
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("{name} saved.").format(name=given.name))
            return redirect("customer-people", customer.id)
    return render(request, "pages/editing/contact.html", {"customer": customer, "form": form, "is_new": not found})
