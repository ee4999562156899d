"""The statement of account that a customer gets: on the page, on paper and as a file, in the customer's language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from goodstanding.actions.base import require
from goodstanding.actions.make_statements import file_name, paying
from goodstanding.kernel.days import month_end
from goodstanding.kernel.money import decimal_text
from goodstanding.outbound.paper import render
from goodstanding.parties import queries as parties
from goodstanding.parties.types import Contact, Customer
from goodstanding.receivables.policy import policy
from goodstanding.reports import customer as report
from goodstanding.reports.aging_types import bucket_ends
from goodstanding.reports.papers import statement_sheet, whole_month
from goodstanding.reports.statement import Statement, statements
from goodstanding.web import aging as shapes
from goodstanding.web import words
from goodstanding.web.downloads import answer
from goodstanding.web.frame import FIRST_DAY, AsOf, as_of
from goodstanding.web.pages.customer.header import page
from goodstanding.web.pages.customer.papers import pdf
from goodstanding.web.templatetags.desk import bucket

TONGUES = {"en": "English", "zh-hans": "中文"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asked for: from which day, for whom, in which language. `wrong` is a first day that is none."""

    first: date
    day: AsOf
    contact: Contact | None
    tongue: str
    wrong: str = ""


@require_safe
def statement(request: HttpRequest, number: int) -> HttpResponse:
    """The statement from a day to the day looked at, or the same as a file."""
    if request.GET.get("format") in ("csv", "xlsx", "pdf"):
        require(request.actor, "view_book")
        customer = parties.customer_by_id(request.actor, number)
        wanted = _wanted(request, parties.contacts(request.actor, customer.code))
        found = statements(report.members(customer, wanted.day.day), wanted.first, wanted.day.day)
        if request.GET["format"] == "pdf":
            return _paper(customer, wanted, found)
        return _download(request.GET["format"], customer, wanted, found)

    def part(customer: Customer, ids: list[int], day: date) -> dict[str, Any]:
        contacts = parties.contacts(request.actor, customer.code)
        wanted = _wanted(request, contacts)
        found = statements(ids, wanted.first, day, policy().limits)
        return {"sheet": _sheet(customer, wanted, found), "found": found, **_choices(request, wanted, contacts)}

    return page(request, number, "statement", part)


def _wanted(request: HttpRequest, contacts: Sequence[Contact]) -> Wanted:
    day = as_of(request)
    asked, first, wrong = request.GET.get("from", "").strip()[:40], whole_month(day.day), ""
    if asked:
        try:
            given = date.fromisoformat(asked)
        except ValueError:
            wrong = asked
        else:
            first, wrong = (given, "") if FIRST_DAY <= given <= day.day else (first, asked)
    named = next((each for each in contacts if each.name == request.GET.get("contact")), paying(contacts))
    contact = None if request.GET.get("contact") == "-" else named
    own = translation.get_language() or "en"
    if contact and contact.language:
        own = "zh-hans" if contact.language.lower().startswith("zh") else "en"
    tongue = request.GET.get("lang", "")
    return Wanted(first, day, contact, tongue if tongue in TONGUES else own, wrong)


def _choices(request: HttpRequest, wanted: Wanted, contacts: Sequence[Contact]) -> dict[str, Any]:
    """What the form above the sheet offers, and the addresses of the files."""
    asked = {name: request.GET[name] for name in ("contact", "lang") if request.GET.get(name)}

    def address(first: date, last: date, **more: str) -> str:
        given = {"from": first.isoformat(), **asked, **more}
        if last != wanted.day.today:
            given["as_of"] = last.isoformat()
        return f"{request.path}?{urlencode(given)}"

    last = wanted.day.day
    return {
        "wanted": wanted,
        "contacts": contacts,
        "tongues": TONGUES,
        "shortcuts": [
            {"label": label, "href": address(*ends), "current": ends == (wanted.first, last)}
            for label, ends in _periods(wanted.day.today)
        ],
        "csv": address(wanted.first, last, format="csv"),
        "xlsx": address(wanted.first, last, format="xlsx"),
        "pdf": address(wanted.first, last, format="pdf"),
    }


def _periods(today: date) -> list[tuple[Any, tuple[date, date]]]:
    """Periods that are often asked for."""
    month, year = today.replace(day=1), date(today.year, 1, 1)
    before = date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    return [
        (_("Last month"), (before, month_end(before))),
        (_("This month"), (month, today)),
        (_("This quarter"), (quarter, today)),
        (_("This year"), (year, today)),
        (_("Last year"), (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))),
    ]


def _sheet(customer: Customer, wanted: Wanted, found: Sequence[Statement]) -> str:
    """The paper itself, in its own language whatever the desk's is."""
    limits = policy().limits
    with translation.override(wanted.tongue):
        context = {
            "customer": customer,
            "wanted": wanted,
            "as_of": wanted.day,
            "parts": [_part(each, limits) for each in found],
        }
        return render_to_string("pages/customer/sheet.html", context)


def _part(each: Statement, limits: tuple[int, ...]) -> dict[str, Any]:
    figures = each.figures
    ages = []
    if figures:
        ends = bucket_ends(limits)
        ages = [
            {"label": bucket(end), "amount": amount, "shade": shapes.shade(at, len(ends))}
            for at, (end, amount) in enumerate(zip(ends, figures.buckets, strict=True))
        ]
        if figures.unapplied:
            ages.append({"label": gettext("Unapplied"), "amount": figures.unapplied, "shade": "au"})
    return {
        "statement": each,
        "currency": each.currency,
        "lines": [_cells_of(line) for line in each.lines],
        "items": [{"item": item, "open": item.sign * item.open} for item in each.items],
        "ages": ages,
        "bar": shapes.bar(figures.buckets) if figures else [],
        "bar_label": shapes.bar_label(figures, limits) if figures else "",
    }


def _cells_of(line: report.Line) -> dict[str, Any]:
    return {
        "line": line,
        "item": line.item,
        "due": line.item.due if line.item.sign > 0 and not line.other else None,
        "debit": line.amount if line.amount > 0 else None,
        "credit": -line.amount if line.amount < 0 else None,
    }


def _paper(customer: Customer, wanted: Wanted, found: Sequence[Statement]) -> HttpResponse:
    """The statement as PDF, in its own language."""
    with translation.override(wanted.tongue):
        sheet = statement_sheet(customer, wanted.contact, found, wanted.first, wanted.day.day, policy().limits)
    return pdf(render("statement", sheet, wanted.tongue), file_name(customer, wanted.day.day))


def _download(kind: str, customer: Customer, wanted: Wanted, found: Sequence[Statement]) -> HttpResponse:
    """The whole statement as a file: each currency from its opening to its closing balance."""
    last = wanted.day.day
    name = f"statement-{customer.code}-{wanted.first.isoformat()}-{last.isoformat()}"
    with translation.override(wanted.tongue):
        header = [gettext(word) for word in ("Currency", "Date", "Kind", "Number", "Reference", "Customer", "Due")]
        header += [gettext(word) for word in ("Debit", "Credit", "Balance")]
        rows = [row for each in found for row in _rows(each, wanted.first, last)]
        return answer(kind, name, header, rows, frozenset({7, 8, 9}))


def _rows(each: Statement, first: date, last: date) -> Iterator[list[str]]:
    def total(day: date, word: str, amount: int) -> list[str]:
        return [each.currency, day.isoformat(), word, "", "", "", "", "", "", decimal_text(amount, each.currency)]

    yield total(first, gettext("Opening balance"), each.opening)
    for line in each.lines:
        item, size = line.item, decimal_text(abs(line.amount), each.currency)
        yield [
            each.currency,
            line.date.isoformat(),
            words.kind(item.kind, item.entry),
            item.number,
            item.reference,
            line.other or item.customer,
            item.due.isoformat() if item.sign > 0 and not line.other else "",
            size if line.amount > 0 else "",
            size if line.amount < 0 else "",
            decimal_text(line.balance, each.currency),
        ]
    yield total(last, gettext("Closing balance"), each.closing)
