"""Guarantee 6: a night killed at any moment is finished by the next run, and ends as if never interrupted."""

import random
import shutil
from collections import Counter
from datetime import date, timedelta

import pytest

from goodstanding.outbound.sample import write_sample
from runner import Runner

FIGURES = ("snapshot", "figures", "storing", "checking")
AFTER = ("judging", "holding", "standing", "collecting", "queueing")
STEPS = (*FIGURES, *AFTER)
TRIES = tuple(step for step in FIGURES for _ in range(4)) + tuple(step for step in AFTER for _ in range(2))
KILLS, LEAST_OF_FIGURES, LEAST_AFTER, NIGHTS = 64, 12, 4, 4
FIRST, EVERY = date(2026, 7, 1), timedelta(days=6)


@pytest.fixture
def runners(fresh_database, tmp_path):
    write_sample(tmp_path / "book", 120, 6)
    pair = [Runner("nights_process.py", fresh_database(), tmp_path / name) for name in ("calm", "killed")]
    for runner in pair:
        runner.tell("prepare", folder=str(tmp_path / "book"))
    for runner in pair:
        assert runner.hear()["created"]["items"] > 2000
    yield pair
    for runner in pair:
        runner.close()


@pytest.mark.kills
@pytest.mark.timeout(500)
def test_killed_nights_end_as_if_never_interrupted(runners):
    calm, killed = runners
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    print(f"seed {seed}")
    for runner in runners:
        assert runner.ask("night", as_of=str(FIRST))["status"] == 0
    kills: Counter[str] = Counter()
    night, nights = FIRST, 0
    while nights < NIGHTS or not _enough(kills):
        night, nights = night + EVERY, nights + 1
        assert nights < 40, kills
        kills += _one_night(killed, night, _calmly(calm, night), chance)
    print(f"{sum(kills.values())} kills in {nights} nights: {dict(kills)}")
    wanted, found = calm.ask("digests"), killed.ask("digests")
    assert found == wanted
    assert found["vendor"] == killed.vendor
    assert found["figures"][0] > 500 and found["classes"][0] == 3 * found["figures"][0]
    assert found["judgements"][0] > found["holds"][0] > 10, found
    assert found["messages"][0] > 20, found
    assert found["decisions"][0] > 60 and found["assignments"][0] > 30, found
    assert found["runs"][0] == nights + 1 and found["doings"][0] == 0, found
    assert killed.ask("problems") == {"problems": []}


def _enough(kills: Counter[str]) -> bool:
    least = [(kills[step], LEAST_OF_FIGURES if step in FIGURES else LEAST_AFTER) for step in STEPS]
    return sum(kills.values()) >= KILLS and all(count >= wanted for count, wanted in least)


def _calmly(runner: Runner, night: date) -> dict[str, float]:
    """Run a night to its end; how long each step takes of this very night, on this machine, just now: so aims hit."""
    shutil.rmtree(runner.home / "snapshots", ignore_errors=True)
    done = runner.ask("night", as_of=str(night))
    assert done["status"] == 0, done
    return done["took"]


def _one_night(runner: Runner, night: date, took: dict[str, float], chance: random.Random) -> Counter[str]:
    """Kill one night again and again, later and later in its course, then let it end."""
    shutil.rmtree(runner.home / "snapshots", ignore_errors=True)
    kills: Counter[str] = Counter()
    for step in TRIES:
        done = runner.ask("night", as_of=str(night), step=step, delay=chance.uniform(0, took[step]))
        if not done["killed"]:
            assert done["status"] == 0, done
            continue
        kills[done["last"]] += 1
    assert runner.ask("night", as_of=str(night))["status"] == 0
    return kills
