"""The public page behind the signed link of a confirmation: one balance, two answers, nothing else."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from goodstanding.actions.answer_confirmation import answer_confirmation
from goodstanding.actions.ask_confirmation import asked_by
from goodstanding.kernel.errors import NotFound, Refused
from goodstanding.receivables.confirmations import LONGEST_WHY, Confirmation
from goodstanding.reports.papers import firm
from goodstanding.web.answers import refusal
from goodstanding.web.forms import DeskForm, amount_field, line_field

TRIES, MINUTE = 30, 60  # a link is tried so often a minute from one address


class Answer(DeskForm):
    """What their books say."""

    places: ClassVar = {
        "no_name": "name",
        "no_difference": "amount",
        "maximum": "amount",
        "text": "why",
        "text_too_long": "why",
    }
    answer = forms.ChoiceField(choices=[("agrees", ""), ("differs", "")])
    amount = amount_field(_("The balance in your books"), required=False)
    why = forms.CharField(
        label=_("Why it differs"), required=False, max_length=LONGEST_WHY, widget=forms.Textarea(attrs={"rows": 3})
    )
    name = line_field(_("Your name"), 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """The question and, once, its answer."""
    if _too_often(request):
        return refusal(request, 429)
    try:
        found = asked_by(token, timezone.localdate())
    except NotFound:
        return _private(refusal(request, 404))  # forged, withdrawn or over: as if there were no such page
    chosen = request.GET.get("lang", "")
    tongue = chosen if chosen in ("en", "zh-hans") else found.language
    with override(tongue):
        form = Answer(request.POST or None)
        if request.method == "POST" and found.agrees is None and form.is_valid():
            found = _keep(form, token, found)
        context = {"found": found, "owed": abs(found.amount), "form": form, "firm": firm(), "tongue": get_language()}
        return _private(render(request, "pages/confirmation/page.html", context))


def _keep(form: Answer, token: str, found: Confirmation) -> Confirmation:
    given: dict[str, Any] = form.cleaned_data
    agrees = given["answer"] == "agrees"
    theirs = None if agrees else form.money("amount", found.currency)
    if not agrees and theirs is None and "amount" not in form.errors:
        form.add_error("amount", gettext("Please write the balance of your books."))
    if form.errors:
        return found
    try:
        return answer_confirmation(
            now=timezone.now(), day=timezone.localdate(), token=token, agrees=agrees, name=given["name"],
            amount=theirs, why=given["why"],
        )  # fmt: skip
    except NotFound:
        raise
    except Refused as refused:
        form.refuse(refused)
        return found


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response


def _too_often(request: HttpRequest) -> bool:
    key = f"confirmation/{request.META.get('REMOTE_ADDR', '')}"
    if cache.add(key, 1, MINUTE):
        return False
    try:
        return int(cache.incr(key)) > TRIES
    except ValueError:  # it ran out in between
        return False
