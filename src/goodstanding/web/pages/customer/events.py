"""The timeline: items in a sentence each, what became of them by the day, and what people wrote down between them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext

from goodstanding.promises.rules import MADE_GOOD
from goodstanding.promises.types import Judged, Promise
from goodstanding.relations.types import Touch
from goodstanding.reports.customer import EVENTS, Event, Records
from goodstanding.web.pages.promises.told import LINE_TONES, STATES, TONES, what
from goodstanding.web.pages.touches.told import row
from goodstanding.web.templatetags.desk import amount, day, money

MOST_NUMBERS = 4


def timeline_of(
    events: Sequence[Event], kept: Records, as_of: date, more: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """What the tab shows: the newest of all, `more` among them, and the notes that were pinned."""
    pinned = [each for each in kept.notes if each.pinned and not each.withdrawn_by]
    rows = [{"on": localdate(each.at), "note": each} for each in kept.notes if each not in pinned]
    rows += [{"on": localdate(each.at), "file": each} for each in kept.files]
    rows += [{"on": each.item.date, **told(each, as_of)} for each in events]
    rows += more
    rows.sort(key=lambda row: row["on"], reverse=True)
    return {"events": rows[:EVENTS], "pinned": pinned, "cut": len(rows) > EVENTS}


def given(promises: Sequence[Promise], judged: Mapping[int, Sequence[Judged]]) -> list[dict[str, Any]]:
    """Promises on the days they were given, and on those on which it was written how they stand; the newest first."""
    rows: list[dict[str, Any]] = []
    for each in promises:
        mine: list[dict[str, Any]] = [{"on": each.made, "promise": each, "what": what(each), "tone": "", "state": ""}]
        was = "open"
        for one in judged.get(each.id, ()):
            if one.state != was or one.reason:
                tone = LINE_TONES.get(one.state, "")
                reason = gettext("kept too late") if one.reason == MADE_GOOD else one.reason
                state = {"state": STATES[one.state], "chip": TONES.get(one.state, ""), "why": reason}
                mine.append({"on": one.on, "promise": each, "what": what(each), "tone": tone} | state)
            was = one.state
        rows += reversed(mine)
    return rows


def touched(touches: Sequence[Touch]) -> list[dict[str, Any]]:
    """Touches on their days."""
    return [{"on": localdate(each.at), **row(each)} for each in touches]


def told(event: Event, as_of: date) -> dict[str, Any]:
    """What the timeline shows of an event: tone, sentence, and the items it was matched with."""
    item = event.item
    tone, sentence = _debit(event, as_of) if item.sign > 0 else _credit(event)
    return {
        "item": item,
        "tone": tone,
        "amount": money(item.sign * item.amount or item.amount, item.currency),
        "sentence": sentence,
        "others": event.others[:MOST_NUMBERS],
        "more": max(len(event.others) - MOST_NUMBERS, 0),
    }


def _debit(event: Event, as_of: date) -> tuple[str, str]:
    item = event.item
    if item.reversed_on:
        return "", gettext("Reversed on {day}.").format(day=day(item.reversed_on))
    if event.settled:
        return "kept" if event.late <= 0 else "late", _settled(event.settled, event.late)
    overdue = item.days_past_due(as_of)
    if item.open < item.amount:
        begin = gettext("{open} of {amount} still open.").format(
            open=amount(item.open, item.currency), amount=amount(item.amount, item.currency)
        )
    else:
        begin = ""
    if overdue > 0:
        late = ngettext("Due {due}, {days} day ago.", "Due {due}, {days} days ago.", overdue)
        return "broken", f"{begin} {late.format(due=day(item.due), days=overdue)}".strip()
    due = gettext("Due {due}.").format(due=day(item.due))
    return "money", f"{begin} {due}".strip()


def _settled(when: date, late: int) -> str:
    if late > 0:
        words = ngettext("Settled on {day}, {days} day late.", "Settled on {day}, {days} days late.", late)
    elif late < 0:
        words = ngettext("Settled on {day}, {days} day early.", "Settled on {day}, {days} days early.", -late)
    else:
        words = gettext("Settled on {day}, the due day.")
    return words.format(day=day(when), days=abs(late))


def _credit(event: Event) -> tuple[str, str]:
    item = event.item
    if item.reversed_on:
        return "", gettext("Reversed on {day}.").format(day=day(item.reversed_on))
    if item.open == item.amount and item.sign:
        return "wait", gettext("Not matched yet.")
    if item.open:
        return "wait", gettext("{open} of it not matched yet.").format(open=amount(item.open, item.currency))
    return "money", ""
