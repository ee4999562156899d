"""The SQL of every expression in every dialect, word for word: the way out if the compiler ever changes or goes.

Rewrite with `python -m goodstanding.engine.catalog tests/engine/golden` and read the difference.
"""

import importlib
import inspect
import pkgutil
from pathlib import Path

import goodstanding.engine
from goodstanding.engine import catalog

GOLDEN = Path(__file__).parent / "golden"
PARTS = {"carried_on", "described", "visible"}  # take a table and give it back changed: inside the others


def test_the_sql_is_what_it_was() -> None:
    kept = {file.name: file.read_text(encoding="utf-8") for file in GOLDEN.glob("*.sql")}
    assert kept == catalog.texts()


def test_every_expression_is_in_the_catalog() -> None:
    made = set()
    for module in pkgutil.iter_modules(goodstanding.engine.__path__):
        for name, function in inspect.getmembers(
            importlib.import_module(f"goodstanding.engine.{module.name}"), inspect.isfunction
        ):
            if inspect.signature(function).return_annotation == "ir.Table" and not name.startswith("_"):
                made.add((function.__module__.rsplit(".", 1)[-1], name))
    source = inspect.getsource(catalog)
    missing = {pair for pair in made if ".".join(pair) not in source and pair[1] not in PARTS}
    assert len(made) > 20
    assert not missing
