"""An export killed at any moment leaves no half file offered; started again, it is whole."""

import random

import pytest

from goodstanding.outbound.sample import write_sample
from runner import Runner

STEPS = ("reading", "writing", "packing", "finishing")
KILLS = 4  # of each step


@pytest.fixture
def runner(fresh_database, tmp_path):
    write_sample(tmp_path / "book", 120, 6)
    made = Runner("exports_process.py", fresh_database(), tmp_path / "home")
    assert made.ask("prepare", folder=str(tmp_path / "book"))["created"]["items"] > 2000
    yield made
    made.close()


@pytest.mark.timeout(300)
def test_a_killed_export_offers_nothing_and_ends_whole(runner):
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    print(f"seed {seed}")
    export = runner.ask("ask", form="csv")["export"]
    calm = runner.ask("write", export=export)
    assert calm["status"] == 0 and runner.ask("found", export=export)["whole"] is True
    for form in ("csv", "parquet"):
        kills = 0
        while kills < KILLS * len(STEPS):
            export = runner.ask("ask", form=form)["export"]
            for step in STEPS:
                for _try in range(KILLS):
                    done = runner.ask("write", export=export, step=step, delay=chance.random() * calm["took"][step])
                    now = runner.ask("found", export=export)
                    kills += done["killed"]
                    if now["state"] == "done":
                        assert now["whole"] is True, "what is offered is whole"
                        export = runner.ask("ask", form=form)["export"]
                        continue
                    assert done["killed"] and now["state"] in ("running", "stopped") and now["whole"] is None
            if runner.ask("found", export=export)["state"] == "stopped":
                runner.ask("again", export=export)
            assert runner.ask("write", export=export)["status"] == 0
            now = runner.ask("found", export=export)
            assert now["state"] == "done" and now["whole"] is True
    assert runner.ask("sweep")["removed"] == []
    files = runner.ask("found", export=export)["files"]
    assert all(name.endswith(".zip") for name in files), f"what killed workers left is swept away: {files}"
    assert runner.ask("problems") == {"problems": []}
