"""Reasons in words: the parameters of a template, with money and days written out by whoever knows the language."""

from collections.abc import Callable
from datetime import date

from goodstanding.collections.types import Reason
from goodstanding.kernel.money import decimal_text

MONEY, DAY = "money:", "day:"


def plain_money(minor: int, currency: str) -> str:
    """An amount as the terminal writes it: 12.50 EUR."""
    return f"{decimal_text(minor, currency)} {currency}"


def params(
    reason: Reason, money: Callable[[int, str], str] = plain_money, day: Callable[[date], str] = date.isoformat
) -> dict[str, str]:
    """The parameters of a reason's template, written out."""
    found = {}
    for name, value in reason.params:
        if name.startswith(MONEY):
            minor, currency = value.split()
            found[name.removeprefix(MONEY)] = money(int(minor), currency)
        elif name.startswith(DAY):
            found[name.removeprefix(DAY)] = day(date.fromisoformat(value))
        else:
            found[name] = value
    return found


def said(reason: Reason) -> str:
    """A reason in English."""
    return reason.template.format(**params(reason))
