"""What belongs to how a person signs in: their sessions and their second factor, as the library of sign-in keeps them."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session: since when, from where, by which browser (as it names itself), and whether it is the asker's."""

    id: int
    since: datetime
    address: str
    browser: str
    current: bool


def sessions(person: int, key: str, now: datetime) -> list[SessionFacts]:
    """The person's sessions that still run, the newest first; `key` names the asker's own."""
    rows = list(UserSession.objects.filter(user_id=person).order_by("-created_at"))
    keys = [row.session_key for row in rows]
    live = set(Session.objects.filter(session_key__in=keys, expire_date__gt=now).values_list("session_key", flat=True))
    return [
        SessionFacts(row.pk, row.created_at, row.ip, row.user_agent, row.session_key == key)
        for row in rows
        if row.session_key in live
    ]


def end_sessions(person: int, *, only: int | None = None, but: str = "") -> int:
    """End the person's sessions: the one of that number, or all but the one of that key. Returns how many ended."""
    rows = UserSession.objects.filter(user_id=person).exclude(session_key=but)
    keys = list((rows if only is None else rows.filter(pk=only)).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def has_second_factor(person: int) -> bool:
    """Whether signing in asks the person for a code."""
    return Authenticator.objects.filter(user_id=person, type=Authenticator.Type.TOTP).exists()


def forget_second_factor(person: int) -> bool:
    """Take away the person's second factor and its recovery codes; whether there was one."""
    return Authenticator.objects.filter(user_id=person).delete()[0] > 0
