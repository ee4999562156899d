"""Commands about being paid: collect decides for a day, promises shows what was promised."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli import clock, console, database, tables
from goodstanding.kernel.errors import N_, Refused
from goodstanding.kernel.money import decimal_text

if TYPE_CHECKING:
    from goodstanding.collections.types import Decision
    from goodstanding.promises.types import Promise

AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DAY", help="The day, at its end; today by default.")]
FORMS = ("table", "json", "csv")


def add_to(app: typer.Typer) -> None:
    """Put the commands into the application."""
    for command in (collect, promises):
        app.command()(command)


def collect(
    as_of: AsOf = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be decided; write nothing.")] = False,
    queue: Annotated[bool, typer.Option("--queue", help="Also put the letters into the outbox.")] = False,
    form: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table",
) -> None:
    """Decide what to do about every customer's open debts: remind, call, visit, letter, hand over, or withhold and why."""
    _check(form)
    database.ready()
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.run_collections import run_collections

    done = run_collections(actor=SYSTEM, now=clock.now(), as_of=clock.day(as_of), dry_run=dry_run)
    rows = [decision_json(each) for each in done.decisions]
    answer = {"as_of": done.as_of.isoformat(), "decisions": rows}
    header = ("customer", "currency", "action", "step", "amount", "items", "reasons")
    cells = [(*(row[name] for name in header[:5]), ", ".join(row["items"]), "; ".join(row["reasons"])) for row in rows]
    tables.show(answer, form, (f"Decisions at {done.as_of}", (header, cells)))
    if form == "table":
        said = ", ".join(f"{count} {action}" for action, count in sorted(done.counts.items())) or "nothing to do"
        kept = "A trial: nothing was written." if dry_run else "Unchanged." if done.unchanged else f"Run {done.run}."
        console.say(f"{said}. {kept}")
    if queue and not dry_run:
        _queue(done.as_of, told=form == "table")


def _queue(day: date, *, told: bool) -> None:
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.queue_reminders import queue_reminders

    made = queue_reminders(actor=SYSTEM, now=clock.now(), as_of=day)
    if told:
        unwritten = "".join(f", {count} not written ({why})" for why, count in sorted(made.unwritten.items()))
        console.say(f"{made.queued} letters queued, {made.there} were there{unwritten}.")


def decision_json(each: "Decision") -> dict[str, Any]:
    """A decision as the contract of the command has it."""
    from goodstanding.collections.rules.saying import said

    return {
        "customer": each.customer,
        "currency": each.currency,
        "action": each.action,
        "step": each.step,
        "amount": decimal_text(each.amount, each.currency),
        "items": [item.number for item in each.items],
        "reasons": [said(reason) for reason in each.reasons],
    }


def promises(
    as_of: AsOf = None,
    by: Annotated[str, typer.Option(help="them, us, or empty for both.")] = "",
    state: Annotated[str, typer.Option(help="open, kept, partly_kept, broken, withdrawn or renewed.")] = "",
    form: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table",
) -> None:
    """Every promise with how it stands at the end of a day, earliest due first."""
    from goodstanding.promises.types import STATES

    _check(form)
    if by not in ("", "them", "us"):
        raise Refused("by", N_("Whose promise it is must be them or us."))
    if state and state not in STATES:
        raise Refused("state", N_("{value} is not a state of a promise."), value=repr(state))
    database.ready()
    from goodstanding.promises import queries

    day = clock.day(as_of)
    found = [each for each in queries.all_promises(day) if by in ("", each.by) and state in ("", each.state)]
    rows = [_promise_json(each, day) for each in found]
    header = ("customer", "by", "kind", "made", "due", "amount", "currency", "state", "received", "level")
    cells = [tuple(str(row[name]) for name in header) for row in rows]
    tables.show({"as_of": day.isoformat(), "promises": rows}, form, (f"Promises at {day}", (header, cells)))


def _promise_json(each: "Promise", day: date) -> dict[str, Any]:
    money = bool(each.currency)
    return {
        "id": each.key,
        "customer": each.customer,
        "by": each.by,
        "kind": each.kind,
        "made": each.made.isoformat(),
        "due": each.due.isoformat(),
        "amount": decimal_text(each.amount, each.currency) if money and each.amount is not None else "",
        "currency": each.currency,
        "state": each.state,
        "received": decimal_text(each.received, each.currency) if money else "",
        "level": each.level,
        "overdue": each.state == "open" and day > each.due + timedelta(days=each.tolerance),
        "subject": each.subject,
    }


def _check(form: str) -> None:
    if form not in FORMS:
        raise typer.BadParameter("table, json or csv", param_hint="--format")
