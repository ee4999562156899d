"""Commands of the outbox: send what waits, and write down what came back."""

import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from goodstanding.cli import clock, console, database, tables
from goodstanding.kernel.errors import Refused

if TYPE_CHECKING:
    from goodstanding.actions.send_correspondence import Done
    from goodstanding.correspondence.types import Message

HEADER = ("message", "customer", "to", "state", "reasons")
PAUSE = 15  # seconds between two looks of a sender that keeps on


def add_to(app: typer.Typer) -> None:
    """Put the commands into the application."""
    for command in (send, bounce):
        app.command()(command)


def send(
    once: Annotated[bool, typer.Option("--once/--keep-on", help="Send what is due and stop, or go on.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is due and whether it may go.")] = False,
    form: Annotated[str, typer.Option("--format", help="table or json.")] = "table",
) -> None:
    """Send the messages of the outbox that are due, each asked again at that moment whether it may still go."""
    if form not in ("table", "json"):
        raise typer.BadParameter("table or json", param_hint="--format")
    database.ready()
    from goodstanding.actions.send_correspondence import post_office

    if dry_run:
        _show([_row(message, state, why) for message, state, why in _foreseen()], form)
        return
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())  # the message on the wire is ended first
    with post_office() as post:
        while not stop.is_set():
            try:
                done = send_due(post, stop.is_set)
            except Refused as refused:
                if once:
                    raise
                console.refuse(refused)
                done = []
            if done or once:
                _show([_row(each, each.state, [why.message for why in each.why]) for each in done], form)
            if once:
                return
            stop.wait(PAUSE)


def send_due(post: Any, stopped: Callable[[], bool] = lambda: False) -> "list[Done]":
    """Send everything that is due at this moment, each message once; no further one when it is to stop."""
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.send_correspondence import give_up_lost, send_next

    give_up_lost(actor=SYSTEM, now=clock.now())
    done: list[Done] = []
    holder = uuid4().hex
    while not stopped():
        seen = [each.number for each in done]
        one = send_next(actor=SYSTEM, now=clock.now(), post=post, holder=holder, skip=seen)
        if one is None:
            break
        done.append(one)
    return done


def bounce(
    message_id: Annotated[str, typer.Argument(help="The Message-ID that the bounce quotes.")],
    reason: Annotated[str, typer.Option(help="What it says.")] = "",
) -> None:
    """Write down that a message came back."""
    database.ready()
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.record_bounce import record_bounce

    found = record_bounce(actor=SYSTEM, now=clock.now(), message_id=message_id, reason=reason)
    console.say(f"Message {found.id} to {found.to} ({found.code}) came back.")


def _foreseen() -> "list[tuple[Message, str, list[str]]]":
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.rechecking import recheck
    from goodstanding.correspondence.queries import held_message, next_due

    now = clock.now()
    found = []
    for number in next_due(now, limit=None):
        message = held_message(number)
        verdict = recheck(SYSTEM, message, now)
        state = "waits" if verdict.until else "withheld" if verdict.why else "goes"
        found.append((message, state, [why.message for why in verdict.why]))
    return found


def _row(of: "Message | Done", state: str, reasons: list[str]) -> dict[str, Any]:
    number = of.id if hasattr(of, "id") else of.number
    code = of.code if hasattr(of, "code") else of.customer
    return {"message": number, "customer": code, "to": of.to, "state": state, "reasons": reasons}


def _show(rows: list[dict[str, Any]], form: str) -> None:
    cells = [(str(r["message"]), r["customer"], r["to"], r["state"], "; ".join(r["reasons"])) for r in rows]
    tables.show({"messages": rows}, form, ("Outbox", (HEADER, cells)))
    if form == "table":
        states = [row["state"] for row in rows]
        said = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
        console.say(said or "Nothing is due.")
