"""The nightly run on a large book: seconds and peak memory, the whole process counted from its start.

    python benchmarks/nightly.py [--customers 50000]              # SQLite in a temporary folder
    python tests/with_postgres.py python benchmarks/nightly.py

Writes the sample book, imports it, and runs `goodstanding nightly` twice: the first does all of the work (snapshot,
figures, classes, checks), the second finds everything done. Targets at 50,000 customers: 60 s, 2 GB.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOODSTANDING = str(Path(sys.executable).parent / "goodstanding")
MOST_SECONDS, MOST_GB = 60, 2


def run(*arguments: object, environment: dict[str, str]) -> tuple[float, str]:
    """Run one command; gives its seconds and what it said."""
    started = time.perf_counter()
    command = [GOODSTANDING, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return time.perf_counter() - started, done.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=50_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="goodstanding-") as folder:
        environment = {**os.environ, "GOODSTANDING_HOME": str(Path(folder) / "home")}
        database = environment.get("GOODSTANDING_DATABASE_URL", "")
        run("init", environment=environment)
        print(f"database: {database.partition(':')[0] or 'sqlite'}")
        book = Path(folder) / "book"
        seconds, said = run("sample", book, "--customers", asked.customers, environment=environment)
        print(f"sample  {seconds:6.1f} s  {said}")
        seconds, _ = run("import", book, environment=environment)
        shutil.rmtree(book)
        print(f"import  {seconds:6.1f} s")
        # the sample and the import ran as children too: their peak would hide the night's, so a child measures it
        measured = subprocess.run(
            [sys.executable, __file__, "--night"], env=environment, capture_output=True, text=True, check=False
        )
        sys.stdout.write(measured.stdout + measured.stderr)
        sys.exit(measured.returncode)


def night() -> int:
    """Run two nights as children of this process alone, and print what they took."""
    first, said = run("nightly", "--as-of", "2026-06-30", environment=dict(os.environ))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 / 1024
    second, _ = run("nightly", "--as-of", "2026-06-30", environment=dict(os.environ))
    print(f"nightly {first:6.1f} s  (at most {MOST_SECONDS})  peak {peak:.2f} GB  (at most {MOST_GB})  {said}")
    print(f"again   {second:6.1f} s  nothing to do")
    return int(first > MOST_SECONDS or peak > MOST_GB)


if __name__ == "__main__":
    if sys.argv[1:] == ["--night"]:
        sys.exit(night())
    main()
