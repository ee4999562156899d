"""What was charged for lateness lately, to be looked at again."""

from datetime import date

from goodstanding.access.types import Actor
from goodstanding.parties import queries as parties
from goodstanding.receivables import queries
from goodstanding.receivables.models import Item as Stored
from goodstanding.receivables.types import Item


def newest_charges(actor: Actor, as_of: date, most: int) -> list[Item]:
    """The newest late fees of the customers the actor sees, as of the end of a day; the newest first."""
    rows = Stored.objects.filter(
        kind="late_fee", reverses=None, date__lte=as_of, customer__in=parties.visible(actor).values("pk")
    ).exclude(reversal__date__lte=as_of)
    ids = list(rows.order_by("-date", "-pk").values_list("pk", flat=True)[:most])
    found = {each.id: each for each in queries.items(ids, as_of)}
    return [found[each] for each in ids]
