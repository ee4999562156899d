"""No figure is never 0 and never infinity: it is None with a reason, and metrics' other corners."""

from datetime import date
from fractions import Fraction

from engine.naive_book import Plain
from goodstanding.engine import classes, formulas, metrics
from goodstanding.engine.figures import Figure


def test_zero_denominators_have_reasons() -> None:
    missing = [
        formulas.dso(100, 0, 90),
        formulas.best_possible_dso(100, -5, 90),
        formulas.average_days_delinquent(formulas.dso(1, 0, 90), formulas.dso(1, 1, 90)),
        formulas.collection_effectiveness(0, 100, 100, 100),
        formulas.weighted_delay([]),
        formulas.turnover(100, [0, 0]),
        formulas.bad_debt_to_sales(10, 0, 0),
        formulas.roll_rate(0, 0),
        formulas.shares(0, 0, 0, 0)[0],
    ]
    for figure in missing:
        assert figure.value is None
        assert figure.rounded() is None
        assert figure.why is not None
        assert "{" not in figure.why.text


def test_a_zero_above_the_line_is_a_number() -> None:
    assert formulas.dso(0, 10, 90) == Figure(Fraction(0))


def test_a_month_after_the_sales_have_stopped() -> None:
    plain = Plain()
    plain.item("A", "invoice", date(2023, 1, 10), 1000)
    months = metrics.monthly(plain.book(), date(2023, 6, 15))
    assert [month.month for month in months] == ["2023-01", "2023-02", "2023-03", "2023-04", "2023-05", "2023-06"]
    last = months[-1]
    assert (last.month_end, last.receivables, last.sales_window) == (date(2023, 6, 15), 1000, 0)
    assert last.figures["dso"].value is None
    assert last.figures["dso"].why is not None
    assert last.figures["add"].value is None
    # from 15 June back: 15 + 31 + 30 + 31 + 28 days without sales, then January's 31 hold all of it
    assert last.figures["dso_countback"].value == 15 + 31 + 30 + 31 + 28 + 31
    assert last.figures["late_rate"].value is None
    assert last.figures["turnover"].value is None


def test_credit_notes_lower_sales_but_discounts_and_opening_balances_do_not() -> None:
    plain = Plain()
    plain.item("A", "opening", date(2023, 5, 1), 900)
    plain.item("A", "invoice", date(2023, 5, 2), 1000)
    plain.item("A", "debit_note", date(2023, 5, 2), 50)
    plain.item("A", "credit_note", date(2023, 5, 3), 100)
    plain.item("A", "credit_note", date(2023, 5, 3), 7, reason="discount")
    plain.item("A", "credit_note", date(2023, 5, 3), 3, reason="opening")
    plain.item("A", "late_fee", date(2023, 5, 4), 20)
    plain.item("A", "invoice", date(2023, 5, 5), 400, number="R")
    plain.item("A", "invoice", date(2023, 5, 6), 400, number="R", entry=2)
    (may,) = metrics.monthly(plain.book(), date(2023, 5, 31))
    assert may.sales == may.sales_window == 950
    assert may.receivables == 900 + 1000 + 50 - 100 - 7 - 3 + 20


def test_the_window_is_ninety_days_the_day_itself_included() -> None:
    plain = Plain()
    plain.item("A", "invoice", date(2023, 4, 1), 1)  # the 91st day back
    plain.item("A", "invoice", date(2023, 4, 2), 10)
    plain.item("A", "invoice", date(2023, 6, 30), 100)
    june = metrics.monthly(plain.book(), date(2023, 6, 30))[-1]
    assert june.sales_window == 110
    assert june.full_window


def test_balances_brought_in_open_the_month_of_the_cei() -> None:
    plain = Plain()
    old = plain.item("A", "opening", date(2023, 5, 1), 500, date(2023, 5, 1))
    plain.item("A", "invoice", date(2023, 5, 2), 300, date(2023, 6, 30))
    plain.pay(old, date(2023, 5, 20), 400)
    (may,) = metrics.monthly(plain.book(), date(2023, 5, 31))
    assert may.figures["cei"].value == Fraction(400, 500) * 100


def test_write_offs_added_back_stay_receivable() -> None:
    plain = Plain()
    bill = plain.item("A", "invoice", date(2023, 5, 1), 900)
    plain.pay(bill, date(2023, 5, 20), kind="write_off")
    book = plain.book()
    (flattered,), (true,) = (metrics.monthly(book, date(2023, 5, 31), add_back=back) for back in (False, True))
    assert (flattered.figures["dso"].value, true.figures["dso"].value) == (0, 90)
    assert (flattered.figures["bad_debt_to_sales"].value, true.figures["cei"].value) == (1, 0)


def test_an_undone_payment_is_counted_in_its_month_and_taken_back_in_the_month_of_the_undo() -> None:
    plain = Plain()
    bill = plain.item("A", "invoice", date(2023, 5, 1), 100, date(2023, 5, 11))
    match = plain.pay(bill, date(2023, 5, 21))
    plain.undo(match, date(2023, 6, 5))
    book = plain.book()
    may, june = metrics.monthly(book, date(2023, 6, 30))
    assert (may.settled, may.late, may.figures["average_delay"].value) == (1, 1, 10)
    assert (june.settled, june.receivables) == (0, 0)  # the payment stands unapplied beside the open invoice
    (whole,) = metrics.overall(book, date(2023, 6, 30))
    # nothing is paid any more; the invoice is overdue by 50 days
    assert whole.figures["average_delay"].value == 50


def test_turnover_over_twelve_months() -> None:
    plain = Plain()
    for month in range(1, 13):
        plain.item("A", "invoice", date(2023, month, 15), 100)
    months = metrics.monthly(plain.book(), date(2023, 12, 31))
    assert months[10].figures["turnover"].value is None
    balances = [100 * count for count in range(13)]
    assert months[11].figures["turnover"].value == Fraction(1200) / Fraction(sum(balances), 13)
    assert metrics.monthly(plain.book(), date(2023, 12, 31), last=2) == months[-2:]


def test_currencies_never_mix() -> None:
    plain = Plain()
    plain.item("A", "invoice", date(2023, 5, 1), 100, currency="USD")
    plain.item("A", "invoice", date(2023, 5, 1), 9000, currency="JPY")
    book = plain.book()
    assert [(m.currency, m.sales) for m in metrics.monthly(book, date(2023, 5, 31))] == [("JPY", 9000), ("USD", 100)]
    found = {(c.currency, c.label) for c in classes.classify(classes.facts(book, date(2023, 5, 31)), date(2023, 5, 31))}
    assert {("JPY", "A"), ("USD", "A")} <= found


def test_an_empty_book_has_no_months() -> None:
    assert metrics.monthly(Plain().book(), date(2023, 5, 31)) == ()
