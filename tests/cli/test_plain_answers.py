"""aging, metrics and classify answer from a file alone, the same as an independent script found on real data."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

GOODSTANDING = str(Path(sys.executable).parent / "goodstanding")
REGISTER = """Invoice no.,Customer,Invoice date,Due date,Amount,Paid on
1,Ahab & Co,2026-01-05,2026-02-04,100.00,2026-02-10
2,Ahab & Co,2026-02-05,2026-03-07,50.50,
3,"=cmd|' /C calc'!A0",2026-03-01,2026-03-31,7.25,
"""


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [GOODSTANDING, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def answer(*arguments: object):
    done = run(*arguments, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def register(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(REGISTER, encoding="utf-8")
    return path


def test_aging_json_has_the_agreed_shape(register):
    assert answer("aging", register, "--as-of", "2026-03-31", "--currency", "USD") == {
        "as_of": "2026-03-31",
        "totals": [
            {
                "currency": "USD",
                "total": "57.75",
                "items": 2,
                "customers": 2,
                "unapplied": "0.00",
                "buckets": [
                    {"label": "not due", "amount": "7.25", "items": 1},
                    {"label": "1-30", "amount": "50.50", "items": 1},
                    {"label": "31-60", "amount": "0.00", "items": 0},
                    {"label": "61-90", "amount": "0.00", "items": 0},
                    {"label": "over 90", "amount": "0.00", "items": 0},
                ],
            }
        ],
        "rows": [
            {
                "customer": "Ahab & Co",
                "currency": "USD",
                "total": "50.50",
                "unapplied": "0.00",
                "buckets": ["0.00", "50.50", "0.00", "0.00", "0.00"],
            },
            {
                "customer": "=cmd|' /C calc'!A0",
                "currency": "USD",
                "total": "7.25",
                "unapplied": "0.00",
                "buckets": ["7.25", "0.00", "0.00", "0.00", "0.00"],
            },
        ],
    }


def test_a_past_day_sees_what_was_open_then(register):
    then = answer("aging", register, "--as-of", "2026-02-09", "--currency", "USD")
    assert then["totals"][0]["total"] == "150.50"


def test_csv_is_inert_and_amounts_are_whole(register):
    done = run("aging", register, "--as-of", "2026-03-31", "--currency", "USD", "--format", "csv", "--buckets", "15,30")
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert rows[0] == ["customer", "currency", "total", "unapplied", "not due", "1-15", "16-30", "over 30"]
    assert rows[1] == ["Ahab & Co", "USD", "50.50", "0.00", "0.00", "0.00", "50.50", "0.00"]
    assert rows[2][0] == "'=cmd|' /C calc'!A0"


def test_the_table_never_cuts_an_amount(register):
    done = run("aging", register, "--as-of", "2026-03-31", "--currency", "USD")
    assert "50.50" in done.stdout and "57.75" in done.stdout and "…" not in done.stdout


def test_metrics_and_classes_say_why_there_is_no_figure(register):
    months = answer("metrics", register, "--as-of", "2026-03-31", "--currency", "USD")["months"]
    assert [month["month"] for month in months] == ["2026-01", "2026-02", "2026-03"]
    for month in months:
        for name in ("dso", "dso_countback", "best_possible_dso", "add", "cei", "average_delay", "late_rate"):
            assert isinstance(month[name], float) or month["why"][name], (month["month"], name)
    rows = answer("classify", register, "--as-of", "2026-03-31", "--currency", "USD")["rows"]
    assert [row["customer"] for row in rows] == ["=cmd|' /C calc'!A0", "Ahab & Co"]
    for row in rows:
        for dimension in ("value", "rfm", "behaviour"):
            assert row[dimension]["class"] and row[dimension]["reason"]
    for form in ("table", "csv"):
        for command in ("metrics", "classify"):
            done = run(command, register, "--as-of", "2026-03-31", "--currency", "USD", "--format", form)
            assert done.returncode == 0 and "USD" in done.stdout, done.stderr


def test_columns_are_mapped_by_hand(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("a,b,c,d\n1,X,2026-01-01,5.00\n")
    told = [f"--map={pair}" for pair in ("number=a", "customer=b", "date=c", "amount=d")]
    assert answer("aging", path, "--as-of", "2026-01-31", "--currency", "EUR", *told)["totals"][0]["total"] == "5.00"
    assert run("aging", path, "--map", "colour=a").returncode == 2
    assert run("aging", path, "--map", "number").returncode == 2
    assert run("aging", path, "--number-style", "roman").returncode == 2
    assert run("aging", path, "--engine", "abacus").returncode == 2
    assert run("aging", path, "--buckets", "30;60").returncode == 2


def test_every_fault_is_printed_and_the_exit_status_is_1(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("number,customer,date,amount\n1,A,2026-02-31,1_000\n2,A,2026-01-01,ten\n", encoding="utf-8")
    done = run("aging", path, "--currency", "EUR")
    assert done.returncode == 1 and not done.stdout
    assert "row 2, \"amount\": '1_000' is not an amount" in done.stderr
    assert 'row 3, "amount"' in done.stderr and 'row 2, "date"' in done.stderr
    assert "3 faults" in done.stderr
    assert run("aging", tmp_path / "none.csv").returncode == 1


def test_a_sample_book_is_read_as_it_is_written(tmp_path):
    assert run("sample", tmp_path / "book", "--customers", 40).returncode == 0
    by_customer = answer("aging", tmp_path / "book", "--as-of", "2026-06-30")
    assert by_customer["totals"][0]["currency"] == "CNY"
    for grouping in ("group", "kind", "territory", "account_manager", "seller"):
        grouped = answer("aging", tmp_path / "book", "--as-of", "2026-06-30", "--by", grouping)
        assert grouped["totals"] == by_customer["totals"]
        assert grouping in grouped["rows"][0]


@pytest.mark.cluster
def test_the_cluster_gives_the_same_answer(tmp_path):
    assert run("sample", tmp_path / "book", "--customers", 40).returncode == 0
    asked = ("aging", tmp_path / "book", "--as-of", "2026-03-31", "--by", "territory")
    assert answer(*asked, "--engine", "spark") == answer(*asked)


@pytest.mark.real_data
def test_aging_of_real_invoices(real_data):
    reference = json.loads((real_data / "ar" / "reference_dev.json").read_text())
    for wanted in reference["aging"]:
        found = answer("aging", real_data / "ar" / "split_dev.csv", "--as-of", wanted["as_of"], "--currency", "USD")
        total = found["totals"][0]
        names = ["current", "1-30", "31-60", "61-90", ">90"]
        assert total["total"] == wanted["open_total"]
        assert total["items"] == wanted["open_count"]
        assert total["customers"] == wanted["customers_with_open"]
        assert [bucket["amount"] for bucket in total["buckets"]] == [wanted["amount"][name] for name in names]
        assert [bucket["items"] for bucket in total["buckets"]] == [wanted["count"][name] for name in names]
        assert [[row["customer"], row["total"]] for row in found["rows"][:10]] == wanted["top10_open_by_customer"]


@pytest.mark.real_data
def test_dso_by_month_of_real_invoices(real_data):
    reference = json.loads((real_data / "ar" / "reference_dev.json").read_text())
    wanted = reference["dso_by_month"]
    last = wanted[-1]["month_end"]
    found = answer("metrics", real_data / "ar" / "split_dev.csv", "--as-of", last, "--currency", "USD")["months"]
    by_end = {month["month_end"]: month for month in found}
    for month in wanted:
        ours = by_end[month["month_end"]]
        assert (ours["receivables"], ours["sales_90d"]) == (month["receivables"], month["sales_90d"])
        for name, theirs in (
            ("dso", "simple_dso"), ("best_possible_dso", "best_possible_dso"), ("add", "average_days_delinquent"),
        ):  # fmt: skip
            if month[theirs] is not None:
                assert ours[name] == month[theirs], (month["month_end"], name)
