"""Promises as a file to keep."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext

from goodstanding.kernel.errors import N_
from goodstanding.kernel.money import decimal_text
from goodstanding.promises.types import Promise
from goodstanding.web.downloads import answer
from goodstanding.web.pages.promises.told import KINDS, SIDES, STATES, stands, until, why
from goodstanding.web.templatetags.desk import person

HEAD = (
    N_("Code"),
    N_("Customer"),
    N_("Whose"),
    N_("Kind"),
    N_("Subject"),
    N_("Given on"),
    N_("Promised day"),
    N_("In time until"),
    N_("Currency"),
    N_("Amount"),
    N_("Received"),
    N_("State"),
    N_("Why"),
    N_("Level"),
    N_("Contact"),
    N_("Who of us"),
)


def download(kind: str, name: str, found: Iterable[Promise], names: Mapping[str, str], as_of: date) -> HttpResponse:
    """The answer with the file; `names` are those of the customers by code."""
    header = [gettext(word) for word in HEAD]
    return answer(kind, f"{name}-{as_of.isoformat()}", header, _rows(found, names, as_of), frozenset({9, 10, 13}))


def _rows(found: Iterable[Promise], names: Mapping[str, str], as_of: date) -> Iterator[list[str]]:
    for each in found:
        yield [
            each.customer,
            names.get(each.customer, ""),
            str(SIDES[each.by]),
            str(KINDS[each.kind]),
            each.subject,
            each.made.isoformat(),
            each.due.isoformat(),
            until(each).isoformat(),
            each.currency,
            "" if each.amount is None else decimal_text(each.amount, each.currency),
            decimal_text(each.received, each.currency) if each.by == "them" else "",
            str(STATES[stands(each, as_of)]),
            str(why(each)),
            str(each.level),
            each.contact,
            person(each.owner),
        ]
