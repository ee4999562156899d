"""A process of its own, with a ceiling on memory, time and output, for readers that strangers' files can break.

As a script it is that process: it limits itself, then becomes the reader. (Limits set between fork and exec could
hang a threaded web server.) Standard library only.
"""

import os
import resource
import runpy
import subprocess
import sys
from pathlib import Path
from typing import IO

OUTPUT = 4 << 30  # bytes a reader may write


class Jailed(Exception):  # noqa: N818 — an answer about the file
    """The reader was stopped: "time", or "memory" (a crash too)."""


def run(script: Path, arguments: list[str], output: IO[bytes], *, memory: int, seconds: int, bare: bool = True) -> None:
    """Run a script of ours with its output into a file. Raises Jailed when it didn't end by itself.

    `memory` is in bytes of address space. `bare` leaves the installed libraries out: standard library only.
    """
    flags = ["-I", *(["-S"] if bare else [])]
    command = [sys.executable, *flags, str(Path(__file__)), str(memory), str(seconds), str(script), *arguments]
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    environment |= {"OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    try:
        ended = subprocess.run(  # noqa: S603 — our own script; the file's path is the only thing from outside
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL, env=environment, check=False,
            timeout=seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Jailed("time") from None
    if ended.returncode:
        raise Jailed("time" if ended.returncode in (-24, -9) else "memory")


def become() -> None:
    """Limit this process, then run the script it was given."""
    memory, seconds, script = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.argv = [script, *sys.argv[4:]]
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    become()
