"""Guarantee 5: an import killed at any moment leaves all of its file or nothing, and the next one ends as if never killed."""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from importing import write_register
from runner import Runner

TRIES = ("reading", "checking", "writing", "writing", "writing", "committing")
KILLS, IN_WRITING = 64, 24
ROWS = 1500


@pytest.mark.kills
@pytest.mark.timeout(600)
def test_killed_imports_leave_all_or_nothing(
    runner: Callable[..., Runner], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calm, killed = runner(), runner()
    assert calm.ask("prepare") == killed.ask("prepare") == {"vendor": killed.vendor}
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    print(f"seed {seed}")
    warm = write_register(tmp_path / "warm.csv", "W", ROWS, seed)
    for each in (calm, killed):
        done = each.ask("bring", file=str(warm))
        assert done["status"] == 0 and done["last"] == "done", done
    kills: Counter[str] = Counter()
    files = 0
    while sum(kills.values()) < KILLS or kills["writing"] < IN_WRITING:
        files += 1
        assert files < 50, kills
        file = write_register(tmp_path / f"{files}.csv", f"F{files}x", ROWS, seed + files)
        before = killed.ask("rows")
        done = calm.ask("bring", file=str(file))
        assert done["status"] == 0, done
        took = done["took"]  # of this very file, on this machine, just now: aims hit
        whole = calm.ask("rows")
        assert whole["receivables_item"] >= before["receivables_item"] + ROWS
        for step in TRIES:
            done = killed.ask("bring", file=str(file), step=step, delay=chance.uniform(0, took[step]))
            kills[done["last"]] += done["killed"]
            assert done["killed"] or done["status"] == 0, done
            now = killed.ask("rows")
            assert now in (before, whole), f"half an import after a kill in {done}: {now}"
            if now == whole:
                break  # it came in before the kill, or was quicker
        assert killed.ask("bring", file=str(file))["status"] == 0
        assert killed.ask("rows") == whole
    with capsys.disabled():
        print(f"\n{killed.vendor}: {sum(kills.values())} kills over {files} files: {dict(kills)}; seed {seed}")
    assert sum(kills.values()) >= 60 and kills["writing"] >= 20
    assert killed.ask("digests") == calm.ask("digests")
    assert killed.ask("problems") == {"problems": []}


@pytest.mark.timeout(300)
def test_one_file_from_many_sides_comes_in_once(
    runner: Callable[..., Runner], fresh_database: Callable[[], str], tmp_path: Path
) -> None:
    """Two processes of eight threads each import the same file at the same moment, again and again."""
    database = fresh_database()
    pair = [runner(database, "shared"), runner(database, "shared")]
    pair[0].ask("prepare")
    for attempt in range(6):
        file = write_register(tmp_path / f"{attempt}.csv", f"R{attempt}x", 150, attempt)
        before = pair[0].ask("rows")
        for each in pair:
            each.tell("race", file=str(file), threads=8)
        answers = [answer for each in pair for answer in each.hear()]
        assert len(answers) == 16
        assert len({answer["id"] for answer in answers}) == 1
        assert sorted(answer["repeated"] for answer in answers) == [False] + [True] * 15
        after = pair[0].ask("rows")
        assert after["done"] == before["done"] + 1
        assert after["receivables_item"] >= before["receivables_item"] + 150
    alone = runner()
    alone.ask("prepare")
    for attempt in range(6):
        assert alone.ask("bring", file=str(tmp_path / f"{attempt}.csv"))["status"] == 0
    assert alone.ask("digests") == pair[0].ask("digests")
    assert pair[1].ask("problems") == {"problems": []}
