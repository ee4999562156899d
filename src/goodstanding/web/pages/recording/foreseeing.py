"""What a payment would write off within the tolerance, told before it is recorded."""

from collections.abc import Sequence

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext, ngettext

from goodstanding.receivables import rules
from goodstanding.receivables.types import Item
from goodstanding.web.pages.recording.forms import Payment
from goodstanding.web.templatetags.desk import amount

NAMED = 3
READ = {"amount", "tolerance", "way", NON_FIELD_ERRORS}


def foreseen(form: Payment, items: Sequence[Item]) -> str:
    """The sentence for a form as far as it is filled in; "" while its amounts can't be read."""
    form.is_valid()
    given = form.cleaned_data
    if not {"amount", "currency", "way", "reference"} <= given.keys():
        return ""
    currency = given["currency"]
    paid, tolerance = form.money("amount", currency), form.money("tolerance", currency) or 0
    allocation = form.allocation(items)
    if paid is None or READ & form.errors.keys():
        return ""
    debits = [item for item in items if item.currency == currency]
    if isinstance(allocation, str):
        turn = rules.in_turn(debits, allocation, given["reference"])
        parts = list(zip(turn, rules.spread(paid, [item.open for item in turn]), strict=True))
    else:
        known = {item.key: item for item in debits}
        asked = {(each.customer, each.number, each.entry): each.amount for each in allocation}
        parts = [(known[key], part) for key, part in asked.items() if key in known]
    rests = rules.let_go(paid, parts, tolerance)
    if not rests:
        return gettext("Nothing would be written off.")
    whole = amount(sum(rest for _item, rest in rests), currency)
    named = ", ".join(item.number for item, _rest in rests[:NAMED]) + (" …" if len(rests) > NAMED else "")
    words = ngettext(
        "{amount} {currency} would be written off from {numbers}.",
        "{amount} {currency} in all would be written off from {numbers}.",
        len(rests),
    )
    return words.format(amount=whole, currency=currency, numbers=named)
