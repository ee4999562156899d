"""Statements for many customers: choose them, watch them being printed, fetch the file."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goodstanding.actions.base import require
from goodstanding.actions.make_statements import fetch_statements, pile, restart_statements, start_statements
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.outbound.queries import file_of, recent_exports
from goodstanding.reports.papers import whole_month
from goodstanding.reports.piles import open_customers
from goodstanding.web.answers import say
from goodstanding.web.forms import DeskForm, day_field
from goodstanding.web.pages.exports.views import why


class Pile(DeskForm):
    """Whose statements, of which period."""

    places: ClassVar = {"no_customers": "who", "too_many": "who", "period": "first"}
    who = forms.ChoiceField(
        label=_("For"),
        choices=[("open", _("Everybody with something open")), ("late", _("Everybody with something past due")),
                 ("codes", _("These codes"))],
    )  # fmt: skip
    codes = forms.CharField(
        label=_("Codes"), required=False, max_length=200_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("With blanks or commas between them; only for “These codes”."),
    )  # fmt: skip
    first = day_field(_("From"))
    last = day_field(_("Up to the end of"))
    language = forms.ChoiceField(
        label=_("Language"), required=False,
        choices=[("", _("Each customer's own")), ("en", "English"), ("zh-hans", "中文")],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    """The form, and the piles so far."""
    require(request.actor, "make_paper")
    today = timezone.localdate()
    last = today.replace(day=1) - timedelta(days=1)
    codes = request.GET.get("codes", "")[:100_000]
    first = {"first": whole_month(last), "last": last, "codes": codes, "who": "codes" if codes else "open"}
    form = Pile(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        ids = open_customers(
            request.actor, given["last"], late=given["who"] == "late",
            codes=given["codes"].replace(",", " ").replace("，", " ").split() if given["who"] == "codes" else None,
        )  # fmt: skip
        try:
            number = start_statements(
                actor=request.actor, now=timezone.now(), customers=ids, first=given["first"], last=given["last"],
                language=given["language"],
            )  # fmt: skip
        except (NotFound, NotAllowed):
            raise
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("statements", number)
    mine = [each for each in recent_exports(50, papers=True) if _sees(request, each.actor)][:20]
    return render(request, "pages/papers/many.html", {"form": form, "piles": mine})


def _sees(request: HttpRequest, signature: str) -> bool:
    return request.actor.territories is None or request.actor.signed(signature)


@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One pile by its state: how far it is, the file, or why there is none."""
    require(request.actor, "make_paper")
    found = pile(request.actor, number)
    context: dict[str, Any] = {"found": found, "why": why(found), "count": len(found.wanted["customers"])}
    whole = "one.html" if not request.htmx or request.htmx.boosted else "state.html"
    return render(request, f"pages/papers/{whole}", context)


@require_safe
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    """The file itself, in pieces. Each time it is fetched is on the audit trail."""
    require(request.actor, "make_paper")
    if request.method == "HEAD":
        found = pile(request.actor, number)
    else:
        found = fetch_statements(actor=request.actor, now=timezone.now(), number=number)
    return FileResponse(file_of(found).open("rb"), as_attachment=True, filename=found.name)


@require_POST
def restart(request: HttpRequest, number: int) -> HttpResponse:
    """Start one again that failed or whose worker died."""
    require(request.actor, "make_paper")
    try:
        restart_statements(actor=request.actor, now=timezone.now(), number=number)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, say(refused))
    return redirect("statements", number)
