"""Promises and touches of the sample book: who was called, who gave their word, and what we promised ourselves.

Customers' promises to pay carry no outcome: whoever brings the book in judges them by the payments beside them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from goodstanding.outbound.sample import names
from goodstanding.outbound.sample.archetypes import NAMES
from goodstanding.outbound.sample.ledger import Story
from goodstanding.outbound.sample.people import EXPONENTS, NEVER, RATES, Ints
from goodstanding.outbound.sample.trade import INVOICE, on_working_day

PROMISE_HEADER = (
    "id", "customer", "by", "kind", "made", "due", "tolerance", "amount", "currency", "subject", "contact", "owner",
    "plan", "step", "level", "renews", "outcome", "judged", "reason",
)  # fmt: skip
DEMAND_HEADER = ("customer", "item", "entry", "level", "made", "how")
ABOUT_HEADER = ("promise", "customer", "item", "entry", "amount")
TOUCH_HEADER = (
    "id", "customer", "kind", "at", "by", "purpose", "minutes", "cost", "currency", "outcome", "contact", "note",
)  # fmt: skip
MINUTE, PIECE = 120, 900  # fen: an hour of ours is 72 yuan
TRAVEL = 45  # minutes on the road for a visit
CALLS = (("promised", 0.52), ("no_answer", 0.2), ("left_message", 0.13), ("reached", 0.15))
OURS = ("delivery", "call_back", "visit", "document")
SUBJECTS = {
    "delivery": "送货 delivery of the next order",
    "call_back": "回电 call back about the statement",
    "visit": "拜访 come by and talk about terms",
    "document": "补寄送货单 copy of the delivery note",
    "answer": "答复质量投诉 answer to the complaint",
}
CARE = (("visit", "care"), ("visit", "sell"), ("call", "care"), ("call", "serve"), ("gift", "care"), ("forum", "sell"))
YEAR_END = (12, 29)  # when greetings go out


@dataclass(slots=True)
class Promise:
    """One promise; `after` is the one it renews, `about` the debit it is about (-1: none)."""

    customer: int
    by: str
    kind: str
    made: int
    due: int
    amount: int = 0
    about: int = -1
    plan: str = ""
    step: int = 0
    level: int = 1
    after: "Promise | None" = None
    outcome: str = ""
    judged: int = NEVER
    reason: str = ""
    key: str = ""


@dataclass(slots=True)
class Bonds:
    """Promises and touches in the making. A touch is (day, minute of the day, customer, kind, purpose, minutes, outcome)."""

    rng: np.random.Generator
    story: Story
    first: int
    promises: list[Promise] = field(default_factory=list)
    touches: list[tuple[int, int, int, str, str, int, str]] = field(default_factory=list)
    demands: list[tuple[int, int, int, str]] = field(default_factory=list)  # day, debit, level, how

    def touch(self, day: int, customer: int, what: tuple[str, str], minutes: int, outcome: str = "done") -> None:
        """Somebody of ours did something (its kind and purpose), in working hours."""
        self.touches.append((day, int(self.rng.integers(9 * 60, 17 * 60)), customer, *what, minutes, outcome))

    def draw(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        return int(self.rng.integers(low, high + 1))


def bind(rng: np.random.Generator, story: Story, first: int) -> Bonds:
    """Everything promised and done up to the book's last day."""
    bonds = Bonds(rng, story, first)
    _collect(bonds)
    _answers(bonds)
    _ours(bonds)
    _care(bonds)
    bonds.promises.sort(key=lambda each: (each.made, each.customer, each.level, each.step))
    for place, each in enumerate(bonds.promises, 1):
        each.key = f"P{place:06d}"
    bonds.touches.sort()
    return bonds


def _collect(bonds: Bonds) -> None:
    """Who is a week late gets a reminder and a call; half of the calls end with a promise to pay."""
    story, rng = bonds.story, bonds.rng
    debits, fate, book = story.debits, story.fate, story.book
    size = len(debits)
    chased = on_working_day(debits.due + rng.integers(5, 13, size))
    alone = (book.central[debits.customer] == 0) & (book.merged_into[debits.customer] < 0)
    late = (debits.kind == INVOICE) & alone & (fate.paid_on > chased + 1) & (chased <= story.last)
    late &= (fate.placed == NEVER) & (rng.random(size) < 0.62)
    outcomes = rng.choice(len(CALLS), size, p=[share for _, share in CALLS])
    for debit in np.flatnonzero(late).tolist():
        customer, day = int(debits.customer[debit]), int(chased[debit])
        bonds.touch(int(debits.due[debit]) + 3, customer, ("message", "collect"), 1)
        bonds.demands.append((int(debits.due[debit]) + 3, debit, 1, "message"))
        outcome = CALLS[int(outcomes[debit])][0]
        bonds.touch(day, customer, ("call", "collect"), bonds.draw(2, 16), outcome)
        if outcome in ("promised", "reached"):
            bonds.demands.append((day, debit, 2, "call"))
        if outcome == "promised":
            _promised(bonds, debit, customer, day)
        if book.default[customer] < day - 60:
            bonds.touch(min(day + 7, story.last), customer, ("letter", "collect"), 10)


def _promised(bonds: Bonds, debit: int, customer: int, made: int) -> None:
    """Theirs to pay: most know when the money will be there, some only hope; a plan where they pay in halves."""
    debits, fate, last = bonds.story.debits, bonds.story.fate, bonds.story.last
    paid_on, second_on = int(fate.paid_on[debit]), int(fate.second_on[debit])
    whole = int(debits.amount[debit])
    amount = int(fate.paid[debit]) or whole
    knows = paid_on <= made + 28 and bonds.rng.random() < 0.72
    due = _working(max(made + 2, paid_on + bonds.draw(0, 2)) if knows else made + bonds.draw(3, 14))
    given = Promise(customer, "them", "pay", made, due, amount, debit)
    bonds.promises.append(given)
    if second_on < NEVER and amount < whole:
        given.plan, given.step = f"PLAN-{debit:06d}", 1
        later = _working(max(second_on, due + 7))
        rest = int(fate.second[debit])
        bonds.promises.append(Promise(customer, "them", "pay", made, later, rest, debit, given.plan, 2))
    again = _working(due + bonds.draw(2, 6))
    if paid_on > again and again <= last and bonds.rng.random() < 0.6:
        bonds.touch(again, customer, ("call", "collect"), bonds.draw(4, 20), "promised")
        hoped = paid_on if paid_on <= again + 30 else again + bonds.draw(4, 10)
        renewal = Promise(customer, "them", "pay", again, _working(max(hoped, again + 2)), amount, debit)
        renewal.level, renewal.after = 2, given
        bonds.promises.append(renewal)


def _answers(bonds: Bonds) -> None:
    """Whoever complains is promised an answer within a week; it is kept when the dispute ends in time."""
    debits, fate, last = bonds.story.debits, bonds.story.fate, bonds.story.last
    for debit in np.flatnonzero(fate.placed <= last).tolist():
        placed, released = int(fate.placed[debit]), int(fate.released[debit])
        customer, made = int(debits.customer[debit]), min(_working(placed), last)
        ours = Promise(customer, "us", "answer", made, _working(made + 14))
        if released <= last:
            _settle(ours, max(released, made))
        bonds.promises.append(ours)
        bonds.touch(made, customer, ("call", "serve"), bonds.draw(5, 25), "dispute")


def _settle(ours: Promise, day: int) -> None:
    """Ours was done on a day: kept in time, or made good."""
    ours.judged = day
    ours.outcome, ours.reason = ("kept", "") if day <= ours.due else ("broken", "made good")


def _ours(bonds: Bonds) -> None:
    """What else we promise: mostly kept, sometimes late, withdrawn now and then; the last weeks' are still open."""
    for customer, day in _days(bonds, 1.6):
        kind = OURS[bonds.draw(0, 3)]
        ours = Promise(customer, "us", kind, day, _working(day + bonds.draw(2, 14)))
        fate = bonds.rng.random()
        done = ours.due - bonds.draw(0, 2) if fate < 0.85 else ours.due + bonds.draw(1, 9)
        if fate > 0.97:
            ours.outcome, ours.judged, ours.reason = "withdrawn", min(day + 1, bonds.story.last), "no longer needed"
        elif max(done, day) <= bonds.story.last:
            _settle(ours, max(done, day))
            if kind in ("delivery", "visit"):
                bonds.touch(ours.judged, customer, (kind, "serve"), bonds.draw(15, 60))
        bonds.promises.append(ours)


def _care(bonds: Bonds) -> None:
    """Visits, calls and small presents; the year's greetings; and somebody came by where payment got better."""
    book, last = bonds.story.book, bonds.story.last
    for customer, day in _days(bonds, 2.4):
        kind, purpose = CARE[min(bonds.draw(0, 7), 5)]
        bonds.touch(day, customer, (kind, purpose), bonds.draw(5, 15) if kind != "visit" else bonds.draw(20, 75))
    improving = NAMES.index("improving")
    for customer in np.flatnonzero((book.archetype == improving) & (book.merged_into < 0)).tolist():
        for month in range(3):
            bonds.touch(_working(bonds.first + 30 * month + bonds.draw(3, 20)), customer, ("visit", "collect"), 40)
    greeted = np.flatnonzero(bonds.rng.random(len(book.codes)) < 0.35).tolist()
    for day in range(bonds.first, last + 1):
        moment = np.datetime64(day, "D").astype(object)
        if (moment.month, moment.day) == YEAR_END:
            for customer in greeted:
                if book.start[customer] <= day < min(int(book.stop[customer]), int(book.merged_on[customer])):
                    bonds.touch(day, customer, ("greeting", "care"), 2)


def _days(bonds: Bonds, rate: float) -> Iterable[tuple[int, int]]:
    """(customer, working day): `rate` times a year and a quarter while each of them buys."""
    book, last = bonds.story.book, bonds.story.last
    for customer, count in enumerate(bonds.rng.poisson(rate, len(book.codes)).tolist()):
        start, end = int(book.start[customer]), min(int(book.stop[customer]), int(book.merged_on[customer]), last - 3)
        for _ in range(count if start < end else 0):
            yield customer, _working(bonds.draw(start, end - 1))


def _working(day: int) -> int:
    return int(on_working_day(np.array([day]))[0])


def promise_rows(bonds: Bonds, words: "Words") -> Iterable[tuple[object, ...]]:
    """Rows of promises.csv by day."""
    for each in bonds.promises:
        currency = int(bonds.story.debits.currency[each.about]) if each.about >= 0 else 0
        yield (
            each.key, words.codes[each.customer], each.by, each.kind, words.days[each.made], words.days[each.due],
            3 if each.by == "them" else "",
            words.amount(each.amount, currency) if each.amount else "",
            words.currencies[currency] if each.amount else "",
            SUBJECTS.get(each.kind, ""), words.contact(each.customer), words.manager(each.customer),
            each.plan, each.step or "", each.level, each.after.key if each.after else "",
            each.outcome, words.days[each.judged], each.reason,
        )  # fmt: skip


def demand_rows(bonds: Bonds, words: "Words", numbers: list[str]) -> Iterable[tuple[object, ...]]:
    """Rows of demands.csv by day: what each invoice was asked for already."""
    debits = bonds.story.debits
    for day, debit, level, how in sorted(bonds.demands):
        customer, entry = words.codes[int(debits.customer[debit])], int(debits.entry[debit])
        yield customer, numbers[debit], entry, level, words.days[day], how


def about_rows(bonds: Bonds, words: "Words", numbers: list[str]) -> Iterable[tuple[object, ...]]:
    """Rows of promise_items.csv: the invoice each promise to pay is about."""
    debits = bonds.story.debits
    for each in bonds.promises:
        if each.about >= 0:
            currency, entry = int(debits.currency[each.about]), int(debits.entry[each.about])
            amount = words.amount(each.amount, currency)
            yield each.key, words.codes[each.customer], numbers[each.about], entry, amount


def touch_rows(bonds: Bonds, words: "Words") -> Iterable[tuple[object, ...]]:
    """Rows of touches.csv by moment, with what each cost in the customer's currency."""
    book = bonds.story.book
    for place, (day, minute, customer, kind, purpose, minutes, outcome) in enumerate(bonds.touches, 1):
        currency = int(book.currency[customer])
        numerator, denominator = RATES[currency].tolist()
        fen = (minutes + (TRAVEL if kind == "visit" else 0)) * MINUTE + (PIECE if kind in ("letter", "gift") else 0)
        yield (
            f"T{place:06d}", words.codes[customer], kind, f"{words.days[day]} {minute // 60:02d}:{minute % 60:02d}",
            words.manager(customer), purpose, minutes, words.amount(fen * numerator // denominator, currency),
            words.currencies[currency], outcome, words.contact(customer), "",
        )  # fmt: skip


@dataclass(slots=True)
class Words:
    """How the book writes customers, days and people."""

    codes: list[str]
    days: dict[int, str]
    currencies: tuple[str, ...]
    people: dict[str, str]  # code → the first contact
    territory: Ints
    managers: Ints

    def contact(self, customer: int) -> str:
        """Who is spoken with."""
        return self.people.get(self.codes[customer], "")

    def manager(self, customer: int) -> Any:
        """Who of ours looks after the customer."""
        return names.MANAGERS[int(self.territory[customer])][int(self.managers[customer])]

    def amount(self, minor: int, currency: int) -> str:
        """Decimal text."""
        return str(minor) if EXPONENTS[currency] == 0 else f"{minor // 100}.{minor % 100:02d}"
