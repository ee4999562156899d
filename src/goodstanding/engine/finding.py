"""Items by what somebody remembers of them: a part of the number or reference, or the amount."""

from collections.abc import Collection, Mapping

import ibis

from goodstanding.engine import asof
from goodstanding.engine.aging import visible
from goodstanding.engine.book import Book
from goodstanding.kernel.money import CURRENCIES, exponent


def find_items(
    book: Book, text: str, amounts: Mapping[int, int], limit: int, hidden_territories: Collection[str] = ()
) -> list[int]:
    """The ids of the items meant, the likeliest first: by number as a whole, its beginning, a part of it, the
    reference, the amount; among equals the newest first.

    `amounts`: what the text is as an amount, in minor units by the currency's number of decimals.
    """
    items, wanted = asof.ITEMS, text.lower()
    number, reference = items.number.lower(), items.reference.fill_null("").lower()
    cases = [
        (number == wanted, ibis.literal(0)),
        (number.startswith(wanted), ibis.literal(1)),
        (number.contains(wanted), ibis.literal(2)),
        (reference.contains(wanted), ibis.literal(3)),
    ]
    for digits, minor in amounts.items():
        money = sorted(code for code in CURRENCIES if exponent(code) == digits)
        cases.append(((items.amount == minor) & items.currency.isin(money), ibis.literal(4)))
    found = items.mutate(nearness=ibis.cases(*cases, else_=ibis.literal(9)))
    found = visible(found.filter(found.nearness < 9), hidden_territories)
    ordered = found.order_by(found.nearness, found.date.desc(), found.id.desc()).limit(limit)
    return [row["id"] for row in book.rows(ordered.select("id"))]
