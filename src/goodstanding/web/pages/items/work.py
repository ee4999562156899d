"""Work on one item: match it by hand, undo a match, write a rest off, reverse it."""

import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from goodstanding.access.rules import permits
from goodstanding.access.types import Actor
from goodstanding.actions.base import require
from goodstanding.actions.match_items import match_items
from goodstanding.actions.reverse_item import reverse_item
from goodstanding.actions.undo_match import undo_match
from goodstanding.actions.write_off import write_off as write_off_item
from goodstanding.kernel.errors import N_, NotAllowed, NotFound, Refused
from goodstanding.kernel.money import decimal_text
from goodstanding.parties import queries as parties
from goodstanding.receivables import queries
from goodstanding.receivables.rules import derived_number
from goodstanding.receivables.types import Item
from goodstanding.reports.customer import relatives
from goodstanding.reports.desk import ItemStory
from goodstanding.web import words
from goodstanding.web.answers import say
from goodstanding.web.forms import read_money
from goodstanding.web.pages.items.forms import HOLD_ID, Hold, Release, Reverse

MOST = 100
WHY = ("bad_debt", "discount", "tolerance", "other")


def work_on(actor: Actor, story: ItemStory, sent: Hold | Release | None = None) -> dict[str, Any]:
    """What the actor may do with an item as it stands today; {} for nothing. `sent` is a form that was refused."""
    document, roles = story.document, actor.roles
    is_open, is_live = story.open != 0, not story.reversal and not story.reverses
    live = any(match.undone_on is None for match in story.matches)
    may = {
        "may_match": permits(roles, "match_items") and is_open and document.sign != 0,
        "may_undo": permits(roles, "undo_match") and live and is_live,
        "may_write_off": permits(roles, "write_off") and is_open and document.sign > 0,
        "may_reverse": permits(roles, "reverse_item") and is_live,
        "may_hold": permits(roles, "place_hold") and story.open > 0,
        "may_release": permits(roles, "release_hold") and any(hold.released is None for hold in story.holds),
    }
    if not any(may.values()):
        return {}
    today = timezone.localdate()
    found: dict[str, Any] = may | {"today": today, "reverse": Reverse(initial={"day": today}), "has_matches": live}
    if may["may_match"]:
        found |= {"counterparts": _counterparts(actor, story), "key": f"hand-{secrets.token_hex(8)}"}
    if may["may_hold"]:
        rest = decimal_text((story.open - story.held) or story.open, document.currency)
        first = {"key": f"desk-{secrets.token_hex(8)}", "amount": rest, "day": today}
        found["hold"] = Hold(initial=first, auto_id=HOLD_ID)
        found |= {"hold": sent, "hold_sent": True} if isinstance(sent, Hold) else {}
    if may["may_release"]:
        found["releases"] = {
            hold.key: Release(initial={"hold": hold.key, "day": max(today, hold.placed)}, auto_id=f"id_release_{at}_%s")
            for at, hold in enumerate(story.holds)
            if hold.released is None
        }
        if isinstance(sent, Release):
            found["releases"][sent.data.get("hold")] = sent
    if may["may_write_off"]:
        taken = queries.numbers_like(document.customer_id, document.number)
        found |= {
            "rest": decimal_text(story.open, document.currency),
            "write_off_number": derived_number(document.number, "WO", taken),
            "reasons": [(code, words.REASONS[code]) for code in WHY],
        }
    return found


def _counterparts(actor: Actor, story: ItemStory) -> list[dict[str, Any]]:
    """Open items of the other side in the customer's group, with how much of them fits; the best fit first."""
    document, wanted = story.document, abs(story.open)
    customer = parties.customer_by_id(actor, document.customer_id)
    items = queries.open_items(relatives(actor, customer), currency=document.currency)
    others = [item for item in items if item.sign == -document.sign]
    others.sort(key=lambda item: (item.open != wanted, item.number not in document.reference, item.due))
    return [
        {"item": item, "fits": decimal_text(min(item.open, wanted), item.currency), "exact": item.open == wanted}
        for item in others[:MOST]
    ]


def item_of(number: int) -> Item:
    """The item of this number in addresses. NotFound when there is none; who sees it is the actions' to say."""
    found = queries.items([number])
    if not found:
        raise NotFound("no_such_item", N_("There is no such item."))
    return found[0]


def _do(request: HttpRequest, number: int, action: Callable[[Item], str]) -> HttpResponse:
    """Do it, say what was done or why not, and go back to the item."""
    try:
        messages.success(request, action(item_of(number)))
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, say(refused))
    return redirect("item", number)


def _day(request: HttpRequest, name: str = "day") -> Any:
    field = forms.DateField(required=False)
    try:
        return field.clean(request.POST.get(name, "")) or timezone.localdate()
    except forms.ValidationError as wrong:
        raise Refused("not_a_day", N_("{value} is not a day."), value=repr(request.POST.get(name, "")[:40])) from wrong


@require_POST
def match(request: HttpRequest, number: int) -> HttpResponse:
    """Match the item with another one of the other side."""
    require(request.actor, "match_items")

    def act(item: Item) -> str:
        other = request.POST.get("other", "")
        if not (other.isascii() and other.isdigit() and len(other) < 19):
            raise Refused("no_other", N_("Choose what to match it with."))
        counterpart = item_of(int(other))
        amount = read_money(request.POST.get("amount", ""), item.currency)
        credit, debit = (item, counterpart) if item.sign < 0 else (counterpart, item)
        key = request.POST.get("key", "")[:200]
        day = _day(request)
        match_items(
            actor=request.actor, now=timezone.now(), credit=credit.key, debit=debit.key, amount=amount, day=day, key=key
        )
        return gettext("Matched with {number}.").format(number=counterpart.number)

    return _do(request, number, act)


@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Undo a match of the item from today on."""
    require(request.actor, "undo_match")

    def act(item: Item) -> str:
        key = request.POST.get("key", "").replace("\0", "")[:200]
        if not key:
            raise Refused("no_match", N_("Choose the match to undo."))
        undo_match(actor=request.actor, now=timezone.now(), key=key, day=timezone.localdate())
        return gettext("The match is undone from today on; {number} is open again.").format(number=item.number)

    return _do(request, number, act)


@require_POST
def reverse(request: HttpRequest, number: int) -> HttpResponse:
    """Reverse the item."""
    require(request.actor, "reverse_item")
    form = Reverse(request.POST)

    def act(item: Item) -> str:
        day = _day(request)
        given = form.cleaned_data if form.is_valid() else {}
        reverse_item(
            actor=request.actor,
            now=timezone.now(),
            item=item.key,
            day=day,
            reason=given.get("reason", ""),
            undo_matches=given.get("undo_matches", False),
        )
        return gettext("{number} is reversed; both entries stay in the account.").format(number=item.number)

    return _do(request, number, act)


@require_POST
def write_off(request: HttpRequest, number: int) -> HttpResponse:
    """Write off what is open of the item, or a part of it."""
    require(request.actor, "write_off")

    def act(item: Item) -> str:
        amount = read_money(request.POST.get("amount", ""), item.currency)
        write_off_item(
            actor=request.actor,
            now=timezone.now(),
            item=item.key,
            day=_day(request),
            reason=request.POST.get("reason", ""),
            amount=amount,
            number=request.POST.get("number", ""),
        )
        return gettext("Written off from {number}.").format(number=item.number)

    return _do(request, number, act)
