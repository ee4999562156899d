"""Ask a customer whether a balance agrees, and take the question back."""

from datetime import date, datetime, timedelta

from django.core import signing
from django.utils.timezone import localdate

from goodstanding.access.types import Actor
from goodstanding.actions.base import acting
from goodstanding.actions.ledger import family
from goodstanding.kernel.errors import N_, Refused
from goodstanding.kernel.money import exponent
from goodstanding.parties import queries as parties
from goodstanding.receivables import confirmations, queries, rules
from goodstanding.receivables.confirmations import Confirmation

DAYS = 30  # how long a link is answered
MOST_DAYS = 366
SALT = "goodstanding.confirmation"


def ask_confirmation(
    *, actor: Actor, now: datetime, customer: str, currency: str, as_of: date, language: str = "en", days: int = DAYS,
    key: str = "",
) -> Confirmation:  # fmt: skip
    """Ask about the balance at the end of a day: once, until that question is withdrawn, over or was answered with a
    difference. `key` makes it a question of its own.

    NotFound; Refused "future_day", "unknown_currency", "key_reused", "confirmation_days".
    """
    with acting("make_paper", actor=actor, now=now) as audit:
        found = parties.customer(actor, customer)
        exponent(currency)
        rules.check_day(as_of)
        today = localdate(now)
        if as_of > today:
            raise Refused("future_day", N_("A balance is confirmed when its day has come."), field="as_of")
        if not 1 <= days <= MOST_DAYS:
            raise Refused("confirmation_days", N_("A link is answered for 1 to {most} days."), most=MOST_DAYS)
        rules.check_text("key", key)
        items = queries.open_items(family(actor, found.code), as_of, currency)
        asked, repeated = confirmations.ask(
            found.id, key=key or _free_key(f"{found.code}/{currency}/{as_of.isoformat()}", today), currency=currency, as_of=as_of,
            amount=sum(each.sign * each.open for each in items), items=len(items), language=language,
            until=today + timedelta(days=days), by=actor.signature, now=now,
        )  # fmt: skip
        if not repeated:
            after = {"asked": rules.money(asked.amount, currency), "as_of": as_of, "until": asked.until}
            audit(f"confirmation {asked.key}", after=after)
        return asked


def _free_key(first: str, today: date) -> str:
    """The key of the question that stands, else the next one that is free."""
    number, key = 1, first
    while (found := confirmations.find(key)) and found.state(today) not in ("waiting", "agreed"):
        number += 1
        key = f"{first}/{number}"
    return key


def withdraw_confirmation(*, actor: Actor, now: datetime, customer: str, key: str) -> None:
    """Its link is answered no more. NotFound, for its customer or for itself; Refused "answered"."""
    with acting("make_paper", actor=actor, now=now) as audit:
        found = confirmations.confirmation(key)
        if found.customer_id not in family(actor, parties.customer(actor, customer).code):
            raise confirmations.no_such_confirmation()
        if confirmations.withdraw(key, by=actor.signature, now=now):
            audit(f"confirmation {key}", after={"withdrawn": True})


def token(found: Confirmation) -> str:
    """What stands in the link: the question, signed, so that nobody guesses another one."""
    return signing.dumps(found.id, salt=SALT)


def asked_by(text: str, day: date) -> Confirmation:
    """The question of a link. NotFound when it is forged, withdrawn or over: no difference. An answered one is shown."""
    try:
        number = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        raise confirmations.no_such_confirmation() from None
    found = confirmations.confirmation_by_id(number) if isinstance(number, int) else None
    if found is None or found.withdrawn_by is not None or day > found.until:
        raise confirmations.no_such_confirmation()
    return found
