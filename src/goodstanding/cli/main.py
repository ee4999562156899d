"""The command `goodstanding`: puts the commands together and turns refusals into words and an exit status.

Exit status: 0 done, 1 refused or faulty, 2 the command line itself is wrong.
"""

import sqlite3
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from goodstanding.cli import book, collect, desk, figures, interest, people, send
from goodstanding.cli.console import errors, printable, refuse, write
from goodstanding.kernel.errors import Refused

app = typer.Typer(
    name="goodstanding",
    help="Customer relations and trade receivables in one book of promises.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for room in (desk, book, figures, collect, send, interest):
    room.add_to(app)
app.add_typer(people.app, name="person")


def _print_version(asked: bool) -> None:
    if asked:
        write(f"goodstanding {version('goodstanding')}\n")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Customer relations and trade receivables in one book of promises."""


def main() -> None:
    """Run the command line; never a traceback for what a person can mend."""
    try:
        app()
    except Refused as refused:
        refuse(refused)
    except (OSError, sqlite3.Error) as fault:
        errors().print(printable(str(fault)), markup=False, style="red")
    except KeyboardInterrupt:
        errors().print("Stopped.")
        sys.exit(130)
    else:
        return
    sys.exit(1)
