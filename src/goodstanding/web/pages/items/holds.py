"""Hold part of an item back from being asked for, and end a hold; a refusal stands at its field."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from goodstanding.actions.base import require
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.release_hold import release_hold
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.receivables.types import Hold as Held
from goodstanding.receivables.types import Item
from goodstanding.web.answers import say
from goodstanding.web.pages.items.forms import HOLD_ID, Hold, Release
from goodstanding.web.pages.items.views import show
from goodstanding.web.pages.items.work import item_of
from goodstanding.web.templatetags.desk import amount as text_of
from goodstanding.web.templatetags.desk import day as day_of

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def place(request: HttpRequest, number: int) -> HttpResponse:
    """Place a hold on the item."""
    require(request.actor, "place_hold")
    if request.method != "POST":
        return redirect("item", number)
    form = Hold(request.POST, auto_id=HOLD_ID)
    if form.is_valid() and _place(request, item_of(number), form):
        return redirect("item", number)
    return show(request, number, sent=form)


def _place(request: HttpRequest, item: Item, form: Hold) -> bool:
    """Whether it was placed; the refusal is shown otherwise."""
    minor, given = form.money("amount", item.currency), form.cleaned_data
    if minor is None:
        return False
    try:
        hold = place_hold(
            actor=request.actor,
            now=timezone.now(),
            item=item.key,
            amount=minor,
            reason=given["reason"],
            day=given["day"],
            source=given["source"],
            key=given["key"],
        )
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        form.refuse(refused)
        return False
    words = gettext("{amount} {currency} of {number} is held back from {day} on.")
    _tell(request, words, item, hold, hold.placed)
    return True


@require_http_methods(METHODS)
def release(request: HttpRequest, number: int) -> HttpResponse:
    """End a hold on the item."""
    require(request.actor, "release_hold")
    if request.method != "POST":
        return redirect("item", number)
    form = Release(request.POST, auto_id="id_release_%s")
    if form.is_valid() and _release(request, item_of(number), form):
        return redirect("item", number)
    return show(request, number, sent=form)


def _release(request: HttpRequest, item: Item, form: Release) -> bool:
    """Whether that is settled; the refusal is shown at its field otherwise."""
    given = form.cleaned_data
    key = given["hold"]
    try:
        hold = release_hold(actor=request.actor, now=timezone.now(), key=key, day=given["day"], reason=given["reason"])
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        if refused.code == "already_released":  # its form is gone from the page
            messages.error(request, say(refused))
            return True
        form.refuse(refused)
        return False
    words = gettext("{amount} {currency} of {number} is asked for again from {day} on.")
    _tell(request, words, item, hold, given["day"])
    return True


def _tell(request: HttpRequest, words: str, item: Item, hold: Held, when: date) -> None:
    amount = text_of(hold.amount, hold.currency)
    messages.success(request, words.format(amount=amount, currency=hold.currency, number=item.number, day=day_of(when)))
