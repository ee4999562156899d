"""Write a new version of a text for a purpose, tone and language."""

from datetime import date, datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.correspondence import texts
from goodstanding.correspondence.types import Template
from goodstanding.kernel.errors import N_, Refused


def set_template(
    *, actor: Actor, now: datetime, purpose: str, tone: str, language: str, subject: str, body: str, start: date,
    today: date, seen: int,
) -> Template:  # fmt: skip
    """Keep the text as the next version, in force from `start` on; `seen` is the version that was changed.

    Refused for an unknown variable (line and name), "start" when the day has passed, "stale" when another was written
    meanwhile. NotFound for an unknown purpose, tone or language.
    """
    with acting("set_template", actor=actor, now=now) as audit:
        if start < today:
            raise Refused("start", N_("A text begins today or later."))
        made = texts.store(
            purpose, tone, language, subject=subject, body=body, start=start, seen=seen, by=actor.signature, now=now
        )
        after = {"start": start, "subject": made.subject, "body": made.body}
        audit(f"template {purpose}/{tone}/{language} {made.version}", after=after)
        return made
