"""The worked examples 1-5, 17 and 22 of the formula book, exact."""

from datetime import date
from fractions import Fraction

import pytest

from engine.naive_book import Plain
from goodstanding.engine import classes, formulas, metrics, rolls, vintages


def test_1_dso_best_possible_and_add() -> None:
    dso = formulas.dso(15_000, 10_000, 30)
    best = formulas.best_possible_dso(4_000, 10_000, 30)
    assert (dso.value, best.value, formulas.average_days_delinquent(dso, best).value) == (45, 12, 33)


@pytest.mark.parametrize(("days", "answer"), [((30, 30, 30), 73.71), ((31, 28, 31), 73.17)])
def test_2_countback(days: tuple[int, int, int], answer: float) -> None:
    figure = formulas.countback(212_000, zip((100_000, 80_000, 70_000), days, strict=True))
    assert figure.rounded(2) == answer
    assert not figure.notes


def test_2_countback_through_a_book_of_calendar_months() -> None:
    """Sales of 70k, 80k, 100k in January, February, March 2023 (31, 28, 31 days), 38k of January's paid."""
    plain = Plain()
    january = plain.item("A", "invoice", date(2023, 1, 31), 70_000)
    plain.item("A", "invoice", date(2023, 2, 28), 80_000)
    plain.item("A", "invoice", date(2023, 3, 1), 100_000)
    plain.pay(january, date(2023, 3, 31), 38_000)
    march = metrics.monthly(plain.book(), date(2023, 3, 31))[-1]
    assert march.receivables == 212_000
    assert march.figures["dso_countback"].rounded(2) == 73.17


def test_2_a_month_without_sales_counts_its_days_a_negative_one_is_flagged_and_history_may_run_out() -> None:
    assert formulas.countback(150, [(100, 30), (0, 31), (100, 30)]).value == 30 + 31 + 15
    negative = formulas.countback(150, [(100, 30), (-50, 31), (100, 30)])
    assert (negative.value, [note.template for note in negative.notes]) == (91, [formulas.NEGATIVE_MONTH])
    ran_out = formulas.countback(300, [(100, 30), (100, 31)])
    assert (ran_out.value, [note.template for note in ran_out.notes]) == (61, [formulas.AT_LEAST])
    assert formulas.countback(0, [(100, 30)]).value == 0
    assert formulas.countback(-1, [(100, 30)]).value is None


def test_3_collection_effectiveness() -> None:
    assert formulas.collection_effectiveness(500_000, 300_000, 400_000, 280_000).rounded(2) == 76.92


def test_3_collection_effectiveness_through_a_book() -> None:
    plain = Plain()
    old = plain.item("A", "invoice", date(2023, 4, 1), 500_000, date(2023, 4, 20))
    plain.item("A", "invoice", date(2023, 5, 10), 280_000, date(2023, 6, 10))
    plain.item("A", "invoice", date(2023, 5, 5), 20_000, date(2023, 5, 6))
    plain.pay(old, date(2023, 5, 20), 400_000)
    may = metrics.monthly(plain.book(), date(2023, 5, 31))[-1]
    assert (may.receivables, may.current, may.sales) == (400_000, 280_000, 300_000)
    assert may.figures["cei"].rounded(2) == 76.92


def test_4_weighted_delay() -> None:
    assert formulas.weighted_delay([(1_000, 10), (3_000, -5), (6_000, 40)]).value == Fraction(235, 10)


def test_4_weighted_delay_through_a_book_paid_by_the_day_paid_and_open_by_today() -> None:
    plain = Plain()
    for amount, late in ((1_000, 10), (3_000, -5)):
        bill = plain.item("A", "invoice", date(2023, 4, 1), amount, date(2023, 5, 10))
        plain.pay(bill, date(2023, 5, 10 + late))
    plain.item("A", "invoice", date(2023, 4, 1), 6_000, date(2023, 4, 21))
    book = plain.book()
    assert metrics.monthly(book, date(2023, 5, 31))[-1].figures["average_delay"].value == Fraction(235, 10)
    assert metrics.overall(book, date(2023, 5, 31))[0].figures["average_delay"].value == Fraction(235, 10)
    assert classes.facts(book, date(2023, 5, 31))[0].figures["average_delay"].value == Fraction(235, 10)


def test_5_turnover_bad_debt_and_roll_rate() -> None:
    assert formulas.turnover(1_200, [100, 200, 300]).value == 6
    assert formulas.bad_debt_to_sales(80, 30, 1_000).value == Fraction(5, 100)
    assert formulas.roll_rate(400, 120).value == Fraction(30, 100)


def test_5_roll_rate_through_a_book() -> None:
    """400 stand in 1-30 on the first day; a month later 120 are still open, in 31-60."""
    plain = Plain()
    bill = plain.item("A", "invoice", date(2024, 3, 1), 400, date(2024, 3, 11))
    plain.pay(bill, date(2024, 4, 5), 280)
    found = {roll.label: roll for roll in rolls.roll_rates(plain.book(), date(2024, 3, 31), date(2024, 4, 30))}
    assert (found["1-30"].before, found["1-30"].rolled) == (400, 120)
    assert found["1-30"].rate.value == Fraction(30, 100)
    assert found["61-90"].rate.value is None


def test_17_the_four_shares_of_a_vintage() -> None:
    plain = Plain()
    bill = plain.item("A", "invoice", date(2024, 1, 10), 1_000, date(2024, 2, 10))
    plain.pay(bill, date(2024, 1, 31), 200)
    plain.pay(bill, date(2024, 2, 15), 500)
    plain.pay(bill, date(2024, 2, 16), 100, kind="credit_note")
    plain.pay(bill, date(2024, 4, 1), 50, kind="write_off")
    (vintage,) = vintages.vintages(plain.book(), date(2024, 4, 30))
    at = {share.age: {name: figure.value for name, figure in share.shares.items()} for share in vintage.ages}
    tenths = lambda **parts: {name: Fraction(part, 1000) for name, part in parts.items()}  # noqa: E731
    assert at[0] == tenths(cash=200, credited=0, written_off=0, open=800)
    assert at[1] == tenths(cash=700, credited=100, written_off=0, open=200)
    assert at[2] == at[1]
    assert at[3] == tenths(cash=700, credited=100, written_off=50, open=150)


def test_22_value_classes() -> None:
    """From the top: A until 80% of the total, B until 95%, C the rest."""
    shares = {"a": 50, "b": 30, "c": 10, "d": 5, "e": 3, "f": 2, "g": 0, "h": -4}
    assert "".join(formulas.value_classes(shares)[key] for key in "abcdefgh") == "AABBCCCC"
    assert formulas.value_classes({"only": 90, "small": 10}) == {"only": "A", "small": "B"}
    assert formulas.value_classes({"x": 0, "y": -1}) == {"x": "C", "y": "C"}


def test_22_quintiles() -> None:
    assert formulas.quintiles([10, 20, 30, 40, 50]) == [1, 2, 3, 4, 5]
    assert formulas.quintiles(list(range(10))) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert formulas.quintiles([7, 7, 7, 7, 7]) == [1, 1, 1, 1, 1]
