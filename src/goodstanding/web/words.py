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
FILE_KINDS = {
    "contract": _("Contract"),
    "licence": _("Licence"),
    "delivery": _("Proof of delivery"),
    "confirmation": _("Confirmed balance"),
    "letter": _("Letter"),
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
    "promises": _("Promises"),
    "promise_items": _("What promises are about"),
    "touches": _("Touches"),
    "demands": _("What was asked before"),
}


STATUSES = {
    "active": _("Active"),
    "on_hold": _("On hold"),
    "closed": _("Closed"),
    "merged": _("Merged"),
}
DIMENSIONS = {"value": _("Value"), "rfm": _("RFM"), "behaviour": _("Payment behaviour")}
LABELS = {
    "prompt": _("prompt"),
    "fair": _("fair"),
    "slow": _("slow"),
    "late": _("late"),
    "unknown": _("unknown"),
}
TONES = {"prompt": "jade", "fair": "indigo", "slow": "amber", "late": "red", "A": "jade", "B": "indigo"}
FACTS = {
    "name": _("Name"),
    "parent": _("Group"),
    "kind": _("Kind"),
    "territory": _("Territory"),
    "account_manager": _("Account manager"),
    "currency": _("Currency"),
    "terms": _("Terms"),
    "credit_limit": _("Credit limit"),
    "since": _("Customer since"),
    "status": _("Status"),
    "role": _("Role"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "birthday": _("Birthday"),
    "birthday_calendar": _("Calendar of the birthday"),
    "language": _("Language"),
    "channel": _("Preferred channel"),
    "may_contact": _("May be contacted"),
    "buckets": _("Buckets"),
    "tolerances": _("Tolerances"),
    "country": _("Country"),
    "rest_days": _("Weekly rest days"),
    "working": _("Working day"),
}
ACTIONS = {
    "edit_customer": _("Customer changed"),
    "assign_customers": _("Assigned to many"),
    "save_view": _("View shared or taken back"),
    "merge_customers": _("Customers merged"),
    "save_contact": _("Contact saved"),
    "write_note": _("Note written"),
    "withdraw_note": _("Note withdrawn"),
    "attach_file": _("File attached"),
    "withdraw_file": _("File withdrawn"),
    "record_item": _("Document recorded"),
    "record_payment": _("Payment recorded"),
    "match_items": _("Matched by hand"),
    "undo_match": _("Match undone"),
    "reverse_item": _("Item reversed"),
    "write_off": _("Written off"),
    "place_hold": _("Hold placed"),
    "release_hold": _("Hold ended"),
    "close_period": _("Books closed or reopened"),
    "set_policy": _("Buckets or tolerances changed"),
    "set_calendar": _("Working days changed"),
    "save_mapping": _("Column mapping changed"),
    "import_book": _("File imported"),
    "undo_import": _("Import undone"),
    "export_book": _("Book exported"),
    "run_nightly": _("Nightly run"),
    "create_person": _("Person added"),
    "edit_person": _("Person changed"),
    "set_password": _("Password changed"),
    "own_sign_in": _("Own sign-in changed"),
    "reset_sign_in": _("Sign-in of somebody reset"),
    "set_roles": _("Roles changed"),
    "set_team": _("Team changed"),
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
