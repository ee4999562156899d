"""What helped others: how many similar customers had paid some days after they agreed on a next step.

Similar are the customers of the same kind, all of them where none is stated, that promised to pay in the year before.
Only counts leave this room, nobody's name (docs/algorithms/composing.md).
"""

from datetime import date, timedelta

from goodstanding.access.types import Actor
from goodstanding.correspondence.rules.composing import Found
from goodstanding.parties.types import Customer
from goodstanding.promises.queries.standing import rows_on
from goodstanding.reports.customer import members

YEAR = timedelta(days=365)
DAYS = 30  # after the promise was made


def found(actor: Actor, customer: Customer, as_of: date) -> Found:
    """The count over the other customers that the actor may see, at the end of a day."""
    rows = rows_on(as_of).filter(by="them", kind="pay", made__gt=as_of - YEAR, made__lte=as_of - timedelta(days=DAYS))
    rows = rows.exclude(customer__in=members(customer, as_of)).exclude(customer__territory__in=actor.hidden)
    if customer.kind:
        rows = rows.filter(customer__kind=customer.kind)
    everybody: set[int] = set()
    paid: set[int] = set()
    for number, made, state, judged in rows.values_list("customer_id", "made", "state", "judged"):
        everybody.add(number)
        if state == "kept" and judged is not None and judged - made <= timedelta(days=DAYS):
            paid.add(number)
    return Found(len(everybody), len(paid), DAYS)
