"""The outbox: what waits, what went, what nobody knows; and what a person says of a message."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.record_bounce import record_bounce
from goodstanding.actions.settle_message import WAYS, not_for_the_post, settle_message
from goodstanding.correspondence import queries
from goodstanding.correspondence.types import CHANNELS, STATES, Message, Why
from goodstanding.inbound import files
from goodstanding.kernel.errors import N_, NotAllowed, NotFound, Refused
from goodstanding.outbound.paper.letters import letter
from goodstanding.outbound.paper.types import Letter
from goodstanding.receivables import queries as receivables
from goodstanding.web.answers import say
from goodstanding.web.downloads import answer

PAGE = 50
MOST = 100_000
NAMES = {
    "queued": _("Waits to go"),
    "claimed": _("Is being sent"),
    "sending": _("On the wire"),
    "unknown": _("Nobody knows whether it went"),
    "withheld": _("Withheld"),
    "failed": _("Did not go"),
    "bounced": _("Came back"),
    "sent": _("Went"),
    "cancelled": _("Dropped"),
}
TONES = {"unknown": "red", "failed": "red", "bounced": "red", "withheld": "amber", "sent": "jade", "queued": "indigo"}
EVENTS = {
    "queued": _("Put into the outbox"),
    "began": _("Taken to the mail server"),
    "later": _("Put off by the mail server"),
    "waits": _("Waits for its hour"),
    "posted": _("Posted by hand"),
    "settled_went": _("Somebody said that it went"),
    "settled_again": _("Somebody let it go again"),
    "settled_drop": _("Somebody dropped it"),
} | NAMES
BY_POST = {"email": _("by mail"), "post": _("by post")}
BUTTONS = {
    "went": _("It went"),
    "again": _("Send it again"),
    "drop": _("Drop it"),
    "posted": _("It is in the post"),
}

NOT_POSTED = _("This letter must not be posted any more: {why}")


def _not_posted(why: Iterable[Why]) -> str:
    return NOT_POSTED.format(why="; ".join(text for text in map(told, why) if text))


def told(why: Why) -> str:
    """Why something happened to a message, in the reader's language."""
    return gettext(why.template).format(**why.params) if why.template else ""


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The messages, those that wait for a person first; also as a file."""
    require(request.actor, "view_book")
    given = {name: request.GET.get(name, "").replace("\0", "").strip()[:64] for name in ("state", "channel", "q")}
    given["state"] = given["state"] if given["state"] in STATES else ""
    given["channel"] = given["channel"] if given["channel"] in CHANNELS else ""
    wanted = {"states": [given["state"]] if given["state"] else (), "text": given["q"], "channel": given["channel"]}
    if request.GET.get("format") in ("csv", "xlsx"):
        found = queries.messages(request.actor, **wanted, limit=MOST)
        return answer(request.GET["format"], "outbox", _header(), _cells(found), frozenset())
    asked = request.GET.get("page", "")
    page = int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else 1
    first = (page - 1) * PAGE
    found = queries.messages(request.actor, **wanted, first=first, limit=PAGE + 1)
    counts = queries.counts(request.actor)

    def address(**more: object) -> str:
        query = urlencode({k: v for k, v in {**given, **more}.items() if v})
        return reverse("outbox") + (f"?{query}" if query else "")

    context = {
        "tab": "outbox",
        "rows": [_row(each) for each in found[:PAGE]],
        "given": given,
        "states": [
            {"label": NAMES[name], "count": counts[name], "tone": TONES.get(name, ""), "current": name == given["state"],
             "href": address(state=name)} for name in STATES if counts.get(name)
        ],
        "everything": address(state=""),
        "channels": BY_POST.items(),
        "ready": bool(settings.MAIL_URL and settings.MAIL_FROM),
        "unknown": counts.get("unknown", 0),
        "before": address(page=page - 1) if page > 1 else "",
        "after": address(page=page + 1) if len(found) > PAGE else "",
        "csv": address(format="csv"),
        "xlsx": address(format="xlsx"),
    }  # fmt: skip
    return render(request, "pages/collections/outbox.html", context)


def _row(each: Message) -> dict[str, Any]:
    return {
        "message": each, "state": NAMES[each.state], "tone": TONES.get(each.state, ""), "channel": BY_POST[each.channel],
        "why": [text for text in map(told, each.why) if text],
    }  # fmt: skip


@require_safe
def message(request: HttpRequest, number: int) -> HttpResponse:
    """One message: its text, what it asks for, what happened to it, what a person can say."""
    require(request.actor, "view_book")
    found = queries.message(request.actor, number)
    may = permits(request.actor.roles, "settle_message")
    ways = [name for name, (states, _state, _kind) in WAYS.items() if found.state in states]
    ways = [name for name in ways if name != "posted" or found.channel == "post"]
    known = {each.id: each for each in receivables.items([item for item, _amount in found.items])}
    context = _row(found) | {
        "tab": "outbox",
        "found": found,
        "items": [(known.get(item), item, amount) for item, amount in found.items],
        "events": [
            {"event": each, "name": EVENTS.get(each.kind, each.kind), "why": [t for t in map(told, each.why) if t]}
            for each in queries.events(number)
        ],
        "ways": [(name, BUTTONS[name]) for name in ways] if may else [],
        "may_bounce": may and found.state in ("sent", "unknown") and found.channel == "email",
    }
    return render(request, "pages/collections/message.html", context)


@require_POST
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """What a person says of the message; `way` is what."""
    require(request.actor, "settle_message")
    way, reason = request.POST.get("way", ""), request.POST.get("reason", "")
    given = {"actor": request.actor, "now": timezone.now()}
    try:
        if way == "bounced":
            found = queries.message(request.actor, number)
            record_bounce(**given, message_id=found.message_id, reason=reason)
        else:
            found = settle_message(**given, message=number, way=way, reason=reason)
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        notices.error(request, say(refused))
    else:
        if way == "posted" and found.state == "withheld":
            notices.error(request, _not_posted(found.why))
        else:
            notices.success(request, gettext("Written down."))
    return redirect("message", number)


@require_safe
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """The message as a letter on paper, to be printed and posted; not while something stands against posting it."""
    require(request.actor, "view_book")
    found = queries.message(request.actor, number)
    waits = found.channel == "post" and found.state == "queued"
    if waits and (stop := not_for_the_post(request.actor, found, timezone.now())):
        notices.error(request, _not_posted(stop))
        return redirect("message", number)
    day = timezone.localdate(found.queued_at) if found.queued_at else timezone.localdate()
    data = Letter(
        firm=settings.FIRM, to=found.to.split("\n"), day=day, subject=found.subject,
        paragraphs=[part.strip() for part in found.body.split("\n\n") if part.strip()], currency=found.currency,
    )  # fmt: skip
    response = HttpResponse(letter(data, found.language), content_type="application/pdf")
    name = f"letter-{found.code}-{number}.pdf"
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name)
    return response


@require_safe
def attached(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """A file that goes with a message; `place` counts from 1."""
    require(request.actor, "view_book")
    found = queries.message(request.actor, number).attachments
    if not 1 <= place <= len(found):
        raise NotFound("no_such_file", N_("There is no such file."))
    each = found[place - 1]
    response = HttpResponse(files.read(each.digest), content_type=each.media)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=each.name)
    return response


def _header() -> list[str]:
    return [
        gettext("No."),
        gettext("Code"),
        gettext("Customer"),
        gettext("To"),
        gettext("Channel"),
        gettext("Subject"),
        gettext("State"),
        gettext("Since"),
        gettext("Reasons"),
    ]


def _cells(found: list[Message]) -> Iterator[list[str]]:
    for each in found:
        since = timezone.localtime(each.since).isoformat(timespec="seconds") if each.since else ""
        yield [
            str(each.id), each.code, each.customer, each.to, each.channel, each.subject, str(NAMES[each.state]), since,
            "; ".join(text for text in map(told, each.why) if text),
        ]  # fmt: skip
