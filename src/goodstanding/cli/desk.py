"""Commands that set the desk up and run it: init, serve, nightly, verify."""

import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from goodstanding.cli import clock, console, database
from goodstanding.kernel.errors import N_, Refused


def add_to(app: typer.Typer) -> None:
    """Put the commands into the application."""
    for command in (init, serve, nightly, verify):
        app.command()(command)


def init() -> None:
    """Prepare the data folder, the database and the pages' files; again does no harm."""
    database.set_up()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import OperationalError

    settings.HOME.mkdir(parents=True, exist_ok=True)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as fault:
        raise Refused("no_database", N_("The database can't be reached: {why}"), why=str(fault).strip()) from fault
    _compile_words()
    call_command("collectstatic", verbosity=0, interactive=False)
    console.say(f"Ready: {settings.HOME}")


def _compile_words() -> None:
    """Compile the translations where their sources are newer: a process of its own, since config stands above."""
    import goodstanding

    sources = list((Path(goodstanding.__file__).parent / "locale").rglob("*.po"))
    compiled = [source.with_suffix(".mo") for source in sources]
    if all(mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime for po, mo in zip(sources, compiled, strict=True)):
        return
    subprocess.run([sys.executable, "-m", "goodstanding.config.catalogue", "compile"], check=True)


def serve(
    port: Annotated[int, typer.Option(help="The port.", min=1, max=65535)] = 8000,
    address: Annotated[str, typer.Option(help="The address; only this machine by default.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1)] = 2,
    with_worker: Annotated[
        bool, typer.Option("--with-worker", help="Also run what was put on the queue, and send mail.")
    ] = False,
) -> None:
    """Serve the desk. Stops on Ctrl-C or SIGTERM, the worker with it."""
    database.ready()
    from django.conf import settings
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.make_statements import resume_statements
    from goodstanding.actions.start_export import resume_exports
    from goodstanding.actions.start_import import resume_imports

    if settings.DEMO and address not in ("127.0.0.1", "::1", "localhost"):
        raise Refused("demo_is_local", N_("The demonstration signs everybody in: it only serves this machine."))
    if with_worker:
        resume_imports(actor=SYSTEM, now=clock.now())  # those that a killed worker left running
        resume_exports(actor=SYSTEM, now=clock.now())
        resume_statements(actor=SYSTEM, now=clock.now())
    connections.close_all()
    server = Granian(
        "goodstanding.config.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        workers_kill_timeout=10,
    )
    console.say(f"The desk is at http://{address}:{port}/ (Ctrl-C stops it).")
    helpers = [_start_worker(), *_start_sender()] if with_worker else []
    try:
        server.serve()
    finally:
        for helper in helpers:
            _stop(helper)


def _start_worker() -> "subprocess.Popen[bytes]":
    """The queue's worker as a child in a process group of its own, so that Ctrl-C reaches it only through us."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "goodstanding.config.settings"}
    command = [sys.executable, "-m", "django", "db_worker", "--interval", "1", "--no-startup-delay"]
    return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603


def _start_sender() -> "list[subprocess.Popen[bytes]]":
    """What sends the outbox's mail as it falls due, where mail is set up."""
    from django.conf import settings

    if not (settings.MAIL_URL and settings.MAIL_FROM):
        return []
    command = [str(Path(sys.executable).with_name("goodstanding")), "send", "--keep-on"]
    return [subprocess.Popen(command, start_new_session=True)]  # noqa: S603


def _stop(worker: "subprocess.Popen[bytes]") -> None:
    """Let the worker end what it is doing; after half a minute it is killed, and its task starts over next time."""
    if worker.poll() is None:
        worker.send_signal(signal.SIGTERM)
    try:
        worker.wait(30)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def nightly(
    as_of: Annotated[str, typer.Option(help="The day, at its end; yesterday by default.", metavar="DAY")] = "yesterday",
    collect: Annotated[bool, typer.Option(help="Also decide what to do on the day that follows.")] = True,
) -> None:
    """Store each customer's figures and classes, check the ledger, judge promises, assess standing, decide what to do."""
    database.ready()
    from goodstanding.access.types import NIGHTLY
    from goodstanding.actions.nightly import run_nightly
    from goodstanding.actions.remove_exports import remove_exports

    with console.progress("nightly") as step:
        done = run_nightly(actor=NIGHTLY, now=clock.now(), as_of=clock.day(as_of), progress=step)
    if done.unchanged:
        console.say(f"{done.as_of}: already done, and the book has not changed.")
    else:
        console.say(f"{done.as_of}: {done.figures} figures and {done.classes} classes stored.")
    if removed := remove_exports(actor=NIGHTLY, now=clock.now()):
        console.say(f"{len(removed)} exported files were removed: their days were over.")
    _look_ahead(done.as_of, collect=collect)
    for problem in done.problems:
        console.errors().print(console.printable(problem), markup=False, style="red")
    if done.problems:
        raise typer.Exit(1)


def _look_ahead(night: date, *, collect: bool) -> None:
    """Judge what was promised up to the night, assess standing, and decide for the day after it. Each alone is safe to run again."""
    from goodstanding.access.types import NIGHTLY
    from goodstanding.actions.assess_standing import assess_standing
    from goodstanding.actions.judge_promises import judge_all
    from goodstanding.actions.run_collections import decided_later, run_collections

    theirs, ours = judge_all(actor=NIGHTLY, now=clock.now(), as_of=night)
    if theirs or ours:
        console.say(f"{theirs} promises of customers and {ours} of ours were judged.")
    if stood := assess_standing(actor=NIGHTLY, now=clock.now(), as_of=night):
        console.say(f"{night}: how {stood} customers stand was assessed.")
    day = night + timedelta(days=1)
    if not collect:
        return
    if decided_later(day):
        console.say(f"{day}: a later day was decided already, so this one is left alone.")
        return
    run = run_collections(actor=NIGHTLY, now=clock.now(), as_of=day)
    said = ", ".join(f"{count} {action}" for action, count in sorted(run.counts.items())) or "nothing to do"
    console.say(f"{day}: {said}." if not run.unchanged else f"{day}: decided already, and nothing has changed.")
    _queue(day)


def _queue(day: date) -> None:
    """Put the day's letters into the outbox, where it is known who writes and by which way."""
    from django.conf import settings

    from goodstanding.access.types import NIGHTLY
    from goodstanding.actions.queue_reminders import queue_reminders

    if not (settings.FIRM and settings.MAIL_URL and settings.MAIL_FROM):
        return
    done = queue_reminders(actor=NIGHTLY, now=clock.now(), as_of=day)
    unwritten = "".join(f", {count} not written ({why})" for why, count in sorted(done.unwritten.items()))
    console.say(f"{day}: {done.queued} letters queued{unwritten}.")


def verify() -> None:
    """Recompute every invariant of the ledger and the audit trail in SQL. Exit status 1 when one is broken."""
    database.ready()
    from goodstanding.access.queries import verify_chain
    from goodstanding.reports import integrity

    problems = [problem.message for problem in (*integrity.problems(), *verify_chain())]
    for problem in problems:
        console.errors().print(console.printable(problem), markup=False, style="red")
    if problems:
        console.errors().print(f"{len(problems)} problems.", style="red")
        raise typer.Exit(1)
    console.say("The books balance, and nothing was changed unseen.")
