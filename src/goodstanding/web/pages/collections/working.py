"""Work on the list: take it, give it back or to somebody, put it off, finish it, put it back."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from goodstanding.actions import work_decision
from goodstanding.actions.base import require
from goodstanding.actions.finish_contact import finish_contact
from goodstanding.actions.keep_promise import keep_promise
from goodstanding.collections.types import OUTCOMES
from goodstanding.kernel.errors import N_, NotAllowed, NotFound, Refused
from goodstanding.web.answers import say
from goodstanding.web.pages.collections import words


def back_to(request: HttpRequest) -> HttpResponse:
    """To where the form was, if that is on this desk."""
    place = request.POST.get("back", "")
    known = url_has_allowed_host_and_scheme(place, allowed_hosts=None) and place.startswith("/")
    return redirect(place if known else "collections")


@require_POST
def work(request: HttpRequest, number: int) -> HttpResponse:
    """One click or key of the list; `do` is what."""
    require(request.actor, "work_decision")
    do = request.POST.get("do", "")
    given = {"actor": request.actor, "now": timezone.now(), "decision": number, "day": timezone.localdate()}
    try:
        if do == "take":
            work_decision.take(**given)
            told = gettext("It is yours now.")
        elif do == "give_back":
            work_decision.give_back(**given)
            told = gettext("Anybody can do it now.")
        elif do == "reopen":
            work_decision.reopen(**given)
            told = gettext("It is on the list again.")
        elif do in OUTCOMES:
            finish_contact(**given, outcome=do, key=uuid4().hex)
            told = words.finished(do)
        else:
            raise Refused("unknown_value", N_("{field}: {value} is not known."), field="do", value=repr(do[:40]))
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, told)
    return back_to(request)


@require_POST
def keep_ours(request: HttpRequest) -> HttpResponse:
    """A promise of ours was kept today."""
    require(request.actor, "keep_promise")
    key = request.POST.get("key", "")
    if not key:
        return back_to(request)
    try:
        keep_promise(actor=request.actor, now=timezone.now(), key=key, day=timezone.localdate())
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, say(refused))
    else:
        messages.success(request, gettext("Kept. What waited for it is asked for again."))
    return back_to(request)
