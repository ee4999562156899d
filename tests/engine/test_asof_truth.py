"""As-of truth: the engine against loops over plain facts, and later facts that must not change earlier days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.naive_book import Plain, books, days
from goodstanding.engine import aging, asof, lateness, metrics, rolls, vintages
from goodstanding.engine.book import Book

LAST = date(2025, 12, 31)


def bucket_of(due: date, as_of: date, limits: tuple[int, ...]) -> int:
    late = (as_of - due).days
    return 0 if late <= 0 else 1 + sum(late > limit for limit in limits)


def naive_aging(plain: Plain, as_of: date, limits: tuple[int, ...]) -> dict[tuple[str, str], list[int]]:
    """(customer, currency) → unapplied, then the buckets."""
    rows: dict[tuple[str, str], list[int]] = {}
    for at, amount in plain.open(as_of).items():
        item = plain.items[at - 1]
        row = rows.setdefault((item["customer"], item["currency"]), [0] * (len(limits) + 3))
        row[0 if amount < 0 else 1 + bucket_of(item["due"], as_of, limits)] += amount
    return rows


def engine_aging(book: Book, as_of: date, limits: tuple[int, ...]) -> dict[tuple[str, str], list[int]]:
    rows = aging.aging(book, as_of, limits).rows.to_pylist()
    names = ["unapplied", *(f"b{place}" for place in range(len(limits) + 2))]
    return {(row["key"], row["currency"]): [row[name] for name in names] for row in rows}


@settings(max_examples=60, deadline=None, print_blob=True)
@given(plain=books(), as_of=days(400), limits=st.sets(st.integers(1, 120), min_size=1, max_size=4))
def test_aging_equals_the_loops(plain: Plain, as_of: date, limits: set[int]) -> None:
    rising = tuple(sorted(limits))
    book = plain.book()
    expected = naive_aging(plain, as_of, rising)
    assert engine_aging(book, as_of, rising) == expected
    answer = aging.aging(book, as_of, rising)
    for total in answer.totals:
        rows = [row for (_customer, currency), row in expected.items() if currency == total.currency]
        assert total.total == sum(map(sum, rows)) == sum(b.amount for b in total.buckets) + total.unapplied
        assert total.customers == len(rows)
        open_items = {at: a for at, a in plain.open(as_of).items() if plain.items[at - 1]["currency"] == total.currency}
        assert total.items == sum(a > 0 for a in open_items.values()) == sum(b.items for b in total.buckets)
        assert total.credits == sum(a < 0 for a in open_items.values())
        dues = [plain.items[at - 1]["due"] for at, amount in open_items.items() if amount > 0]
        assert total.oldest_due == min(dues, default=None)


@settings(max_examples=25, deadline=None, print_blob=True)
@given(plain=books(), as_of=days(250))
def test_the_staircases_equal_the_postings_netted(plain: Plain, as_of: date) -> None:
    """The kept staircases and the bare union of postings say the same, item by item."""
    book = plain.book()
    facts = asof.postings()
    netted = facts.filter(facts.date <= asof.day(as_of)).group_by("item").agg(open=asof.total(facts.amount))
    bare = {row["item"]: row["open"] for row in book.rows(netted) if row["open"]}
    kept = {row["item"]: row["open"] for row in book.rows(asof.open_steps(as_of))}
    assert bare == kept == plain.open(as_of)


@settings(max_examples=25, deadline=None, print_blob=True)
@given(plain=books(), as_of=days(150), data=st.data())
def test_later_facts_never_change_an_earlier_report(plain: Plain, as_of: date, data: st.DataObject) -> None:
    early = Plain([i for i in plain.items if i["date"] <= as_of], [m for m in plain.matches if m["date"] <= as_of])
    before, after = early.book(), plain.book()
    assert _everything(before, as_of) == _everything(after, as_of)
    earlier = as_of - timedelta(days=data.draw(st.integers(0, 60)))
    assert _everything(before, earlier) == _everything(after, earlier)


@settings(max_examples=25, deadline=None, print_blob=True)
@given(plain=books(), cut=st.tuples(st.integers(0, 12), st.integers(0, 12)), as_of=days(400))
def test_an_extended_book_equals_one_made_whole(plain: Plain, cut: tuple[int, int], as_of: date) -> None:
    items = min(cut[0], len(plain.items))
    known = [n for n, m in enumerate(plain.matches) if max(m["credit_id"], m["debit_id"]) <= items]
    matches = next((n for n in range(len(plain.matches)) if n not in known), len(plain.matches))
    matches = min(matches, cut[1])
    base = Plain(plain.items[:items], plain.matches[:matches]).book()
    extended = base.extended(plain.tables(since=(items, matches)))
    assert _everything(extended, as_of) == _everything(plain.book(), as_of)
    again = base.extended(plain.tables(since=(items, matches)))
    assert _everything(again, as_of) == _everything(extended, as_of)


@pytest.mark.parametrize(
    ("late", "place"), [(-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)]
)
def test_the_borders_of_the_buckets(late: int, place: int) -> None:
    plain = Plain()
    due = date(2024, 3, 15)
    plain.item("A", "invoice", date(2024, 1, 1), 100, due)
    (total,) = aging.aging(plain.book(), due + timedelta(days=late)).totals
    assert [bucket.items for bucket in total.buckets] == [int(at == place) for at in range(5)]


def test_the_end_of_the_day_counts() -> None:
    plain = Plain()
    bill = plain.item("A", "invoice", date(2024, 3, 1), 100, date(2024, 3, 31))
    plain.pay(bill, date(2024, 4, 2))
    book = plain.book()
    found = {
        day: [t.total for t in aging.aging(book, date(2024, *day)).totals] for day in ((2, 29), (3, 1), (4, 1), (4, 2))
    }
    assert found == {(2, 29): [], (3, 1): [100], (4, 1): [100], (4, 2): []}


def _everything(book: Book, as_of: date) -> dict[str, object]:
    """Every figure of a day."""
    answer: dict[str, object] = {by: aging.aging(book, as_of, by=by).rows.to_pylist() for by in ("customer", "none")}
    answer["added back"] = aging.aging(book, as_of, add_back=True).totals
    answer["months"] = metrics.monthly(book, as_of)
    answer["late"] = lateness.lateness(book, as_of, "customer")
    answer["vintages"] = vintages.vintages(book, as_of)
    answer["rolls"] = rolls.roll_rates(book, as_of - timedelta(days=31), as_of)
    return answer
