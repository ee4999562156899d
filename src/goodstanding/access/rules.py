"""Who may do what, and how an entry of the audit trail is sealed."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime

from goodstanding.access.types import SYSTEM_ROLE

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

GENESIS = "0" * 64

VIEWS = frozenset({"view_book", "view_imports", "view_audit", "view_people"})
CUSTOMERS = frozenset({"edit_customer", "save_contact", "merge_customers"})
CASH = frozenset({"record_payment", "match_items", "undo_match"})
HOLDS = frozenset({"place_hold", "release_hold"})
LEDGER = CASH | HOLDS | {"record_item", "reverse_item", "write_off", "close_period"}
BOOK = frozenset({"import_book", "undo_import", "save_mapping", "export_book", "run_nightly"})
PEOPLE = frozenset({"create_person", "edit_person", "set_roles", "set_team", "set_password"})

ACTIONS = VIEWS | CUSTOMERS | LEDGER | BOOK | PEOPLE

PERMISSIONS: dict[str, frozenset[str]] = {
    SYSTEM_ROLE: ACTIONS,
    "owner": ACTIONS,
    "administrator": VIEWS | PEOPLE | BOOK,
    "credit_manager": CUSTOMERS | LEDGER | BOOK | {"view_book", "view_imports", "view_audit"},
    "collector": CASH | HOLDS | {"view_book", "save_contact"},
    "account_manager": frozenset({"view_book", "edit_customer", "save_contact", "place_hold"}),
    "service_agent": HOLDS | {"view_book", "save_contact"},
    "cashier": CASH | {"view_book", "record_item"},
    "auditor": VIEWS | {"export_book"},  # reads everything, changes nothing
}
ALL_SEEING = frozenset({SYSTEM_ROLE, "owner", "auditor", "administrator", "credit_manager"})


def permits(roles: Collection[str], action: str) -> bool:
    """Whether any of the roles may do the action. ValueError for an action nobody has heard of."""
    if action not in ACTIONS:
        raise ValueError(f"unknown action {action!r}: list it in access/rules.py")
    return any(action in PERMISSIONS.get(role, frozenset()) for role in roles)


def sees_all(roles: Collection[str]) -> bool:
    """Whether the roles see every customer whatever the teams."""
    return not ALL_SEEING.isdisjoint(roles)


def plain(value: object) -> Json:
    """A value as the audit trail keeps it: JSON without floats, keys sorted, days as text.

    What no database can store (NUL, half of a surrogate pair) becomes U+FFFD. TypeError for anything else,
    floats included: an amount is whole minor units, and a float would not come back the same everywhere.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {clean_text(str(key)): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes | bytearray | memoryview):
        return [plain(each) for each in (sorted(value) if isinstance(value, set | frozenset) else value)]
    raise TypeError(f"the audit trail can't keep a {type(value).__name__}")


def clean_text(text: str) -> str:
    """The text with NUL and lone surrogates replaced by U+FFFD."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def moment(at: datetime) -> str:
    """A moment as UTC text with microseconds, `2026-01-31 23:59:59.000000`. ValueError without a time zone."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def seal(body: Sequence[Json]) -> str:
    """The hash of an entry: SHA-256 over its sequence, moment, actor, action, subject, before, after, previous."""
    text = json.dumps(list(body), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
