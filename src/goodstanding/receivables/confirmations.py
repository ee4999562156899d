"""Confirmations of balances: asked, answered by the customer, withdrawn. Facts all three."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from goodstanding.kernel.errors import N_, NotFound, Refused
from goodstanding.kernel.money import MAXIMUM
from goodstanding.receivables import models

LONGEST_WHY = 1000
_COLUMNS = (
    "id", "key", "customer_id", "customer__code", "customer__name", "currency", "as_of", "amount", "items", "language",
    "until", "by", "posted_at", "withdrawal__by", "answer__agrees", "answer__amount", "answer__why", "answer__name",
    "answer__on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What was asked and, where there is one, the answer. `agrees` is None until somebody answered."""

    id: int
    key: str
    customer_id: int
    customer: str  # code
    name: str
    currency: str
    as_of: date
    amount: int
    items: int
    language: str
    until: date
    by: str
    asked_at: datetime
    withdrawn_by: str | None
    agrees: bool | None
    theirs: int | None  # minor units, by their books
    why: str | None
    answered_by: str | None
    answered_on: date | None

    @property
    def difference(self) -> int:
        """Theirs less ours; 0 while nobody answered."""
        return 0 if self.theirs is None else self.theirs - self.amount

    def state(self, day: date) -> str:
        """agreed, differs, withdrawn, expired or waiting."""
        if self.agrees is not None:
            return "agreed" if self.agrees else "differs"
        if self.withdrawn_by is not None:
            return "withdrawn"
        return "expired" if day > self.until else "waiting"


def no_such_confirmation() -> NotFound:
    """What is said of a confirmation that is not there, withdrawn, or not for the asker: no difference."""
    return NotFound("no_such_confirmation", N_("There is no such confirmation."))


def confirmations(customers: Collection[int], as_of: date) -> list[Confirmation]:
    """What these customers (ids) were asked, about days up to `as_of`; the newest first."""
    rows = models.Confirmation.objects.filter(customer_id__in=customers, as_of__lte=as_of).order_by("-as_of", "-pk")
    return [Confirmation(*row) for row in rows.values_list(*_COLUMNS)]


def find(key: str) -> Confirmation | None:
    """One by its key; None when there is none."""
    row = models.Confirmation.objects.filter(key=key).values_list(*_COLUMNS).first() if "\0" not in key else None
    return Confirmation(*row) if row else None


def confirmation(key: str) -> Confirmation:
    """One by its key. NotFound."""
    found = find(key)
    if found is None:
        raise no_such_confirmation()
    return found


def confirmation_by_id(number: int) -> Confirmation | None:
    """One by its number; None when there is none."""
    row = models.Confirmation.objects.filter(pk=number).values_list(*_COLUMNS).first()
    return Confirmation(*row) if row else None


def ask(
    customer: int, *, key: str, currency: str, as_of: date, amount: int, items: int, language: str, until: date,
    by: str, now: datetime,
) -> tuple[Confirmation, bool]:  # fmt: skip
    """Ask; the same key again gives the first, and True. Refused "key_reused" when it asked about something else."""
    made = {"customer_id": customer, "currency": currency, "as_of": as_of}
    try:
        with transaction.atomic():
            models.Confirmation.objects.create(
                key=key, amount=amount, items=items, language=language, until=until, by=by, posted_at=now, **made
            )
    except IntegrityError:
        found = confirmation(key)
        if (found.customer_id, found.currency, found.as_of) != (customer, currency, as_of):
            raise Refused("key_reused", N_("Another balance was asked about under this key.")) from None
        return found, True
    return confirmation(key), False


def answer(key: str, *, agrees: bool, amount: int, why: str, name: str, on: date, now: datetime) -> Confirmation:
    """Keep the answer: once. The same again changes nothing; another one is Refused "answered"."""
    found = confirmation(key)
    if found.withdrawn_by is not None or on > found.until:
        raise no_such_confirmation()
    amount = found.amount if agrees else amount
    _check(agrees=agrees, amount=amount, ours=found.amount, why=why, name=name)
    values = {"agrees": agrees, "amount": amount, "why": why, "name": name}
    try:
        with transaction.atomic():
            models.ConfirmationAnswer.objects.create(confirmation_id=found.id, on=on, posted_at=now, **values)
    except IntegrityError:
        kept = confirmation(key)
        if (kept.agrees, kept.theirs, kept.why, kept.answered_by) != (agrees, amount, why, name):
            raise Refused("answered", N_("This was answered already.")) from None
    return confirmation(key)


def _check(*, agrees: bool, amount: int, ours: int, why: str, name: str) -> None:
    if not name.strip():
        raise Refused("no_name", N_("Please write your name."), field="name")
    if any((ord(each) < 32 and each not in "\r\n\t") or 0xD800 <= ord(each) <= 0xDFFF for each in name + why):
        raise Refused("text", N_("There is a character that can't be kept."), field="why")
    if len(name) > models.NAME or len(why) > LONGEST_WHY:
        raise Refused("text_too_long", N_("{field}: at most {longest} characters."), field="why", longest=LONGEST_WHY)
    if abs(amount) > MAXIMUM:
        raise Refused("maximum", N_("{value} is above the largest amount"), value=str(amount), field="amount")
    if not agrees and amount == ours:
        raise Refused("no_difference", N_("This is the balance we have as well: say that it agrees."), field="amount")


def withdraw(key: str, *, by: str, now: datetime) -> bool:
    """Answer its link no more; whether it was open until now. Refused "answered"."""
    found = confirmation(key)
    if found.agrees is not None:
        raise Refused("answered", N_("This was answered already."))
    if found.withdrawn_by is not None:
        return False
    models.ConfirmationWithdrawal.objects.create(confirmation_id=found.id, by=by, posted_at=now)
    return True
