"""The words of the field for what the book stores as codes; those of docs/glossary.md."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "invoice": _("Invoice"),
    "debit_note": _("Debit note"),
    "credit_note": _("Credit note"),
    "payment": _("Payment"),
    "refund": _("Refund"),
    "write_off": _("Write-off"),
    "recovery": _("Recovery"),
    "late_fee": _("Late fee"),
    "opening": _("Opening balance"),
}
REASONS = {
    "dispute": _("Dispute"),
    "promise": _("Promise to pay"),
    "own_promise": _("Promise of ours"),
    "discount": _("Discount"),
    "tolerance": _("Tolerance"),
    "bad_debt": _("Bad debt"),
    "opening": _("Opening balance"),
    "other": _("Other"),
}
TABLES = {
    "customers": _("Customers"),
    "contacts": _("Contacts"),
    "items": _("Items"),
    "matches": _("Matches"),
    "holds": _("Holds"),
    "releases": _("Ended holds"),
    "periods": _("Closed periods"),
}


ACTORS = {"terminal": _("Terminal"), "nightly": _("Nightly run")}  # who acts without being a person


def kind(code: str, entry: int = 1) -> str:
    """An item's kind; an even entry is a reversal."""
    name = str(KINDS.get(code, code))
    return str(_("%(kind)s, reversed")) % {"kind": name} if entry % 2 == 0 else name


def reason(code: str) -> str:
    """Why; what nobody has words for is shown as it stands."""
    return str(REASONS.get(code, code.replace("_", " ")))


DATE_ORDERS = {
    "ymd": _("year, month, day"),
    "dmy": _("day, month, year"),
    "mdy": _("month, day, year"),
}
