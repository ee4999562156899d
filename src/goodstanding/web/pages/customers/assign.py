"""Say one thing about many customers at once: who was chosen, what they have now, what they get."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from goodstanding.access.rules import permits
from goodstanding.actions.assign_customers import FIELDS, assign_customers, undo_assignment
from goodstanding.actions.base import require
from goodstanding.kernel.errors import N_, NotAllowed, NotFound, Refused, StaleVersion
from goodstanding.parties.rules.checks import LONGEST, STATUSES
from goodstanding.reports.customers import chosen as chosen_by
from goodstanding.reports.customers import said
from goodstanding.web import words
from goodstanding.web.answers import say
from goodstanding.web.forms import DeskForm
from goodstanding.web.frame import as_of
from goodstanding.web.pages.customers.forms import Question, read_question
from goodstanding.web.pages.editing.forms import CREDIT

SHOWN = 6  # different values of a field that are told with their number
PLACES = {"territory_of_others": "value", "terms": "value", "status": "value"}


class Assign(DeskForm):
    """The field and its new value. `seen` is a fingerprint of who was chosen, at which versions."""

    places = PLACES
    field = forms.ChoiceField(label=_("What to say about them"))
    value = forms.CharField(
        label=_("New value"), required=False, max_length=max(LONGEST[name] for name in FIELDS if name in LONGEST),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "values"}),
        help_text=_("Empty takes it away. Status: active, on_hold or closed."),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_lend: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [name for name in FIELDS if may_lend or name not in CREDIT]
        self.fields["field"].choices = [(name, words.FACTS[name]) for name in known]

    def clean(self) -> dict[str, Any]:
        """A status may be written as it is read."""
        given = super().clean() or {}
        if given.get("field") == "status":
            by_word = {str(words.STATUSES[code]).casefold(): code for code in STATUSES}
            value = str(given.get("value", "")).strip()
            given["value"] = by_word.get(value.casefold(), value)
        return given


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest) -> HttpResponse:
    """Who was chosen and what they have; then the assignment. Those of the address: ticked, or all that match."""
    require(request.actor, "assign_customers")
    question = read_question(request.GET, as_of(request))
    chosen = _chosen(request, question)
    seen = _fingerprint(chosen)
    may_lend = permits(request.actor.roles, "set_credit_terms")
    form = Assign(request.POST or None, may_lend=may_lend, initial={"seen": seen})
    if request.method == "POST" and chosen and form.is_valid():
        given = form.cleaned_data
        try:
            if given["seen"] != seen:
                raise StaleVersion(
                    "stale_choice", N_("The customers that were chosen have changed since: look again, then assign.")
                )
            done = assign_customers(
                actor=request.actor, now=timezone.now(), chosen=chosen, field=given["field"], value=given["value"]
            )
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            undo = reverse("undo-assignment", args=[done.first, done.last]) if done.changed else ""
            messages.success(request, _told(done.changed), extra_tags=undo)
            return redirect(question.address(view="all"))
    fields = [name for name, _label in form.fields["field"].choices] if chosen else []
    context = {
        "form": form,
        "count": len(chosen),
        "now": [_now(request, list(chosen), name) for name in fields],
        "back": question.address(view="all"),
    }
    return render(request, "pages/customers/assign.html", context)


def _chosen(request: HttpRequest, question: Question) -> dict[int, int]:
    """Id → version of the customers of the address; what is no choice is left out."""
    if request.GET.get("all") == "1":
        return dict(chosen_by(request.actor, question.wanted))
    pairs = (text.partition(".") for text in request.GET.getlist("chosen"))
    return {
        int(number): int(version)
        for number, _mark, version in pairs
        if number.isascii() and number.isdigit() and version.isascii() and version.isdigit() and len(number) < 16
    }


def _fingerprint(chosen: Mapping[int, int]) -> str:
    return hashlib.sha256(repr(sorted(chosen.items())).encode()).hexdigest()[:32]


def _now(request: HttpRequest, ids: list[int], name: str) -> dict[str, Any]:
    """What those chosen have in a field: the most frequent values with their numbers."""
    found = said(request.actor, ids, name)
    values = [(str(words.STATUSES.get(value, value)) if name == "status" else value, number) for value, number in found]
    return {"label": words.FACTS[name], "values": values[:SHOWN], "more": max(len(values) - SHOWN, 0)}


def _told(changed: int) -> str:
    if not changed:
        return gettext("Nothing had to be changed.")
    return ngettext("{count} customer changed.", "{count} customers changed.", changed).format(count=changed)


@require_POST
def undo(request: HttpRequest, first: int, last: int) -> HttpResponse:
    """Give them back what they had."""
    require(request.actor, "assign_customers")
    try:
        done = undo_assignment(actor=request.actor, now=timezone.now(), first=first, last=last)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, say(refused))
        return redirect("customers")
    messages.success(request, _told(done.changed))
    if done.left:
        stays = ngettext(
            "{count} customer was changed since and stays as it is.",
            "{count} customers were changed since and stay as they are.",
            done.left,
        )
        messages.warning(request, stays.format(count=done.left))
    return redirect("customers")
