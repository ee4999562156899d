"""How a column writes its numbers and days: what its own values prove, and nothing beyond that."""

import re
from collections.abc import Iterable

from goodstanding.kernel.days import DateOrder, proven_order
from goodstanding.kernel.money import NumberStyle

_PROOFS = (
    (NumberStyle.PLAIN, re.compile(r"-?[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})")),
    (NumberStyle.POINT, re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|-?[0-9]{1,3}(?:,[0-9]{3}){2,}")),
    (
        NumberStyle.COMMA,
        re.compile(
            r"-?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|-?[0-9]{1,3}(?:\.[0-9]{3}){2,}|-?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})"
        ),
    ),
    (NumberStyle.SPACE, re.compile(r"-?[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+(?:,[0-9]+)?")),
    (NumberStyle.SWISS, re.compile(r"-?[0-9]{1,3}(?:'[0-9]{3})+(?:\.[0-9]+)?")),
)


class Conflict(Exception):  # noqa: N818 — two proofs that exclude each other
    """A column proves two ways of writing; carries one value for each."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one, two)
        self.one, self.two = one, two


def number_style(values: Iterable[str]) -> NumberStyle:
    """The style that the values prove; PLAIN when they prove none (then 1,234 is no amount).

    A comma counts as grouping only where it is proven to be: 1,234.56 or 1,234,567. Raises Conflict.
    """
    proofs: dict[NumberStyle, str] = {}
    for value in values:
        for style, pattern in _PROOFS:
            if style not in proofs and pattern.fullmatch(value):
                proofs[style] = value
    if NumberStyle.SPACE in proofs:  # 1 234,50 beside 12,50: a decimal comma either way
        proofs.pop(NumberStyle.COMMA, None)
    plain = proofs.pop(NumberStyle.PLAIN, None)
    if len(proofs) > 1:
        one, two, *_ = proofs.values()
        raise Conflict(one, two)
    if not proofs or (plain and next(iter(proofs)).decimal == ","):
        return NumberStyle.PLAIN  # beside 12.50, a cell like 12,50 is a slip: it is named by itself
    return next(iter(proofs))


def date_order(values: Iterable[str]) -> DateOrder | None:
    """The order that the values prove; None when they prove none. Raises Conflict."""
    proofs: dict[DateOrder, str] = {}
    for value in values:
        order = proven_order(value)
        if order is not None:
            proofs.setdefault(order, value)
    if len(proofs) > 1:
        one, two = proofs.values()
        raise Conflict(one, two)
    return next(iter(proofs), None)
