"""The command `interest`: what lateness cost and nobody charged yet, shown or charged."""

from typing import Annotated, Any

import typer

from goodstanding.cli import clock, console, database, tables
from goodstanding.kernel.money import decimal_text

Format = Annotated[str, typer.Option("--format", help="table, csv or json.")]


def add_to(app: typer.Typer) -> None:
    """Put the command into the application."""
    app.command()(interest)


def interest(
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DAY", help="The day, at its end.")] = None,
    charge: Annotated[bool, typer.Option("--charge/--dry-run", help="Post it, or only show it.")] = False,
    customer: Annotated[str, typer.Option(help="Only this customer's code.")] = "",
    form: Format = "table",
) -> None:
    """Late interest and fees by the rules of each day: what is left to charge, or charging it."""
    database.ready()
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.charge_late_fees import charge_late_fees, to_charge

    day = clock.day(as_of)
    if charge:
        with console.progress("interest") as step:
            made = charge_late_fees(actor=SYSTEM, now=clock.now(), as_of=day, customer=customer, progress=step)
        sums = ", ".join(f"{decimal_text(total, code)} {code}" for code, total in sorted(made.totals.items()))
        console.say(f"Charged {len(made.items)} items: {sums}." if made.items else "There was nothing left to charge.")
        return
    found = to_charge(SYSTEM, day, customer)
    rows: list[dict[str, Any]] = [
        {
            "customer": each.item.customer,
            "number": each.item.number,
            "currency": each.item.currency,
            "due": each.item.due.isoformat(),
            "days": each.owed.days,
            "interest": decimal_text(each.interest, each.item.currency),
            "fee": decimal_text(each.fee, each.item.currency),
            "in_dispute": each.held,
        }
        for each in found
    ]
    tables.show({"as_of": day.isoformat(), "rows": rows}, form, (f"Not charged at {day}", tables.objects(rows)))
