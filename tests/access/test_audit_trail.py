"""Guarantee 10: history can't be changed unseen. 1,000 random tamperings of the trail and its anchor, all found."""

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import Error, connection, transaction

from goodstanding.access import anchor
from goodstanding.access.models import AuditEntry
from goodstanding.access.operations import record
from goodstanding.access.queries import trail, verify_chain
from goodstanding.access.rules import GENESIS, plain, seal
from goodstanding.access.types import SYSTEM, Actor
from goodstanding.actions.base import acting

TAMPERINGS = 1_000
COLUMNS = ("sequence", "at", "actor", "action", "subject", "before", "after", "previous", "hash")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NASTY = ["", "plain", '王芳 "quoted" \\ / \b\f\n\r\t\x1f\x7f é \U0001f600', "nul \0 and half \ud800 pair", "null", "0"]
Row = dict[str, Any]


class Power(Exception):
    """The power goes."""


def act(number: int) -> None:
    actor = Actor(id=number % 4, name=f"person {number % 4}", roles=frozenset({"owner"}))
    before = None if number % 3 == 0 else {"amount": number * 100, "note": NASTY[number % len(NASTY)], "open": True}
    with acting("record_payment", actor=actor, now=NOW + timedelta(seconds=number, microseconds=number % 2)) as audit:
        for part in range(1 + number % 2):
            audit(f"item {number}", before, {"amount": number * 100 + part, "tags": ["a", None, {"b": -1}], "z": 1})


def grow(entries: int) -> None:
    """A healthy trail as life makes it: with roll-backs, and with power cuts between commit and anchor."""
    number = AuditEntry.objects.count()
    while AuditEntry.objects.count() < entries:
        number += 1
        act(number)
        if number % 4 == 0:
            with pytest.raises(Power), transaction.atomic():
                act(number)
                raise Power
        if number % 5 == 0:
            with pytest.raises(Power), transaction.atomic():
                transaction.on_commit(cut_the_power)
                act(number)


def cut_the_power() -> None:
    raise Power


@pytest.fixture
def unguarded(transactional_db: None) -> Iterator[None]:
    """The triggers gone, as they are for somebody who owns the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE access_auditentry DISABLE TRIGGER USER")
            yield
            cursor.execute("ALTER TABLE access_auditentry ENABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger' AND tbl_name='access_auditentry'")
            triggers = cursor.fetchall()
            assert len(triggers) == 3
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            yield
            for _, sql in triggers:
                cursor.execute(sql)


def rows() -> list[Row]:
    as_text = "before::text, after::text" if connection.vendor == "postgresql" else "before, after"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT sequence, at, actor, action, subject, {as_text}, previous, hash "
            "FROM access_auditentry ORDER BY sequence"
        )
        return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def store(wanted: list[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_auditentry")
        cursor.executemany(
            f"INSERT INTO access_auditentry ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})",
            [[row[column] for column in COLUMNS] for row in wanted],
        )


def rechain(trail_: list[Row]) -> None:
    """Number and seal again all entries, as somebody would who knows how it is done."""
    previous = GENESIS
    for number, row in enumerate(trail_, start=1):
        before, after = (None if row[c] is None else json.loads(row[c]) for c in ("before", "after"))
        at = row["at"].strftime("%Y-%m-%d %H:%M:%S.%f")
        row["sequence"], row["previous"] = number, previous
        row["hash"] = previous = seal(
            [number, at, row["actor"], row["action"], row["subject"], before, after, row["previous"]]
        )


def change(row: Row, column: str, chance: random.Random) -> None:
    value = row[column]
    if column == "sequence":
        row[column] = chance.choice([value + 1_000, -value, 0, 10**15])
    elif column == "at":
        row[column] = value + chance.choice([1, -1]) * chance.choice(
            [timedelta(microseconds=1), timedelta(seconds=1), timedelta(days=400)]
        )
    elif column in ("before", "after"):
        body = json.loads(value) if value else {}
        body[chance.choice(["amount", "note", "new"])] = chance.choice([0, 7, "", "x", None, True, [1]])
        row[column] = chance.choice([json.dumps(body), "{}", None, "[]"])
    elif column in ("previous", "hash"):
        row[column] = chance.choice([GENESIS, "", value[:-1] + ("0" if value[-1] != "0" else "1"), value.upper() + "A"])
        row[column] = row[column][:64]
    else:
        row[column] = chance.choice([value + " ", value[:-1], value.upper() + "!", "", "nobody"])


def update(entries: list[Row], chance: random.Random) -> list[Row]:
    change(chance.choice(entries), chance.choice(COLUMNS), chance)
    return entries


def delete(entries: list[Row], chance: random.Random) -> list[Row]:
    del entries[chance.randrange(len(entries) - 1)]
    return entries


def delete_tail(entries: list[Row], chance: random.Random) -> list[Row]:
    return entries[: -chance.randint(1, len(entries))]


def delete_and_close_up(entries: list[Row], chance: random.Random) -> list[Row]:
    del entries[chance.randrange(len(entries))]
    rechain(entries)
    return entries


def swap(entries: list[Row], chance: random.Random) -> list[Row]:
    first, second = chance.sample(entries, 2)
    for column in chance.choice([("sequence",), COLUMNS[1:7], COLUMNS[1:], ("after",), ("actor",)]):
        first[column], second[column] = second[column], first[column]
    return entries


def swap_and_rechain(entries: list[Row], chance: random.Random) -> list[Row]:
    first, second = chance.sample(range(len(entries)), 2)
    entries[first], entries[second] = entries[second], entries[first]
    rechain(entries)
    return entries


def insert_at_end(entries: list[Row], chance: random.Random) -> list[Row]:
    entries.append({**chance.choice(entries), "subject": "invented"})
    new = entries[-1]
    new["sequence"], new["previous"] = len(entries), entries[-2]["hash"]
    parts = [json.loads(new[c]) if new[c] else None for c in ("before", "after")]
    at = new["at"].strftime("%Y-%m-%d %H:%M:%S.%f")
    new["hash"] = seal([new["sequence"], at, new["actor"], new["action"], new["subject"], *parts, new["previous"]])
    return entries


def insert_and_rechain(entries: list[Row], chance: random.Random) -> list[Row]:
    entries.insert(chance.randrange(len(entries)), {**chance.choice(entries), "subject": "invented"})
    rechain(entries)
    return entries


def rewrite(entries: list[Row], chance: random.Random) -> list[Row]:
    """One change anywhere, and everything after it sealed again: the chain by itself is perfect."""
    change(chance.choice(entries), chance.choice(COLUMNS[1:7]), chance)
    rechain(entries)
    return entries


def hide_in_text(entries: list[Row], chance: random.Random) -> list[Row]:
    """JSON that reads the same to one reader and not to another; PostgreSQL keeps no such text."""
    row = chance.choice([r for r in entries if r["after"]])
    row["after"] = chance.choice(['{"amount": 1, ' + row["after"][1:], row["after"] + " ", "null"])
    return entries


TRAIL: list[Callable[[list[Row], random.Random], list[Row]]] = [
    update,
    update,
    update,
    delete,
    delete_tail,
    delete_and_close_up,
    swap,
    swap_and_rechain,
    insert_at_end,
    insert_and_rechain,
    rewrite,
    hide_in_text,
]


def live_line(lines: list[bytes], chance: random.Random, mark: bytes = b"+=") -> int:
    return chance.choice([n for n, line in enumerate(lines) if line[:1] in mark])


def flip(lines: list[bytes], chance: random.Random) -> list[bytes]:
    number = live_line(lines, chance)
    place = chance.randrange(len(lines[number]) - (1 if number == len(lines) - 1 else 0))
    old = lines[number]
    new = bytes([chance.choice([c for c in b"0123456789abcdef+= \nx" if c != old[place]])])
    lines[number] = old[:place] + new + old[place + 1 :]
    return lines


def drop_intent(lines: list[bytes], chance: random.Random) -> list[bytes]:
    del lines[live_line(lines, chance, b"+")]
    return lines


def drop_middle(lines: list[bytes], chance: random.Random) -> list[bytes]:
    del lines[chance.randrange(len(lines) - 1)]
    return lines


def reorder(lines: list[bytes], chance: random.Random) -> list[bytes]:
    first, second = chance.sample(range(len(lines)), 2)
    lines[first], lines[second] = lines[second], lines[first]
    return lines


def cut(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """Cut the file anywhere before the last entry's intent."""
    last = max(n for n, line in enumerate(lines) if line.startswith(b"+"))
    whole = b"".join(lines)
    return [whole[: chance.randrange(len(b"".join(lines[: last + 1])))]]


def claim(lines: list[bytes], chance: random.Random) -> list[bytes]:
    """A line in good form for an entry that nobody wrote."""
    body = f"{chance.choice('+=')} {chance.randint(1, 99)} {chance.randbytes(32).hex()} ".encode()
    at = chance.randrange(len(lines))
    lines.insert(at, body + anchor._link(lines[at - 1] if at else b"", body) + b"\n")
    return lines


ANCHOR: list[Callable[[list[bytes], random.Random], list[bytes]]] = [
    flip,
    drop_intent,
    drop_middle,
    reorder,
    cut,
    claim,
]


@pytest.mark.django_db(transaction=True)
def test_a_thousand_tamperings_are_all_found(unguarded: None, data_folder: Path) -> None:
    seed = int(os.environ.get("GOODSTANDING_SEED", random.SystemRandom().randrange(10**9)))
    print(f"seed {seed}")
    chance = random.Random(seed)
    grow(24)
    assert verify_chain() == []
    healthy, path = rows(), data_folder / "audit-anchor"
    witness = path.read_bytes()
    done: Counter[str] = Counter()
    while done.total() < TAMPERINGS:
        kind = chance.choice(TRAIL + ANCHOR)
        if kind in ANCHOR:
            lines = kind(witness.splitlines(keepends=True), chance)
            if b"".join(lines) == witness:
                continue
            path.write_bytes(b"".join(lines))
        else:
            wanted = kind([dict(row) for row in healthy], chance)
            try:
                with transaction.atomic():
                    store(wanted)
            except Error:  # what the table's own constraints refuse is no tampering
                continue
            if rows() == healthy:
                continue
        found = verify_chain()
        assert found, f"seed {seed}: {kind.__name__} number {done.total()} went unseen"
        assert all(problem.message for problem in found)
        done[kind.__name__] += 1
        path.write_bytes(witness)
        if kind in TRAIL:
            store(healthy)
            assert done.total() % 50 or verify_chain() == []
    print(dict(done))
    expected = {kind.__name__ for kind in TRAIL + ANCHOR}
    assert set(done) == expected and min(done.values()) >= 5
    path.unlink()
    assert verify_chain(), "an anchor that is gone"
    path.write_bytes(b"")
    assert verify_chain(), "an anchor that is empty"
    path.write_bytes(witness)
    assert verify_chain() == []


@pytest.mark.django_db(transaction=True)
def test_a_healthy_trail_is_never_flagged() -> None:
    assert verify_chain() == []
    for entries in range(1, 40):
        grow(entries)
        assert verify_chain() == []
    assert [entry.sequence for entry in trail(limit=3)] == [AuditEntry.objects.count() - n for n in range(3)]


@pytest.mark.django_db(transaction=True)
def test_a_power_cut_between_commit_and_anchor_is_healthy(data_folder: Path) -> None:
    """Whatever the cut leaves of the last line: the next entry goes on, and the trail stays whole."""
    path = data_folder / "audit-anchor"
    act(2)
    whole = path.read_bytes()
    last = whole.splitlines(keepends=True)[-1]
    assert last.startswith(b"= ")
    for kept in range(len(last)):
        path.write_bytes(whole[: len(whole) - len(last) + kept])
        assert verify_chain() == []
    act(4)
    assert verify_chain() == []
    assert not anchor.read(path)[1]


@pytest.mark.django_db(transaction=True)
def test_a_vanished_end_is_found_even_when_new_entries_cover_it(unguarded: None) -> None:
    grow(6)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_auditentry WHERE sequence >= 4")
    assert any("is gone" in problem.message for problem in verify_chain())
    grow(9)
    assert any(problem.sequence == 4 for problem in verify_chain())


@pytest.mark.django_db(transaction=True)
def test_an_emptied_trail_is_found(unguarded: None) -> None:
    grow(3)
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE access_auditentry" if connection.vendor == "postgresql" else "DELETE FROM access_auditentry"
        )
    assert len(verify_chain()) >= 3


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_refuses_changes() -> None:
    grow(3)
    kept = rows()
    copied = ", ".join(COLUMNS)
    statements = [
        "UPDATE access_auditentry SET actor = 'x'",
        "UPDATE access_auditentry SET actor = actor WHERE sequence = 2",
        "DELETE FROM access_auditentry",
        "DELETE FROM access_auditentry WHERE sequence = 3",
    ]
    if connection.vendor == "postgresql":
        statements += [
            "TRUNCATE access_auditentry",
            "TRUNCATE access_auditentry CASCADE",
            f"INSERT INTO access_auditentry ({copied}) SELECT {copied} FROM access_auditentry WHERE sequence = 2 "
            "ON CONFLICT (sequence) DO UPDATE SET actor = 'x'",
        ]
    else:
        statements += [
            f"INSERT OR REPLACE INTO access_auditentry ({copied}) SELECT {copied} FROM access_auditentry",
            f"REPLACE INTO access_auditentry ({copied}) SELECT 9, {', '.join(COLUMNS[1:])} FROM access_auditentry",
            "UPDATE OR IGNORE access_auditentry SET actor = 'x'",
            "UPDATE OR REPLACE access_auditentry SET sequence = 3 WHERE sequence = 2",
        ]
    for pragma in ("ON", "OFF"):
        for statement in statements:
            with connection.cursor() as cursor:
                if connection.vendor == "sqlite":
                    cursor.execute(f"PRAGMA recursive_triggers = {pragma}")
                with pytest.raises(Error, match="append-only"), transaction.atomic():
                    cursor.execute(statement)
    with pytest.raises(Error), transaction.atomic():
        AuditEntry.objects.filter(sequence=1).delete()
    assert rows() == kept
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = ON")


@pytest.mark.django_db(transaction=True)
def test_without_its_anchor_nothing_is_committed(data_folder: Path) -> None:
    (data_folder / "audit-anchor").mkdir()
    with pytest.raises(OSError):
        act(1)
    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_entry_needs_a_transaction_and_a_time_zone() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record(SYSTEM, "record_payment", "item 1", None, None, NOW)
    with pytest.raises(ValueError, match="time zone"), transaction.atomic():
        record(SYSTEM, "record_payment", "item 1", None, None, NOW.replace(tzinfo=None))
    with pytest.raises(TypeError, match="float"), transaction.atomic():
        record(SYSTEM, "record_payment", "item 1", None, {"amount": 12.5}, NOW)
    assert AuditEntry.objects.count() == 0


def test_plain_values() -> None:
    given = {"b": (1, True, None), "a": {date(2026, 1, 31)}, "at": NOW, 3: "x\0y\udc00z"}
    assert plain(given) == {
        "3": "x\ufffdy\ufffdz",
        "a": ["2026-01-31"],
        "at": "2026-03-02 09:30:00.000000",
        "b": [1, True, None],
    }
    for wrong in (1.0, float("nan"), b"bytes", object(), {"deep": [0.1]}):
        with pytest.raises(TypeError):
            plain(wrong)
