"""The aging as a file: the day, grouping, filters and order of the page, all rows."""

from django.http import HttpResponse
from django.utils.translation import gettext

from goodstanding.kernel.money import decimal_text
from goodstanding.reports.aging_types import NO_KEY, Report, bucket_ends
from goodstanding.web.downloads import answer
from goodstanding.web.pages.receivables.forms import BY, Question, no_label
from goodstanding.web.templatetags.desk import bucket


def download(kind: str, question: Question, found: Report) -> HttpResponse:
    """The answer with the file."""
    asked, currency = question.asked, found.currency
    header = [gettext("Code"), str(BY[asked.by]), gettext("Currency"), gettext("Open")]
    header += [bucket(ends) for ends in bucket_ends(asked.limits)]
    header += [gettext("Unapplied"), gettext("Held"), gettext("Oldest due"), gettext("Items")]
    money = len(asked.limits) + 5

    def rows():  # type: ignore[no-untyped-def]
        for row in found.rows:
            figures = row.figures
            amounts = (figures.total, *figures.buckets, figures.unapplied, figures.held)
            yield [
                "" if row.key == NO_KEY else row.key,
                row.label or no_label(asked.by),
                currency,
                *(decimal_text(amount, currency) for amount in amounts),
                figures.oldest.isoformat() if figures.oldest else "",
                str(figures.items),
            ]

    amounts = frozenset(range(3, 3 + money)) | {4 + money}
    name = f"aging-{asked.as_of.isoformat()}-{currency or 'none'}-by-{asked.by}"
    return answer(kind, name, header, rows(), amounts)
