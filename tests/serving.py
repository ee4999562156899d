"""A real desk for browser tests: its own data folder and database, server and worker as processes of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COMMAND = [str(Path(sys.executable).with_name("goodstanding"))]
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Desk:
    """Where a served desk is, and how to run commands on its book."""

    home: Path
    port: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def run(self, *arguments: str, given: str = "") -> str:
        done = subprocess.run(
            [*COMMAND, *arguments],
            check=False,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def person(self, username: str, role: str, name: str = "") -> None:
        self.run(
            "person", "add", username, "--name", name or username, "--role", role, "--password-stdin", given=PASSWORD
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    home: Path, *, sample: int = 0, demo: bool = False, database: str = "", debug: bool = False
) -> Iterator[Desk]:
    """A desk being served, with the sample book of so many customers; on SQLite unless told; stopped afterwards."""
    environment = {
        **os.environ,
        "GOODSTANDING_HOME": str(home),
        "GOODSTANDING_DATABASE_URL": database or f"sqlite:///{home / 'book.sqlite3'}",
        "GOODSTANDING_DEMO": "1" if demo else "0",
        "GOODSTANDING_DEBUG": "1" if debug else "0",
        "DJANGO_SETTINGS_MODULE": "goodstanding.config.settings",
    }
    desk = Desk(home, free_port(), environment)
    desk.run("init")
    if sample:
        desk.run("sample", str(home / "sample"), "--customers", str(sample), "--seed", "7")
        desk.run("import", str(home / "sample"))
        desk.run("nightly")
    command = [*COMMAND, "serve", "--with-worker", "--port", str(desk.port), "--workers", "1"]
    log = (home / "serve.log").open("wb")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(desk, process)
        yield desk
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def _wait(desk: Desk, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert process.poll() is None, (desk.home / "serve.log").read_text()
        try:
            urllib.request.urlopen(f"{desk.url}/sign-in/", timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the desk doesn't answer: " + (desk.home / "serve.log").read_text())
