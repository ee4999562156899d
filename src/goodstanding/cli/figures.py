"""Commands that answer from a plain folder or register: aging, metrics, classify. No database, no data folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from goodstanding.cli import clock, tables
from goodstanding.cli.options import Currency, DateOrder, Map, NumberStyle, read_plain, reading_options

if TYPE_CHECKING:
    from goodstanding.engine.book import Book
    from goodstanding.inbound.types import Options

Source = Annotated[Path, typer.Argument(metavar="PATH", help="A book folder, or an invoice register in CSV or XLSX.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DAY", help="The day, at its end; today by default.")]
Engine = Annotated[str, typer.Option(help="duckdb, or spark with the extra [cluster].")]
Format = Annotated[str, typer.Option("--format", help="table, csv or json.")]
Buckets = Annotated[str, typer.Option(help="The limits of the buckets, in days.")]
By = Annotated[str, typer.Option(help="customer, group, kind, territory, account_manager, seller or none.")]

# What fits a screen; CSV and JSON have everything, the reasons too.
MONTH = (
    *("month", "currency", "receivables", "sales", "dso", "dso_countback", "best_possible_dso", "add", "cei"),
    *("average_delay", "late_rate"),
)
CUSTOMER = ("customer", "currency", "open", "overdue", "value", "rfm", "behaviour", "dso", "average_delay")


def add_to(app: typer.Typer) -> None:
    """Put the commands into the application."""
    for command in (aging, metrics, classify):
        app.command()(command)


def aging(  # noqa: PLR0917  typer turns each parameter into an option
    path: Source,
    as_of: AsOf = None,
    by: By = "customer",
    buckets: Buckets = "30,60,90",
    engine: Engine = "duckdb",
    form: Format = "table",
    mapping: Map = None,
    currency: Currency = None,
    number_style: NumberStyle = None,
    date_order: DateOrder = None,
) -> None:
    """Who owes what, since when, at the end of a day."""
    day, limits = clock.day(as_of), _limits(buckets)
    options = reading_options(mapping, currency, number_style, date_order, as_of=day, alone=True)
    _check(engine, form)
    with _book(path, options, engine) as book:
        from goodstanding.engine.aging import aging as calculate
        from goodstanding.engine.report import aging_json

        answer = aging_json(calculate(book, day, limits, by))
    parts = [(f"Receivables at {day}", tables.aging_totals(answer))]
    if by != "none":
        parts.append((f"By {by}", tables.aging_rows(answer, by)))
    tables.show(answer, form, *parts)


def metrics(  # noqa: PLR0917  typer turns each parameter into an option
    path: Source,
    as_of: AsOf = None,
    engine: Engine = "duckdb",
    form: Format = "table",
    mapping: Map = None,
    currency: Currency = None,
    number_style: NumberStyle = None,
    date_order: DateOrder = None,
) -> None:
    """How fast the money comes: DSO, CEI, delay and late rate, month by month."""
    day = clock.day(as_of)
    options = reading_options(mapping, currency, number_style, date_order, as_of=day, alone=True)
    _check(engine, form)
    with _book(path, options, engine) as book:
        from goodstanding.engine.metrics import monthly, overall
        from goodstanding.engine.report import metrics_json

        answer = metrics_json(day, monthly(book, day), overall(book, day))
    only = MONTH if form == "table" else ()
    tables.show(answer, form, ("Month by month", tables.objects(answer["months"], only)))


def classify(  # noqa: PLR0917  typer turns each parameter into an option
    path: Source,
    as_of: AsOf = None,
    engine: Engine = "duckdb",
    form: Format = "table",
    mapping: Map = None,
    currency: Currency = None,
    number_style: NumberStyle = None,
    date_order: DateOrder = None,
) -> None:
    """Each customer's value, RFM and behaviour class, with the reason of each."""
    day = clock.day(as_of)
    options = reading_options(mapping, currency, number_style, date_order, as_of=day, alone=True)
    _check(engine, form)
    with _book(path, options, engine) as book:
        from goodstanding.engine import classes
        from goodstanding.engine.report import classify_json

        known = classes.facts(book, day)
        answer = classify_json(day, known, classes.classify(known, day))
    only = CUSTOMER if form == "table" else ()
    tables.show(answer, form, (f"Customers at {day}", tables.objects(answer["rows"], only)))


@contextmanager
def _book(path: Path, options: "Options", engine: str) -> Iterator["Book"]:
    """The file's book in the engine's hands. A cluster reads it as Parquet from a folder of its own."""
    reading = read_plain(path, options)
    from goodstanding.engine.book import Book, enrich

    book = enrich(reading.tables)
    if engine == "duckdb":
        yield book
        return
    with TemporaryDirectory(prefix="goodstanding-") as folder:
        book.write_parquet(Path(folder))
        on_cluster = Book.from_parquet(Path(folder), engine=engine)
        try:
            yield on_cluster
        finally:
            on_cluster.engine.stop()


def _check(engine: str, form: str) -> None:
    if engine not in ("duckdb", "spark"):
        raise typer.BadParameter(f"{engine!r} is not one of duckdb, spark", param_hint="--engine")
    if form not in ("table", "csv", "json"):
        raise typer.BadParameter(f"{form!r} is not one of table, csv, json", param_hint="--format")


def _limits(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not like 30,60,90", param_hint="--buckets") from None
