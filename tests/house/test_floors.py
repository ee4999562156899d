"""The house stands as drawn: floors, rooms and foreign keys."""

import ast
import re
import tomllib
from pathlib import Path

import grimp
import pytest
from django.apps import apps

import goodstanding

SOURCE = Path(goodstanding.__file__).parent
ROOT = SOURCE.parent.parent
FLOORS = [
    {"config"},
    {"web", "cli", "jobs"},
    {"actions"},
    {"reports"},
    {"receivables", "promises", "standing", "collections", "relations", "correspondence"},
    {"parties"},
    {"access", "inbound", "outbound"},
    {"engine"},
    {"kernel"},
]
CONTEXTS = (
    "receivables",
    "promises",
    "standing",
    "collections",
    "relations",
    "correspondence",
    "parties",
    "access",
    "inbound",
    "outbound",
)
LEVEL = {room: level for level, floor in enumerate(FLOORS) for room in floor}


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("goodstanding", include_external_packages=True)


def room(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


def test_every_folder_is_on_a_floor() -> None:
    folders = {p.name for p in SOURCE.iterdir() if p.is_dir() and (p / "__init__.py").exists()}
    assert folders == set(LEVEL), "a folder without a floor, or a floor without a folder"
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    drawn = [{r.strip() for r in layer.split("|")} for layer in contracts[0]["layers"]]
    assert drawn == FLOORS


def test_foreign_keys_point_down_or_stay_inside() -> None:
    """String references don't show as imports, so the model graph is asked instead."""
    checked = 0
    for model in apps.get_models():
        here = model._meta.app_label
        if here not in LEVEL:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or target == "self":
                continue
            there = target._meta.app_label
            if there in LEVEL:
                checked += 1
                assert here == there or LEVEL[here] < LEVEL[there], f"{model.__name__}.{field.name} → {there}"
            else:
                assert there == "auth" and here == "access", f"{model.__name__}.{field.name} → {there}"
    assert checked >= 10


@pytest.mark.parametrize("context", CONTEXTS)
def test_rules_and_types_are_pure(context: str, imports: grimp.ImportGraph) -> None:
    """types ← rules; neither knows Django, a table or an operation."""
    for module in imports.modules:
        if re.fullmatch(rf"goodstanding\.{context}\.(types|rules)(\..*)?", module):
            for target in imports.find_modules_directly_imported_by(module):
                outside = target.split(".")[0]
                assert outside != "django", f"{module} imports django"
                if target.startswith(f"goodstanding.{context}."):
                    wanted = r"types|rules" if ".rules" in module else r"types"
                    assert re.match(rf"goodstanding\.{context}\.({wanted})\b", target), f"{module} → {target}"


@pytest.mark.parametrize("context", CONTEXTS)
def test_models_hold_tables_and_nothing_else(context: str, imports: grimp.ImportGraph) -> None:
    """Models import no room of their own, and only their own context and reports import models."""
    models = f"goodstanding.{context}.models"
    inside = {t for t in imports.find_modules_directly_imported_by(models) if t.startswith("goodstanding.")}
    assert not inside, f"{models} imports {inside}"
    for importer in imports.find_modules_that_directly_import(models):
        assert room(importer) in (context, "reports"), f"{importer} imports {models}"


@pytest.mark.parametrize("context", CONTEXTS)
def test_queries_never_write(context: str, imports: grimp.ImportGraph) -> None:
    queries = f"goodstanding.{context}.queries"
    if queries in imports.modules:
        assert f"goodstanding.{context}.operations" not in imports.find_modules_directly_imported_by(queries)


@pytest.mark.parametrize("floor", ["kernel", "engine"])
def test_no_django_below(floor: str, imports: grimp.ImportGraph) -> None:
    for module in imports.modules:
        if room(module) == floor:
            for target in imports.find_modules_directly_imported_by(module):
                assert target.split(".")[0] != "django", f"{module} imports {target}"


CLOCK = re.compile(
    r"\b(?:datetime|date)\.(?:now|today|utcnow)\(|\btimezone\.now\(|\btimezone\.(?:localdate|localtime)\(\)|\btime\.time\("
)
# numpy's seeded streams are no chance; its unseeded ones are
CHANCE = re.compile(
    r"(?<!np\.)\brandom\.(?!Random\b)\w+\(|\bsecrets\.|\buuid\.uuid[14]\(|(?:default_rng|SeedSequence|PCG64)\(\)"
    r"|np\.random\.(?!Generator|PCG64|SeedSequence|default_rng)"
)
INTERFACES = {"web", "cli", "jobs", "config"}


def test_clock_and_chance_only_in_interfaces() -> None:
    found = []
    for path in SOURCE.rglob("*.py"):
        if path.relative_to(SOURCE).parts[0] in INTERFACES or "migrations" in path.parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if CLOCK.search(line) or CHANCE.search(line):
                found.append(f"{path.relative_to(SOURCE)}:{number}: {line.strip()}")
    assert not found, "\n".join(found)


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(p.relative_to(SOURCE))
        for p in SOURCE.rglob("*.py")
        if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8"))) and "migrations" not in p.parts
    ]
    assert not silent


def test_no_signals_and_no_logic_in_save() -> None:
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "post_save" not in text and "pre_save" not in text, path
        if path.name == "models.py":
            assert "def save(" not in text, path
