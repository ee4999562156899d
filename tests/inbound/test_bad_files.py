"""Malformed files of each format are refused in words that name the place; none takes much time or memory."""

import json
import random
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from goodstanding.inbound.reading import read
from goodstanding.inbound.types import Options
from inbound import malformed_files as bad

MUTATIONS = 200
MOST_MEMORY, MOST_SECONDS = 512, 10  # MB, s


@pytest.mark.parametrize("name", bad.CSV)
def test_a_malformed_csv_is_refused(read_text, name: str) -> None:
    content, words = bad.CSV[name]
    reading = read_text(content)
    assert reading.faults, name
    assert words in str(reading.faults[0])
    assert reading.tables == {}


@pytest.mark.parametrize("name", bad.XLSX)
def test_a_malformed_workbook_is_refused(read_text, name: str) -> None:
    build, words = bad.XLSX[name]
    reading = read_text(build(), name="register.xlsx")
    assert reading.faults, name
    assert words in str(reading.faults[0])
    assert reading.tables == {}


@pytest.mark.parametrize("name", bad.PARQUET)
def test_a_malformed_parquet_file_is_refused(tmp_path: Path, name: str) -> None:
    build, words = bad.PARQUET[name]
    (tmp_path / "items.parquet").write_bytes(build())
    reading = read(tmp_path / "items.parquet")
    assert reading.faults, name
    assert words in str(reading.faults[0])
    assert reading.tables == {}


def test_what_the_malformed_ones_are_made_of_is_sound(read_text, tmp_path: Path) -> None:
    assert read_text(bad.GOOD).is_good
    assert read_text(bad.workbook(), name="register.xlsx").is_good
    assert read_text(bad.swap("<v>10</v>", "<v>11</v>"), name="register.xlsx").tables["items"][
        "amount"
    ].to_pylist() == [1100, 2050]
    (tmp_path / "items.parquet").write_bytes(bad.parquet())
    assert read(tmp_path / "items.parquet").is_good
    assert min(len(bad.CSV), len(bad.XLSX), len(bad.PARQUET)) >= 20


def test_a_bomb_is_what_it_says() -> None:
    content = bad.bomb()
    assert len(content) < 1 << 20
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.getinfo(bad.SHEET).file_size == 600 << 20


def test_other_kinds_of_files_are_refused(read_text) -> None:
    assert "can't be read; save the table as CSV" in str(read_text(b"x", name="register.pdf").faults[0])


def mutated(content: bytes, chance: random.Random) -> bytes:
    """A copy with one or a few bytes changed, cut, doubled or put in."""
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 8, 64])):
        place, way = chance.randrange(len(changed) + 1), chance.randrange(5)
        if way == 0 and place < len(changed):
            changed[place] = chance.randrange(256)
        elif way == 1:
            changed[place:place] = chance.choice(
                [b"\x00", b'"', b",", b"\n", b"\xff", b"<", b"'", b"9" * 30, b"\r", b"=1"]
            )
        elif way == 2:
            del changed[place : place + chance.choice([1, 2, 50])]
        elif way == 3:
            changed[place:place] = changed[place : place + 40]
        elif len(changed) > 20:
            del changed[-chance.randrange(1, 20) :]
        if not changed:
            changed = bytearray(b"x")
    return bytes(changed)


def mutated_member(content: bytes, chance: random.Random) -> bytes:
    """A workbook that unpacks, with one member mutated."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        member = chance.choice(archive.namelist())
    return bad.changed(member, lambda inside: mutated(inside, chance), content)


BATTERY = """
import json, resource, sys, time
from pathlib import Path
from goodstanding.inbound.reading import read
from goodstanding.inbound.types import Options
slowest, good, refused = 0, 0, 0
for path in sorted(Path(sys.argv[1]).iterdir()):
    begin = time.perf_counter()
    reading = read(path, options=Options(currency="EUR"))
    slowest = max(slowest, time.perf_counter() - begin)
    if reading.faults:
        refused += 1
        assert not reading.tables
        assert all(fault.message for fault in reading.faults)
    else:
        good += 1
# its own peak from /proc: what getrusage says of oneself begins with the peak of the process that started this one
own = int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
memory = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024
print(json.dumps({"slowest": slowest, "memory": memory, "good": good, "refused": refused}))
"""


def battery(folder: Path) -> dict[str, float]:
    """Read every file of a folder in a process of its own; what the slowest took and the largest needed."""
    done = subprocess.run(
        [sys.executable, "-c", BATTERY, str(folder)], capture_output=True, text=True, check=False, timeout=550
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_malformed_and_mutated_files_stay_within_time_and_memory(tmp_path: Path, kind: str) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    wrong = {
        "csv": {name: (lambda c=c: c, w) for name, (c, w) in bad.CSV.items()},
        "xlsx": bad.XLSX,
        "parquet": bad.PARQUET,
    }[kind]
    names = [tmp_path / "wrong", tmp_path / "mutated"]
    for folder in names:
        folder.mkdir()
    for place, (build, _words) in enumerate(wrong.values()):
        (names[0] / f"{place:03}.{kind}").write_bytes(build())
    good = {"csv": (bad.GOOD * 3).replace(bad.HEAD, "", 2).encode(), "xlsx": bad.workbook(), "parquet": bad.parquet()}[
        kind
    ]
    if kind == "csv":
        good = bad.HEAD.encode() + "".join(f'{n},"客户 {n}",2026-01-0{n},{n}.50\n' for n in range(1, 9)).encode()
    for place in range(MUTATIONS):
        change = mutated_member if kind == "xlsx" and place % 2 else mutated
        (names[1] / f"{place:03}.{kind}").write_bytes(change(good, chance))
    for folder in names:
        found = battery(folder)
        print(folder.name, found)
        assert found["slowest"] < MOST_SECONDS
        assert found["memory"] < MOST_MEMORY
        assert found["refused"] >= (len(wrong) if folder is names[0] else 1)


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "itmes.csv").write_text("x")
    reading = read(tmp_path, options=Options())
    assert str(reading.faults[0]) == "itmes.csv: 'itmes.csv' is not a table of a book; did you mean items?"
    (tmp_path / "itmes.csv").unlink()
    assert "holds no table of a book" in str(read(tmp_path).faults[0])
    assert read(tmp_path).preview.not_used == ("notes.txt",)
