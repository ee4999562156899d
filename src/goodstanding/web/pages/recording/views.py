"""Record a payment and say what it settles; record any other document."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from goodstanding.actions.base import require
from goodstanding.actions.record_item import record_item
from goodstanding.actions.record_payment import record_payment
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.kernel.money import decimal_text, exponent
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Customer
from goodstanding.receivables import queries
from goodstanding.receivables.policy import policy
from goodstanding.receivables.types import Item, NewItem
from goodstanding.receivables.types import Payment as Paid
from goodstanding.reports.customer import relatives
from goodstanding.web.pages.recording.foreseeing import foreseen
from goodstanding.web.pages.recording.forms import Document, Payment
from goodstanding.web.templatetags.desk import amount as text_of

MOST_ITEMS = 200


@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: HttpRequest, number: int) -> HttpResponse:
    """The form for a payment, with the items it may settle."""
    require(request.actor, "record_payment")
    customer = parties.customer_by_id(request.actor, number)
    items = _debits(request, customer)
    currencies = _currencies(customer, items)
    tolerances = policy().tolerances
    initial = _initial(request, currencies, tolerances)
    form = Payment(request.POST or None, currencies=currencies, tolerances=tolerances, initial=initial)
    if request.method == "POST" and "foresee" in request.POST:
        return render(request, "pages/recording/foreseen.html", {"told": foreseen(form, items)})
    if request.method == "POST" and form.is_valid():
        done = _pay(request, customer, form, items)
        if done is not None:
            messages.success(request, _told(done))
            return redirect("customer", customer.id)
    return render(request, "pages/recording/payment.html", _context(customer, form, items[:MOST_ITEMS], len(items)))


def _debits(request: HttpRequest, customer: Customer) -> list[Item]:
    """The open debits of the customer and of the members of its group, oldest due first."""
    return [item for item in queries.open_items(relatives(request.actor, customer)) if item.sign > 0]


def _currencies(customer: Customer, items: list[Item]) -> list[str]:
    known = [item.currency for item in items] + [customer.currency]
    return list(dict.fromkeys(code for code in known if code))


def _initial(request: HttpRequest, currencies: list[str], tolerances: Mapping[str, int]) -> dict[str, Any]:
    today, currency = timezone.localdate(), currencies[0] if currencies else ""
    most = tolerances.get(currency, 0)
    return {
        "date": today,
        "currency": currency,
        "tolerance": decimal_text(most, currency) if most else "",
        "way": "oldest",
        "number": request.GET.get("number", "")[:64],
    }


def _pay(request: HttpRequest, customer: Customer, form: Payment, items: list[Item]) -> Paid | None:
    """Record it; None, with the refusal shown, when it can't be."""
    given = form.cleaned_data
    minor = form.money("amount", given["currency"])
    tolerance = form.money("tolerance", given["currency"]) or 0
    allocation = form.allocation(items)
    if form.errors or minor is None:
        return None
    new = NewItem(
        number=given["number"],
        kind="payment",
        date=given["date"],
        amount=minor,
        currency=given["currency"],
        reference=given["reference"],
    )
    try:
        return record_payment(
            actor=request.actor,
            now=timezone.now(),
            customer=customer.code,
            payment=new,
            allocation=allocation,
            tolerance=tolerance,
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        form.refuse(refused)
        return None


def _told(done: Paid) -> str:
    """What a recorded payment settled, in a sentence or two."""
    currency = done.item.currency
    if done.repeated:
        return gettext("{number} was recorded already; nothing changed.").format(number=done.item.number)
    settled = ngettext(
        "{number} recorded: it settles {count} item.", "{number} recorded: it settles {count} items.", len(done.matches)
    )
    parts = [settled.format(number=done.item.number, count=len(done.matches))]
    if done.unapplied:
        rest = gettext("{amount} {currency} is not matched yet.")
        parts.append(rest.format(amount=text_of(done.unapplied, currency), currency=currency))
    parts += [
        gettext("{number} is short by {amount} {currency}.").format(
            number=each.item[1], amount=text_of(each.short, currency), currency=currency
        )
        for each in done.short
    ]
    parts += [
        gettext("{amount} {currency} was written off within the tolerance.").format(
            amount=text_of(each.amount, currency), currency=currency
        )
        for each in done.written_off
    ]
    return " ".join(parts)


def _context(customer: Customer, form: Payment, items: list[Item], total: int) -> dict[str, Any]:
    data = form.data if form.is_bound else {}
    return {
        "customer": customer,
        "form": form,
        "rows": [
            {"item": item, "digits": exponent(item.currency), "part": data.get(f"part-{item.id}", "")} for item in items
        ],
        "left_out": total - len(items),
        "today": timezone.localdate(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, number: int) -> HttpResponse:
    """The form for any other document."""
    require(request.actor, "record_item")
    customer = parties.customer_by_id(request.actor, number)
    currencies = _currencies(customer, _debits(request, customer))
    initial = {"date": timezone.localdate(), "currency": currencies[0] if currencies else "", "kind": "invoice"}
    form = Document(request.POST or None, currencies=currencies, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = _post(request, customer, form)
        if done is not None:
            return redirect("item", done)
    return render(request, "pages/recording/document.html", {"customer": customer, "form": form})


def _post(request: HttpRequest, customer: Customer, form: Document) -> int | None:
    """Record it and give the item's number in addresses; None, with the refusal shown, when it can't be."""
    given = form.cleaned_data
    minor, tax = form.money("amount", given["currency"]), form.money("tax", given["currency"])
    if form.errors or minor is None:
        return None
    names = ("number", "kind", "date", "due", "currency", "reference", "order", "seller", "reason")
    new = NewItem(**{name: given[name] for name in names}, amount=minor, tax=tax or 0)
    try:
        done = record_item(actor=request.actor, now=timezone.now(), customer=customer.code, item=new)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        form.refuse(refused)
        return None
    words = (
        gettext("{number} was recorded already; nothing changed.") if done.repeated else gettext("{number} recorded.")
    )
    messages.success(request, words.format(number=done.item.number))
    return done.item.id
