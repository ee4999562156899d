"""Start processes that post with threads (`posting_process.py`), and talk to them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

WORKER = Path(__file__).parent / "posting_process.py"
THREADS = 8  # in each process


def workers(what: str, home: Path, count: int = 2) -> list["subprocess.Popen[str]"]:
    """Processes that post to the database under test."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "goodstanding.config.settings",
        "GOODSTANDING_HOME": str(home),
        "GOODSTANDING_DATABASE_URL": url(),
        "GOODSTANDING_CONN_MAX_AGE": "600",
    }
    return [
        subprocess.Popen(
            [sys.executable, str(WORKER), what, str(THREADS)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]


def url() -> str:
    """The address of the test database itself."""
    parts = urlsplit(os.environ["GOODSTANDING_DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def tell(worker: "subprocess.Popen[str]", asked: object) -> None:
    assert worker.stdin is not None
    worker.stdin.write(json.dumps(asked) + "\n")
    worker.stdin.flush()


def hear(worker: "subprocess.Popen[str]") -> Any:
    assert worker.stdout is not None
    line = worker.stdout.readline()
    assert line, "the process ended"
    return json.loads(line)
