"""One piece of work: the customer's story, the open items, what to say, and what came of it."""

from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from goodstanding.access.queries import people
from goodstanding.access.rules import permits
from goodstanding.actions import work_decision
from goodstanding.actions.base import require
from goodstanding.actions.finish_contact import finish_contact
from goodstanding.collections import queries
from goodstanding.collections.rules.contacts import is_quiet
from goodstanding.collections.types import Work
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.kernel.money import decimal_text
from goodstanding.parties import queries as parties
from goodstanding.parties import records
from goodstanding.promises import queries as promises
from goodstanding.promises.types import NewPromise
from goodstanding.relations import queries as relations
from goodstanding.reports import customer as report
from goodstanding.reports.asking import left
from goodstanding.standing.queries import standings
from goodstanding.web.forms import DeskForm, amount_field, day_field, line_field
from goodstanding.web.frame import as_of
from goodstanding.web.pages.collections import script, words
from goodstanding.web.pages.collections.working import back_to
from goodstanding.web.pages.promises import told as promised
from goodstanding.web.pages.touches import told as touched
from goodstanding.web.standing import ring

LAST = 8  # of touches and of promises


class Spoken(DeskForm):
    """What came of it: an outcome is the button; a promise has its amount and day."""

    places: ClassVar = {"due": "due", "amount": "amount", "promise": "amount", "tolerance": "due"}
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    contact = line_field(_("Spoke with"), 200, required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=1440, required=False)
    note = line_field(_("Note"), 200, required=False)
    amount = amount_field(_("Promised amount"), required=False)
    due = day_field(_("Promised for"), required=False)


class Later(DeskForm):
    """Put off until a day, and why."""

    places: ClassVar = {"until": "until", "no_reason": "reason"}
    until = day_field(_("Until"))
    reason = line_field(_("Why"), 200)


@require_http_methods(["GET", "HEAD", "POST"])
def calling(request: HttpRequest, number: int) -> HttpResponse:
    """The page; POST ends the work with an outcome."""
    require(request.actor, "view_book")
    day = as_of(request).day
    work = queries.work(number, day, hidden=request.actor.hidden)
    if request.method != "POST":
        return _show(request, work, day)
    require(request.actor, "work_decision")
    form = Spoken(request.POST)
    if form.is_valid() and _finish(request, work, form):
        return redirect("collections")
    return _show(request, work, day, spoken=form)


def _finish(request: HttpRequest, work: Work, form: Spoken) -> bool:
    found, given, outcome = work.decision, form.cleaned_data, request.POST.get("outcome", "")
    promise = None
    if outcome == "promised":
        minor = form.money("amount", found.currency)
        for name in ("amount", "due"):
            if not given.get(name):
                form.add_error(name, gettext("Say what was promised, and until when."))
        if minor is None or not form.is_valid():
            return False
        promise = NewPromise(
            by="them", kind="pay", made=timezone.localdate(), due=given["due"], amount=minor, currency=found.currency,
            contact=given["contact"], owner=request.actor.signature, subject=given["note"],
        )  # fmt: skip
    try:
        finish_contact(
            actor=request.actor, now=timezone.now(), decision=work.id, day=timezone.localdate(), outcome=outcome,
            key=given["key"], minutes=given["minutes"], contact=given["contact"], note=given["note"], promise=promise,
        )  # fmt: skip
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, words.finished(outcome))
    return True


@require_http_methods(["POST"])
def later(request: HttpRequest, number: int) -> HttpResponse:
    """Put the work off, or give it to somebody."""
    require(request.actor, "work_decision")
    day = timezone.localdate()
    given: dict[str, Any] = {"actor": request.actor, "now": timezone.now(), "decision": number, "day": day}
    form = Later(request.POST)
    person = request.POST.get("person", "")
    try:
        if request.POST.get("do") == "assign":
            found = work_decision.assign(**given, person=int(person) if person.isdecimal() and len(person) < 10 else 0)
            messages.success(request, gettext("{name} has it now.").format(name=found.owner.rpartition(" #")[0]))
            return back_to(request)
        if form.is_valid():
            work_decision.snooze(**given, until=form.cleaned_data["until"], reason=form.cleaned_data["reason"])
            messages.success(request, gettext("Put off. It comes back on that day."))
            return back_to(request)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        form.is_valid()
        form.refuse(refused)
    return _show(request, queries.work(number, day, hidden=request.actor.hidden), day, put_off=form)


def _show(
    request: HttpRequest, work: Work, day: date, *, spoken: Spoken | None = None, put_off: Later | None = None
) -> HttpResponse:
    found, actor = work.decision, request.actor
    customer = parties.customer_by_id(actor, found.customer_id)
    ids = report.members(customer, day)
    (rest,) = left([found], day)
    asked = [(each, rest.items.get(each.item), rest.held.get(each.item, 0)) for each in found.items]
    open_work = work.state != "done"
    contacts = parties.contacts(actor, customer.code)
    behaviour = next((each.label for each in report.classes(customer.id, day) if each.dimension == "behaviour"), "")
    may = permits(actor.roles, "work_decision") and not as_of(request).is_past and open_work
    personal = found.action in ("call", "visit")
    context = {
        "tab": "list",
        "work": work,
        "decision": found,
        "customer": customer,
        "action": words.ACTIONS[found.action],
        "icon": words.ICONS.get(found.action, "hold"),
        "chips": words.chips(found.reasons, "why"),
        "formula": words.formula(found.reasons),
        "asked": asked,
        "contacts": contacts,
        "quiet": is_quiet(timezone.localtime(), queries.strategy_on(day).strategy),
        "personal": personal,
        "lines": list(script.lines(found, rest, actor.name, behaviour)) if personal else [],
        "amount": rest.amount if open_work else found.amount,
        "since": words.since(found.amount, rest, found.currency) if open_work else "",
        "nothing_left": open_work and bool(rest.why),
        "promises": [
            (each, promised.what(each), promised.STATES[promised.stands(each, day)], promised.TONES.get(each.state, ""))
            for each in promises.promises(ids, day)[:LAST]
        ],
        "touches": [touched.row(each) for each in relations.touches(ids, day, LAST)],
        "notes": [each for each in records.notes(actor, ids) if each.pinned and not each.withdrawn_by],
        "ring": ring(standings([customer.id], day).get(customer.id), "ring"),
        "may": may,
        "may_promise": permits(actor.roles, "make_promise"),
        "may_pack": permits(actor.roles, "make_paper") and found.action == "hand_over",
        "outcome": words.OUTCOMES.get(work.outcome, ""),
        "outcomes": [(name, words.OUTCOMES[name]) for name in words.OFFERED.get(found.action, ("done",))],
        "spoken": spoken or _fresh(rest.amount, found.currency, found.gain.minutes, contacts, day),
        "put_off": put_off or Later(initial={"until": day + timedelta(days=1)}),
        "colleagues": [
            each for each in people() if each.active and any(permits({role}, "work_decision") for role in each.roles)
        ]
        if may
        else [],
    }
    return render(request, "pages/collections/call.html", context)


def _fresh(amount: int, currency: str, minutes: int, contacts: list[Any], day: date) -> Spoken:
    may = [each.name for each in contacts if each.may_contact]
    return Spoken(
        initial={
            "key": uuid4().hex, "minutes": minutes, "contact": may[0] if may else "",
            "amount": decimal_text(amount, currency) if amount else "", "due": day + timedelta(days=7),
        }
    )  # fmt: skip
