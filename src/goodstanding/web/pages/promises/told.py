"""Promises in words: what was promised, how it stands and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from babel.numbers import format_percent
from django.utils.html import strip_tags
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.promises.rules import MADE_GOOD, Rates, rates
from goodstanding.promises.types import PAY, THEM, US, Judged, Promise
from goodstanding.web.frame import locale
from goodstanding.web.templatetags.desk import day, money

KINDS = {
    "pay": _("To pay"),
    "delivery": _("Delivery"),
    "call_back": _("Call back"),
    "answer": _("Answer"),
    "visit": _("Visit"),
    "credit_note": _("Credit note"),
    "document": _("Document"),
    "other": _("Something else"),
}
STATES = {
    "open": _("waiting"),
    "overdue": _("past its day"),
    "kept": _("kept"),
    "partly_kept": _("kept in part"),
    "broken": _("not kept"),
    "withdrawn": _("withdrawn"),
    "renewed": _("renewed"),
}
TONES = {
    "open": "amber",
    "overdue": "red",
    "kept": "jade",
    "partly_kept": "amber",
    "broken": "red",
    "renewed": "indigo",
}
SIDES = {THEM: _("Theirs"), US: _("Ours")}
LINE_TONES = {"kept": "kept", "broken": "broken", "partly_kept": "late", "open": "wait"}


def until(promise: Promise) -> date:
    """The last day on which it can be kept in time."""
    return promise.due + timedelta(days=promise.tolerance)


def stands(promise: Promise, as_of: date) -> str:
    """Its state; "overdue" for one that is open though its day has passed."""
    return "overdue" if promise.state == "open" and promise.due < as_of else promise.state


def sum_of(minor: int | None, currency: str) -> str:
    """An amount with its currency inside a sentence."""
    return strip_tags(money(minor, currency))


def what(promise: Promise) -> str:
    """What was promised, in a few words."""
    if promise.by == THEM and promise.amount is not None:
        return gettext("To pay {amount}").format(amount=sum_of(promise.amount, promise.currency))
    said = str(KINDS[promise.kind])
    if promise.amount is not None:
        said = gettext("{what} of {amount}").format(what=said, amount=sum_of(promise.amount, promise.currency))
    return said


def why(promise: Promise) -> str:
    """The sentence behind its state."""
    last = day(until(promise))
    if promise.state == "withdrawn":
        return gettext("Withdrawn on {day}: {reason}").format(day=day(promise.judged), reason=promise.reason)
    if promise.state == "renewed":
        return gettext("Another day was agreed on {day}.").format(day=day(promise.judged))
    return _why_ours(promise, last) if promise.by == US else _why_theirs(promise, last)


def _why_theirs(promise: Promise, last: str) -> str:
    if promise.state == "kept":
        return gettext("The last of it came on {day}.").format(day=day(promise.judged))
    if promise.state == "partly_kept":
        got, whole = sum_of(promise.received, promise.currency), sum_of(promise.amount, promise.currency)
        return gettext("{got} of {whole} had come by {day}.").format(got=got, whole=whole, day=last)
    if promise.state == "broken":
        return gettext("Nothing had come by {day}.").format(day=last)
    left = sum_of((promise.amount or 0) - promise.received, promise.currency)
    return gettext("{left} may still come in time until {day}.").format(left=left, day=last)


def _why_ours(promise: Promise, last: str) -> str:
    if promise.state == "kept":
        return gettext("Kept on {day}.").format(day=day(promise.judged))
    if promise.reason == MADE_GOOD:
        return gettext("Kept too late, on {day}.").format(day=day(promise.judged))
    if promise.state == "broken" and promise.reason:
        return gettext("Not kept by {day}, and no longer waited for: {reason}").format(day=last, reason=promise.reason)
    if promise.state == "broken":
        return gettext("Not kept by {day}: what it is about isn't asked for until it is.").format(day=last)
    return gettext("To be kept by {day}.").format(day=last)


def history(entries: Sequence[Judged], promise: Promise) -> list[dict[str, Any]]:
    """What was written about a promise, as a list shows it."""
    rows = []
    for each in entries:
        got = sum_of(each.received, promise.currency) if promise.by == THEM and each.received else ""
        reason = gettext("kept too late") if each.reason == MADE_GOOD else each.reason
        rows.append(
            {"on": each.on, "state": STATES[each.state], "tone": TONES.get(each.state, ""), "got": got, "why": reason}
        )
    return rows


@dataclass(frozen=True, slots=True)
class Rate:
    """How one side kept its word, in percent; "" where there is no figure."""

    side: str
    currency: str
    judged: int
    by_count: str
    by_amount: str
    received: str


def keeping(found: Collection[Promise]) -> list[Rate]:
    """The rates of both sides: theirs by currency (FORMULAS 6), ours by count."""
    mine = [each for each in found if each.by == THEM and each.kind == PAY]
    theirs: dict[str, list[tuple[str, int, int]]] = {each.currency: [] for each in mine}
    for each in mine:
        theirs[each.currency].append((each.state, each.amount or 0, each.received))
    rows = [_rate(THEM, code, rates(judged)) for code, judged in sorted(theirs.items())] or [_rate(THEM, "", rates([]))]
    ours = rates([(each.state, 1, each.state == "kept") for each in found if each.by == US])
    return [*rows, Rate(US, "", ours.judged, _percent(ours.by_count), "", "")]


def _rate(side: str, currency: str, found: Rates) -> Rate:
    return Rate(
        side, currency, found.judged, _percent(found.by_count), _percent(found.by_amount), _percent(found.received)
    )


def _percent(share: Fraction | None) -> str:
    return "" if share is None else str(format_percent(float(share), "0%", locale=locale()))


def line(promise: Promise, as_of: date, items: Mapping[int, Any], judged: Sequence[Judged] = ()) -> dict[str, Any]:
    """A promise as lists show it. `items` are those it may be about, by id."""
    state = stands(promise, as_of)
    part = 1000 * promise.received // promise.amount if promise.by == THEM and promise.amount else None
    told = gettext("{got} of {whole} received").format(
        got=sum_of(promise.received, promise.currency), whole=sum_of(promise.amount, promise.currency)
    )
    return {
        "promise": promise,
        "what": what(promise),
        "state": STATES[state],
        "tone": TONES.get(state, ""),
        "why": why(promise),
        "until": until(promise),
        "part": part,
        "part_told": told if part is not None else "",
        "about": [(items.get(each.item), each.amount) for each in promise.items if each.item in items],
        "history": history(judged, promise),
        "live": promise.state in ("open", "broken", "partly_kept") and not promise.reason,
    }
