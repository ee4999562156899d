"""A reader in its own process can neither run on, nor grow, nor see the environment."""

import tempfile
import threading
from pathlib import Path

import pytest

from goodstanding.inbound.tabular import jail

MEGABYTE = 1 << 20


def ran(tmp_path: Path, code: str, *, seconds: int = 20) -> bytes:
    script = tmp_path / "reader.py"
    script.write_text(code)
    with tempfile.TemporaryFile() as output:
        jail.run(script, ["an argument"], output, memory=256 * MEGABYTE, seconds=seconds)
        output.seek(0)
        return output.read()


def test_a_reader_that_ends_gives_its_output(tmp_path: Path) -> None:
    assert ran(tmp_path, "import sys; print(sys.argv[1:])") == b"['an argument']\n"


@pytest.mark.parametrize("code", ["while True: pass", "import time; time.sleep(60)"])
def test_a_reader_that_runs_on_is_stopped(tmp_path: Path, code: str) -> None:
    with pytest.raises(jail.Jailed, match="time"):
        ran(tmp_path, code, seconds=1)


def test_a_reader_that_grows_is_stopped(tmp_path: Path) -> None:
    assert ran(tmp_path, f"print(len(bytearray({100 * MEGABYTE})))").strip() == str(100 * MEGABYTE).encode()
    with pytest.raises(jail.Jailed, match="memory"):
        ran(tmp_path, f"print(len(bytearray({300 * MEGABYTE})))")


def test_a_reader_that_crashes_is_told(tmp_path: Path) -> None:
    with pytest.raises(jail.Jailed, match="memory"):
        ran(tmp_path, "import os; os.abort()")


def test_a_reader_sees_no_secret_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODSTANDING_SECRET_KEY", "s3cret")
    assert b"s3cret" not in ran(tmp_path, "import os; print(dict(os.environ))")


def test_readers_start_from_many_threads(tmp_path: Path) -> None:
    script, ended = tmp_path / "reader.py", []
    script.write_text("print('x')")

    def read() -> None:
        with tempfile.TemporaryFile() as output:
            jail.run(script, [], output, memory=256 * MEGABYTE, seconds=60)
            output.seek(0)
            ended.append(output.read())

    threads = [threading.Thread(target=read) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == [b"x\n"] * 16
