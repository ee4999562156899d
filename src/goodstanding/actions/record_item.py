"""Post an invoice, a note, a refund, a fee, an opening balance or a recovery."""

from datetime import datetime

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.ledger import buyer, name, told
from goodstanding.kernel.errors import N_, Refused
from goodstanding.receivables import operations
from goodstanding.receivables.types import NewItem, Posted

OTHERS = {"payment": "record_payment", "write_off": "write_off"}


def record_item(*, actor: Actor, now: datetime, customer: str, item: NewItem) -> Posted:
    """Post one item of any kind but payments and write-offs, which have actions of their own.

    (customer, number, entry) is the key: the same body again returns what is there and changes nothing, another
    body is Refused "key_reused". A number whose last life was reversed is posted again as the next odd entry.
    A recovery names its write-off as reference and recovers at most what was written off.
    Refused: "closed_period", "entry", "no_write_off", "over_recovery", and what `rules.check_item` refuses.
    """
    with acting("record_item", actor=actor, now=now) as audit:
        if item.kind in OTHERS:
            raise Refused(
                "other_action",
                N_("A {kind} is recorded by {action}."),
                kind=item.kind,
                action=OTHERS[item.kind],
            )
        owner = buyer(actor, customer)
        closed = operations.lock_shared()
        posted = operations.post_item(owner, item, now=now, closed=closed)
        if not posted.repeated:
            audit(name(posted.item.key), after=told(posted.item))
        return posted
