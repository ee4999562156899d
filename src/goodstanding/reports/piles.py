"""Who gets a statement when many do: those with something open or past due, or those named."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from goodstanding.access.types import Actor
from goodstanding.parties import queries as parties
from goodstanding.receivables.models import Item


def open_customers(actor: Actor, as_of: date, *, late: bool = False, codes: Sequence[str] | None = None) -> list[int]:
    """Ids by code, of those the actor sees; merged ones are left out, since others carry on for them."""
    seen = parties.visible(actor).exclude(status="merged")
    if codes is not None:
        known = {row[0]: row[1] for row in seen.filter(code__in=list(codes)[:10_000]).values_list("code", "pk")}
        return [known[code] for code in dict.fromkeys(codes) if code in known]
    open_now = Q(balance__open__gt=0) | Q(debit_matches__date__gt=as_of) | Q(credit_matches__date__gt=as_of)
    rows = Item.objects.filter(open_now, date__lte=as_of)
    if late:
        rows = rows.filter(due__lt=as_of)
    return list(seen.filter(pk__in=rows.values("customer_id")).order_by("code").values_list("pk", flat=True))
