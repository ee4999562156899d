"""A process with a database and a data folder of its own, that answers commands (`killing.py` is its inside)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


class Runner:
    """One script, run as a process of its own on one database."""

    def __init__(self, script: str, database: str, home: Path) -> None:
        self.home = home
        self.vendor = "postgresql" if database.startswith("postgres") else "sqlite"
        environment = {
            **os.environ,
            "GOODSTANDING_DATABASE_URL": database,
            "GOODSTANDING_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "goodstanding.config.settings",
        }
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name(script))],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, command: str, **arguments: object) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps([command, arguments]) + "\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the process ended"
        return json.loads(line)

    def ask(self, command: str, **arguments: object) -> Any:
        self.tell(command, **arguments)
        return self.hear()

    def close(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(30)
