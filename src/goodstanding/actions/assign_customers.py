"""Say one thing about many customers at once, and take it back."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from goodstanding.access.queries import entries_between
from goodstanding.access.types import Actor
from goodstanding.actions.base import acting, require
from goodstanding.actions.edit_customer import CREDIT_TERMS
from goodstanding.kernel.errors import N_, NotFound, Refused
from goodstanding.parties import operations, queries
from goodstanding.parties.rules.checks import check_changes

FIELDS = ("account_manager", "territory", "kind", "terms", "status")
ACTION = "assign_customers"


@dataclass(frozen=True, slots=True)
class Assigned:
    """How many customers changed, how many could not be changed back, and the entries of the trail that tell it."""

    changed: int
    left: int = 0
    first: int = 0
    last: int = 0


def assign_customers(*, actor: Actor, now: datetime, chosen: Mapping[int, int], field: str, value: str) -> Assigned:
    """Give every chosen customer (id → the version that was read) the same value of a field: all of them, or none.

    Each changed one has its entry in the trail, as when it is edited alone. Refused for an unfit value, a territory
    of another team and merged customers; NotFound when one doesn't exist for the actor; StaleVersion, naming some,
    when somebody changed any since it was read; NotAllowed to set credit terms without the right to.
    """
    with acting(ACTION, actor=actor, now=now) as audit:
        if field in CREDIT_TERMS:
            require(actor, "set_credit_terms")
        if field not in FIELDS or not chosen:
            raise Refused("nothing_chosen", N_("Choose customers and what to say about them."))
        value = check_changes({field: value}, currency="")[field]
        if field == "territory" and not actor.sees(value):
            raise Refused(
                "territory_of_others", N_("The territory {territory} belongs to another team."), territory=value
            )
        found = queries.values_of(actor, field, ids=list(chosen), lock=True)
        if len(found) != len(chosen):
            raise NotFound("no_such_customer", N_("There is no such customer."))
        operations.check_versions({each.code: (each.version, chosen[each.id]) for each in found})
        differ = [each for each in found if each.value != value]
        operations.set_value([each.id for each in differ], field, value)
        for each in differ:
            audit(f"customer {each.code}", {field: each.value}, {field: value, "version": each.version + 1})
    return Assigned(len(differ), first=max(audit.last - len(differ) + 1, 0), last=audit.last)


def undo_assignment(*, actor: Actor, now: datetime, first: int, last: int) -> Assigned:
    """Give customers back what they had before an assignment of the actor's own, where nobody changed them since.

    `first` and `last` are its entries in the trail. Refused when they are not one assignment of the actor.
    """
    with acting(ACTION, actor=actor, now=now) as audit:
        entries = entries_between(first, last, action=ACTION, actor=actor)
        if not entries or len(entries) != last - first + 1 or len({each.at for each in entries}) != 1:
            raise Refused("not_yours", N_("There is nothing of yours to take back there."))
        field = next(iter(entries[0].before))
        if field in CREDIT_TERMS:
            require(actor, "set_credit_terms")
        former = {each.subject.removeprefix("customer "): each for each in entries}
        back: dict[str, list[int]] = defaultdict(list)
        for each in queries.values_of(actor, field, codes=list(former), lock=True):
            entry = former[each.code]
            if each.version == entry.after["version"]:
                old = entry.before[field]
                back[old].append(each.id)
                audit(f"customer {each.code}", {field: each.value}, {field: old, "version": each.version + 1})
        for old, ids in back.items():
            operations.set_value(ids, field, old)
        changed = sum(map(len, back.values()))
        return Assigned(changed, left=len(former) - changed)
