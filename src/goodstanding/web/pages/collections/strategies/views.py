"""Strategies: what is in force and was, as a ladder and as YAML; the next one, tried and let hold from a day on."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.set_strategy import set_strategy
from goodstanding.actions.try_strategy import Change, Trial, try_strategy
from goodstanding.collections import queries
from goodstanding.collections.rules.writing import LONGEST, Fault, read
from goodstanding.collections.types import ACTIONS
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.parties import queries as parties
from goodstanding.web.forms import DeskForm, day_field
from goodstanding.web.frame import as_of
from goodstanding.web.pages.collections.strategies import ladder

SHOWN = 20  # customers of each kind of change
MOST_BYTES = 4 * LONGEST


class Writing(DeskForm):
    """A strategy being written: the text, or a file that takes its place."""

    places: ClassVar = {"strategy": "text"}
    text = forms.CharField(
        label=_("Strategy as YAML"), required=False, strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "input num"}),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Or a YAML file"), required=False, help_text=_("It takes the place of the text."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )  # fmt: skip
    start = day_field(_("Holds from"))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean(self) -> dict[str, Any]:
        """The text of the file where one was sent."""
        given: dict[str, Any] = super().clean() or {}
        file = given.get("file")
        if file is None:
            return given
        if file.size > MOST_BYTES:
            self.add_error("file", gettext("The file is too long to be a strategy."))
            return given
        try:
            given["text"] = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", gettext("The file is not text in UTF-8."))
        return given


@require_safe
def strategies(request: HttpRequest) -> HttpResponse:
    """The versions, one of them as a ladder: the one in force on the day, or the one asked for."""
    require(request.actor, "view_book")
    day = as_of(request).day
    asked = request.GET.get("version", "")
    current = queries.strategy_on(day)
    known = asked.isascii() and asked.isdecimal() and len(asked) < 10
    shown = queries.strategy(int(asked)) if known else current
    if request.GET.get("format") == "yaml":
        answer = HttpResponse(shown.text, content_type="application/yaml; charset=utf-8")
        name = f"strategy-{shown.version}.yaml"
        answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
        return answer
    context = {
        "tab": "strategies",
        "current": current,
        "shown": shown,
        "strategy": shown.strategy,
        "parts": ladder.ladder(shown.strategy),
        "tolerances": [ladder.money(least, code) for code, least in sorted(shown.strategy.tolerance.items())],
        "versions": queries.strategies(),
        "may_set": permits(request.actor.roles, "set_strategy"),
    }
    return render(request, "pages/collections/strategies/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The next version: a copy of the one in force to change, its faults, a trial on today's book, and letting it hold."""
    require(request.actor, "set_strategy")
    now, today = timezone.now(), timezone.localdate()
    if request.method != "POST":
        newest = queries.strategies()[0].version
        form = Writing(initial={"text": queries.strategy_on(today).text, "start": today, "seen": newest})
        return _page(request, form)
    form = Writing(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    given = form.cleaned_data
    strategy, faults = read(given["text"])
    # a file's text stands in the field from here on, so that what was tried is what is kept
    form.data = form.data.copy()
    form.data["text"] = given["text"]
    if strategy is None:
        return _page(request, form, faults=faults)
    if request.POST.get("what") != "hold":
        trial = try_strategy(actor=request.actor, now=now, as_of=today, strategy=strategy, text=given["text"])
        return _page(request, form, trial=trial)
    wanted = {name: given[name] for name in ("text", "start", "seen")}
    try:
        made = set_strategy(actor=request.actor, now=now, today=today, **wanted)
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        form.refuse(refused)
        return _page(request, form)
    messages.success(request, gettext("Version {version} holds from its day on.").format(version=made.version))
    return redirect("strategies")


def _page(
    request: HttpRequest, form: Writing, *, faults: list[Fault] | None = None, trial: Trial | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "tab": "strategies",
        "form": form,
        "faults": [(each.line, each.path, ladder.fault(each)) for each in faults or ()],
        "newest": queries.strategies()[0].version,
    }
    if trial is not None:
        context |= {"trial": trial, "counts": _counts(trial), "changes": _changes(request, trial)}
    return render(request, "pages/collections/strategies/write.html", context)


def _counts(trial: Trial) -> list[tuple[str, int, int]]:
    return [(str(ladder.ACTIONS[each]), trial.before.get(each, 0), trial.after.get(each, 0)) for each in ACTIONS]


def _changes(request: HttpRequest, trial: Trial) -> list[dict[str, Any]]:
    """The kinds of change, each with the customers who owe most and why."""
    kinds = (
        (gettext("Newly asked"), trial.asked),
        (gettext("No longer asked"), trial.left),
        (gettext("Asked in another way"), trial.other),
    )
    ids = {
        one.customer_id for _words, some in kinds for each in some[:SHOWN] for one in (each.before, each.after) if one
    }
    names = {each.id: each.name for each in parties.by_ids(request.actor, sorted(ids))}
    return [
        {"words": words, "total": len(some), "rows": [_row(each, names) for each in some[:SHOWN]]}
        for words, some in kinds
    ]


def _row(each: Change, names: dict[int, str]) -> dict[str, Any]:
    one = each.after or each.before
    ways = [_way(side) for side in (each.before, each.after)]
    why = [ladder.said(reason) for reason in one.reasons if reason.code != "gain"] if one else []
    if each.after is None:
        why = [gettext("no step is reached yet")]
    asks = next(side for side in (each.after, each.before) if side and side.action != "withhold")
    return {
        "id": asks.customer_id,
        "name": names.get(asks.customer_id, asks.customer),
        "amount": asks.amount,
        "currency": asks.currency,
        "before": ways[0],
        "after": ways[1],
        "why": "; ".join(why),
    }


def _way(one: Any) -> str:
    if one is None:
        return gettext("nothing")
    words = str(ladder.ACTIONS[one.action])
    return words if one.action == "withhold" else f"{words} · {one.step}"
