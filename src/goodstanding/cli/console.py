"""What the terminal shows: answers on standard output, everything else on standard error."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from goodstanding.kernel.errors import Faults, Refused, RowFault

if TYPE_CHECKING:
    from rich.console import Console

Step = Callable[[str, int, int], None]  # what is being done, how far, out of how much


def errors() -> "Console":
    """Standard error."""
    from rich.console import Console

    return Console(stderr=True, soft_wrap=True, highlight=False)


def out() -> "Console":
    """Standard output, for people."""
    from rich.console import Console

    return Console(soft_wrap=True, highlight=False)


def write(text: str) -> None:
    """Text for programs on standard output, as it is."""
    sys.stdout.write(text)


def say(text: str) -> None:
    """One line for a person; text of files and databases can't change the terminal."""
    out().print(printable(text), markup=False)


def refuse(refused: Refused) -> None:
    """A refusal in words, each fault on its own line."""
    message = refused.message
    if isinstance(refused, Faults):
        show_faults(refused.faults)
        count = len(refused.faults)
        message = f"{count} {'fault' if count == 1 else 'faults'} in the file; nothing was taken."
    errors().print(printable(message), markup=False, style="red")


def show_faults(faults: Sequence[RowFault]) -> None:
    """Every fault, one a line."""
    console = errors()
    many = len({fault.table for fault in faults}) > 1
    for fault in faults:
        place = f"{fault.table}, " if many and fault.row else ""
        console.print(printable(f"{place}{fault}"), markup=False)


def printable(text: str) -> str:
    """The text without control characters other than line ends: a file can't move the cursor or change the colours."""
    return "".join(letter if letter.isprintable() or letter == "\n" else repr(letter)[1:-1] for letter in text)


@contextmanager
def progress(title: str) -> Iterator[Step]:
    """A progress bar on standard error; nothing where standard error is not a terminal."""
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = errors()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(escape(title), total=None)

        def step(what: str, done: int, total: int) -> None:
            bar.update(task, description=escape(what or title), completed=done, total=total or None)

        yield step
