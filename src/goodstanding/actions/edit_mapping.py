"""Name a remembered mapping of columns, or forget it."""

from datetime import datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.inbound import operations, queries
from goodstanding.kernel.errors import N_, Refused
from goodstanding.parties.rules.checks import is_line

LONGEST = 255


def rename_mapping(*, actor: Actor, now: datetime, mapping: int, name: str, version: int) -> None:
    """Call a mapping something else. NotFound; Refused "mapping_name"; StaleVersion."""
    with acting("save_mapping", actor=actor, now=now) as audit:
        before, name = queries.mapping_by_id(mapping), name.strip()
        if not name or len(name) > LONGEST or not is_line(name):
            raise Refused("mapping_name", N_("Give it a name of at most {longest} characters."), longest=LONGEST)
        operations.rename_mapping(mapping, name, version=version)
        audit(f"mapping {mapping}", {"name": before.name}, {"name": name})


def delete_mapping(*, actor: Actor, now: datetime, mapping: int, version: int) -> None:
    """Forget a mapping: the next file of its shape is read as if for the first time. NotFound; StaleVersion."""
    with acting("save_mapping", actor=actor, now=now) as audit:
        before = queries.mapping_by_id(mapping)
        operations.delete_mapping(mapping, version=version)
        audit(f"mapping {mapping}", {"name": before.name, "columns": [" → ".join(each) for each in before.columns]})
