"""Audit: what was done, by whom, before and after; and whether the trail is whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from goodstanding.access.queries import trail, trail_actions, verify_chain
from goodstanding.access.types import Entry
from goodstanding.actions.base import require
from goodstanding.web import words

PAGE = 50
LONGEST = 64
MOST_TOLD = 10


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The entries, the newest first, in pages by number."""
    require(request.actor, "view_audit")
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    action = request.GET.get("action", "").replace("\0", "")[:LONGEST]
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    found = trail(text=text, action=action, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    kept = {name: value for name, value in (("q", text), ("action", action)) if value}

    def address(**more: object) -> str:
        query = urlencode(kept | more)
        return reverse("audit") + (f"?{query}" if query else "")

    context = {
        "rows": [_row(entry) for entry in shown],
        "text": text,
        "action": action,
        "actions": sorted(((code, str(words.ACTIONS.get(code, code))) for code in trail_actions()), key=lambda a: a[1]),
        "first": address() if before is not None else "",
        "after": address(before=shown[-1].sequence) if len(found) > PAGE else "",
    }
    return render(request, "pages/audit/page.html", context)


def _row(entry: Entry) -> dict[str, Any]:
    kind, _, rest = entry.subject.partition(" ")
    href = ""
    if kind == "customer" and rest:
        href = reverse("customer-by-code") + "?" + urlencode({"code": rest})
    elif kind in ("note", "file") and " " in rest:
        href = reverse("customer-by-code") + "?" + urlencode({"code": rest.rpartition(" ")[0]})
    elif kind in ("item", "contact") and " " in rest:
        href = reverse("search") + "?" + urlencode({"q": rest.split(" ")[1 if kind == "item" else 0]})
    return {"entry": entry, "href": href, "parts": _parts(entry)}


def _parts(entry: Entry) -> list[tuple[str, str, str]]:
    """Name, before and after of everything that an entry says; what stayed the same is left out."""
    before = entry.before if isinstance(entry.before, dict) else {}
    after = entry.after if isinstance(entry.after, dict) else {}
    names = dict.fromkeys([*before, *after])
    return [
        (str(words.FACTS.get(name, name.replace("_", " "))), _plain(before.get(name)), _plain(after.get(name)))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _plain(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(one)}" for name, one in value.items())
    return str(value)


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Check the whole chain and its anchor, and say what was found."""
    require(request.actor, "view_audit")
    problems = verify_chain()
    for problem in problems[:MOST_TOLD]:
        messages.error(request, gettext(problem.template).format(sequence=problem.sequence, detail=problem.detail))
    if not problems:
        messages.success(request, gettext("The trail is whole: every entry follows from the one before it."))
    return redirect("audit")
