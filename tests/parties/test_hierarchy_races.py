"""People who change groups, merge and edit at the same moment never close a circle or overwrite each other."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.mark.database
def test_of_contradicting_changes_exactly_the_fitting_ones_succeed(
    fresh_database: Callable[[], str], tmp_path: Path
) -> None:
    url = fresh_database()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "goodstanding.config.settings",
        "GOODSTANDING_DATABASE_URL": url,
        "GOODSTANDING_HOME": str(tmp_path / "home"),
    }
    racer = Path(__file__).with_name("hierarchy_racer.py")
    command = [sys.executable, str(racer), "60"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stdout.strip() == ("postgresql fair" if url.startswith("postgres") else "sqlite fair")
