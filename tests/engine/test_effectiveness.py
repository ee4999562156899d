"""What each customer owed and bought sums up to the months of the whole book, and stays with who carries on."""

from collections import Counter
from datetime import date

from hypothesis import given, settings

from engine.naive_book import Plain, books
from goodstanding.engine import effectiveness, metrics
from goodstanding.engine.book import Book

DAY = date(2024, 12, 31)


def summed(book: Book, first: date, last: date) -> dict[str, tuple[int, ...]]:
    sums: dict[str, Counter[str]] = {}
    for row in book.rows(effectiveness.parts(first, last)):
        sums.setdefault(row["currency"], Counter()).update({name: row[name] for name in effectiveness.PARTS})
    return {currency: tuple(each[name] for name in effectiveness.PARTS) for currency, each in sums.items()}


def agree(book: Book) -> int:
    """How many months of the book say the same in both ways."""
    months = metrics.monthly(book, DAY)
    for month in months:
        first = month.month_end.replace(day=1)
        opening, sales, closing, current = summed(book, first, month.month_end).get(month.currency, (0, 0, 0, 0))
        assert (sales, closing, current) == (month.sales, month.receivables, month.current), month.month
        figure = metrics.formulas.collection_effectiveness(opening, sales, closing, current)
        assert figure == month.figures["cei"], month.month
    return len(months)


@given(books())
@settings(max_examples=15, deadline=None)
def test_customers_sum_up_to_the_months_of_the_book(plain: Plain) -> None:
    agree(plain.book())


def test_a_generated_book_says_the_same_both_ways(generated: Book) -> None:
    last = metrics.monthly(generated, DAY, last=1)[-1].month_end
    rows = generated.rows(effectiveness.parts(last.replace(day=1), last))
    assert len(rows) == len({(row["customer"], row["currency"]) for row in rows}) > 100
    assert agree(generated) >= 12
