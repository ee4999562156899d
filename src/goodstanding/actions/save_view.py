"""Keep how one likes to see a list, for oneself or for all; forget it."""

from collections.abc import Mapping
from datetime import datetime

from goodstanding.access import operations
from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, require

PAGES = ("customers", "receivables")


def save_view(
    *, actor: Actor, now: datetime, page: str, name: str, params: Mapping[str, str], shared: bool, opens: bool
) -> int:
    """Keep a view of a list under a name and return its number; the actor's view of that name shows this then.

    Refused for an unfit name and one too many; NotAllowed to share without the right to. `opens`: the list opens
    with it for the actor. Only what is shared has an entry in the trail: the rest is nobody else's business.
    """
    with acting("save_view", actor=actor, now=now) as audit:
        if page not in PAGES:
            raise ValueError(f"{page!r} keeps no views")
        if shared:
            require(actor, "share_view")
        kept = operations.save_view(actor.id, page, name, params, shared=shared, opens=opens)
        if shared:
            audit(f"view {page} {kept.name}", after={"params": dict(params)})
        return int(kept.pk)


def delete_view(*, actor: Actor, now: datetime, number: int) -> str:
    """Forget a view of one's own and return its name. NotFound when there is none."""
    with acting("save_view", actor=actor, now=now) as audit:
        gone = operations.delete_view(actor.id, number)
        if gone.shared:
            audit(f"view {gone.page} {gone.name}", before={"params": gone.params})
        return str(gone.name)
