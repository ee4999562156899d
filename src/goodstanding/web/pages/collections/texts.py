"""The firm's texts: what holds for each purpose, tone and language, its versions, and a preview with a real customer."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.set_template import set_template
from goodstanding.correspondence import texts
from goodstanding.correspondence.rules.filling import VARIABLES, fill
from goodstanding.correspondence.types import Template
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.parties import queries as parties
from goodstanding.reports.letters import account_of, values
from goodstanding.web.answers import say
from goodstanding.web.forms import DeskForm, day_field, line_field

PURPOSES = {
    "reminder": _("Reminder"),
    "hand_over": _("Hand-over"),
    "statement": _("Statement"),
    "answer": _("Answer"),
    "greeting": _("Greeting"),
}
TONES = {"friendly": _("friendly"), "firm": _("firm"), "final": _("final")}
TONGUES = {"en": "English", "zh-hans": "简体中文"}
MEANINGS = {
    "customer_name": _("the customer"),
    "contact_name": _("the person written to"),
    "firm": _("our firm"),
    "sender": _("who writes"),
    "pay_to": _("our address and account"),
    "amount": _("what is asked for, credits taken off"),
    "currency": _("its currency"),
    "items": _("the items, a line each"),
    "oldest_due": _("the oldest due day"),
    "days_late": _("how many days late the oldest is"),
    "promise_day": _("the day of their promise"),
    "promised_amount": _("what they promised"),
    "statement_day": _("the day of the letter"),
}


class Text(DeskForm):
    """A new version of a text."""

    places: ClassVar = {
        "start": "start", "no_subject": "subject", "no_text": "body", "unknown_variable": "body",
        "malformed_variable": "body", "text": "body", "text_too_long": "body",
    }  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    subject = line_field(_("Subject"), 200)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 16, "class": "input"}))
    start = day_field(_("In force from"))


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """What holds today, each with its version."""
    require(request.actor, "view_book")
    found = texts.templates(timezone.localdate())
    context = {"tab": "templates", "rows": [_row(each) for each in found]}
    return render(request, "pages/collections/templates.html", context)


def _row(each: Template) -> dict[str, Any]:
    return {
        "text": each, "purpose": PURPOSES[each.purpose], "tone": TONES[each.tone], "language": TONGUES[each.language],
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, purpose: str, tone: str, language: str) -> HttpResponse:
    """One text with its versions; POST writes the next, or only shows it filled in."""
    require(request.actor, "set_template" if request.method == "POST" else "view_book")
    found = texts.versions(purpose, tone, language)
    today = timezone.localdate()
    held = next((each for each in found if each.start <= today), None)
    form = Text(initial={"subject": held.subject if held else "", "body": held.body if held else "", "start": today,
                         "seen": max((each.version for each in found), default=0)})  # fmt: skip
    shown: tuple[str, str] | None = None
    code = request.POST.get("customer", request.GET.get("customer", "")).replace("\0", "").strip()[:64]
    if request.method == "POST":
        form = Text(request.POST)
        if form.is_valid():
            if request.POST.get("do") == "preview":
                shown = _preview(request, form, code, language)
            elif _store(request, form, purpose, tone, language):
                return redirect("template", purpose, tone, language)
    context = _row(held or Template(purpose, tone, language, 0, today, "", "")) | {
        "tab": "templates",
        "held": held,
        "versions": found,
        "form": form,
        "shown": shown,
        "code": code,
        "variables": [(f"{{{name}}}", MEANINGS[name]) for name in VARIABLES],
        "may_set": permits(request.actor.roles, "set_template"),
    }
    return render(request, "pages/collections/template.html", context)


def _store(request: HttpRequest, form: Text, purpose: str, tone: str, language: str) -> bool:
    given = form.cleaned_data
    try:
        made = set_template(
            actor=request.actor, now=timezone.now(), purpose=purpose, tone=tone, language=language,
            subject=given["subject"], body=given["body"], start=given["start"], today=timezone.localdate(),
            seen=given["seen"],
        )  # fmt: skip
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, gettext("Version {version} is kept.").format(version=made.version))
    return True


def _preview(request: HttpRequest, form: Text, code: str, language: str) -> tuple[str, str] | None:
    """The text filled in for the customer named."""
    if not code:
        form.add_error(None, gettext("Name a customer by its code, and the text is shown filled in."))
        return None
    try:
        customer = parties.customer(request.actor, code)
        who, items, currency, credits_ = account_of(customer, timezone.localdate(), language)
        told = values(who, items, currency, timezone.localdate(), credits=credits_, sender=request.actor.name)
        return fill(form.cleaned_data["subject"], told), fill(form.cleaned_data["body"], told)
    except NotFound:
        form.add_error(None, gettext("There is no customer {code}.").format(code=code))
    except Refused as refused:
        form.add_error(None, say(refused))
    return None
