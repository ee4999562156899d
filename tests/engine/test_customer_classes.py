"""Value, RFM and behaviour classes through a book, each with a reason a person can read."""

from datetime import date, timedelta

from engine.naive_book import Plain
from goodstanding.engine import classes
from goodstanding.engine.book import Book
from goodstanding.kernel.errors import N_

DAY = date(2024, 12, 31)


def by_customer(plain: Plain, dimension: str) -> dict[str, classes.Classified]:
    found = classes.classify(classes.facts(plain.book(), DAY), DAY)
    return {one.customer: one for one in found if one.dimension == dimension}


def test_value_counts_twelve_months_without_tax() -> None:
    plain = Plain()
    plain.item("A", "invoice", date(2024, 3, 1), 8800, tax=800)
    plain.item("B", "invoice", date(2024, 3, 1), 1500)
    plain.item("C", "invoice", date(2024, 3, 1), 500)
    plain.item("D", "invoice", DAY - timedelta(days=365), 99_999)  # a day too old
    found = by_customer(plain, "value")
    assert {code: one.label for code, one in found.items()} == {"A": "A", "B": "B", "C": "C", "D": "C"}
    assert found["A"].reason.text == "Net sales of 80.00 USD in 12 months: number 1 of 4, 80.0% of the total."
    assert found["D"].reason.text == "No net sales in USD in the last 12 months."


def test_rfm_needs_five_buyers_and_scores_each_dimension() -> None:
    plain = Plain()
    for place, code in enumerate("ABCDE"):
        for number in range(place + 1):
            plain.item(code, "invoice", DAY - timedelta(days=10 * (5 - place) + number), 100 * (5 - place))
    plain.item("P", "payment", date(2024, 1, 1), 5)
    found = by_customer(plain, "rfm")
    # money: A 500, B 800, C 900, D 800, E 500: equal sums share the lower fifth
    assert {code: one.label for code, one in found.items()} == {
        **{"A": "111", "B": "223", "C": "335", "D": "443", "E": "551"},
        "P": "unknown",
    }
    assert found["E"].reason.text == ("Last bought 10 days ago, 5 invoices and 5.00 USD in 12 months: quintiles 5-5-1.")
    assert found["P"].reason.text == "Never bought anything in USD."
    few = Plain()
    few.item("A", "invoice", DAY, 1)
    assert by_customer(few, "rfm")["A"].reason.template == classes.TOO_FEW_CUSTOMERS


def test_a_reversed_invoice_is_no_purchase() -> None:
    plain = Plain()
    plain.item("A", "invoice", date(2024, 3, 1), 100, number="X")
    plain.item("A", "invoice", date(2024, 3, 2), 100, number="X", entry=2)
    (one,) = classes.facts(plain.book(), DAY)
    assert (one.invoices, one.contribution) == (0, 0)


def test_behaviour_by_share_and_delay() -> None:
    plain = Plain()
    delays = {"prompt": (0, -3, 3), "fair": (0, 0, 20), "slow": (25, 25, 25), "late": (40, 50, 60)}
    for code, late in delays.items():
        for days in late:
            bill = plain.item(code, "invoice", date(2024, 5, 1), 100, date(2024, 6, 1))
            plain.pay(bill, date(2024, 6, 1) + timedelta(days=days))
    plain.item("few", "invoice", date(2024, 5, 1), 100)
    for _ in range(3):
        plain.item("owes", "invoice", date(2024, 11, 1), 100, date(2024, 11, 21))
    found = by_customer(plain, "behaviour")
    labels = {code: one.label for code, one in found.items()}
    assert labels == {
        "prompt": "fair",
        "fair": "fair",
        "slow": "slow",
        "late": "late",
        "few": "unknown",
        "owes": "late",
    }
    assert (
        found["fair"].reason.text
        == "66.7% of the amount due in 12 months was paid by the day; on average 6.7 days late."
    )
    assert found["few"].reason.params == {"payments": 1}
    assert (
        found["owes"].reason.text
        == "0.0% of the amount due in 12 months was paid by the day; on average 40.0 days late."
    )


def test_prompt_and_early_payers() -> None:
    plain = Plain()
    for days in (-10, -5, 0):
        bill = plain.item("A", "invoice", date(2024, 5, 1), 100, date(2024, 6, 1))
        plain.pay(bill, date(2024, 6, 1) + timedelta(days=days))
    one = by_customer(plain, "behaviour")["A"]
    assert one.label == "prompt"
    assert one.reason.text == "100.0% of the amount due in 12 months was paid by the day; on average 5.0 days early."


def test_every_customer_has_each_class_once_and_a_whole_reason(generated: Book) -> None:
    day = date(2024, 3, 31)
    facts = classes.facts(generated, day)
    found = classes.classify(facts, day)
    keys = [(one.customer, one.currency, one.dimension) for one in found]
    assert len(keys) == len(set(keys)) == 3 * len(facts)
    assert all("{" not in one.reason.text and one.reason.template == N_(one.reason.template) for one in found)
    value = {one.label for one in found if one.dimension == "value"}
    behaviour = {one.label for one in found if one.dimension == "behaviour"}
    assert value == {"A", "B", "C"}
    assert {"fair", "slow", "late", "unknown"} <= behaviour
