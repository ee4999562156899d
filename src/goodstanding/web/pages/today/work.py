"""What to do next, the promises of the week and what was withheld, in the reader's words."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from goodstanding.access.types import Actor
from goodstanding.collections import queries
from goodstanding.collections.rules import saying
from goodstanding.collections.types import Reason, Wanted, Work
from goodstanding.parties.queries import by_codes
from goodstanding.parties.types import Customer
from goodstanding.reports.asking import Left, left
from goodstanding.reports.promised import Side, Week, week
from goodstanding.web import words
from goodstanding.web.frame import AsOf
from goodstanding.web.pages.collections.words import since
from goodstanding.web.templatetags.desk import amount, label
from goodstanding.web.templatetags.desk import day as day_in_words

SHOWN = 8
HOUR = 60
DOINGS = {
    "remind": _("Send a reminder"),
    "call": _("Call"),
    "visit": _("Plan a visit"),
    "letter": _("Send a letter"),
    "hand_over": _("Hand over"),
}
WITHHELD = {
    "dispute": _("in dispute"),
    "promise": _("promised and not yet due"),
    "own_promise": _("we owe them something first"),
    "unapplied": _("money of theirs to be matched would cover it"),
    "small": _("too little to ask for"),
    "pending": _("a message is on its way or didn't go"),
    "status": _("on hold or closed: a person decides"),
    "holdout": _("drawn to get no letter"),
    "opted_out": _("nobody there may be contacted"),
    "no_address": _("no address that may be used"),
    "birthday": _("somebody's birthday"),
    "day_off": _("a day off"),
    "ceiling": _("asked often enough"),
    "quiet": _("quiet hours"),
    "nothing": _("nothing is to be asked"),
}
TONES = {"late": "red", "soon": "amber"}


def work(actor: Actor, day: AsOf, currency: str) -> dict[str, Any]:
    """What the page shows of the run that holds; `decided` is its day, None when nothing was decided yet."""
    newest = queries.newest_run(day.day)
    if newest is None:
        return {"decided": None}
    rows = queries.worklist(day.day, Wanted(currency=currency), hidden=actor.hidden, limit=SHOWN)
    totals = queries.totals(day.day, hidden=actor.hidden)
    now = left([each.decision for each in rows], day.day)
    people = {each.code: each for each in by_codes(actor, [each.decision.customer for each in rows])}
    return {
        "decided": newest.as_of,
        "next": [
            _row(each, people[each.decision.customer], rest)
            for each, rest in zip(rows, now, strict=True)
            if each.decision.customer in people
        ],
        "worth": _worth(totals.count, totals.minutes),
        "withheld": [
            {"words": str(WITHHELD.get(code, words.reason(code))), "count": number, "href": _listed(newest.pk, code)}
            for code, number in queries.withheld(day.day, hidden=actor.hidden).items()
        ],
    }


def _listed(run: int, reason: str) -> str:
    return reverse("run", args=[run]) + "?" + urlencode({"action": "withhold", "reason": reason})


def _worth(count: int, minutes: int) -> str:
    if not count:
        return gettext("Nothing is left to do.")
    template = ngettext("{count} thing is worth doing: {time}", "{count} things are worth doing: {time}", count)
    return template.format(count=count, time=duration(minutes))


def duration(minutes: int) -> str:
    """So many minutes, as hours and minutes from an hour on."""
    if minutes < HOUR:
        return gettext("{minutes} min").format(minutes=minutes)
    return gettext("{hours} h {minutes} min").format(hours=minutes // HOUR, minutes=minutes % HOUR)


def _row(found: Work, customer: Customer, rest: Left) -> dict[str, Any]:
    decision = found.decision
    changed = since(decision.amount, rest, decision.currency)
    gain = next((each for each in decision.reasons if each.code == "gain"), None)
    reasons = [each for each in decision.reasons if each.code not in ("gain", "step")]
    brings = gettext("+{expected} expected · {time}").format(
        expected=amount(decision.gain.expected, decision.currency), time=duration(decision.gain.minutes)
    )
    return {
        "customer": customer,
        "doing": DOINGS[decision.action],
        "number": found.id,
        "amount": rest.amount,
        "currency": decision.currency,
        "owner": found.owner,
        "reasons": [
            *([{"words": changed, "tone": "jade"}] if changed else []),
            *({"words": _said(each), "tone": TONES.get(each.code, "")} for each in reasons),
        ],
        "brings": brings,
        "why": _said(gain) if gain else "",
        "id": f"gain-{found.id}",
    }


def _said(reason: Reason) -> str:
    params = saying.params(reason, amount, lambda each: str(day_in_words(each)))
    if reason.code == "behaviour":
        params = {name: label(value) for name, value in params.items()}
    return gettext(reason.template).format(**params)


def promised(actor: Actor, day: date, currency: str) -> dict[str, Any]:
    """The promises of the week: each day's bar of up to a thousand, and both sides of the day itself."""
    found: Week = week(actor, day, currency)
    most = max((each.kept + each.waiting for each in found.days), default=0)
    return {
        "any": any(each.promises for each in found.days),
        "days": [
            {
                "day": each.day,
                "today": each.day == day,
                "amount": each.kept + each.waiting,
                "bar": _bar(each.kept, each.waiting, most),
                "label": gettext("{kept} kept, {waiting} still to come").format(
                    kept=amount(each.kept, currency), waiting=amount(each.waiting, currency)
                ),
            }
            for each in found.days
        ],
        "theirs": _side(found.theirs) | {"amount": found.theirs.amount},
        "ours": _side(found.ours),
    }


def _bar(kept: int, waiting: int, most: int) -> list[dict[str, Any]]:
    if not most:
        return []
    first = 1000 * kept // most
    return [
        {"x": 0, "width": first, "shade": "jadebar"},
        {"x": first, "width": 1000 * waiting // most, "shade": "amberbar"},
    ]


def _side(side: Side) -> dict[str, Any]:
    template = gettext("{kept} kept, {open} open")
    return {"count": side.count, "words": template.format(kept=side.kept, open=side.open) if side.count else ""}
