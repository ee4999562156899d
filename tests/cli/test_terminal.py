"""The command `goodstanding` as a person meets it: exit statuses, messages, and what it leaves alone."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

GOODSTANDING = str(Path(sys.executable).parent / "goodstanding")


def run(*arguments: object, home: Path, database: str = "", stdin: str = "", **environment: str):
    env = {**os.environ, "GOODSTANDING_HOME": str(home), **environment}
    env.pop("GOODSTANDING_DATABASE_URL", None)
    if database:
        env["GOODSTANDING_DATABASE_URL"] = database
    command = [GOODSTANDING, *map(str, arguments)]
    done = subprocess.run(command, env=env, input=stdin, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_wrong_command_lines_exit_2(tmp_path):
    for arguments in (
        ["aging"],
        ["nonsense"],
        ["sample", "x", "--customers", "many"],
        ["export", "x", "--format", "pdf"],
    ):
        done = run(*arguments, home=tmp_path / "home")
        assert done.returncode == 2 and done.stderr, arguments
    assert not (tmp_path / "home").exists()


def test_help_names_every_command(tmp_path):
    said = run("--help", home=tmp_path / "home").stdout
    for command in (
        "init", "import", "export", "sample", "nightly", "serve", "verify", "undo-import", "person", "aging", "metrics",
        "classify",
    ):  # fmt: skip
        assert f"  {command} " in said
    assert not (tmp_path / "home").exists()


def test_sample_is_the_same_twice_and_needs_no_data_folder(tmp_path):
    for name in ("a", "b"):
        done = run("sample", tmp_path / name, "--customers", 30, "--seed", 4, home=tmp_path / "home")
        assert done.returncode == 0 and "customers: 30" in done.stdout
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    again = run("sample", tmp_path / "a", home=tmp_path / "home")
    assert again.returncode == 1 and "not empty" in again.stderr
    assert not (tmp_path / "home").exists()


def test_commands_that_need_the_book_say_how_to_set_it_up(tmp_path):
    (tmp_path / "register.csv").write_text("number,customer,date,amount\n")
    for arguments in (["nightly"], ["verify"], ["import", tmp_path / "register.csv"], ["serve"], ["undo-import", 1]):
        done = run(*arguments, home=tmp_path / "home")
        assert done.returncode == 1 and "goodstanding init" in done.stderr, (arguments, done.stderr)


def test_init_twice_then_a_person(tmp_path, fresh_database):
    database = fresh_database()
    for _ in range(2):
        done = run("init", home=tmp_path / "home", database=database)
        assert done.returncode == 0, done.stderr
    weak = run("person", "add", "mei", "--password-stdin", home=tmp_path / "home", database=database, stdin="short\n")
    assert weak.returncode == 1 and weak.stderr
    good = run(
        "person", "add", "mei", "--password-stdin", home=tmp_path / "home", database=database,
        stdin="a long enough sentence\n",
    )  # fmt: skip
    assert good.returncode == 0, good.stderr
    again = run(
        "person", "add", "mei", "--password-stdin", home=tmp_path / "home", database=database,
        stdin="a long enough sentence\n",
    )  # fmt: skip
    assert again.returncode == 1 and "mei" in again.stderr
    assert run("verify", home=tmp_path / "home", database=database).returncode == 0


def test_an_unreachable_database_is_said(tmp_path):
    done = run("init", home=tmp_path / "home", database="postgres://nobody@127.0.0.1:1/none")
    assert done.returncode == 1 and "can't be reached" in done.stderr


@pytest.mark.parametrize("command", ["aging", "metrics", "classify"])
def test_plain_commands_touch_neither_database_nor_data_folder(tmp_path, command):
    (tmp_path / "register.csv").write_text("number,customer,date,due,amount\n1,A,2026-01-01,2026-01-31,10.00\n")
    work = tmp_path / "work"
    work.mkdir()
    before = set(tmp_path.rglob("*"))
    env = {key: value for key, value in os.environ.items() if not key.startswith("GOODSTANDING")}
    done = subprocess.run(
        [GOODSTANDING, command, str(tmp_path / "register.csv"), "--as-of", "2026-03-31", "--currency", "EUR"],
        env={**env, "HOME": str(tmp_path / "nowhere")}, cwd=work, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert set(tmp_path.rglob("*")) == before


def test_verify_says_what_is_off_and_exits_1(tmp_path):
    home, book = tmp_path / "home", tmp_path / "list.csv"
    book.write_text(
        "number,customer,date,amount,paid on,currency\nI-1,A,2026-05-01,10.00,2026-05-09,EUR\nI-2,A,2026-05-02,7.50,,EUR\n"
    )
    database = f"sqlite:///{tmp_path / 'book.sqlite3'}"
    assert run("init", home=home, database=database).returncode == 0
    assert run("import", book, home=home, database=database).returncode == 0
    sound = run("verify", home=home, database=database)
    assert (sound.returncode, sound.stderr) == (0, "")
    with sqlite3.connect(tmp_path / "book.sqlite3") as behind:
        behind.execute("UPDATE receivables_balance SET open = open + 1 WHERE open = 750")
    off = run("verify", home=home, database=database)
    assert off.returncode == 1
    assert "open amount differs" in off.stdout + off.stderr
