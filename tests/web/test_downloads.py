"""Downloads say what the page says, all rows of it, and no cell runs."""

import csv
import io
import re
from typing import Any

import openpyxl
import pytest

from desk import AS_OF, client_of, links, manager, named, person, small_book, text
from ledger import day, post

pytestmark = pytest.mark.django_db
PAGE = f"/receivables/?as_of={AS_OF}&currency=EUR"
RUNS = ("=", "+", "-", "@", "\t", "\r")


def rows(answer: Any) -> list[list[str]]:
    if "csv" in answer["Content-Type"]:
        assert answer.content.startswith(b"\xef\xbb\xbf"), "a spreadsheet would take UTF-8 for something else"
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_aging_as_a_file(kind: str) -> None:
    small_book()
    answer = manager().get(f"{PAGE}&sort=name&order=up&format={kind}")
    assert re.search(rf'attachment; filename="aging-{AS_OF}-EUR-by-customer\.{kind}"', answer["Content-Disposition"])
    header, *body = rows(answer)
    assert header[:4] == ["Code", "Customer", "Currency", "Open"] and header[4:6] == ["Not due", "1–30"]
    assert [row[0] for row in body] == ["A", "C", "B"]
    by_code = {row[0]: row for row in body}
    assert [float(cell) for cell in by_code["A"][3:11]] == [350, 100, 0, 250, 0, 0, 0, 40]
    assert by_code["B"][11] == "2026-06-29" and by_code["C"][1] == "Summit Vending"


def test_a_file_holds_all_rows_and_the_filters_of_the_page() -> None:
    for number in range(130):
        named(f"K{number:03}", f"Kiosk {number:03}", kind="kiosk" if number % 2 else "shop")
        post(f"K{number:03}", f"I{number}", 1000, day(6, 1))
    client = manager()
    assert len(rows(client.get(f"{PAGE}&format=csv"))) == 131
    assert len(rows(client.get(f"{PAGE}&kind=kiosk&q=kiosk&format=csv"))) == 66
    assert len(rows(client.get(f"/receivables/items/?as_of={AS_OF}&kind=kiosk&format=xlsx"))) == 66


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_items_as_a_file(kind: str) -> None:
    small_book()
    header, *body = rows(manager().get(f"/receivables/items/?as_of={AS_OF}&currency=EUR&key=A&format={kind}"))
    assert header[2:7] == ["Item", "Kind", "Date", "Due", "Days past due"]
    assert [(row[2], row[3], float(row[6]), float(row[9]), float(row[10])) for row in body] == [
        ("A2", "Invoice", 45, 250, 40),
        ("A1", "Invoice", -10, 100, 0),
    ]


def test_headers_are_in_the_readers_language() -> None:
    small_book()
    header = rows(client_of(person("yue", "owner"), "zh-hans").get(f"{PAGE}&format=csv"))[0]
    assert header[:5] == ["编号", "客户", "币种", "未清", "未到期"]


@pytest.mark.parametrize("start", [*RUNS, "=cmd|' /C calc'!A0", "＝1+1"])
def test_no_cell_runs(start: str) -> None:
    name = f"{start}SUM(1)" if not start.isspace() else f"x{start}y"
    named(f"={ord(start[0])}", name.replace("\r", " ").replace("\t", " "), kind="@shop")
    post(f"={ord(start[0])}", "+N1", 1000, day(6, 1), seller="-Bo", reference="=1+1")
    client = manager()
    for address in (PAGE, PAGE + "&by=kind", f"/receivables/items/?as_of={AS_OF}"):
        for cell in (cell for row in rows(client.get(f"{address}&format=csv")) for cell in row):
            assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell
            assert not cell.startswith("-") or re.fullmatch(r"-[0-9.]+", cell), cell
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}&format=xlsx").content))
        assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_the_page_offers_its_own_files() -> None:
    small_book()
    client = manager()
    page = client.get(PAGE + "&by=kind&q=a")
    for link in links(page, "format="):
        assert "by=kind" in link and "q=a" in link and f"as_of={AS_OF}" in link
        assert client.get(link).status_code == 200
    assert len(links(page, "format=")) == 2 and "Download" in text(page)
