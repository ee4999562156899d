"""The inside of a process that answers commands, and forks a child for work that may be killed in the middle.

Reads one JSON command a line and answers each with one JSON line; `runner.py` is its other side.
"""

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable

Work = Callable[[Callable[[str, int, int], None]], object]


def problems() -> dict[str, object]:
    """What is wrong with the book and with the audit trail: nothing, after whatever was killed."""
    from goodstanding.access.queries import verify_chain
    from goodstanding.reports import integrity

    return {"problems": [problem.message for problem in (*integrity.problems(), *verify_chain())]}


def killed_in(step: str, delay: float, work: Work) -> dict[str, object]:
    """Fork a child that does the work. With `step`, kill it `delay` seconds after it begins that step.

    Answers whether it was killed, its status, the last step it began, and the seconds each step took.
    """
    from django.db import connections

    connections.close_all()
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        _do(work, tell)
    os.close(tell)
    began: dict[str, float] = {}
    last, aimed = "", 0.0
    while True:
        ready, _, _ = select.select([told], [], [], max(0.0, aimed - time.monotonic()) if aimed else None)
        if not ready:
            os.kill(child, signal.SIGKILL)
            break
        if not (line := _line(told)):
            break
        last = line
        if line not in began:
            began[line] = time.monotonic()
            if line == step:
                aimed = began[line] + delay
    _, status = os.waitpid(child, 0)
    while line := _line(told):  # what it had said before it died
        last = line
        began.setdefault(line, time.monotonic())
    os.close(told)
    ended, names = time.monotonic(), list(began)
    took = {n: (began[names[at + 1]] if at + 1 < len(names) else ended) - began[n] for at, n in enumerate(names)}
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {"killed": killed, "status": status, "last": last, "took": took}


def _do(work: Work, tell: int) -> None:
    """The child: work, tell each step, and leave without Python's own farewell."""
    code = 1
    try:
        work(lambda step, _done, _total: os.write(tell, f"{step}\n".encode()) and None)
        code = 0
    finally:
        os._exit(code)


def _line(pipe: int) -> str:
    text = b""
    while (letter := os.read(pipe, 1)) not in (b"", b"\n"):
        text += letter
    return text.decode()


def answer(*commands: Callable[..., object]) -> None:
    """Answer commands by their functions' names until nobody asks any more."""
    named = {command.__name__: command for command in commands}
    for line in sys.stdin:
        name, arguments = json.loads(line)
        sys.stdout.write(json.dumps(named[name](**arguments)) + "\n")
        sys.stdout.flush()
