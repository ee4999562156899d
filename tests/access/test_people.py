"""People, roles and teams: what the actions change, refuse and write down."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from goodstanding.access.models import AuditEntry, Person, PersonRole, Team
from goodstanding.access.queries import actor_of, people, person_by_username, teams, trail, verify_chain
from goodstanding.access.types import SYSTEM, Actor
from goodstanding.actions.create_person import create_person
from goodstanding.actions.edit_person import edit_person, set_password
from goodstanding.actions.set_roles import set_roles
from goodstanding.actions.set_team import set_team
from goodstanding.kernel.errors import NotAllowed, NotFound, Refused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PASSWORD = "kettle-and-steam-42"


def add(username: str, *roles: str, actor: Actor = SYSTEM, name: str = "") -> Actor:
    create_person(actor=actor, now=NOW, username=username, name=name or username, password=PASSWORD, roles=roles)
    return actor_of(person_by_username(username))


def test_a_person_can_sign_in_and_the_trail_never_has_the_password() -> None:
    add("wang", "collector", "cashier", name="王芳")
    person = Person.objects.get(username="wang")
    assert person.check_password(PASSWORD) and person.password.startswith("argon2")
    assert person.date_joined == NOW and not person.is_superuser and not person.is_staff
    (entry,) = trail(subject="person wang")
    assert entry.after == {"id": person.pk, "name": "王芳", "roles": ["cashier", "collector"]}
    set_password(actor=SYSTEM, now=NOW, username="wang", password="another-kettle-43")
    person.refresh_from_db()
    assert person.check_password("another-kettle-43")
    kept = str(list(AuditEntry.objects.values()))
    assert "kettle" not in kept and "argon2" not in kept
    assert verify_chain() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"username": "wang"}, "bad_person"),
        ({"username": ""}, "bad_person"),
        ({"username": "a b"}, "bad_person"),
        ({"username": "x" * 151}, "bad_person"),
        ({"password": "short"}, "weak_password"),
        ({"password": "passwordpassword"[:8]}, "weak_password"),
        ({"roles": ["emperor"]}, "unknown_role"),
        ({"roles": ["system"]}, "unknown_role"),
    ],
)
def test_unfit_people_are_refused(change: dict[str, object], code: str) -> None:
    add("wang", "collector")
    given = {"username": "zhao", "name": "Zhao", "password": PASSWORD, "roles": ["cashier"], **change}
    with pytest.raises(Refused) as refusal, transaction.atomic():
        create_person(actor=SYSTEM, now=NOW, **given)
    assert refusal.value.code == code
    assert refusal.value.message
    assert Person.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_roles_are_replaced_and_told() -> None:
    add("boss", "owner")
    add("wang", "collector", "cashier")
    set_roles(actor=SYSTEM, now=NOW, username="wang", roles=["cashier", "auditor"])
    assert actor_of(person_by_username("wang")).roles == {"cashier", "auditor"}
    newest = trail()[0]
    assert (newest.action, newest.before, newest.after) == (
        "set_roles",
        {"roles": ["cashier", "collector"]},
        {"roles": ["auditor", "cashier"]},
    )
    set_roles(actor=SYSTEM, now=NOW, username="wang", roles=["auditor", "cashier"])
    assert len(trail()) == 3, "what changes nothing is not told"


def test_an_administrator_can_not_become_an_owner() -> None:
    add("boss", "owner")
    admin = add("admin", "administrator")
    for attempt in (
        lambda: set_roles(actor=admin, now=NOW, username="admin", roles=["administrator", "owner"]),
        lambda: set_roles(actor=admin, now=NOW, username="boss", roles=[]),
        lambda: create_person(actor=admin, now=NOW, username="x", name="", password=PASSWORD, roles=["owner"]),
        lambda: set_password(actor=admin, now=NOW, username="boss", password=PASSWORD),
        lambda: edit_person(actor=admin, now=NOW, username="boss", name="Boss", active=False),
    ):
        with pytest.raises(NotAllowed), transaction.atomic():
            attempt()
    assert actor_of(person_by_username("boss")).roles == {"owner"}
    assert Person.objects.count() == 2


def test_somebody_who_manages_people_remains() -> None:
    boss = add("boss", "owner")
    add("admin", "administrator")
    set_roles(actor=boss, now=NOW, username="admin", roles=["cashier"])
    with pytest.raises(Refused) as refusal, transaction.atomic():
        set_roles(actor=boss, now=NOW, username="boss", roles=["collector"])
    assert refusal.value.code == "last_manager"
    with pytest.raises(Refused) as refusal, transaction.atomic():
        edit_person(actor=boss, now=NOW, username="boss", name="Boss", active=False)
    assert refusal.value.code == "last_manager"
    assert PersonRole.objects.filter(person__username="boss", role="owner").exists()
    assert person_by_username("boss").is_active


def test_who_left_is_nobody() -> None:
    add("boss", "owner")
    add("wang", "collector")
    edit_person(actor=SYSTEM, now=NOW, username="wang", name="Wang Fang", active=False)
    with pytest.raises(NotAllowed):
        actor_of(person_by_username("wang"))
    assert [(p.username, p.name, p.active) for p in people()] == [("boss", "boss", True), ("wang", "Wang Fang", False)]


def test_unknown_people() -> None:
    for attempt in (
        lambda: person_by_username("nobody"),
        lambda: set_roles(actor=SYSTEM, now=NOW, username="nobody", roles=[]),
        lambda: edit_person(actor=SYSTEM, now=NOW, username="nobody", name="", active=True),
        lambda: set_password(actor=SYSTEM, now=NOW, username="nobody", password=PASSWORD),
        lambda: set_team(actor=SYSTEM, now=NOW, name="North", members=["nobody"], territories=[]),
    ):
        with pytest.raises(NotFound), transaction.atomic():
            attempt()
    assert Team.objects.count() == 0


def test_teams_hide_their_territories_from_others() -> None:
    north, south, boss = add("north", "collector"), add("south", "collector"), add("boss", "owner")
    assert north.sees("North") and north.hidden_territories == frozenset()
    set_team(actor=boss, now=NOW, name="N", members=["north"], territories=["North", "East"])
    set_team(actor=boss, now=NOW, name="S", members=["south"], territories=["South"])
    north, south, boss = (actor_of(person_by_username(each)) for each in ("north", "south", "boss"))
    assert (north.territories, north.hidden_territories) == ({"North", "East"}, {"South"})
    assert (south.territories, south.hidden_territories) == ({"South"}, {"North", "East"})
    assert boss.territories is None
    assert [north.sees(t) for t in ("North", "South", "West", "")] == [True, False, True, True]
    assert all(boss.sees(t) for t in ("North", "South", "West", ""))
    with pytest.raises(Refused) as refusal, transaction.atomic():
        set_team(actor=SYSTEM, now=NOW, name="S", members=[], territories=["North"])
    assert refusal.value.code == "territory_taken"
    set_team(actor=SYSTEM, now=NOW, name="N", members=["north", "south"], territories=["North"])
    assert [(t.name, t.members, t.territories) for t in teams()] == [
        ("N", ("north", "south"), ("North",)),
        ("S", ("south",), ("South",)),
    ]
    assert trail(subject="team N")[0].before == {"members": ["north"], "territories": ["East", "North"]}
    assert len(people()) == 3 and people()[2].teams == ("N", "S")
