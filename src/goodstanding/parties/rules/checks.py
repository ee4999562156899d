"""What a customer or contact must be to be stored: one at a time (refused) or by the file (faults)."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from goodstanding.kernel.errors import N_, Refused, RowFault
from goodstanding.kernel.money import MAXIMUM, exponent, suggest
from goodstanding.parties.rules.groups import in_circles
from goodstanding.parties.rules.terms import parse_terms
from goodstanding.parties.types import Contact, Details

LONGEST = {
    "code": 64, "name": 200, "parent": 64, "kind": 64, "territory": 64, "account_manager": 200, "terms": 64,
    "role": 200, "email": 254, "phone": 64, "language": 16, "channel": 32, "reason": 200, "title": 200,
}  # fmt: skip
STATUSES = ("active", "on_hold", "closed")  # what people may set; "merged" follows from a merge
DETAILS = tuple(each.name for each in fields(Details))

_EMAIL = re.compile(r"[^\s@,;:<>()\[\]\"\\]+@[^\s@,;:<>()\[\]\"\\]+\.[^\s@,;:<>()\[\]\"\\.]+")
_BIRTHDAY = re.compile(r"(?:(?P<year>19|20)\d\d-)?(?P<month>\d\d)-(?P<day>\d\d)")
_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_UNSTORABLE = {"Cc", "Cs", "Zl", "Zp"}  # control characters, half surrogate pairs, separators of lines


def is_line(text: str) -> bool:
    """Whether a text is one line of storable characters."""
    return text.isprintable() or not any(unicodedata.category(character) in _UNSTORABLE for character in text)


def check_line(name: str, text: str) -> str:
    """The text without outer blanks. Refused when too long or more than one line (a subject, a header …)."""
    if not is_line(text):
        raise Refused(
            "text", N_("{field}: {value} holds a character that can't be kept."), field=name, value=repr(text)
        )
    if len(text.strip()) > LONGEST[name]:
        raise Refused("text_too_long", N_("{field}: at most {longest} characters."), field=name, longest=LONGEST[name])
    return text.strip()


def check_code(code: str) -> str:
    """A customer's code without outer blanks. Refused when empty or unfit."""
    clean = check_line("code", code)
    if not clean:
        raise Refused("empty", N_("{field} can't be empty."), field="code")
    return clean


def check_names(names: Iterable[str]) -> None:
    """Refused "unknown_field" for what is no detail of a customer, whatever its value would be."""
    for name in names:
        if name not in DETAILS:
            raise Refused("unknown_field", N_("A customer has no {field}."), field=name)


def check_changes(changes: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
    """Changes to a customer's details, cleaned. Refused with the field's name when one is unfit.

    `currency` is the customer's once changed: a limit without one means nothing.
    """
    check_names(changes)
    clean = {name: check_line(name, value) if name in LONGEST else value for name, value in changes.items()}
    if clean.get("name") == "":
        raise Refused("empty", N_("{field} can't be empty."), field="name")
    if clean.get("currency"):
        exponent(clean["currency"])
    if clean.get("status", "active") not in STATUSES:
        raise Refused("status", N_("{value} is not a status of a customer."), value=repr(clean["status"]))
    if clean.get("terms") and parse_terms(clean["terms"]) is None:
        raise Refused(
            "terms", N_("{value} can't be read as terms; write for example net 30, 2/10 net 30 or 月结30天."),
            value=repr(clean["terms"]),
        )  # fmt: skip
    _check_limit(clean.get("credit_limit"), currency)
    return clean


def _check_limit(limit: object, currency: str) -> None:
    if limit is None:
        return
    if isinstance(limit, bool) or not isinstance(limit, int) or not 0 <= limit <= MAXIMUM:
        raise Refused("credit_limit", N_("{value} is not a credit limit."), value=repr(limit))
    if not currency:
        raise Refused("limit_without_currency", N_("A credit limit needs the customer's currency."))


def check_contact(contact: Contact) -> None:
    """Refuse a contact that can't be stored or written to."""
    for name in ("name", "role", "email", "phone", "language", "channel"):
        check_line(name, getattr(contact, name))
    if not contact.name.strip():
        raise Refused("empty", N_("{field} can't be empty."), field="name")
    if contact.email and not _EMAIL.fullmatch(contact.email):
        raise Refused("email", N_("{value} is not one e-mail address."), value=repr(contact.email))
    if contact.birthday_calendar not in ("", "solar", "lunar"):
        raise Refused("calendar", N_("{value} is not a calendar."), value=repr(contact.birthday_calendar))
    if contact.birthday and not is_birthday(contact.birthday, lunar=contact.birthday_calendar == "lunar"):
        raise Refused("birthday", N_("{value} is not a birthday: YYYY-MM-DD or MM-DD."), value=repr(contact.birthday))


def is_birthday(text: str, *, lunar: bool) -> bool:
    """Whether a text is YYYY-MM-DD or MM-DD; lunar months have 30 days at most."""
    found = _BIRTHDAY.fullmatch(text)
    if not found or not text.isascii() or not 1 <= int(found["month"]) <= 12:
        return False
    longest = 30 if lunar else _MONTHS[int(found["month"]) - 1]
    if not lunar and found["year"] and text[5:] == "02-29":
        year = int(text[:4])
        longest = 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 1 <= int(found["day"]) <= longest


def customer_faults(
    columns: Mapping[str, Sequence[Any]],
    *,
    known: Collection[str],
    parents: Mapping[str, str],
    merges: Mapping[str, str],
) -> list[RowFault]:
    """Everything in a file's customers that keeps them from being stored beside those in the database.

    `known` are the codes in the database, `parents` and `merges` its links from code to code. Each fault names the
    field as its column, and the row of the column `row` (else the place, the header being row 1).
    """
    faults = list(_cell_faults(columns))
    codes = columns["code"]
    either = {*codes, *known}
    for name, links in (("parent", parents), ("merged_into", merges)):
        targets = columns.get(name) or []
        linked = dict(links)
        for place, target in enumerate(targets):
            if target and target not in either:
                near = ", ".join(suggest(target, sorted(either))) if len(faults) < 50 else ""
                template = N_("there is no customer {value}; did you mean {suggestion}?")
                plain = N_("there is no customer {value}")
                faults.append(_fault(columns, place, name, target, template if near else plain, near))
            elif target and name == "merged_into" and links.get(codes[place], target) != target:
                faults.append(
                    _fault(columns, place, name, target, N_("the book merged this customer with another than {value}"))
                )
            elif target:
                linked[codes[place]] = target
        circles = in_circles(linked)
        for place, target in enumerate(targets):
            if target and codes[place] in circles:
                faults.append(_fault(columns, place, name, target, N_("{value} leads back to this customer itself")))
    return faults


def _cell_faults(columns: Mapping[str, Sequence[Any]]) -> Iterator[RowFault]:
    for name in columns.keys() & (LONGEST.keys() | {"currency", "credit_limit", "merged_into"}):
        longest = LONGEST.get(name)
        for place, value in enumerate(columns[name]):
            if not value and name in ("code", "name"):
                yield _fault(columns, place, name, "", N_("the cell is empty"))
            elif isinstance(value, str) and longest and len(value) > longest:
                yield _fault(columns, place, name, value[:20] + "…", N_("the text is too long"))
            elif isinstance(value, str) and not is_line(value):
                yield _fault(columns, place, name, value, N_("{value} holds a character that can't be kept"))
            elif name == "credit_limit" and value is not None and not 0 <= value <= MAXIMUM:
                yield _fault(columns, place, name, str(value), N_("{value} is not a credit limit"))
    merged_on = columns.get("merged_on") or [None] * len(columns["code"])
    for place, target in enumerate(columns.get("merged_into") or []):
        if target and merged_on[place] is None:
            yield _fault(columns, place, "merged_on", "", N_("a merge needs the day from which it counts"))


def _fault(columns: Mapping[str, Sequence[Any]], place: int, *words: str) -> RowFault:
    """A fault in one cell: `words` are column, value, template and, where there is one, a suggestion."""
    row = columns["row"][place] if "row" in columns else place + 2
    column, value, template = words[:3]
    return RowFault("customers", int(row), column, repr(value), template, suggestion="".join(words[3:]))
