"""Commands about people: the first administrator is made here, the others in the desk."""

import sys
from typing import Annotated

import typer

from goodstanding.cli import clock, console, database
from goodstanding.kernel.errors import N_, Refused

app = typer.Typer(help="People who sign in.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _people() -> None:
    """People who sign in."""


@app.command("add")
def add(
    username: Annotated[str, typer.Argument(help="The name to sign in with.")],
    name: Annotated[str, typer.Option(help="The name people see.")] = "",
    role: Annotated[list[str] | None, typer.Option(help="A role; repeat for more. The default: administrator.")] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.")
    ] = False,
) -> None:
    """Add someone who can sign in. The password is asked for, never taken from the command line."""
    database.ready()
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.create_person import create_person

    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not password:
        raise Refused("no_password", N_("A password is needed."))
    create_person(
        actor=SYSTEM,
        now=clock.now(),
        username=username,
        name=name or username,
        password=password,
        roles=role or ["administrator"],
    )
    console.say(f"{username} can sign in now.")
