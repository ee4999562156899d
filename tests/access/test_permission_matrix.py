"""Who may do what: every role × every action, written out once more by hand, and asked of the frame itself."""

from datetime import UTC, datetime

import pytest

from goodstanding.access.models import AuditEntry, Role
from goodstanding.access.rules import ACTIONS, PERMISSIONS, VIEWS, may_manage, permits, sees_all
from goodstanding.access.types import SYSTEM, SYSTEM_ROLE, Actor
from goodstanding.actions.base import acting
from goodstanding.kernel.errors import NotAllowed

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
# Columns: credit manager, collector, account manager, service agent, cashier, owner, auditor, administrator.
ORDER = (
    Role.CREDIT_MANAGER,
    Role.COLLECTOR,
    Role.ACCOUNT_MANAGER,
    Role.SERVICE_AGENT,
    Role.CASHIER,
    Role.OWNER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
MATRIX = """
view_book         x x x x x x x x
view_imports      x . . . . x x x
view_audit        x . . . . x x x
view_insight      x . . . . x x x
view_people       . . . . . x x x
edit_customer     x . x . . x . .
set_credit_terms  x . . . . x . .
save_contact      x x x x . x . .
save_view         x x x x x x x x
own_sign_in       x x x x x x x x
reset_sign_in     . . . . . x . x
share_view        x . . . . x . x
assign_customers  x . . . . x . .
merge_customers   x . . . . x . .
write_note        x x x x x x . .
withdraw_note     x x x x x x . .
attach_file       x x x x x x . .
withdraw_file     x x x x x x . .
withdraw_any      x . . . . x . .
record_item       x . . . x x . .
record_payment    x x . . x x . .
match_items       x x . . x x . .
undo_match        x x . . x x . .
reverse_item      x . . . . x . .
place_hold        x x x x . x . .
release_hold      x x . x . x . .
write_off         x . . . . x . .
close_period      x . . . . x . .
make_promise      x x x x . x . .
renew_promise     x x x x . x . .
withdraw_promise  x x x x . x . .
keep_promise      x x x x . x . .
record_touch      x x x x . x . .
withdraw_touch    x x x x . x . .
write_message     x x x x . x . .
make_paper        x x x x . x . .
work_decision     x x x . . x . .
run_collections   x . . . . x . .
send_correspondence x . . . . x . .
settle_message    x x . . . x . .
charge_late_fee   x . . . . x . .
waive_late_fee    x . . . . x . .
set_strategy      x . . . . x . .
set_template      x . . . . x . .
set_rates         x . . . . x . .
set_late_interest x . . . . x . .
set_policy        x . . . . x . x
set_calendar      x . . . . x . x
import_book       x . . . . x . x
undo_import       x . . . . x . x
save_mapping      x . . . . x . x
export_book       x . . . . x x x
run_nightly       x . . . . x . x
create_person     . . . . . x . x
edit_person       . . . . . x . x
set_password      . . . . . x . x
set_roles         . . . . . x . x
set_team          . . . . . x . x
"""
ROWS = {line.split()[0]: line.split()[1:] for line in MATRIX.strip().splitlines()}
CELLS = [(action, role, marks[column] == "x") for action, marks in ROWS.items() for column, role in enumerate(ORDER)]


def test_the_matrix_is_complete() -> None:
    assert set(ROWS) == ACTIONS
    assert set(ORDER) == set(Role)
    assert set(PERMISSIONS) == {role.value for role in Role} | {SYSTEM_ROLE}
    assert all(granted <= ACTIONS for granted in PERMISSIONS.values())


@pytest.mark.django_db
@pytest.mark.parametrize(("action", "role", "allowed"), CELLS)
def test_role_and_action(action: str, role: Role, allowed: bool) -> None:
    actor = Actor(id=7, name="Li", roles=frozenset({role.value}))
    ran = False
    try:
        with acting(action, actor=actor, now=NOW) as audit:
            ran = True
            audit("customer C1", None, {"x": 1})
    except NotAllowed as refusal:
        assert refusal.params == {"action": action}
    assert ran is allowed
    assert AuditEntry.objects.count() == int(allowed)


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_nobody_without_a_role_and_the_machine_everything(action: str) -> None:
    assert not permits(frozenset(), action)
    assert not permits({"a role of yesterday"}, action)
    assert permits(SYSTEM.roles, action)


def test_roles_add_up() -> None:
    assert permits({"cashier", "collector"}, "place_hold")
    assert permits({"cashier", "collector"}, "record_item")


def test_an_unlisted_action_is_a_mistake_and_not_a_refusal() -> None:
    with pytest.raises(ValueError, match="unknown action"):
        permits({"owner"}, "delete_everything")


def test_the_auditor_only_reads() -> None:
    assert PERMISSIONS["auditor"] - VIEWS == {
        "export_book",
        "save_view",
        "own_sign_in",
    }  # views are how they like to look


def test_who_sees_all() -> None:
    assert {role.value for role in Role if sees_all({role.value})} == {
        "owner",
        "auditor",
        "administrator",
        "credit_manager",
    }


def test_only_owners_make_or_unmake_owners() -> None:
    assert not may_manage({"administrator"}, theirs={"owner", "cashier"})
    assert may_manage({"administrator"}, theirs={"administrator", "cashier"})
    assert may_manage({"owner"}, theirs={"owner"})
    assert may_manage(SYSTEM.roles, theirs={"owner"})
