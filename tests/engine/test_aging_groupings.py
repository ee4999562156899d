"""Groupings, merges, hidden territories, buckets and write-offs of the aging."""

from datetime import date

import pytest

from engine.naive_book import Plain
from goodstanding.engine import aging, asof
from goodstanding.engine.book import Book
from goodstanding.kernel.errors import Refused

DAY = date(2024, 6, 30)


def plain() -> Plain:
    """Chain H with branches B1, B2; lone L; O became B2 on 1 June; G's parent chain reaches H over B1."""
    book = Plain()

    def customer(code: str, **more: object) -> None:
        book.customers.append(
            {"code": code, "name": f"Name {code}", "parent": None, "kind": None, "territory": None}
            | {"account_manager": None, "merged_into": None, "merged_on": None, **more}
        )

    customer("H", kind="chain", territory="north", account_manager="Ann")
    customer("B1", parent="H", kind="cafe", territory="north", account_manager="Ann")
    customer("B2", parent="H", kind="cafe", territory="south", account_manager="Bob")
    customer("G", parent="B1", kind="kiosk", territory="south")
    customer("L", kind="cafe")
    customer("O", territory="west", merged_into="B2", merged_on=date(2024, 6, 1))
    for code, amount, seller in (
        ("H", 1, "x"),
        ("B1", 10, "x"),
        ("B2", 100, "y"),
        ("G", 1000, None),
        ("L", 10_000, "y"),
    ):
        book.item(code, "invoice", date(2024, 5, 1), amount, seller=seller)
    book.item("O", "invoice", date(2024, 5, 1), 100_000, seller="y")
    return book


@pytest.fixture(scope="module")
def book() -> Book:
    return plain().book()


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("customer", {"H": 1, "B1": 10, "B2": 100_100, "G": 1000, "L": 10_000}),
        ("group", {"H": 101_111, "L": 10_000}),
        ("kind", {"chain": 1, "cafe": 110_110, "kiosk": 1000}),
        ("territory", {"north": 11, "south": 101_100, None: 10_000}),
        ("account_manager", {"Ann": 11, "Bob": 100_100, None: 11_000}),
        ("seller", {"x": 11, "y": 110_100, None: 1000}),
        ("none", {None: 111_111}),
    ],
)
def test_each_grouping_sums_the_same_items(book: Book, by: str, expected: dict[str | None, int]) -> None:
    answer = aging.aging(book, DAY, by=by)
    assert {row["key"]: row["total"] for row in answer.rows.to_pylist()} == expected
    assert (answer.totals[0].total, answer.totals[0].customers, answer.totals[0].items) == (111_111, 5, 6)


def test_a_merge_counts_from_its_day_on(book: Book) -> None:
    before = aging.aging(book, date(2024, 5, 31))
    assert {row["key"]: row["total"] for row in before.rows.to_pylist()}["O"] == 100_000
    assert before.totals[0].customers == 6
    territories = aging.aging(book, date(2024, 5, 31), by="territory").rows.to_pylist()
    assert {row["key"]: row["total"] for row in territories}["west"] == 100_000


def test_a_chain_of_merges_goes_step_by_step() -> None:
    book = plain()
    book.customers[2]["merged_into"], book.customers[2]["merged_on"] = "L", date(2024, 6, 10)
    later = book.book()
    found = {}
    for day in (date(2024, 5, 31), date(2024, 6, 5), date(2024, 6, 10)):
        rows = aging.aging(later, day).rows.to_pylist()
        found[day] = {row["key"]: row["total"] for row in rows if row["total"] >= 100}
    assert found[date(2024, 5, 31)] == {"O": 100_000, "L": 10_000, "G": 1000, "B2": 100}
    assert found[date(2024, 6, 5)] == {"B2": 100_100, "L": 10_000, "G": 1000}
    assert found[date(2024, 6, 10)] == {"L": 110_100, "G": 1000}
    # B2 left the chain H with its merge into L
    groups = aging.aging(later, date(2024, 6, 10), by="group").rows.to_pylist()
    assert {row["key"]: row["total"] for row in groups} == {"L": 110_100, "H": 1011}


def test_names_stand_beside_customers_and_groups(book: Book) -> None:
    assert {row["name"] for row in aging.aging(book, DAY, by="group").rows.to_pylist()} == {"Name H", "Name L"}
    assert aging.aging(book, DAY, by="kind").rows.column("name").null_count == 3


def test_customers_of_hidden_territories_are_not_there(book: Book) -> None:
    answer = aging.aging(book, DAY, hidden_territories={"south"})
    assert {row["key"] for row in answer.rows.to_pylist()} == {"H", "B1", "L"}
    assert (answer.totals[0].total, answer.totals[0].customers) == (10_011, 3)
    rows = book.rows(aging.open_items(DAY, hidden_territories={"south"}))
    assert sum(row["open"] for row in rows) == 10_011


@pytest.mark.parametrize("by", asof.GROUPINGS)
def test_every_row_opens_into_its_items(generated: Book, by: str) -> None:
    day = date(2023, 9, 30)
    answer = aging.aging(generated, day, by=by)
    for row in answer.rows.slice(0, 5).to_pylist():
        items = generated.rows(aging.open_items(day, by, row["key"], currency=row["currency"]))
        assert sum(item["open"] for item in items) == row["total"]
        for place in (-1, 0, 4):
            some = generated.rows(aging.open_items(day, by, row["key"], currency=row["currency"], place=place))
            assert sum(item["open"] for item in some) == row["unapplied" if place < 0 else f"b{place}"]


def test_rows_add_up_to_totals_in_every_grouping(generated: Book) -> None:
    day = date(2023, 9, 30)
    whole = aging.aging(generated, day, by="none").totals
    assert len(whole) == 3
    for by in asof.GROUPINGS:
        answer = aging.aging(generated, day, by=by)
        assert answer.totals == whole
        for total in whole:
            rows = [row for row in answer.rows.to_pylist() if row["currency"] == total.currency]
            assert sum(row["total"] for row in rows) == total.total
            assert sum(row["items"] for row in rows) == total.items
            assert [sum(row[f"b{at}"] for row in rows) for at in range(5)] == [b.amount for b in total.buckets]
            assert rows == sorted(rows, key=lambda row: (-row["total"], row["key"] or ""))


def test_write_offs_can_be_added_back() -> None:
    book = Plain()
    lost = book.item("A", "invoice", date(2024, 1, 1), 500, date(2024, 1, 31))
    book.pay(lost, date(2024, 2, 10), 200)
    book.pay(lost, date(2024, 5, 1), 300, kind="write_off")
    book.item("A", "recovery", date(2024, 6, 1), 120)
    made = book.book()
    assert aging.aging(made, DAY).totals == ()
    (total,) = aging.aging(made, DAY, add_back=True).totals
    assert (total.total, total.unapplied, total.buckets[4].amount) == (180, -120, 300)
    assert aging.aging(made, date(2024, 4, 30)).totals == aging.aging(made, date(2024, 4, 30), add_back=True).totals


def test_a_reversed_write_off_is_back_either_way() -> None:
    book = Plain()
    lost = book.item("A", "invoice", date(2024, 1, 1), 500)
    match = book.pay(lost, date(2024, 5, 1), kind="write_off", number="W")
    book.undo(match, date(2024, 6, 1))
    reversal = book.item("A", "write_off", date(2024, 6, 1), 500, number="W", entry=2)
    book.match(2, reversal, date(2024, 6, 1), 500)
    made = book.book()
    assert aging.aging(made, DAY).totals == aging.aging(made, DAY, add_back=True).totals
    assert aging.aging(made, DAY).totals[0].total == 500
    assert aging.aging(made, date(2024, 5, 31)).totals == ()


def test_labels() -> None:
    assert aging.labels((30, 60, 90)) == ("not due", "1-30", "31-60", "61-90", "over 90")
    assert aging.labels((7,)) == ("not due", "1-7", "over 7")


@pytest.mark.parametrize("limits", [(), (0, 30), (30, 30), (60, 30), (-1,), (True,), (1.5,), (10**6,)])
def test_limits_that_make_no_buckets_are_refused(book: Book, limits: tuple[int, ...]) -> None:
    with pytest.raises(Refused) as refused:
        aging.aging(book, DAY, limits)
    assert refused.value.code == "bad_buckets"


def test_an_unknown_grouping_is_refused(book: Book) -> None:
    with pytest.raises(Refused) as refused:
        aging.aging(book, DAY, by="colour")
    assert "territory" in refused.value.message


def test_the_first_day_of_the_calendar_has_its_buckets() -> None:
    book = Plain()
    book.item("A", "invoice", date(1, 1, 1), 5)
    assert aging.aging(book.book(), date(1, 1, 2)).totals[0].buckets[1].amount == 5


def test_amounts_at_the_maximum_add_up_and_beyond_64_bits_they_are_refused() -> None:
    book = Plain()
    for at in range(4):
        book.item(f"C{at}", "invoice", date(2024, 1, 1), 10**15)
    assert aging.aging(book.book(), DAY).totals[0].total == 4 * 10**15
    big = Plain()
    for at in range(3):
        big.item(f"C{at}", "invoice", date(2024, 1, 1), 4 * 10**18)
    with pytest.raises(Refused) as refused:
        aging.aging(big.book(), DAY)
    assert refused.value.code == "too_large"
