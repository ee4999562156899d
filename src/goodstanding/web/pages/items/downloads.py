"""The open items behind a figure as a file: all of them, in the order of the page."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.translation import gettext

from goodstanding.kernel.money import decimal_text
from goodstanding.reports.aging_types import Behind
from goodstanding.reports.desk import documents
from goodstanding.web import words
from goodstanding.web.downloads import answer
from goodstanding.web.pages.receivables.forms import Question

BATCH = 500


def download(kind: str, question: Question, found: Behind) -> HttpResponse:
    """The answer with the file."""
    header = [gettext(word) for word in ("Code", "Customer", "Item", "Kind", "Date", "Due", "Days past due")]
    header += [gettext(word) for word in ("Currency", "Amount", "Open", "Held", "Reference", "Seller")]
    name = f"open-items-{question.asked.as_of.isoformat()}-{found.currency or 'none'}"
    return answer(kind, name, header, _rows(found), frozenset({6, 8, 9, 10}))


def _rows(found: Behind) -> Iterator[list[str]]:
    for start in range(0, len(found.items), BATCH):
        some = found.items[start : start + BATCH]
        known = documents(some)
        for each in some:
            document = known[each.item]
            yield [
                each.customer,
                each.name,
                document.number,
                words.kind(document.kind, document.entry),
                document.date.isoformat(),
                document.due.isoformat(),
                str(each.days) if each.debit else "",
                found.currency,
                *(decimal_text(amount, found.currency) for amount in (document.amount, each.open, each.held)),
                document.reference,
                document.seller,
            ]
