"""What to do next: one list of whom to ask and which promise of ours to keep, most gained a minute first."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from goodstanding.access.rules import permits
from goodstanding.actions.base import require
from goodstanding.collections.queries import newest_run
from goodstanding.collections.types import Wanted, Work
from goodstanding.kernel.money import decimal_text
from goodstanding.reports.asking import left
from goodstanding.reports.todo import KEEP, Task, todo
from goodstanding.standing.queries import standings
from goodstanding.web.downloads import answer
from goodstanding.web.frame import as_of
from goodstanding.web.pages.collections import words
from goodstanding.web.standing import ring
from goodstanding.web.templatetags.desk import amount

PAGE = 50
MOST = 100_000
KINDS = ("call", "visit", "remind", "letter", "hand_over", KEEP)
WHOSE = ("all", "mine", "nobody")
STATES = {"todo": ("open", "taken"), "snoozed": ("snoozed",), "done": ("done",)}


def asked(request: HttpRequest) -> tuple[Wanted, dict[str, str], int]:
    """What the address asks for: the filter, its parameters, and the page's number."""
    given = {
        name: request.GET.get(name, "").replace("\0", "").strip()[:64]
        for name in ("kind", "whose", "state", "currency", "q")
    }
    given["kind"] = given["kind"] if given["kind"] in KINDS else ""
    given["whose"] = given["whose"] if given["whose"] in WHOSE[1:] else ""
    given["state"] = given["state"] if given["state"] in STATES else ""
    given["currency"] = given["currency"].upper()[:3]
    owner = {"mine": request.actor.signature, "nobody": ""}.get(given["whose"])
    wanted = Wanted(
        actions=(given["kind"],) if given["kind"] else (), owner=owner, currency=given["currency"],
        states=STATES[given["state"] or "todo"], text=given["q"],
    )  # fmt: skip
    page = request.GET.get("page", "")
    return (
        wanted,
        {k: v for k, v in given.items() if v},
        int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
    )


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The list, by page; also as a file."""
    require(request.actor, "view_book")
    day = as_of(request)
    wanted, kept, page = asked(request)
    if request.GET.get("format") in ("csv", "xlsx"):
        found = todo(request.actor, day.day, wanted, limit=MOST)
        return answer(
            request.GET["format"], f"to-do-{day.day.isoformat()}", _header(), _cells(found.tasks), frozenset({4, 6})
        )
    first = max(page - 1, 0) * PAGE
    found = todo(request.actor, day.day, wanted, first=first, limit=PAGE)
    kept |= day.param
    now = _now([each.work for each in found.tasks if each.work], day.day)
    stood = standings(list({each.customer_id for each in found.tasks}), day.day)

    def address(**more: object) -> str:
        query = {**kept, **more}
        return reverse("collections") + "?" + urlencode({k: v for k, v in query.items() if v})

    context: dict[str, Any] = {
        "tab": "list",
        "rows": [
            row(each)
            | now.get(each.work.id if each.work else 0, {})
            | {"ring": ring(stood.get(each.customer_id), f"ring-{at}")}
            for at, each in enumerate(found.tasks)
        ],
        "found": found,
        "sentence": _sentence(found.count, found.minutes),
        "expected": sorted(found.expected.items()),
        "kept": kept,
        "kinds": [(name, words.ACTIONS[name]) for name in KINDS],
        "whose": [("", gettext("Everybody's")), ("mine", gettext("Mine")), ("nobody", gettext("Nobody's"))],
        "states": [("", words.STATES["open"]), ("snoozed", words.STATES["snoozed"]), ("done", words.STATES["done"])],
        "run": newest_run(day.day),
        "first": first + 1,
        "last": first + len(found.tasks),
        "before": address(page=page - 1) if page > 1 else "",
        "after": address(page=page + 1) if first + PAGE < found.count else "",
        "csv": address(format="csv"),
        "xlsx": address(format="xlsx"),
        "here": address(page=page if page > 1 else ""),
        "may_work": permits(request.actor.roles, "work_decision") and not day.is_past,
        "may_keep": permits(request.actor.roles, "keep_promise") and not day.is_past,
    }
    return render(request, "pages/collections/list.html", context)


def _now(works: list[Work], day: date) -> dict[int, dict[str, Any]]:
    """By piece of work that isn't finished: what may be asked for now, and what has changed since it was decided."""
    undone = [each for each in works if each.state != "done"]
    return {
        each.id: {
            "amount": rest.amount,
            "since": words.since(each.decision.amount, rest, each.decision.currency),
        }
        for each, rest in zip(undone, left([each.decision for each in undone], day), strict=True)
    }


def row(task: Task) -> dict[str, Any]:
    """A task as the list shows it."""
    worth = task.gain
    base = {
        "task": task, "kind": task.kind, "icon": words.ICONS[task.kind], "action": words.ACTIONS[task.kind],
        "minutes": worth.minutes, "expected": worth.expected,
    }  # fmt: skip
    if task.work is None and task.promise is not None:
        late = task.promise.subject or task.promise.kind.replace("_", " ")
        why = gettext(
            "{expected} = {chance} in 1000 of the {owed} that they owe: who keeps his word is paid first"
        ).format(
            expected=amount(worth.expected, task.currency),
            chance=worth.chance,
            owed=amount(worth.amount, task.currency),
        )
        return base | {"chips": [{"words": late, "tone": "amber", "id": f"ours-{task.promise.id}"}], "formula": why}
    if task.work is None:
        raise ValueError(task)
    found = task.work.decision
    return base | {
        "amount": found.amount,
        "chips": words.chips(found.reasons, f"why-{task.work.id}"),
        "formula": words.formula(found.reasons),
        "state": task.work.state,
        "owner": task.work.owner,
        "until": task.work.until,
        "outcome": words.OUTCOMES.get(task.work.outcome, ""),
        "outcomes": [
            (name, words.OUTCOMES[name], words.KEYS.get(name, ""))
            for name in words.OFFERED.get(found.action, ("done",))
        ],
    }


def _sentence(count: int, minutes: int) -> str:
    if not count:
        return ""
    hours, rest = divmod(minutes, 60)
    time = (
        gettext("{hours} h {minutes} min").format(hours=hours, minutes=rest)
        if hours
        else gettext("{minutes} min").format(minutes=rest)
    )
    return ngettext("{count} thing to do, about {time}.", "{count} things to do, about {time}.", count).format(
        count=count, time=time
    )


def _header() -> list[str]:
    return [
        gettext("Code"),
        gettext("Customer"),
        gettext("What to do"),
        gettext("Step"),
        gettext("Amount"),
        gettext("Currency"),
        gettext("Expected"),
        gettext("Minutes"),
        gettext("Reasons"),
        gettext("Who"),
        gettext("State"),
    ]


def _cells(tasks: list[Task]) -> Iterator[list[str]]:
    for task in tasks:
        told = row(task)
        work = task.work
        yield [
            task.code, task.name, str(told["action"]), words.named(work.decision.step) if work else "",
            decimal_text(work.decision.amount, task.currency) if work else "", task.currency,
            decimal_text(task.gain.expected, task.currency), str(task.gain.minutes),
            "; ".join(each["words"] for each in told["chips"]), work.owner if work else "",
            str(words.STATES.get(work.state, "")) if work else "",
        ]  # fmt: skip
