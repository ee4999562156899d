"""Writing to a customer: choose what about, see the text with their figures, change it, queue it if it is true."""

from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from goodstanding.actions.attach_statement import attach_statement
from goodstanding.actions.base import require
from goodstanding.actions.queue_reminders import NO_FIRM
from goodstanding.actions.write_message import write_message
from goodstanding.correspondence import texts
from goodstanding.correspondence.rules.composing import FEWEST, OBJECTIONS, Composed, compose
from goodstanding.correspondence.rules.filling import VARIABLES, fill
from goodstanding.correspondence.types import PURPOSES, TONES, TONGUES, NewMessage, Why
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Customer
from goodstanding.reports import letters
from goodstanding.reports.similar import found
from goodstanding.web.answers import say
from goodstanding.web.forms import DeskForm, line_field
from goodstanding.web.pages.collections import texts as words
from goodstanding.web.pages.collections.outbox import told

ASKING = ("reminder", "hand_over")  # purposes whose message names what it asks for
SAID = {
    "cash_tight": _("Cash is tight"),
    "credit_note": _("Waits for a credit note"),
    "late_delivery": _("The delivery came late"),
    "not_received": _("Never got the invoice"),
    "wrong_price": _("The price is wrong"),
    "approval": _("Waits for an approval"),
    "many_days": _("Too many due days"),
    "away": _("Who decides is away"),
    "forgot": _("Forgot it"),
}


class Draft(DeskForm):
    """The text as it goes out."""

    places: ClassVar = {
        "recipient": "to",
        "recipient_letters": "to",
        "no_subject": "subject",
        "no_text": "body",
        "text": "body",
    }
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    to = line_field(_("To"), 254)
    subject = line_field(_("Subject"), 200)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 18, "class": "input"}))

    def clean(self) -> dict[str, Any]:
        """Nothing goes out with a variable that nobody filled in."""
        given: dict[str, Any] = super().clean() or {}
        for field in ("subject", "body"):
            for name in VARIABLES:
                if "{" + name + "}" in given.get(field, ""):
                    self.add_error(
                        field, gettext("Write something in the place of {name}").format(name="{" + name + "}")
                    )
                    break
        return given


def _choice(request: HttpRequest, name: str, known: Any, other: str) -> str:
    given = request.POST.get(name, request.GET.get(name, ""))
    return given if given in known else other


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: int) -> HttpResponse:
    """The page; POST queues the message, or says what is untrue in it."""
    require(request.actor, "write_message")
    customer = parties.customer_by_id(request.actor, number)
    people = [each for each in parties.contacts(request.actor, customer.code) if each.may_contact and each.email]
    contact = _choice(request, "contact", {each.name for each in people}, people[0].name if people else "")
    person = next((each for each in people if each.name == contact), None)
    fallback = "zh-hans" if ((person and person.language) or get_language() or "en").startswith("zh") else "en"
    chosen = {
        "contact": contact,
        "objection": _choice(request, "objection", OBJECTIONS, ""),
        "purpose": _choice(request, "purpose", PURPOSES, "reminder"),
        "tone": _choice(request, "tone", TONES, "friendly"),
        "language": _choice(request, "language", TONGUES, fallback),
    }
    if chosen["objection"]:
        chosen["purpose"] = "answer"
    faults: tuple[Why, ...] = ()
    if request.method == "POST":
        form = Draft(request.POST)
        if form.is_valid():
            queued, faults = _queue(request, customer, form, chosen)
            if queued:
                return redirect("message", queued)
        proposed = None
    else:
        form, proposed = _proposed(request, customer, chosen, person.email if person else "")
    context = {
        "customer": customer,
        "people": people,
        "chosen": chosen,
        "objections": SAID.items(),
        "purposes": words.PURPOSES.items(),
        "tones": words.TONES.items(),
        "tongues": words.TONGUES.items(),
        "form": form,
        "faults": [told(each) for each in faults],
        "without": gettext(proposed.without).format(fewest=FEWEST) if proposed and proposed.without else "",
        "parts": [(_("Feel"), proposed.feel), (_("Felt"), proposed.felt), (_("Found"), proposed.found)]
        if proposed
        else [],
    }
    return render(request, "pages/collections/write.html", context)


def _proposed(
    request: HttpRequest, customer: Customer, chosen: dict[str, str], to: str
) -> tuple[Draft, Composed | None]:
    """The text for what was chosen, filled in with the customer's figures."""
    day, language = timezone.localdate(), chosen["language"]
    who, items, currency, credits_ = letters.account_of(customer, day, language, chosen["contact"])
    values = letters.values(who, items, currency, day, credits=credits_, sender=request.actor.name)
    template = texts.template_on(chosen["purpose"], chosen["tone"], language, day)
    template = template or texts.template_on(chosen["purpose"], "friendly", language, day)
    composed, subject, body = None, "", ""
    if template is not None:
        subject, body = template.subject, template.body
    if chosen["objection"]:
        composed = compose(
            chosen["objection"], "zh" if language == "zh-hans" else "en", found(request.actor, customer, day)
        )
        parts = [part for part in (composed.feel, composed.felt, composed.found) if part]
        *before, last = body.split("\n\n")
        body = "\n\n".join([*before, *(part.replace("{", "(").replace("}", ")") for part in parts), last])
    initial = {"key": uuid4().hex, "to": to}
    if not settings.FIRM:
        messages.warning(request, gettext(NO_FIRM))
        values |= {"firm": "{firm}", "pay_to": "{pay_to}"}  # the rest is filled in all the same
    try:
        initial |= {"subject": fill(subject, values), "body": fill(body, values)}
    except Refused as refused:
        messages.warning(request, say(refused))
        initial |= {"subject": subject, "body": body}
    return Draft(initial=initial), composed


def _queue(
    request: HttpRequest, customer: Customer, form: Draft, chosen: dict[str, str]
) -> tuple[int | None, tuple[Why, ...]]:
    given, day = form.cleaned_data, timezone.localdate()
    _who, items, currency, _credits = letters.account_of(customer, day, chosen["language"], chosen["contact"])
    asking = chosen["purpose"] in ASKING
    told: dict[str, Any] = {"actor": request.actor, "now": timezone.now()}
    paper = ()
    if chosen["purpose"] == "statement":
        paper = (attach_statement(**told, customer=customer.id, as_of=day, language=chosen["language"]),)
    new = NewMessage(
        customer_id=customer.id, to=given["to"], language=chosen["language"], subject=given["subject"],
        body=given["body"], kind="reminder" if asking else chosen["purpose"], key=given["key"],
        source=f"person {request.actor.signature}", currency=currency,
        items=tuple((line.item, line.open) for line in items) if asking else (), contact=chosen["contact"],
        attachments=paper,
    )  # fmt: skip
    try:
        done = write_message(**told, message=new)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        form.refuse(refused)
        return None, ()
    if done.message is not None:
        messages.success(request, gettext("It is in the outbox, and is asked again when it goes."))
    return done.message, done.why
