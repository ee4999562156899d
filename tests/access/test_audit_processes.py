"""The audit trail under many writers at once, and under writers that are killed: one unbroken chain."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

WRITER = Path(__file__).with_name("audit_writer.py")
ROUNDS = 30


@pytest.fixture
def start(fresh_database: Callable[[], str], tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start the writer on an empty database of its own."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "goodstanding.config.settings",
        "GOODSTANDING_DATABASE_URL": fresh_database(),
        "GOODSTANDING_HOME": str(tmp_path / "home"),
    }

    def begin(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(WRITER), *words]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)

    assert begin("migrate").wait() == 0
    return begin


def verified(start: Callable[..., subprocess.Popen[str]]) -> tuple[int, int]:
    """The numbers of entries and of people, of a trail that is whole."""
    out, _ = start("verify").communicate()
    assert "PROBLEM" not in out, out
    vendor, entries, people = out.split()
    assert vendor == (
        "postgresql" if os.environ.get("GOODSTANDING_DATABASE_URL", "").startswith("postgres") else "sqlite"
    )
    return int(entries), int(people)


@pytest.mark.database
def test_many_writers_keep_one_chain(start: Callable[..., subprocess.Popen[str]]) -> None:
    """Three processes of four threads, and a reader that checks beside them."""
    writers = [start("write", f"w{n}", "4", "12") for n in range(3)]
    while any(writer.poll() is None for writer in writers):
        verified(start)
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert verified(start) == (2 * 108, 108)


@pytest.mark.database
@pytest.mark.kills
def test_killed_writers_leave_a_whole_trail(start: Callable[..., subprocess.Popen[str]]) -> None:
    """Each kill falls at a random moment of the writing; what was committed has its entries, and only that."""
    seed = int(os.environ.get("GOODSTANDING_SEED", random.SystemRandom().randrange(10**9)))
    print(f"seed {seed}")
    chance = random.Random(seed)
    grown = 0
    for number in range(ROUNDS):
        writer = start("write", f"k{number}", "2", "10000")
        assert writer.stdout is not None
        writer.stdout.readline()  # it has begun
        time.sleep(chance.uniform(0, 0.15))
        writer.kill()
        writer.communicate()
        if number % 5 == 4:
            entries, people = verified(start)
            assert entries == 2 * people > grown
            grown = entries
