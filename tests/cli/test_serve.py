"""`serve` answers on this machine, runs the queue's worker beside it, and stops both."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

GOODSTANDING = str(Path(sys.executable).parent / "goodstanding")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children(pid: int) -> set[int]:
    """The processes below `pid` that still run."""
    found: set[int] = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            child = int(stat.parent.name)
            found |= {child} | children(child)
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_serve_with_worker_answers_and_stops_cleanly(tmp_path, fresh_database):
    port = free_port()
    environment = {
        **os.environ, "GOODSTANDING_HOME": str(tmp_path / "home"), "GOODSTANDING_DATABASE_URL": fresh_database(),
        "GOODSTANDING_MAIL_URL": f"smtp://127.0.0.1:{free_port()}", "GOODSTANDING_MAIL_FROM": "a@firm.example",
    }  # fmt: skip
    subprocess.run([GOODSTANDING, "init"], env=environment, check=True, timeout=120)
    command = [GOODSTANDING, "serve", "--port", str(port), "--with-worker", "--workers", "1"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        try:
            assert _status(port, server) == 200
            below = children(server.pid)
            for name in ("db_worker", "--keep-on"):  # what was put on the queue, and mail
                assert any(name in Path(f"/proc/{pid}/cmdline").read_text() for pid in below), name
            server.send_signal(signal.SIGTERM)
            assert server.wait(40) == 0
            assert not [pid for pid in below if alive(pid)]
        finally:
            for pid in {server.pid, *children(server.pid)} if server.poll() is None else ():
                os.kill(pid, signal.SIGKILL)


def _status(port: int, server: subprocess.Popen) -> int:
    """The status of the first page, once it answers."""
    for _ in range(300):
        assert server.poll() is None, server.stdout.read().decode()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
                return answer.status
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the desk never answered")


def test_the_demonstration_only_serves_this_machine(tmp_path, fresh_database):
    environment = {
        **os.environ, "GOODSTANDING_HOME": str(tmp_path / "home"), "GOODSTANDING_DATABASE_URL": fresh_database(),
        "GOODSTANDING_MAIL_URL": f"smtp://127.0.0.1:{free_port()}", "GOODSTANDING_MAIL_FROM": "a@firm.example",
        "GOODSTANDING_DEMO": "1",
    }  # fmt: skip
    subprocess.run([GOODSTANDING, "init"], env=environment, check=True, timeout=120)
    command = [GOODSTANDING, "serve", "--address", "0.0.0.0", "--port", str(free_port())]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1 and "this machine" in done.stderr
