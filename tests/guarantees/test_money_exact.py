"""Guarantee 2: money is exact, in whole minor units from the file to every total."""

import ast
import os
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

import goodstanding
from goodstanding.engine.aging import aging
from goodstanding.kernel.money import MAXIMUM, split
from goodstanding.parties.models import Customer
from goodstanding.receivables import queries
from goodstanding.reports.book import current_book
from goodstanding.reports.integrity import problems
from goodstanding.reports.journal import trial_balance
from ledger import customer, day, give_up, pay, post

SOURCE = Path(goodstanding.__file__).parent
SEED = int(os.environ.get("GOODSTANDING_SEED", random.SystemRandom().randrange(2**32)))


def test_a_thousand_random_splits_sum_exactly() -> None:
    print(f"GOODSTANDING_SEED={SEED}")
    chance = random.Random(SEED)
    for _ in range(1000):
        amount = chance.choice((0, 1, 7, 100, MAXIMUM, chance.randrange(MAXIMUM))) * chance.choice((1, 1, 1, -1))
        weights = [chance.choice((0, 1, 3, chance.randrange(10**9))) for _ in range(chance.randrange(1, 40))]
        parts = split(amount, weights)
        assert sum(parts) == amount and len(parts) == len(weights)
        whole = sum(weights)
        for part, weight in zip(parts, weights, strict=True):
            exact = abs(amount) * weight if whole else abs(amount)
            assert abs(abs(part) * (whole or len(weights)) - exact) < (whole or len(weights))  # less than one unit off
            assert isinstance(part, int)


@pytest.mark.django_db(transaction=True)
def test_python_sql_and_the_engine_say_the_same() -> None:
    """A random book: open amounts summed in Python, in SQL, by the journal and by the engine, on five days."""
    print(f"GOODSTANDING_SEED={SEED}")
    chance = random.Random(SEED)
    codes = [f"C{n}" for n in range(12)]
    for code in codes:
        customer(code)
    big = MAXIMUM - 12345  # sums beyond what a float can hold to the unit
    for n in range(150):
        code, on = chance.choice(codes), day(1, 1) + timedelta(days=chance.randrange(60))
        currency = chance.choice(("EUR", "JPY", "KWD"))
        amount = big + n if n % 15 == 0 else chance.randrange(1, 10**6)
        due = on + timedelta(days=chance.randrange(45))
        draw = chance.random()
        if draw < 0.55:
            post(code, f"INV-{n}", amount, on, currency=currency, due=due)
        elif draw < 0.65:
            post(code, f"CN-{n}", amount, on, "credit_note", currency=currency)
        elif draw < 0.95:
            pay(code, f"PAY-{n}", amount, on, "oldest", currency=currency)
        else:
            owed = queries.open_items([Customer.objects.get(code=code).pk])
            for item in owed[:1]:
                if item.sign > 0:
                    give_up(code, item.number, max(on, item.date))
    assert not problems()
    book = current_book()
    owners = list(Customer.objects.values_list("pk", flat=True))
    for as_of in (day(1, 15), day(1, 31), day(2, 14), day(3, 1), day(12, 31)):
        python: Counter[tuple[str, str]] = Counter()
        for item in queries.open_items(owners, as_of):
            python["receivable" if item.sign > 0 else "unapplied", item.currency] += item.sign * item.open
        journal = {
            (line.account, line.currency): line.balance
            for line in trial_balance(as_of)
            if line.account in ("receivable", "unapplied") and line.balance
        }
        engine = {}
        for total in aging(book, as_of).totals:
            engine["receivable", total.currency] = sum(bucket.amount for bucket in total.buckets)
            engine["unapplied", total.currency] = total.unapplied
            assert total.total == total.unapplied + sum(bucket.amount for bucket in total.buckets)
        assert python == journal == {key: amount for key, amount in engine.items() if amount}
        assert all(type(amount) is int for amount in (*python.values(), *journal.values(), *engine.values()))
    with connection.cursor() as cursor:  # the last day is after everything: the kept amounts say the same
        cursor.execute("SELECT SUM(open) FROM receivables_balance")
        assert int(cursor.fetchone()[0]) == sum(abs(amount) for amount in python.values())
        assert max(abs(amount) for amount in python.values()) > 2**53 or MAXIMUM < 2**53


def test_no_table_keeps_money_as_anything_but_whole_numbers() -> None:
    money = ("amount", "tax", "open", "credit_limit", "open_minor", "overdue_minor", "unapplied_minor")
    seen = set()
    for model in apps.get_models():
        if not model.__module__.startswith("goodstanding."):
            continue
        for field in model._meta.concrete_fields:
            assert not isinstance(field, models.DecimalField | models.FloatField), f"{model.__name__}.{field.name}"
            if field.name in money:
                seen.add(field.name)
                assert isinstance(field, models.BigIntegerField), f"{model.__name__}.{field.name}"
    assert {"amount", "tax", "open", "credit_limit"} <= seen


# Where a number is a ratio, a duration or a share and never an amount. Everywhere else a float is refused.
RATIOS = (
    "engine/", "parties/rules/duplicates.py", "collections/rules/intervals.py", "cli/", "web/", "outbound/sample/",
    "reports/", "inbound/",
)  # fmt: skip
# What would hold money as a decimal or float wherever it is written.
BANNED = ("DecimalField", "FloatField", "MoneyField")


def offences(path: str, tree: ast.AST) -> list[str]:
    """Floats and decimal fields in a module: float literals, float(), `/` between anything, DecimalField."""
    found = []
    likeness = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "score_cutoff"
    }
    for node in ast.walk(tree):
        if id(node) in likeness:  # how alike two words must be
            continue
        name = getattr(node, "attr", getattr(node, "id", ""))
        line = f"{path}:{getattr(node, 'lineno', 0)}"
        if name in BANNED:
            found.append(f"{line}: {name}")
        if path.startswith(RATIOS):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"{line}: {node.value}")
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float":
            found.append(f"{line}: float()")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not _is_path(node):
            found.append(f"{line}: /")
    return found


def _is_path(node: ast.BinOp) -> bool:
    """`folder / "name"`: a path, told by a text on its right."""
    right = node.right
    return isinstance(right, ast.JoinedStr) or (isinstance(right, ast.Constant) and isinstance(right.value, str))


def test_no_float_comes_near_money() -> None:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        if "/migrations/" not in place:
            found += offences(place, ast.parse(path.read_text(encoding="utf-8")))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    ["x = 0.5", "x = float(y)", "x = a / b", "x = a / 100", "x = models.DecimalField()", "x = models.FloatField()"],
)
def test_the_ban_bites(line: str) -> None:
    assert offences("receivables/rules.py", ast.parse(line))
    assert not offences("receivables/rules.py", ast.parse("x = a // b\ny = folder / 'name'\nz = folder / f'{x}'"))


MONEY_NAMES = ("amount", "minor", "tax", "balance", "credit_limit")


def test_no_annotation_calls_money_a_float() -> None:
    """Also where ratios are allowed, what is named like money is never typed as a float or a Decimal."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            target, annotation = None, None
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                target, annotation = node.target.id, node.annotation
            elif isinstance(node, ast.arg) and node.annotation is not None:
                target, annotation = node.arg, node.annotation
            if target and annotation and any(target == name or target.endswith(f"_{name}") for name in MONEY_NAMES):
                words = ast.unparse(annotation)
                if "float" in words or "Decimal" in words:
                    found.append(f"{path.relative_to(SOURCE)}:{node.lineno}: {target}: {words}")
    assert not found, "\n".join(found)
