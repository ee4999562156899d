"""Who may do what, and how an entry of the audit trail is sealed."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from goodstanding.access.types import SYSTEM_ROLE, Problem, Stored
from goodstanding.kernel.errors import N_

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

GENESIS = "0" * 64

VIEWS = frozenset({"view_book", "view_insight", "view_imports", "view_audit", "view_people"})
CUSTOMERS = frozenset(
    {"edit_customer", "set_credit_terms", "save_contact", "merge_customers", "assign_customers", "withdraw_any"}
)
RECORDS = frozenset({"write_note", "withdraw_note", "attach_file", "withdraw_file"})
CASH = frozenset({"record_payment", "match_items", "undo_match"})
HOLDS = frozenset({"place_hold", "release_hold"})
LEDGER = CASH | HOLDS | {"record_item", "reverse_item", "write_off", "close_period"}
PROMISES = frozenset({"make_promise", "renew_promise", "withdraw_promise", "keep_promise"})
TOUCHES = frozenset({"record_touch", "withdraw_touch"})
LETTERS = frozenset({"write_message", "make_paper"})
WORK = PROMISES | TOUCHES | LETTERS | {"work_decision"}
COLLECTING = frozenset(
    {"run_collections", "send_correspondence", "settle_message", "charge_late_fee", "waive_late_fee"}
)
SETTING = frozenset({"set_strategy", "set_template", "set_rates", "set_late_interest"})
POLICY = frozenset({"set_policy", "set_calendar"})
BOOK = frozenset({"import_book", "undo_import", "save_mapping", "export_book", "run_nightly"})
PEOPLE = frozenset({"create_person", "edit_person", "set_roles", "set_team", "set_password", "reset_sign_in"})

OWN = frozenset({"save_view", "own_sign_in"})  # what is everybody's own

ACTIONS = (
    VIEWS | OWN | {"share_view"} | CUSTOMERS | RECORDS | LEDGER | POLICY | BOOK | PEOPLE | WORK | COLLECTING | SETTING
)

PERMISSIONS: dict[str, frozenset[str]] = {
    SYSTEM_ROLE: ACTIONS,
    "owner": ACTIONS,
    "administrator": VIEWS | OWN | PEOPLE | POLICY | BOOK | {"share_view"},
    "credit_manager": (
        CUSTOMERS
        | RECORDS
        | LEDGER
        | POLICY
        | BOOK
        | OWN
        | WORK
        | COLLECTING
        | SETTING
        | {"share_view"}
        | (VIEWS - {"view_people"})
    ),
    "collector": RECORDS | CASH | HOLDS | OWN | WORK | {"view_book", "save_contact", "settle_message"},
    "account_manager": RECORDS | OWN | WORK | {"view_book", "edit_customer", "save_contact", "place_hold"},
    "service_agent": RECORDS | HOLDS | OWN | PROMISES | TOUCHES | LETTERS | {"view_book", "save_contact"},
    "cashier": RECORDS | CASH | OWN | {"view_book", "record_item"},
    "auditor": VIEWS | OWN | {"export_book"},  # reads everything, changes nothing
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


def may_manage(roles: Collection[str], *, theirs: Collection[str]) -> bool:
    """Whether someone with `roles` may give or take `theirs`, or act on people who have them.

    Only an owner makes or unmakes owners: else an administrator could become one.
    """
    return "owner" not in theirs or not {"owner", SYSTEM_ROLE}.isdisjoint(roles)


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


class Inspection:
    """Checks a trail entry by entry against its anchor: `see` each one in order, then `missing`.

    `intended` holds the hashes that were about to be committed, by sequence; `done` those that were.
    """

    def __init__(self, intended: Mapping[int, Collection[str]], done: Mapping[int, str]) -> None:
        self.intended = intended
        self.done = done
        self.sequence = 0
        self.hash = GENESIS

    def see(self, entry: Stored) -> Iterator[Problem]:
        """What is wrong with the next entry."""
        if entry.sequence != self.sequence + 1:
            yield Problem(
                self.sequence + 1,
                N_("Entry {sequence} is not where it belongs: {detail} stands there."),
                repr(entry.sequence),
            )
        if entry.previous != self.hash:
            yield Problem(self.sequence + 1, N_("Entry {sequence} does not follow from the one before it."))
        if reseal(entry) != entry.hash:
            yield Problem(self.sequence + 1, N_("Entry {sequence} is not as it was written."))
        if entry.hash not in self.intended.get(entry.sequence, ()):
            yield Problem(
                self.sequence + 1, N_("Entry {sequence} is not in the anchor: it was not written by an action.")
            )
        if self.done.get(entry.sequence, entry.hash) != entry.hash:
            yield Problem(self.sequence + 1, N_("Entry {sequence} is not the one that the anchor names."))
        self.sequence += 1
        self.hash = entry.hash

    def missing(self) -> Iterator[Problem]:
        """Entries that the anchor saw committed and that the trail doesn't have."""
        for sequence in sorted(self.done):
            if sequence > self.sequence:
                yield Problem(sequence, N_("Entry {sequence} was committed and is gone."))


def reseal(entry: Stored) -> str:
    """The hash that the entry as stored should have; "" when its parts aren't even readable."""
    texts = (entry.at, entry.actor, entry.action, entry.subject, entry.previous)
    if not all(isinstance(text, str) for text in texts):
        return ""
    try:
        before, after = _value(entry.before), _value(entry.after)
        return seal([entry.sequence, entry.at, entry.actor, entry.action, entry.subject, before, after, entry.previous])
    except (ValueError, TypeError, RecursionError):
        return ""


def _value(text: str | None) -> Json:
    """The value that a stored JSON text means; ValueError when a database wouldn't have written it so."""
    if text is None:
        return None
    value: Json = json.loads(text)
    if value is None or text not in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        raise ValueError("not the text of a value")
    return value
