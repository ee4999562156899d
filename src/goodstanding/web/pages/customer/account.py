"""The account of a customer: every item with the balance after it, one currency at a time, on paper and as a file."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext

from goodstanding.kernel.money import decimal_text
from goodstanding.parties.types import Customer
from goodstanding.reports.customer import Line
from goodstanding.web import words
from goodstanding.web.downloads import answer

PAGE = 100


def _currencies(lines: Sequence[Line]) -> list[str]:
    """The currencies of an account, the most used first."""
    counted: dict[str, int] = {}
    for line in lines:
        counted[line.item.currency] = counted.get(line.item.currency, 0) + 1
    return sorted(counted, key=lambda code: (-counted[code], code))


def account_part(lines: Sequence[Line], query: QueryDict, here: str, day: dict[str, str]) -> dict[str, Any]:
    """What the tab shows: the newest lines first, in pages; the balance brought forward is that of the line before."""
    currencies = _currencies(lines)
    currency = query.get("currency", "")
    currency = currency if currency in currencies else next(iter(currencies), "")
    mine = [line for line in lines if line.item.currency == currency]
    asked = query.get("page", "1")
    last = max((len(mine) - 1) // PAGE + 1, 1)
    page = min(int(asked), last) if asked.isascii() and asked.isdigit() and len(asked) < 7 and int(asked) else 1
    end = len(mine) - (page - 1) * PAGE
    start = max(end - PAGE, 0)

    def address(**changes: object) -> str:
        given = {**day, "currency": currency if len(currencies) > 1 else "", **changes}
        text = urlencode({name: value for name, value in given.items() if value})
        return here + (f"?{text}" if text else "")

    return {
        "currency": currency,
        "tabs": [
            {"currency": code, "current": code == currency, "href": address(currency=code)} for code in currencies
        ],
        "lines": [
            {
                "date": line.date,
                "item": line.item,
                "other": line.other,
                "debit": line.amount if line.amount > 0 else None,
                "credit": -line.amount if line.amount < 0 else None,
                "balance": line.balance,
                "open": None if line.other else line.item.sign * line.item.open,
            }
            for line in reversed(mine[start:end])
        ],
        "brought": mine[start - 1].balance if start else 0,
        "balance": mine[-1].balance if mine else 0,
        "first": len(mine) - end + 1,
        "last": len(mine) - start,
        "total": len(mine),
        "before": address(page=page - 1) if page > 1 else "",
        "after": address(page=page + 1) if page < last else "",
        "csv": address(format="csv", currency=currency),
        "xlsx": address(format="xlsx", currency=currency),
    }


def download(kind: str, customer: Customer, lines: Sequence[Line], currency: str, as_of: date) -> HttpResponse:
    """The whole account in one currency as a file, oldest first."""
    currencies = _currencies(lines)
    currency = currency if currency in currencies else next(iter(currencies), "")
    header = [gettext(word) for word in ("Date", "Item", "Kind", "Due", "Reference", "Customer", "Currency")]
    header += [gettext(word) for word in ("Debit", "Credit", "Balance", "Open")]
    rows = (_cells(line) for line in lines if line.item.currency == currency)
    name = f"account-{customer.code}-{as_of.isoformat()}-{currency or 'none'}"
    return answer(kind, name, header, rows, frozenset({7, 8, 9, 10}))


def _cells(line: Line) -> list[str]:
    item = line.item
    debit = decimal_text(line.amount, item.currency) if line.amount > 0 else ""
    credit = decimal_text(-line.amount, item.currency) if line.amount < 0 else ""
    return [
        line.date.isoformat(),
        item.number,
        words.kind(item.kind, item.entry),
        item.due.isoformat() if item.sign > 0 and not line.other else "",
        item.reference,
        line.other or item.customer,
        item.currency,
        debit,
        credit,
        decimal_text(line.balance, item.currency),
        "" if line.other else decimal_text(item.sign * item.open, item.currency),
    ]
