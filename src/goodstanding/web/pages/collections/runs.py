"""The runs: what was decided on a day and why, what was withheld and why; and deciding now."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.actions.run_collections import run_collections
from goodstanding.collections import queries
from goodstanding.collections.types import ACTIONS, Decision
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.kernel.money import decimal_text
from goodstanding.parties import queries as parties
from goodstanding.web.answers import say
from goodstanding.web.downloads import answer
from goodstanding.web.pages.collections import words

PAGE = 100
MOST = 200_000


@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """The newest runs, with what each decided."""
    require(request.actor, "view_book")
    found = queries.runs()
    context = {
        "tab": "runs",
        "rows": [{"run": each, "counts": _counts(each.counts)} for each in found],
        "today": timezone.localdate(),
        "may_run": permits(request.actor.roles, "run_collections"),
    }
    return render(request, "pages/collections/runs.html", context)


def _counts(counts: Any) -> list[tuple[str, str, int]]:
    return [(name, words.ACTIONS[name], counts[name]) for name in ACTIONS if counts.get(name)]


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Decide for today. The same facts again add nothing."""
    require(request.actor, "run_collections")
    try:
        done = run_collections(actor=request.actor, now=timezone.now(), as_of=timezone.localdate())
    except (NotFound, NotAllowed):
        raise
    except Refused as refused:
        messages.error(request, say(refused))
        return redirect("runs")
    if done.unchanged:
        messages.info(request, gettext("Nothing has changed since the last run of today."))
    else:
        messages.success(
            request, gettext("Decided: {count} customers and currencies.").format(count=len(done.decisions))
        )
    return redirect("run", done.run)


@require_safe
def run(request: HttpRequest, number: int) -> HttpResponse:
    """One run's decisions, filtered by what was decided and why not; also as a file."""
    require(request.actor, "view_book")
    found, hidden = queries.run(number), request.actor.hidden
    action, reason = request.GET.get("action", ""), request.GET.get("reason", "").replace("\0", "")[:32]
    chosen = {"action": action if action in ACTIONS else "", "reason": reason}
    if request.GET.get("format") in ("csv", "xlsx"):
        rows = queries.decisions(number, hidden=hidden, limit=MOST, **chosen)
        return answer(
            request.GET["format"], f"run-{number}", _header(), _cells(each for _, each in rows), frozenset({4})
        )
    asked = request.GET.get("page", "")
    page = int(asked) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else 1
    first = (page - 1) * PAGE
    rows = queries.decisions(number, hidden=hidden, limit=PAGE, offset=first, **chosen)
    total = queries.count(number, hidden=hidden, **chosen)
    names = {each.id: each.name for each in parties.by_ids(request.actor, list({d.customer_id for _, d in rows}))}

    def address(**more: object) -> str:
        query = urlencode({k: v for k, v in {**chosen, **more}.items() if v})
        return reverse("run", args=[number]) + (f"?{query}" if query else "")

    counts = queries.counts(number, hidden=hidden)
    context = {
        "tab": "runs",
        "run": found,
        "rows": [_row(pk, each, names) for pk, each in rows],
        "total": total,
        "chosen": chosen,
        "actions": [
            {"label": words.ACTIONS[name], "count": counts[name], "current": name == chosen["action"],
             "href": address(action=name, reason="")} for name in ACTIONS if counts.get(name)
        ],
        "everything": address(action="", reason=""),
        "reasons": [
            {"label": words.CODES.get(code, code), "count": count, "current": code == reason,
             "href": address(action="withhold", reason=code)}
            for code, count in queries.withheld_of(number, hidden=hidden).items()
        ] if chosen["action"] == "withhold" else [],
        "first": first + 1,
        "last": first + len(rows),
        "before": address(page=page - 1) if page > 1 else "",
        "after": address(page=page + 1) if first + PAGE < total else "",
        "csv": address(format="csv"),
        "xlsx": address(format="xlsx"),
    }  # fmt: skip
    return render(request, "pages/collections/run.html", context)


def _row(number: int, each: Decision, names: dict[int, str]) -> dict[str, Any]:
    return {
        "number": number,
        "decision": each,
        "name": names.get(each.customer_id, each.customer),
        "action": words.ACTIONS[each.action],
        "step": words.named(each.step),
        "chips": words.chips(each.reasons, f"why-{number}"),
        "formula": words.formula(each.reasons),
        "id": f"gain-{number}",
        "items": f"items-{number}",
    }


def _header() -> list[str]:
    return [
        gettext("Code"),
        gettext("Currency"),
        gettext("What was decided"),
        gettext("Step"),
        gettext("Amount"),
        gettext("Items"),
        gettext("Reasons"),
    ]


def _cells(found: Iterator[Decision]) -> Iterator[list[str]]:
    for each in found:
        yield [
            each.customer, each.currency, str(words.ACTIONS[each.action]), words.named(each.step),
            decimal_text(each.amount, each.currency), ", ".join(item.number for item in each.items),
            "; ".join(words.said(reason) for reason in each.reasons),
        ]  # fmt: skip
