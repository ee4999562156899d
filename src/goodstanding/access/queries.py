"""Reads of access: who a person is here, the people and teams, the audit trail and whether it is whole."""

from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.db import connection
from django.db.models import Q

from goodstanding.access import anchor
from goodstanding.access.models import AuditEntry, Person, PersonRole, SavedView, Team, TeamTerritory
from goodstanding.access.rules import Inspection, clean_text, sees_all
from goodstanding.access.types import SYSTEM, Actor, Entry, PersonFacts, Problem, Stored, TeamFacts, View
from goodstanding.kernel.errors import N_, NotAllowed, NotFound

PAGE = 5_000  # entries read at a time
ENOUGH = 200  # problems after which a broken trail is told no further

# As stored, to the byte: what a converter would forgive (an added blank in the JSON of SQLite) is a change too.
STORED = {
    "postgresql": "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), actor, action, subject, "
    "before::text, after::text",
    "sqlite": "CAST(at AS text) || CASE WHEN length(at) = 19 THEN '.000000' ELSE '' END, actor, action, subject, "
    "before, after",
}


def actor_of(person: Person) -> Actor:
    """The actor that a signed-in person is. NotAllowed for someone who is not active."""
    if not person.is_active:
        raise NotAllowed("inactive_person", N_("This person can't sign in any more."))
    roles = frozenset(PersonRole.objects.filter(person_id=person.pk).values_list("role", flat=True))
    if sees_all(roles):
        return Actor(id=person.pk, name=str(person), roles=roles)
    mine = frozenset(TeamTerritory.objects.filter(team__members=person.pk).values_list("territory", flat=True))
    all_teams = frozenset(TeamTerritory.objects.values_list("territory", flat=True))
    return Actor(id=person.pk, name=str(person), roles=roles, territories=mine, hidden_territories=all_teams - mine)


def actor_by_id(person: int) -> Actor:
    """The actor of this number as they are now; 0 is the machine's own. NotFound, NotAllowed when not active."""
    if person == SYSTEM.id:
        return SYSTEM
    found = Person.objects.filter(pk=person).first()
    if found is None:
        raise NotFound("no_such_person", N_("There is no person {username}."), username=f"#{person}")
    return actor_of(found)


def person_by_username(username: str) -> Person:
    """The person who signs in by this name. NotFound when there is none."""
    found = Person.objects.filter(username=username).first()
    if found is None:
        raise NotFound("no_such_person", N_("There is no person {username}."), username=username)
    return found


def person_known_as(*, username: str = "", email: str = "") -> Person | None:
    """The one active person of this username or e-mail (case aside); None when there is none, or more than one."""
    people = Person.objects.filter(is_active=True)
    if not (username or email):
        return None
    found = list((people.filter(username=username) if username else people.filter(email__iexact=email))[:2])
    return found[0] if len(found) == 1 else None


def person_facts(person: int) -> PersonFacts:
    """The person of this number. NotFound when there is none."""
    found = next((each for each in people() if each.id == person), None)
    if found is None:
        raise NotFound("no_such_person", N_("There is no person {username}."), username=f"#{person}")
    return found


def roles_of(username: str) -> frozenset[str]:
    """The roles of a person; empty when there is none."""
    return frozenset(PersonRole.objects.filter(person__username=username).values_list("role", flat=True))


def people() -> list[PersonFacts]:
    """Everyone who signs in, by username."""
    return [
        PersonFacts(
            id=person.pk,
            username=person.username,
            name=person.name,
            active=person.is_active,
            roles=frozenset(each.role for each in person.roles.all()),
            teams=tuple(sorted(team.name for team in person.teams.all())),
            email=person.email,
        )
        for person in Person.objects.order_by("username").prefetch_related("roles", "teams")
    ]


def teams() -> list[TeamFacts]:
    """All teams by name, with their members' usernames and their territories."""
    return [
        TeamFacts(
            name=team.name,
            members=tuple(sorted(person.username for person in team.members.all())),
            territories=tuple(sorted(each.territory for each in team.territories.all())),
        )
        for team in Team.objects.order_by("name").prefetch_related("members", "territories")
    ]


def trail(
    *, subject: str = "", action: str = "", text: str = "", before: int | None = None, limit: int = 50
) -> list[Entry]:
    """The newest entries first; `before` is the sequence that the page before ended with.

    `text` is a part of the subject or of who acted.
    """
    found = AuditEntry.objects.order_by("-sequence")
    if subject:
        found = found.filter(subject=subject)
    if action:
        found = found.filter(action=action)
    if text:
        found = found.filter(Q(subject__contains=text) | Q(actor__contains=text))
    if before is not None:
        found = found.filter(sequence__lt=before)
    columns = ("sequence", "at", "actor", "action", "subject", "before", "after")
    return [Entry(*row) for row in found.values_list(*columns)[:limit]]


def views(actor: Actor, page: str) -> list[View]:
    """The actor's saved views of a list, and those that others share with all; the own first, by name."""
    found = SavedView.objects.filter(Q(person_id=actor.id) | Q(shared=True), page=page).select_related("person")
    each = [View(row.pk, row.person_id, str(row.person), row.name, row.params, row.shared, row.opens) for row in found]
    return sorted(each, key=lambda view: (view.owner != actor.id, view.name.casefold()))


def entries_between(first: int, last: int, *, action: str, actor: Actor) -> list[Entry]:
    """The entries of these numbers that the actor made by this action, in their order."""
    found = AuditEntry.objects.filter(
        sequence__range=(first, last), action=action, actor=clean_text(actor.signature)[:200]
    )
    columns = ("sequence", "at", "actor", "action", "subject", "before", "after")
    return [Entry(*row) for row in found.order_by("sequence").values_list(*columns)]


def trail_actions() -> list[str]:
    """The actions that the trail knows, for choosing from: an index alone answers it."""
    return list(AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct())


def verify_chain() -> list[Problem]:
    """Everything in the audit trail and its anchor that can't have come about by itself; empty when whole.

    May run beside writers: what must be there is read from the anchor before the trail's end is fixed,
    and what may be there after it.
    """
    return list(islice(_problems(), ENOUGH))


def _problems() -> Iterator[Problem]:
    path = settings.HOME / "audit-anchor"
    promised, _ = anchor.read(path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(sequence) FROM access_auditentry")
        end = cursor.fetchone()[0]
    written, broken = anchor.read(path)
    for number in broken:
        yield Problem(0, N_("Line {detail} of the anchor is not as it was written."), str(number))
    intended: dict[int, set[str]] = {}
    done: dict[int, str] = {}
    for line in written:
        if line.mark == anchor.INTENT:
            intended.setdefault(line.sequence, set()).add(line.hash)
        elif line.hash not in intended.get(line.sequence, ()):
            yield Problem(
                line.sequence, N_("The anchor says that entry {sequence} was committed before it was written.")
            )
    for line in promised:
        if line.mark == anchor.DONE and done.setdefault(line.sequence, line.hash) != line.hash:
            yield Problem(line.sequence, N_("The anchor names entry {sequence} twice, differently."))
    inspection = Inspection(intended, done)
    for entry in _stored(end):
        yield from inspection.see(entry)
    yield from inspection.missing()


def _stored(end: int | None) -> Iterator[Stored]:
    """Every entry up to `end` in order, exactly as the database holds it."""
    select = f"SELECT sequence, {STORED[connection.vendor]}, previous, hash FROM access_auditentry"
    after: int | None = None
    while end is not None:
        with connection.cursor() as cursor:
            where = "sequence <= %s" + ("" if after is None else " AND sequence > %s")
            values = [end] if after is None else [end, after]
            cursor.execute(f"{select} WHERE {where} ORDER BY sequence LIMIT {PAGE}", values)
            page = [Stored(*row) for row in cursor.fetchall()]
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1].sequence
