"""What a customer knows and feels of a firm that collects: a small model of its own, and the judge of every message.

It is told each fact as it happens and keeps it in its own way; nothing of the program's rules is used here. What is
known counts at once, whatever the day it is dated: a payment that came isn't forgotten when a clock is set back.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy

from lunardate import LunarDate

LINE = re.compile(r"^(INV-\d+)\b.*?([\d,]+\.\d\d) (EUR|USD)", re.MULTILINE)
TOTAL = re.compile(r"^(?:Together|合计|共计)[:：]?\s*([\d,]+\.\d\d) (EUR|USD)", re.MULTILINE)
NUMBER = re.compile(r"INV-\d+")
WEEK = timedelta(days=7)


@dataclass
class Debt:
    """An invoice: what is open of it, and what of that somebody disputes."""

    code: str  # under which it was posted
    number: str
    currency: str
    due: date
    open: int
    held: dict[str, int] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        return self.open - sum(self.held.values())


@dataclass
class Word:
    """A promise: theirs to pay `amount` by `until`, for an invoice or for none by name; or ours, broken after it."""

    ours: bool
    made: date
    until: date
    currency: str = ""
    amount: int = 0
    number: str = ""


@dataclass
class Person:
    """Somebody at a customer; a birthday is (calendar, month, day)."""

    email: str
    name: str
    may: bool = True
    birthday: tuple[str, int, int] | None = None

    def celebrates(self, day: date) -> bool:
        if self.birthday is None:
            return False
        calendar, month, number = self.birthday
        if calendar == "lunar":
            moon = LunarDate.from_solar_date(day.year, day.month, day.day)
            return (moon.month, moon.day) == (month, number)
        return (day.month, day.day) == (month, number)


@dataclass
class Party:
    """A customer as it is now."""

    code: str
    people: dict[str, Person] = field(default_factory=dict)
    debts: dict[str, Debt] = field(default_factory=dict)
    words: dict[str, Word] = field(default_factory=dict)
    money: list[tuple[date, str, int]] = field(default_factory=list)  # that came: day, currency, amount
    unmatched: Counter[str] = field(default_factory=Counter)  # by currency
    contacts: list[datetime] = field(default_factory=list)

    def waits(self, word: Word, day: date) -> bool:
        """Whether a promise of theirs may still come in time; what came since it was made is taken to be for it."""
        came = sum(amount for on, its, amount in self.money if its == word.currency and on >= word.made)
        return not word.ours and day <= word.until and came < word.amount


@dataclass
class Rules:
    """What the firm holds itself to."""

    quiet_from: time
    quiet_until: time
    per_week: int
    per_day: int
    closed: set[date] = field(default_factory=set)  # beside Saturdays and Sundays

    def quiet(self, at: time) -> bool:
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return not self.quiet_until <= at < self.quiet_from


@dataclass(frozen=True)
class Received:
    """A message as the server got it."""

    to: str
    content: bytes

    @property
    def text(self) -> str:
        read = message_from_bytes(self.content, policy=policy.default)
        body = read.get_body(("plain",))
        assert body is not None
        return f"{read['Subject']}\n{body.get_content()}"


def minor(text: str) -> int:
    return int(text.replace(",", "").replace(".", ""))


def wrongs(message: Received, party: Party, rules: Rules, local: datetime) -> Iterator[str]:
    """Everything that should not be about a message that came at a moment of the customer's clock."""
    day = local.date()
    if rules.quiet(local.time()):
        yield "quiet hours"
    if day.weekday() in (5, 6) or day in rules.closed:
        yield "a day off"
    person = party.people.get(message.to)
    if person is None or not person.may:
        yield "somebody who opted out"
    if any(each.may and each.celebrates(day) for each in party.people.values()):
        yield "a birthday"
    if sum(at > local - WEEK for at in party.contacts) >= rules.per_week:
        yield "over the week's ceiling"
    if sum(at.astimezone(local.tzinfo).date() >= day for at in party.contacts) >= rules.per_day:
        yield "over the day's ceiling"
    yield from _wrong_amounts(message.text, party, day)


def _wrong_amounts(text: str, party: Party, day: date) -> Iterator[str]:
    lines = [(number, minor(amount), currency) for number, amount, currency in LINE.findall(text)]
    if not lines or {number for number, *_ in lines} != set(NUMBER.findall(text)):
        yield "a text that can't be read"
    for number, amount, currency in lines:
        debt = party.debts.get(number)
        if debt is None or not debt.open:
            yield "a paid invoice"
        elif debt.currency != currency or debt.due == day:
            yield "not what is due"
        elif amount > debt.open:
            yield "a paid amount"
        elif amount > debt.asked:
            yield "a disputed amount"
    currencies = {currency for *_, currency in lines}
    named = {number for number, *_ in lines}
    for word in party.words.values():
        about = word.number in named or (not word.number and (word.ours or word.currency in currencies))
        if about and word.ours and word.until < day:
            yield "while we owe them something"
        if about and party.waits(word, day):
            yield "a promised amount"
    for amount, currency in TOTAL.findall(text):
        if minor(amount) > sum(open_ for _, open_, its in lines if its == currency) - party.unmatched[currency]:
            yield "more than is owed"
    if len(TOTAL.findall(text)) != 1:
        yield "a text without its sum"
