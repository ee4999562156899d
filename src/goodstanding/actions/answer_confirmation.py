"""The customer's own answer to the question whether a balance agrees, by the signed link."""

from datetime import date, datetime

from goodstanding.access.types import SYSTEM
from goodstanding.actions.ask_confirmation import asked_by
from goodstanding.actions.base import acting
from goodstanding.receivables import confirmations, rules
from goodstanding.receivables.confirmations import Confirmation


def answer_confirmation(
    *, now: datetime, day: date, token: str, agrees: bool, name: str, amount: int | None = None, why: str = ""
) -> Confirmation:
    """Keep the answer; `amount` is what their books say, in minor units. Whoever holds the link may answer, once.

    NotFound for a link that is forged, withdrawn or over; Refused "answered", "no_name", "no_difference", "text".
    """
    with acting("make_paper", actor=SYSTEM, now=now) as audit:
        asked = asked_by(token, day)
        theirs = asked.amount if agrees or amount is None else amount
        answered = asked.agrees is not None
        found = confirmations.answer(
            asked.key, agrees=agrees, amount=theirs, why="" if agrees else why, name=name.strip(), on=day, now=now
        )
        if not answered:
            after = {"agrees": agrees, "theirs": rules.money(theirs, asked.currency), "name": name.strip(), "why": why}
            audit(f"confirmation {asked.key}", after=after)
        return found
