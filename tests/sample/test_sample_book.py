"""The sample book is deterministic, believable, and keeps every rule of the ledger, checked without the product."""

import csv
import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from goodstanding.access.types import SYSTEM
from goodstanding.actions.import_book import import_book
from goodstanding.inbound.reading import read
from goodstanding.kernel.errors import Refused
from goodstanding.outbound.sample import THROUGH, write_sample
from goodstanding.promises.queries import all_promises
from goodstanding.reports.integrity import problems

DEBITS = {"invoice", "debit_note", "refund", "late_fee", "opening"}
CREDITS = {"credit_note", "payment", "write_off"}


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def minor(text: str, currency: str) -> int:
    whole, _, cents = text.partition(".")
    assert len(cents) == (0 if currency == "JPY" else 2), text
    return int(whole + cents)


@pytest.fixture(scope="module", params=[(20, 3), (240, 1), (2000, 7)], ids=str)
def folder(request, tmp_path_factory):
    customers, seed = request.param
    path = tmp_path_factory.mktemp("sample") / "book"
    write_sample(path, customers, seed)
    return path


def test_same_arguments_same_bytes_other_seed_other_book(tmp_path):
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        write_sample(tmp_path / name, 60, seed, date(2025, 3, 31))
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == [
        "contacts.csv", "customers.csv", "demands.csv", "holds.csv", "items.csv", "matches.csv", "promise_items.csv", "promises.csv",
        "touches.csv", "truths.csv", "truths.json",
    ]  # fmt: skip
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        assert (tmp_path / "a" / name).read_bytes() != (tmp_path / "c" / name).read_bytes()


@pytest.mark.parametrize("customers", [0, 19, 50_001])
def test_sizes_out_of_range_are_refused(tmp_path, customers):
    with pytest.raises(Refused) as caught:
        write_sample(tmp_path / "book", customers, 1)
    assert caught.value.code == "sample_size"
    assert not (tmp_path / "book").exists()


def test_a_folder_in_use_is_left_alone(tmp_path):
    (tmp_path / "items.csv").write_text("mine")
    with pytest.raises(Refused) as caught:
        write_sample(tmp_path, 20, 1)
    assert caught.value.code == "folder_in_use"
    assert [path.name for path in tmp_path.iterdir()] == ["items.csv"]


def test_every_match_and_item_keeps_the_ledgers_rules(folder):
    parent = {row["code"]: row["parent"] or row["code"] for row in rows(folder, "customers")}
    items = {}
    for row in rows(folder, "items"):
        key = (row["customer"], row["number"], row["entry"])
        assert key not in items and row["customer"] in parent
        assert row["date"] <= row["due"] and row["date"] <= THROUGH.isoformat()
        sign = 1 if row["kind"] in DEBITS else -1 if row["kind"] in CREDITS else 0
        sign *= 1 if int(row["entry"]) % 2 else -1
        amount = minor(row["amount"], row["currency"])
        assert amount > 0 and 0 <= minor(row["tax"], row["currency"]) <= amount
        items[key] = {**row, "sign": sign, "minor": amount}
    matches, moves, undone = {}, defaultdict(list), set()
    for place, row in enumerate(rows(folder, "matches")):
        credit = items[row["credit_customer"], row["credit_item"], row["credit_entry"]]
        debit = items[row["debit_customer"], row["debit_item"], row["debit_entry"]]
        assert credit["sign"] == -1 and debit["sign"] == 1, row
        assert credit["currency"] == debit["currency"]
        assert parent[credit["customer"]] == parent[debit["customer"]], row
        assert max(credit["date"], debit["date"]) <= row["date"] <= THROUGH.isoformat(), row
        amount = minor(row["amount"], debit["currency"])
        assert amount > 0
        body = (row["credit_item"], row["credit_entry"], row["debit_item"], row["debit_entry"], amount)
        if row["undoes"]:
            assert row["undoes"] not in undone
            undone.add(row["undoes"])
            first_day, first_body = matches[row["undoes"]]
            assert first_day <= row["date"] and first_body == body
        assert row["id"] not in matches
        matches[row["id"]] = (row["date"], body)
        for item in (credit, debit):
            step = -amount if row["undoes"] else amount
            moves[item["customer"], item["number"], item["entry"]].append((row["date"], place, step))
    for key, steps in moves.items():
        settled, day = 0, ""
        for day, place, step in sorted(steps):
            settled += step
            assert 0 <= settled <= items[key]["minor"], (key, day, place)
    for key, item in items.items():
        if int(item["entry"]) == 2:
            original = items[item["customer"], item["number"], "1"]
            assert (original["kind"], original["amount"]) == (item["kind"], item["amount"])
            assert original["date"] <= item["date"]
            assert sum(step for _, _, step in moves[key]) == item["minor"]
            assert sum(step for _, _, step in moves[item["customer"], item["number"], "1"]) == item["minor"]
        if int(item["entry"]) == 3:
            assert items[item["customer"], item["number"], "2"]["date"] <= item["date"]
    recoveries = {key for key, item in items.items() if item["kind"] == "recovery"}
    assert not recoveries & moves.keys()


def test_holds_and_merges_refer_to_what_exists(folder):
    customers = {row["code"]: row for row in rows(folder, "customers")}
    items = {(row["customer"], row["number"], row["entry"]): row for row in rows(folder, "items")}
    last_fact = defaultdict(str)
    for (code, _, _), item in items.items():
        last_fact[code] = max(last_fact[code], item["date"])
    for hold in rows(folder, "holds"):
        item = items[hold["customer"], hold["item"], hold["entry"]]
        assert 0 < minor(hold["amount"], item["currency"]) <= minor(item["amount"], item["currency"])
        assert item["date"] <= hold["placed"] <= THROUGH.isoformat()
        assert not hold["released"] or hold["placed"] <= hold["released"] <= THROUGH.isoformat()
    for code, row in customers.items():
        assert not row["parent"] or not customers[row["parent"]]["parent"], "groups are one level deep"
        assert row["parent"] != code
        if row["merged_into"]:
            assert row["status"] == "merged" and customers[row["merged_into"]]["status"] != "merged"
            assert last_fact[code] < row["merged_on"]
    for contact in rows(folder, "contacts"):
        assert contact["customer"] in customers


def test_promises_and_touches_are_of_days_and_customers_that_are_there(folder):
    customers = {row["code"]: row for row in rows(folder, "customers")}
    items = {(row["customer"], row["number"], row["entry"]): row for row in rows(folder, "items")}
    promises = {row["id"]: row for row in rows(folder, "promises")}
    renewed = [row["renews"] for row in promises.values() if row["renews"]]
    assert len(set(renewed)) == len(renewed)
    for row in promises.values():
        assert row["customer"] in customers and row["made"] <= THROUGH.isoformat() and row["made"] < row["due"]
        assert (row["by"] == "them") == (row["kind"] == "pay") == bool(row["amount"]), row
        assert not row["outcome"] or row["by"] == "us", "the money says what became of theirs"
        assert bool(row["outcome"]) == bool(row["judged"])
        assert not row["judged"] or row["made"] <= row["judged"] <= THROUGH.isoformat()
        assert row["outcome"] != "kept" or row["judged"] <= row["due"]
        merged = customers[row["customer"]]["merged_on"]
        assert not merged or row["made"] < merged
        if row["renews"]:
            old = promises[row["renews"]]
            assert old["customer"] == row["customer"] and old["due"] < row["made"] and row["level"] == "2"
    about = rows(folder, "promise_items")
    assert {row["promise"] for row in about} == {key for key, row in promises.items() if row["by"] == "them"}
    for row in about:
        item, promise = items[row["customer"], row["item"], row["entry"]], promises[row["promise"]]
        assert item["date"] <= promise["made"] and item["currency"] == promise["currency"]
        assert 0 < minor(row["amount"], item["currency"]) <= minor(item["amount"], item["currency"])
    for row in rows(folder, "demands"):
        item = items[row["customer"], row["item"], row["entry"]]
        assert item["due"] < row["made"] <= THROUGH.isoformat() and row["level"] in ("1", "2")
    for row in rows(folder, "touches"):
        assert row["at"][:10] <= THROUGH.isoformat() and "09:00" <= row["at"][11:] < "17:00"
        assert minor(row["cost"], row["currency"]) > 0 and row["currency"] == customers[row["customer"]]["currency"]


def test_the_default_book_holds_all_that_a_book_can_hold(tmp_path):
    counted = write_sample(tmp_path / "book")
    items, matches = rows(tmp_path / "book", "items"), rows(tmp_path / "book", "matches")
    customers, contacts = rows(tmp_path / "book", "customers"), rows(tmp_path / "book", "contacts")
    assert counted["customers"] == len(customers) == 240
    assert 6_000 <= counted["items"] == len(items) <= 10_000
    assert {row["kind"] for row in items} == DEBITS | CREDITS | {"recovery"}
    assert {row["currency"] for row in items} == {"CNY", "EUR", "USD", "JPY"}
    assert {"discount", "tolerance", "bad_debt", "bounced", "typing error"} <= {row["reason"] for row in items}
    assert {row["entry"] for row in items} == {"1", "2", "3"}
    assert sum(bool(row["undoes"]) for row in matches) >= 10
    assert sum(row["credit_customer"] != row["debit_customer"] for row in matches) >= 10, "head offices pay"
    assert {row["status"] for row in customers} == {"active", "on_hold", "closed", "merged"}
    assert {row["birthday_calendar"] for row in contacts} == {"solar", "lunar", ""}
    assert len({row["name"] for row in customers}) == 240
    chinese = sum(any("\u4e00" <= letter <= "\u9fff" for letter in row["name"]) for row in customers)
    latin = sum(any("a" <= letter <= "z" for letter in row["name"]) for row in customers)
    assert min(chinese, latin) > 50
    promises, touches = rows(tmp_path / "book", "promises"), rows(tmp_path / "book", "touches")
    assert {row["by"] for row in promises} == {"them", "us"} and any(row["plan"] for row in promises)
    assert {row["kind"] for row in promises} == {"pay", "answer", "delivery", "call_back", "visit", "document"}
    assert {row["outcome"] for row in promises} == {"", "kept", "broken", "withdrawn"}
    assert {row["purpose"] for row in touches} == {"collect", "care", "sell", "serve"}
    assert {"visit", "call", "letter", "message", "delivery", "gift", "greeting"} <= {row["kind"] for row in touches}
    partly = defaultdict(int)
    for row in matches:
        if row["credit_item"].startswith("RC") and not row["undoes"]:
            partly[row["debit_customer"], row["debit_item"]] += 1
    assert sum(count > 1 for count in partly.values()) >= 30, "partial payments"


@pytest.mark.django_db
def test_the_sample_is_taken_as_it_is_and_its_promises_are_judged(tmp_path):
    write_sample(tmp_path / "book")
    now = datetime(2026, 7, 1, 2, tzinfo=UTC)
    import_book(actor=SYSTEM, now=now, reading=read(tmp_path / "book"))
    states = Counter((each.by, each.state) for each in all_promises(THROUGH))
    kept, broken = states["them", "kept"], states["them", "broken"] + states["them", "partly_kept"]
    assert kept > broken > 5, states
    assert states["them", "open"] and states["us", "open"] and states["us", "kept"] > states["us", "broken"] > 3
    assert problems() == []


def test_the_truths_show_in_how_people_pay(tmp_path):
    write_sample(tmp_path / "book", 1500, 2)
    archetype = {row["customer"]: row["archetype"] for row in rows(tmp_path / "book", "truths")}
    due = {(row["customer"], row["number"], row["entry"]): row["due"] for row in rows(tmp_path / "book", "items")}
    delays = defaultdict(list)
    for row in rows(tmp_path / "book", "matches"):
        if row["credit_item"].startswith("RC") and not row["undoes"]:
            day = due[row["debit_customer"], row["debit_item"], row["debit_entry"]]
            late = (date.fromisoformat(row["date"]) - date.fromisoformat(day)).days
            delays[archetype[row["debit_customer"]]].append(late)
    mean = {name: sum(values) / len(values) for name, values in delays.items()}
    assert mean["discount_taker"] < -10 < mean["prompt"] < 5 < mean["relaxed"] < mean["late"]
    told = json.loads((tmp_path / "book" / "truths.json").read_text(encoding="utf-8"))
    assert sum(kind["customers"] for kind in told["archetypes"].values()) == 1500
