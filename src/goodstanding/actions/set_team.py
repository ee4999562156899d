"""Say who is in a team and which territories are its own."""

from collections.abc import Collection
from datetime import datetime

from goodstanding.access import operations
from goodstanding.access.types import Actor
from goodstanding.actions.base import acting


def set_team(*, actor: Actor, now: datetime, name: str, members: Collection[str], territories: Collection[str]) -> None:
    """Make a team, or give it exactly these members (usernames) and territories.

    From then on only its members, and roles that see all, see customers of its territories.
    Refused for a territory of another team; NotFound for an unknown member.
    """
    with acting("set_team", actor=actor, now=now) as audit:
        before = operations.replace_team(name, members=members, territories=territories)
        after = {"members": sorted(set(members)), "territories": sorted({each.strip() for each in territories} - {""})}
        if before != after:
            audit(f"team {name}", before, after)
