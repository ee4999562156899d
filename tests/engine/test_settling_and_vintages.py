"""Settlements, roll rates and vintages in their corners."""

from datetime import date
from fractions import Fraction

from hypothesis import given, settings

from engine.naive_book import Plain, books, days
from goodstanding.engine import lateness, rolls, vintages
from goodstanding.engine.book import Book

DAY = date(2024, 12, 31)


def settled(plain: Plain, as_of: date = DAY) -> dict[int, date]:
    return {row["item"]: row["settled"] for row in plain.book().rows(lateness.settlements(as_of))}


def test_an_invoice_is_settled_on_the_day_nothing_is_left_open() -> None:
    plain = Plain()
    bill = plain.item("A", "invoice", date(2024, 1, 1), 100, date(2024, 1, 31))
    plain.pay(bill, date(2024, 1, 10), 60)
    plain.pay(bill, date(2024, 2, 10), 40)
    assert settled(plain) == {bill: date(2024, 2, 10)}
    assert settled(plain, date(2024, 2, 9)) == {}


def test_paid_on_its_own_day_reopened_and_paid_again() -> None:
    plain = Plain()
    bill = plain.item("A", "invoice", date(2024, 1, 1), 100)
    match = plain.pay(bill, date(2024, 1, 1))
    assert settled(plain) == {bill: date(2024, 1, 1)}
    plain.undo(match, date(2024, 3, 1))
    assert settled(plain) == {}
    assert settled(plain, date(2024, 2, 29)) == {bill: date(2024, 1, 1)}
    plain.match(2, bill, date(2024, 4, 1), 100)
    assert settled(plain) == {bill: date(2024, 4, 1)}


def test_what_no_money_paid_says_nothing_about_paying() -> None:
    plain = Plain()
    credited = plain.item("A", "invoice", date(2024, 1, 1), 100)
    plain.pay(credited, date(2024, 2, 1), kind="credit_note")
    lost = plain.item("A", "invoice", date(2024, 1, 1), 100)
    plain.pay(lost, date(2024, 2, 1), kind="write_off")
    partly = plain.item("A", "invoice", date(2024, 1, 1), 100)
    plain.pay(partly, date(2024, 2, 1), 50)
    plain.pay(partly, date(2024, 3, 1), 50, kind="write_off")
    assert settled(plain) == {partly: date(2024, 3, 1)}


def test_the_last_bucket_rolls_by_staying() -> None:
    plain = Plain()
    old = plain.item("A", "invoice", date(2023, 1, 1), 400)
    plain.pay(old, date(2024, 1, 15), 100)
    rates = {roll.label: roll for roll in rolls.roll_rates(plain.book(), date(2023, 12, 31), date(2024, 1, 31))}
    assert (rates["over 90"].before, rates["over 90"].rolled) == (400, 300)


def test_what_is_paid_and_what_stays_in_its_bucket_has_not_rolled() -> None:
    plain = Plain()
    plain.item("A", "invoice", date(2024, 1, 1), 70, date(2024, 6, 30))
    paid = plain.item("A", "invoice", date(2024, 1, 1), 30, date(2024, 2, 10))
    plain.pay(paid, date(2024, 2, 20))
    rates = {roll.label: roll for roll in rolls.roll_rates(plain.book(), date(2024, 1, 31), date(2024, 2, 29))}
    assert (rates["not due"].before, rates["not due"].rolled) == (100, 0)


@settings(max_examples=25, deadline=None, print_blob=True)
@given(plain=books(), as_of=days(300))
def test_the_four_shares_always_sum_to_the_whole(plain: Plain, as_of: date) -> None:
    for vintage in vintages.vintages(plain.book(), as_of):
        for share in vintage.ages:
            assert sum((figure.value or Fraction(0)) for figure in share.shares.values()) == 1
            assert min(share.cash, share.credited, share.written_off, share.open) >= 0
        last = vintage.ages[-1]
        items = [i for i in plain.items if i["kind"] in vintages.KINDS and i["currency"] == vintage.currency]
        month = [i for i in items if f"{i['date']:%Y-%m}" == vintage.month and i["date"] <= as_of]
        still = plain.open(as_of)
        assert last.open == sum(still.get(item["id"], 0) for item in month)
        assert vintage.billed == sum(item["amount"] for item in month)


def test_vintages_of_a_generated_book(generated: Book) -> None:
    found = vintages.vintages(generated, date(2024, 3, 31))
    assert {vintage.currency for vintage in found} == {"USD", "CNY", "JPY"}
    for vintage in found:
        for share in vintage.ages:
            assert share.cash + share.credited + share.written_off + share.open == vintage.billed
