"""Processes that import, each with a database and a data folder, and files for them."""

import json
import os
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

RUNNER = Path(__file__).with_name("importing_process.py")


class Runner:
    """One database with a data folder of its own, and a process that imports into it."""

    def __init__(self, database: str, home: Path) -> None:
        self.vendor = "postgresql" if database.startswith("postgres") else "sqlite"
        environment = {
            **os.environ,
            "GOODSTANDING_DATABASE_URL": database,
            "GOODSTANDING_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "goodstanding.config.settings",
        }
        self.process = subprocess.Popen(
            [sys.executable, str(RUNNER)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
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


def write_register(path: Path, start: str, rows: int, seed: int) -> Path:
    """A register whose numbers and customers begin with `start`: open, settled and partly paid invoices."""
    chance = random.Random(seed)
    lines = ["number,customer,name,date,due,amount,open,paid on,currency"]
    for row in range(rows):
        day = date(2025, 1, 1) + timedelta(days=chance.randrange(400))
        amount = chance.randrange(100, 500_000)
        fate = chance.random()
        rest = amount if fate < 0.2 else chance.randrange(1, amount) if fate < 0.3 else 0
        paid = "" if rest == amount else str(day + timedelta(days=chance.randrange(90)))
        who = chance.randrange(1 + rows // 12)
        currency = ("EUR", "USD", "JPY")[who % 3]
        scale = 1 if currency == "JPY" else 100
        due = day + timedelta(days=30)
        cells = (
            f"{start}-{row}",
            f"{start}{who}",
            f"Shop {start} {who}",
            day,
            due,
            _text(amount, scale),
            _text(rest, scale),
            paid,
            currency,
        )
        lines.append(",".join(map(str, cells)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _text(minor: int, scale: int) -> str:
    return str(minor) if scale == 1 else f"{minor // scale}.{minor % scale:02}"
