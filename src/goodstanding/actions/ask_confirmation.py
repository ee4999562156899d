"""Ask a customer whether a balance agrees, and take the question back."""

from datetime import date, datetime, timedelta

from django.core import signing

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
    """Ask about the balance at the end of a day; one question a customer, currency and day, unless `key` says otherwise.

    NotFound; Refused "future_day", "unknown_currency", "key_reused", "confirmation_days".
    """
    with acting("make_paper", actor=actor, now=now) as audit:
        found = parties.customer(actor, customer)
        exponent(currency)
        rules.check_day(as_of)
        if as_of > now.date() + timedelta(days=1):
            raise Refused("future_day", N_("A balance is confirmed when its day has come."), field="as_of")
        if not 1 <= days <= MOST_DAYS:
            raise Refused("confirmation_days", N_("A link is answered for 1 to {most} days."), most=MOST_DAYS)
        rules.check_text("key", key)
        items = queries.open_items(family(actor, found.code), as_of, currency)
        asked, repeated = confirmations.ask(
            found.id, key=key or f"{found.code}/{currency}/{as_of.isoformat()}", currency=currency, as_of=as_of,
            amount=sum(each.sign * each.open for each in items), items=len(items), language=language,
            until=now.date() + timedelta(days=days), by=actor.signature, now=now,
        )  # fmt: skip
        if not repeated:
            after = {"asked": rules.money(asked.amount, currency), "as_of": as_of, "until": asked.until}
            audit(f"confirmation {asked.key}", after=after)
        return asked


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
