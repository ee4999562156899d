"""Every expression of the engine by name, as asked for one example day.

Their SQL in each dialect is kept beside the tests, so that a new version of the compiler can't change
a question unseen. Rewrite the files with `python -m goodstanding.engine.catalog tests/engine/golden`.
"""

import sys
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from goodstanding.engine import (
    aging,
    asof,
    classes,
    closing,
    effectiveness,
    keeping,
    lateness,
    metrics,
    rolls,
    vintages,
)
from goodstanding.engine.backend import sql

if TYPE_CHECKING:
    import ibis.expr.types as ir

EXAMPLE = date(2024, 3, 31)
DIALECTS = ("duckdb", "spark")

EXPRESSIONS: Mapping[str, Callable[[date], "ir.Table"]] = {
    "postings": lambda _day: asof.postings(),
    "postings_added_back": lambda _day: asof.postings(add_back=True),
    "steps": lambda _day: asof.steps(),
    "open_steps": asof.open_steps,
    "survivors": asof.survivors,
    **{f"aging_by_{by}": partial(aging.cells, by=by) for by in asof.GROUPINGS},
    "aging_other_buckets": lambda day: aging.cells(day, (1, 7, 14, 365)),
    "aging_added_back": lambda day: aging.cells(day, add_back=True),
    "aging_hidden": lambda day: aging.cells(day, hidden_territories=("north", "south")),
    "open_items": aging.open_items,
    "open_items_of_territory": lambda day: aging.open_items(day, "territory", "north", currency="USD", place=1),
    "positions": metrics.positions,
    "positions_added_back": lambda day: metrics.positions(day, add_back=True),
    "flows": metrics.flows,
    "payments": metrics.payments,
    "closings": lateness.closings,
    "paid_closings": lateness.paid_closings,
    "settled_by_month": lateness.monthly,
    "settlements": lateness.settlements,
    **{f"lateness_by_{by}": partial(lateness.cells, by=by) for by in asof.GROUPINGS},
    "rolls": lambda day: rolls.cells(day - timedelta(days=31), day),
    "billed": vintages.billed,
    "vintages": vintages.settled,
    "facts": classes.facts_table,
    "effectiveness": lambda day: effectiveness.parts(day.replace(day=1), day),
    "fallen_due": lambda day: keeping.fallen_due(day - timedelta(days=365), day),
    "paid": lambda day: keeping.paid(day - timedelta(days=365), day, day, ()),
    "paid_but_held": lambda day: keeping.paid(day - timedelta(days=365), day, day, (1, 2)),
    "dated": lambda day: closing.counts(day - timedelta(days=31), day),
}


def texts() -> dict[str, str]:
    """File name → SQL, for every expression in every dialect."""
    return {
        f"{name}.{dialect}.sql": sql(expression(EXAMPLE), dialect, pretty=True) + "\n"
        for name, expression in EXPRESSIONS.items()
        for dialect in DIALECTS
    }


def write(folder: Path) -> int:
    """Write the files anew; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.sql"):
        old.unlink()
    files = texts()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(files)


if __name__ == "__main__":
    sys.stdout.write(f"{write(Path(sys.argv[1]))} files\n")
