"""Writes of access, inside the caller's transaction: the audit trail, people, roles and teams."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from goodstanding.access import anchor
from goodstanding.access.models import AuditEntry, Person, PersonRole, Role, SavedView, Team, TeamTerritory
from goodstanding.access.rules import GENESIS, PERMISSIONS, clean_text, moment, plain, seal
from goodstanding.access.types import Actor
from goodstanding.kernel.errors import N_, NotFound, Refused

MOST_VIEWS, LONGEST_NAME = 50, 60  # of a person and a list; of a view
# PostgreSQL's advisory locks, held until the transaction ends; on SQLite every writer is alone anyway.
CHAIN_LOCK = 0x676F6F64  # the end of the chain
PEOPLE_LOCK = 0x676F6F65  # who has which role: two who take each other's away must not both succeed


def record(  # noqa: PLR0917
    actor: Actor, action: str, subject: str, before: object, after: object, now: datetime
) -> int:
    """Append one entry to the audit trail and return its number; see `record_all`."""
    return record_all(actor, action, [(subject, before, after)], now)


def record_all(actor: Actor, action: str, notes: Sequence[tuple[str, object, object]], now: datetime) -> int:
    """Append an entry for each note (subject, before, after) and return the last one's number.

    Takes the lock on the chain's end until the transaction ends, so call it last (`actions.base` does).
    The anchor's first lines are written here; their seconds follow the commit. TransactionManagementError
    outside a transaction, OSError when the anchor can't be written: then nothing must be committed.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("the audit trail is written inside the action's transaction")
    _lock(CHAIN_LOCK)
    head = AuditEntry.objects.order_by("-sequence").values_list("sequence", "hash").first()
    sequence, previous = head or (0, GENESIS)
    entries = []
    for subject, before, after in notes:
        sequence += 1
        entry = AuditEntry(
            sequence=sequence,
            at=now,
            actor=clean_text(actor.signature)[:200],
            action=action,
            subject=clean_text(subject)[:200],
            before=plain(before),
            after=plain(after),
            previous=previous,
        )
        entry.hash = previous = seal(
            [sequence, moment(now), entry.actor, entry.action, entry.subject, entry.before, entry.after, previous]
        )
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=500)
    path, lines = settings.HOME / "audit-anchor", [(entry.sequence, entry.hash) for entry in entries]
    anchor.append_all(path, anchor.INTENT, lines)
    transaction.on_commit(partial(anchor.append_all, path, anchor.DONE, lines), robust=True)
    return int(sequence)


def _lock(number: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def add_person(
    *, username: str, name: str, password: str, roles: Collection[str], now: datetime, email: str = ""
) -> Person:
    """Add someone who can sign in. Refused when the username is taken or unfit, or the password is weak."""
    person = Person(username=Person.normalize_username(username.strip()), name=name.strip(), date_joined=now)
    person.email = _own_email(person, email)
    check_roles(roles)
    _set_password(person, password)
    try:
        person.full_clean(exclude=["password"])
    except ValidationError as error:
        why = " ".join(error.messages)
        raise Refused("bad_person", N_("{username} can't be added: {why}"), username=username, why=why) from error
    person.save(force_insert=True)
    PersonRole.objects.bulk_create(PersonRole(person=person, role=role) for role in sorted(roles))
    return person


def check_roles(roles: Collection[str]) -> None:
    """Refuse a role that doesn't exist."""
    for role in roles:
        if role not in Role.values:
            raise Refused("unknown_role", N_("There is no role {role}."), role=role)


def change_password(username: str, password: str) -> None:
    """Give a person another password. Refused when it is weak, NotFound when there is no such person."""
    person = locked_person(username)
    _set_password(person, password)
    person.save(update_fields=["password"])


def replace_own_password(person: int, old: str, new: str) -> str:
    """Give a person who knows the old one another password; returns their username. Refused when either is unfit."""
    _lock(PEOPLE_LOCK)
    found = Person.objects.select_for_update().get(pk=person)
    if not found.check_password(old):
        raise Refused("wrong_password", N_("That is not your password as it is now."))
    _set_password(found, new)
    found.save(update_fields=["password"])
    return str(found.username)


def _set_password(person: Person, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused("weak_password", N_("This password won't do: {why}"), why=" ".join(error.messages)) from error
    person.set_password(password)


def locked_person(username: str) -> Person:
    """The person, with everybody's roles locked until the transaction ends. NotFound when there is none."""
    _lock(PEOPLE_LOCK)
    person = Person.objects.select_for_update().filter(username=username).first()
    if person is None:
        raise NotFound("no_such_person", N_("There is no person {username}."), username=username)
    return person


def replace_roles(person: Person, roles: Collection[str]) -> list[str]:
    """Give a person exactly these roles; returns those they had. Refused when nobody could manage people any more."""
    check_roles(roles)
    before = sorted(person.roles.values_list("role", flat=True))
    person.roles.exclude(role__in=roles).delete()
    PersonRole.objects.bulk_create(PersonRole(person=person, role=role) for role in sorted(set(roles) - set(before)))
    _keep_a_manager(before)
    return before


def _own_email(person: Person, email: str) -> str:
    """The e-mail, which is nobody else's: by it the firm's own sign-in knows a person. Refused otherwise."""
    email = email.strip()
    if email and Person.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise Refused("email_taken", N_("{email} belongs to somebody else here."), email=email)
    return email


def change_person(person: Person, *, name: str, active: bool, email: str) -> None:
    """Change a person's name or e-mail, or let them in or out. Refused when nobody could manage people any more."""
    was_active, person.name, person.is_active = person.is_active, name.strip()[:200], active
    person.email = _own_email(person, email)
    person.save(update_fields=["name", "is_active", "email"])
    if was_active and not active:
        _keep_a_manager(person.roles.values_list("role", flat=True))


def _keep_a_manager(lost: Collection[str]) -> None:
    """Refuse to take away the last one who can give roles."""
    managers = [role for role, actions in PERMISSIONS.items() if "set_roles" in actions]
    remaining = Person.objects.filter(is_active=True, roles__role__in=managers)
    if not set(managers).isdisjoint(lost) and not remaining.exists():
        raise Refused("last_manager", N_("Somebody who can manage people must remain."))


def replace_team(name: str, *, members: Collection[str], territories: Collection[str]) -> dict[str, list[str]] | None:
    """Make a team have exactly these members (usernames) and territories; returns what it had, None when new.

    Refused for a territory of another team, NotFound for an unknown member.
    """
    if not name.strip() or len(name) > 100:
        raise Refused("bad_team_name", N_("A team needs a name of at most 100 characters."))
    team, new = Team.objects.get_or_create(name=name.strip())
    before = {
        "members": sorted(team.members.values_list("username", flat=True)),
        "territories": sorted(team.territories.values_list("territory", flat=True)),
    }
    people = {person.username: person for person in Person.objects.filter(username__in=members)}
    for username in members:
        if username not in people:
            raise NotFound("no_such_person", N_("There is no person {username}."), username=username)
    wanted = {territory.strip() for territory in territories} - {""}
    taken = TeamTerritory.objects.filter(territory__in=wanted).exclude(team=team).select_related("team").first()
    if taken:
        raise Refused(
            "territory_taken",
            N_("The territory {territory} belongs to the team {team}."),
            territory=taken.territory,
            team=taken.team.name,
        )
    team.members.set(people.values())
    team.territories.exclude(territory__in=wanted).delete()
    TeamTerritory.objects.bulk_create(
        TeamTerritory(team=team, territory=territory) for territory in sorted(wanted - set(before["territories"]))
    )
    return None if new else before


def save_view(person: int, page: str, name: str, params: Mapping[str, str], *, shared: bool, opens: bool) -> SavedView:
    """Keep a view of a list under a name; one of that name shows this from now on. Refused for an unfit name."""
    name = " ".join(clean_text(name).split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused("view_name", N_("Give the view a name of at most {most} characters."), most=LONGEST_NAME)
    mine = SavedView.objects.filter(person_id=person, page=page)
    if not mine.filter(name=name).exists() and mine.count() >= MOST_VIEWS:
        raise Refused("too_many_views", N_("You have {most} views of this list: delete one first."), most=MOST_VIEWS)
    if opens:
        mine.filter(opens=True).exclude(name=name).update(opens=False)
    given = {"params": dict(params), "shared": shared, "opens": opens}
    return mine.update_or_create(person_id=person, page=page, name=name, defaults=given)[0]


def delete_view(person: int, number: int) -> SavedView:
    """Forget a view of the person's own; returns it. NotFound when there is none."""
    found = SavedView.objects.filter(person_id=person, pk=number).first()
    if found is None:
        raise NotFound("no_such_view", N_("There is no such view of yours."))
    SavedView.objects.filter(pk=found.pk).delete()
    return found
