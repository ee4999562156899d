"""Runners for the tests that start processes which import."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runner import Runner


@pytest.fixture
def runner(fresh_database: Callable[[], str], tmp_path: Path) -> Iterator[Callable[..., Runner]]:
    """Makes runners: with a database of their own, or beside another on the same one."""
    made: list[Runner] = []

    def make(database: str = "", home: str = "") -> Runner:
        database = database or fresh_database()
        made.append(Runner("importing_process.py", database, tmp_path / (home or f"home{len(made)}")))
        return made[-1]

    yield make
    for each in made:
        each.close()
