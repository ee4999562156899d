"""The fast way through a plain CSV gives exactly what the careful way gives."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from goodstanding.inbound.tabular import delimited
from goodstanding.inbound.tabular.delimited import read_csv

CELL = st.text(alphabet="ab1 '=\t.客é\u00a0\u2028-", max_size=5)
ROWS = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6)


def columns(path: Path) -> tuple[list[str], list[list[str | None]], list[int], list[str]]:
    grid = read_csv(path, "items", None, ";")
    return (
        grid.headers,
        [c.to_pylist() for c in grid.columns],
        grid.rows.tolist(),
        [str(f) for f in grid.faults.sorted()],
    )


@given(
    ROWS, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.sampled_from([*[None] * 4, "", "x", "a;b;c;d", ";;"])
)
def test_both_ways_agree(tmp_path_factory, rows: list[list[str]], end: str, last: bool, odd: str | None) -> None:
    lines = ["one;two;three", *(";".join(row) for row in rows)]
    if odd is not None:
        lines.insert(len(lines) // 2 + 1, odd)
    path = tmp_path_factory.mktemp("csv") / "items.csv"
    path.write_bytes((end.join(lines) + (end if last else "")).encode())
    fast = columns(path)
    plain = delimited.read_plain
    delimited.read_plain = lambda *_: None
    try:
        assert fast == columns(path)
    finally:
        delimited.read_plain = plain


def test_the_fast_way_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    seen = []
    plain = delimited.read_plain

    def spy(*given):
        seen.append(plain(*given))
        return seen[-1]

    delimited.read_plain = spy
    try:
        grid = read_csv(path, "items", None, None)
    finally:
        delimited.read_plain = plain
    assert seen == [grid]
    assert grid.rows.tolist() == [2, 3]
