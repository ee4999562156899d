"""The aging page's figures against a plain recount: groupings, buckets, filters, visibility, and what is behind each."""

import datetime as dt
import random
from collections import defaultdict
from typing import Any

import pyarrow as pa
import pytest

from goodstanding.access.types import SYSTEM, Actor
from goodstanding.engine.book import Book, enrich
from goodstanding.engine.contract import FILE_TABLES
from goodstanding.kernel.errors import Refused
from goodstanding.reports.aging_types import Asked, read_limits
from goodstanding.reports.receivables import behind, report

START = dt.date(2026, 1, 1)
TERRITORIES = ("north", "south", "", "west")
ACTORS = (
    SYSTEM,
    Actor(7, "north only", frozenset({"collector"}), frozenset({"north"}), frozenset({"south", "west"})),
    Actor(8, "nobody's", frozenset({"collector"}), frozenset(), frozenset({"north", "south", "west"})),
)


def made(seed: int) -> tuple[Book, list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """A random book as the engine takes it, and its rows for the recount."""
    draw = random.Random(seed)
    customers = [
        {
            "code": f"C{n}",
            "name": draw.choice(["茶", "café", "Zoo", "ä"]) + str(n),
            "parent": f"C{draw.randrange(n)}" if n and draw.random() < 0.3 else None,
            "kind": draw.choice(["shop", "kiosk", None]),
            "territory": draw.choice(TERRITORIES) or None,
            "account_manager": draw.choice(["Wei", None]),
        }
        for n in range(14)
    ]
    items: list[dict[str, Any]] = []
    matches: list[dict[str, Any]] = []
    for n in range(150):
        day = START + dt.timedelta(draw.randrange(200))
        debit = draw.random() < 0.6
        items.append(
            {
                "id": n + 1,
                "customer": f"C{draw.randrange(14)}",
                "number": f"N{n}",
                "entry": 1,
                "kind": draw.choice(["invoice", "debit_note"] if debit else ["payment", "credit_note"]),
                "date": day,
                "due": day + dt.timedelta(draw.randrange(60)) if debit else day,
                "amount": draw.randrange(1, 10**6),
                "tax": 0,
                "currency": draw.choice(["EUR", "CNY", "JPY"]),
                "seller": draw.choice(["Ana", "Bo", None]),
            }
        )
    left = {item["id"]: item["amount"] for item in items}
    for credit in items:
        for debit in items:
            fits = credit["kind"] in ("payment", "credit_note") and debit["kind"] in ("invoice", "debit_note")
            same = credit["customer"] == debit["customer"] and credit["currency"] == debit["currency"]
            amount = min(left[credit["id"]], left[debit["id"]], draw.randrange(1, 10**6))
            if fits and same and amount and draw.random() < 0.7:
                left[credit["id"]] -= amount
                left[debit["id"]] -= amount
                day = max(credit["date"], debit["date"]) + dt.timedelta(draw.randrange(40))
                matches.append({"date": day, "credit": credit, "debit": debit, "amount": amount})
    tables = {
        "customers": pa.Table.from_pylist(customers, schema=FILE_TABLES["customers"]),
        "items": pa.Table.from_pylist(items, schema=pa.schema([("id", pa.int64()), *FILE_TABLES["items"]])),
        "matches": pa.Table.from_pylist(
            [
                {
                    "id": f"m{at}",
                    "date": match["date"],
                    "credit_customer": match["credit"]["customer"],
                    "credit_item": match["credit"]["number"],
                    "credit_entry": 1,
                    "debit_customer": match["debit"]["customer"],
                    "debit_item": match["debit"]["number"],
                    "debit_entry": 1,
                    "amount": match["amount"],
                    "currency": match["debit"]["currency"],
                }
                for at, match in enumerate(matches)
            ],
            schema=FILE_TABLES["matches"],
        ),
    }
    return enrich(tables), customers, items, matches


def recount(
    asked: Asked, actor: Actor, currency: str, holds: list[tuple[int, int]], parts: tuple[Any, ...]
) -> dict[str, dict[str, Any]]:
    """The same aging, counted item by item with nothing of the product but the question."""
    _book, customers, items, matches = parts
    people = {c["code"]: c for c in customers}

    def root(code: str) -> str:
        while people[code]["parent"]:
            code = people[code]["parent"]
        return code

    def exists(code: str) -> bool:
        return actor.sees(people[code]["territory"] or "")

    rows: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    for item in items:
        person = people[item["customer"]]
        if item["date"] > asked.as_of or item["currency"] != currency or not exists(person["code"]):
            continue
        if (asked.kind and person["kind"] != asked.kind) or (
            asked.territory and person["territory"] != asked.territory
        ):
            continue
        taken = sum(m["amount"] for m in matches if item in (m["credit"], m["debit"]) and m["date"] <= asked.as_of)
        rest = item["amount"] - taken
        if not rest:
            continue
        head = root(person["code"])
        key = {
            "customer": person["code"],
            "group": head if exists(head) else person["code"],
            "kind": person["kind"] or "-",
            "territory": person["territory"] or "-",
            "account_manager": person["account_manager"] or "-",
            "seller": item["seller"] or "-",
        }[asked.by]
        row = rows[key]
        if item["kind"] in ("payment", "credit_note"):
            row["unapplied"] -= rest
        else:
            late = (asked.as_of - item["due"]).days
            row[sum(late > limit for limit in (0, *asked.limits))] += rest
            row["held"] += min(rest, sum(amount for number, amount in holds if number == item["id"]))
        row["items"] += 1
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_every_figure_is_what_a_recount_gives(seed: int) -> None:
    parts = made(seed)
    draw = random.Random(seed + 1000)
    print(f"seed {seed}")
    checked = 0
    for by in ("customer", "group", "kind", "territory", "account_manager", "seller"):
        for actor in ACTORS:
            asked = Asked(
                START + dt.timedelta(draw.randrange(260)),
                limits=draw.choice([(30, 60, 90), (10,), (7, 14, 21, 28, 60)]),
                by=by,
                kind=draw.choice(["", "", "", "shop"]),
                territory=draw.choice(["", "", "", "north"]),
                currency=draw.choice(["EUR", "CNY", "JPY"]),
                sort=draw.choice(["total", "name", "b1", "unapplied", "oldest"]),
                descending=draw.random() < 0.5,
            )
            holds = [(draw.randrange(1, 151), draw.randrange(1, 10**6)) for _ in range(12)]
            found = report(parts[0], asked, actor, holds)
            expected = recount(asked, actor, found.currency, holds, parts)
            given = {row.key: row.figures for row in found.rows}
            assert given.keys() == expected.keys()
            for key, row in expected.items():
                figures = given[key]
                assert figures.buckets == tuple(row[at] for at in range(len(asked.limits) + 2))
                assert (figures.unapplied, figures.held, figures.items) == (row["unapplied"], row["held"], row["items"])
                for part, amount in [("", figures.total), ("b1", figures.buckets[1]), ("unapplied", figures.unapplied)]:
                    pieces = behind(parts[0], asked, actor, holds, key=key, part=part)
                    assert pieces is not None
                    assert pieces.total == amount == sum(one.open for one in pieces.items[:])
                checked += 1
            assert found.totals.total == sum(figures.total for figures in given.values())
            assert (
                found.totals.buckets == tuple(map(sum, zip(*(f.buckets for f in given.values()), strict=True)))
                or not given
            )
    assert checked > 25


@pytest.mark.parametrize("show", ["past_due", "oldest", "held", "unapplied"])
def test_a_filter_keeps_the_rows_that_have_it_and_the_totals_follow(show: str) -> None:
    book = made(3)[0]
    holds = [(number, 500) for number in range(1, 60)]
    asked = Asked(START + dt.timedelta(150), currency="EUR", show=show)
    everything = report(book, Asked(asked.as_of, currency="EUR"), SYSTEM, holds)
    found = report(book, asked, SYSTEM, holds)
    has = {
        "past_due": lambda f: f.past_due > 0,
        "oldest": lambda f: f.buckets[-1] > 0,
        "held": lambda f: f.held > 0,
        "unapplied": lambda f: f.unapplied < 0,
    }[show]
    kept = [row for row in everything.rows if has(row.figures)]
    assert 0 < len(kept) < len(everything.rows)
    assert {row.key for row in found.rows} == {row.key for row in kept}
    assert found.totals.total == sum(row.figures.total for row in kept)
    pieces = behind(book, asked, SYSTEM, holds)
    assert pieces is not None and pieces.total == found.totals.total


def test_rows_stand_in_the_order_asked_for() -> None:
    book = made(5)[0]
    for sort, value in (("total", lambda r: r.figures.total), ("b0", lambda r: r.figures.buckets[0])):
        for descending in (True, False):
            asked = Asked(START + dt.timedelta(150), currency="EUR", sort=sort, descending=descending)
            values = [value(row) for row in report(book, asked, SYSTEM).rows]
            assert values == sorted(values, reverse=descending) and len(values) > 3


def test_another_teams_row_is_like_none() -> None:
    book, customers, _items, _matches = made(2)
    asked = Asked(START + dt.timedelta(150), currency="EUR")
    hidden = [
        row.key for row in report(book, asked, SYSTEM).rows if _territory(customers, row.key) in ("south", "west")
    ]
    assert hidden
    for key in hidden:
        assert behind(book, asked, ACTORS[1], key=key) is None
    assert behind(book, asked, ACTORS[1], key="C999") is None


def _territory(customers: list[dict[str, Any]], code: str) -> str | None:
    return next(c["territory"] for c in customers if c["code"] == code)


@pytest.mark.parametrize(
    "text", ["", "0", "30,30", "60,30", "-1", "1.5", "x", "1,2,3,4,5,6,7,8,9", "3651", "３０", "1" * 40]
)
def test_limits_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        read_limits(text)
    assert caught.value.code == "bucket_limits"


def test_limits_are_read_as_people_write_them() -> None:
    assert read_limits(" 30, 60，90 ") == (30, 60, 90)
    assert read_limits("1") == (1,)
