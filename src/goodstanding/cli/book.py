"""Commands that bring a book in and out: import, undo-import, export, sample."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodstanding.cli import clock, console, database
from goodstanding.cli.options import Currency, DateOrder, Map, NumberStyle, reading_options
from goodstanding.kernel.errors import N_, Faults, Refused

if TYPE_CHECKING:
    from goodstanding.actions.import_book import Imported
    from goodstanding.inbound.types import Reading


def add_to(app: typer.Typer) -> None:
    """Put the commands into the application."""
    app.command("import")(import_)
    app.command("undo-import")(undo_import)
    app.command("export")(export)
    app.command("sample")(sample)


def import_(  # noqa: PLR0917  typer turns each parameter into an option
    path: Annotated[Path, typer.Argument(help="A book folder, or an invoice register in CSV or XLSX.")],
    mapping: Map = None,
    currency: Currency = None,
    number_style: NumberStyle = None,
    date_order: DateOrder = None,
    as_of: Annotated[
        str | None, typer.Option(help="The day at which a register's open amounts stood.", metavar="DAY")
    ] = None,
) -> None:
    """Bring a file or folder into the book: all of it or nothing; the same file again does nothing."""
    options = reading_options(mapping, currency, number_style, date_order, as_of=clock.day(as_of) if as_of else None)
    if not path.exists():
        raise Refused("no_file", N_("There is no file or folder {path}."), path=str(path))
    database.ready()
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.import_book import import_book
    from goodstanding.inbound.reading import read

    with console.progress(path.name) as step:
        reading = read(path, options=options)
        if reading.faults:
            raise Faults(list(reading.faults))
        done = import_book(actor=SYSTEM, now=clock.now(), reading=reading, options=options, progress=step)
    _show_import(done, reading)


def undo_import(
    number: Annotated[int, typer.Argument(help="The number of the import.")],
) -> None:
    """Take an import back: its items are reversed and its matches undone, today."""
    database.ready()
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions import undo_import as action

    now = clock.now()
    action.undo_import(actor=SYSTEM, now=now, import_id=number, on=now.date())
    console.say(f"Import {number} is undone.")


def export(
    folder: Annotated[Path, typer.Argument(help="A folder that is empty or does not exist yet.")],
    form: Annotated[str, typer.Option("--format", help="csv or parquet.")] = "csv",
) -> None:
    """Write the whole book as a folder that `import` takes."""
    if form not in ("csv", "parquet"):
        raise typer.BadParameter(f"{form!r} is not one of csv, parquet", param_hint="--format")
    database.ready()
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.export_book import export_book

    rows = export_book(actor=SYSTEM, now=clock.now(), folder=folder, form=form)
    console.say(", ".join(f"{table}: {count}" for table, count in rows.items()))


def sample(
    folder: Annotated[Path, typer.Argument(help="A folder that is empty or does not exist yet.")],
    customers: Annotated[int, typer.Option(help="How many customers: 20 to 50,000.")] = 240,
    seed: Annotated[int, typer.Option(help="Another seed, another book.", min=0)] = 1,
    through: Annotated[
        str | None,
        typer.Option(help="The book's last day; 2026-06-30 by default, whatever today is.", metavar="DAY"),
    ] = None,
) -> None:
    """Write the sample book "Third Place Roasters". The same customers, seed and last day give the same bytes."""
    from goodstanding.outbound.sample import THROUGH, write_sample

    rows = write_sample(folder, customers, seed, clock.day(through) if through else THROUGH)
    console.say(", ".join(f"{table}: {count}" for table, count in rows.items()))


def _show_import(done: "Imported", reading: "Reading") -> None:
    """What was written and what was left out."""
    if done.repeated:
        console.say(f"{reading.name} was imported already, as import {done.id}: nothing was written.")
        return
    console.say(f"Import {done.id}: " + ", ".join(f"{table}: {count}" for table, count in done.created.items()))
    left_out = done.skipped.num_rows if done.skipped is not None else 0
    if left_out:
        console.say(f"{left_out} rows were in the book already and left out.")
    if reading.preview.noise_cells:
        console.say(f"{reading.preview.noise_cells} amounts had spreadsheet noise, which was taken off.")
    if reading.preview.not_used:
        console.say(f"Left alone: {', '.join(reading.preview.not_used)}")
