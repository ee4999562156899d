"""Guarantee 8: no demand in quiet hours, over the caps, on disputed, paid or promised money, to who opted out, or on a
birthday; asked again at the moment of sending. Simulated days with facts that change before, between and after.

Every message that a real mail server received is judged by `demands`, which knows nothing of the program.
"""

import random
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction
from django.utils import timezone
from lunardate import LunarDate

from conftest import ON_POSTGRESQL
from demands import Debt, Party, Person, Received, Rules, Word, wrongs
from goodstanding.access.types import NIGHTLY, SYSTEM
from goodstanding.actions import rechecking, send_correspondence
from goodstanding.actions.judge_promises import judge_all
from goodstanding.actions.keep_promise import keep_promise, withdraw_promise
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.match_items import match_items
from goodstanding.actions.merge_customers import merge_customers
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.queue_reminders import queue_reminders
from goodstanding.actions.record_item import record_item
from goodstanding.actions.record_payment import record_payment
from goodstanding.actions.record_touch import record_touch
from goodstanding.actions.release_hold import release_hold
from goodstanding.actions.run_collections import run_collections
from goodstanding.actions.send_correspondence import post_office, send_next
from goodstanding.actions.set_calendar import add_own_day
from goodstanding.actions.set_strategy import set_strategy
from goodstanding.kernel.errors import Refused
from goodstanding.parties.models import Contact, Customer
from goodstanding.promises.types import About, NewPromise
from goodstanding.receivables.types import NewItem
from goodstanding.relations.types import NewTouch

WINDOW = 34  # days
WINDOWS = (  # each zone twice, about the nights on which its clocks change; China about its long holidays
    ("Europe/Berlin", date(2026, 3, 10)), ("Europe/Berlin", date(2026, 10, 5)),
    ("America/New_York", date(2026, 2, 20)), ("America/New_York", date(2026, 10, 10)),
    ("Australia/Lord_Howe", date(2026, 3, 20)), ("Australia/Lord_Howe", date(2026, 9, 15)),
    ("Pacific/Auckland", date(2026, 3, 15)), ("Pacific/Auckland", date(2026, 9, 10)),
    ("America/St_Johns", date(2026, 2, 15)), ("America/St_Johns", date(2026, 10, 12)),
    ("Asia/Shanghai", date(2026, 2, 1)), ("Asia/Shanghai", date(2026, 9, 10)),
)  # fmt: skip
DAYS = 9 if ON_POSTGRESQL else WINDOW  # asking PostgreSQL takes longer: there a quarter of the days
BY_RUNS = ("dispute", "promise", "own_promise", "opted_out", "birthday", "ceiling", "day_off", "pending")
AT_SENDING = ("sent", "waits quiet", "waits ceiling", "waits day_off", "withheld other_amount", "withheld promise")
QUIET = ((time(20, 30), time(7, 45)), (time(21), time(8)), (time(1, 30), time(2, 30)), (time(12), time(14)))
STRATEGY = """
name: often
per_week: {week}
per_day: {day}
quiet_from: "{start:%H:%M}"
quiet_until: "{end:%H:%M}"
segments:
  - name: everybody
    steps:
      - {{name: ahead, days: -2, gap: 0, action: remind, channel: email, tone: friendly}}
      - {{name: one, days: 1, gap: 1, action: remind, channel: email, tone: friendly}}
      - {{name: two, days: 3, gap: 1, action: remind, channel: email, tone: firm}}
      - {{name: three, days: 5, gap: 1, action: remind, channel: email, tone: firm}}
      - {{name: four, days: 7, gap: 1, action: remind, channel: email, tone: final}}
      - {{name: five, days: 10, gap: 2, action: remind, channel: email, tone: final}}
"""
PARTIES = 6


class Inbox:
    """A real SMTP server's handler: keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[Received] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken.append(Received(envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    handler = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.FIRM = ("Word and Company", "Quay Street")
    settings.MAIL_URL, settings.MAIL_FROM = f"smtp://127.0.0.1:{port}", "Credit desk <credit@example.com>"
    yield handler
    server.stop()


@pytest.fixture
def chance() -> random.Random:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    return random.Random(seed)


class World:
    """Customers of one window of days, in the book and in the judge's model at once."""

    def __init__(self, prefix: str, zone: ZoneInfo, first: date, chance: random.Random) -> None:
        self.prefix, self.zone, self.first, self.chance = prefix, zone, first, chance
        self.serial = 0
        start, end = chance.choice(QUIET)
        self.rules = Rules(start, end, per_week=chance.randint(2, 4), per_day=chance.randint(1, 2))
        self.parties: dict[str, Party] = {}
        self.now = datetime.combine(first, time(0, 5), zone).astimezone(UTC)
        text = STRATEGY.format(start=start, end=end, week=self.rules.per_week, day=self.rules.per_day)
        set_strategy(actor=SYSTEM, now=self.now, text=text, start=first, today=first)
        for n in range(3):
            day = first + timedelta(days=chance.randrange(WINDOW))
            if day not in self.rules.closed:
                add_own_day(actor=SYSTEM, now=self.now, day=day, name=f"Day {n}", working=False)
                self.rules.closed.add(day)
        for n in range(PARTIES):
            self.join(f"{prefix}-{n}")

    @property
    def local(self) -> datetime:
        return self.now.astimezone(self.zone)

    @property
    def day(self) -> date:
        return self.local.date()

    def by(self) -> dict[str, Any]:
        return {"actor": SYSTEM, "now": self.now}

    def name(self, what: str) -> str:
        self.serial += 1
        return f"{what}-{self.prefix.translate(DIGITS)}{self.serial:05}"

    def join(self, code: str) -> None:
        one, party = Customer.objects.create(code=code, name="Harbour Light", currency="EUR"), Party(code)
        for n in range(self.chance.randint(1, 2)):
            person = Person(f"p{n}.{code.lower()}@example.com", f"{'Mei' if n else 'Lin'} {self.letters()}")
            if self.chance.random() < 0.6:
                on = self.first + timedelta(days=self.chance.randrange(WINDOW))
                moon = LunarDate.from_solar_date(on.year, on.month, on.day)
                by_moon = self.chance.random() < 0.5
                person.birthday = ("lunar", moon.month, moon.day) if by_moon else ("solar", on.month, on.day)
            calendar, month, number = person.birthday or ("", 0, 0)
            Contact.objects.create(
                customer=one, name=person.name, email=person.email, birthday_calendar=calendar,
                birthday=f"{month:02}-{number:02}" if calendar else "", language=self.chance.choice(("en", "zh-hans")),
            )  # fmt: skip
            party.people[person.email] = person
        self.parties[code] = party
        for _ in range(3):
            self.invoice(party)

    def letters(self) -> str:
        return "".join(self.chance.choice("abcdefgh") for _ in range(8))

    # facts, each written into the book and told to the model

    def invoice(self, party: Party) -> None:
        due = self.day + timedelta(days=self.chance.randint(-4, 9))
        made = Debt(
            party.code, self.name("INV"), self.chance.choice(("EUR", "EUR", "USD")), due, self.chance.randint(2, 90_000)
        )
        item = NewItem(
            number=made.number, kind="invoice", date=min(due, self.day), due=due, amount=made.open, currency=made.currency,
        )  # fmt: skip
        record_item(**self.by(), customer=party.code, item=item)
        party.debts[made.number] = made

    def some(self, party: Party) -> Debt | None:
        live = [each for each in party.debts.values() if each.asked > 0]
        return self.chance.choice(live) if live else None

    def part(self, amount: int) -> int:
        return amount if self.chance.random() < 0.5 else self.chance.randint(1, amount)

    def pay(self, party: Party) -> None:
        debt = self.some(party)
        if debt is None:
            return
        amount, number, matched = self.part(debt.asked), self.name("CASH"), self.chance.random() < 0.7
        payment = NewItem(number=number, kind="payment", date=self.day, amount=amount, currency=debt.currency)
        record_payment(**self.by(), customer=party.code, payment=payment, allocation="none", tolerance=0)
        party.money.append((self.day, debt.currency, amount))
        if not matched:
            party.unmatched[debt.currency] += amount
            return
        match_items(
            **self.by(), credit=(party.code, number, 0), debit=(debt.code, debt.number, 0), amount=amount, day=self.day
        )
        debt.open -= amount

    def dispute(self, party: Party) -> None:
        debt = self.some(party)
        if debt is None:
            return
        amount, key = self.part(debt.asked), self.name("hold")
        place_hold(
            **self.by(), item=(debt.code, debt.number, 0), amount=amount, reason="dispute", day=self.day, key=key
        )
        debt.held[key] = amount

    def release(self, party: Party) -> None:
        held = [(debt, key) for debt in party.debts.values() for key in debt.held]
        if held:
            debt, key = self.chance.choice(held)
            release_hold(**self.by(), key=key, day=self.day)
            del debt.held[key]

    def promise(self, party: Party) -> None:
        debt = self.some(party)
        if debt is None:
            return
        ours, about = self.chance.random() < 0.3, self.chance.random() < 0.5
        due, tolerance = self.day + timedelta(days=self.chance.randint(0, 4)), self.chance.randint(0, 2)
        key, amount = self.name("word"), self.part(debt.asked)
        new = NewPromise(
            "us" if ours else "them", "answer" if ours else "pay", self.day, due,
            None if ours else amount, "" if ours else debt.currency, tolerance, subject="An answer" if ours else "",
            items=(About(item_of(debt)),) if about else (),
        )  # fmt: skip
        make_promise(**self.by(), customer=party.code, promise=new, key=key)
        until = due + timedelta(days=tolerance)
        party.words[key] = Word(ours, self.day, until, debt.currency, amount, debt.number if about else "")

    def keep(self, party: Party) -> None:
        for key, word in list(party.words.items()):
            if word.ours or self.chance.random() < 0.3:
                if word.ours:
                    keep_promise(**self.by(), key=key, day=self.day)
                else:
                    withdraw_promise(**self.by(), key=key, day=self.day, reason="agreed")
                del party.words[key]
                return

    def choose(self, party: Party) -> None:
        person = self.chance.choice(list(party.people.values()))
        person.may = not person.may
        Contact.objects.filter(email=person.email).update(may_contact=person.may)

    def call(self, party: Party) -> None:
        touch = NewTouch("call", self.now, "collect", minutes=3, currency="EUR")
        record_touch(**self.by(), customer=party.code, touch=touch, key=self.name("call"))
        party.contacts.append(self.now)

    def merge(self, party: Party) -> None:
        if len(self.parties) <= PARTIES - 2:
            return
        other = self.chance.choice([each for each in self.parties.values() if each is not party])
        versions = dict(Customer.objects.values_list("code", "version"))
        merge_customers(
            **self.by(), merged=party.code, merged_version=versions[party.code], survivor=other.code,
            survivor_version=versions[other.code], on=self.day, reason="the same firm",
        )  # fmt: skip
        other.people |= party.people
        other.debts |= party.debts
        other.words |= party.words
        other.unmatched += party.unmatched
        other.contacts += party.contacts
        other.money += party.money
        del self.parties[party.code]

    def happen(self, times: int) -> None:
        """So many facts, of anybody."""
        kinds = (
            [self.invoice] * 6 + [self.pay] * 5 + [self.dispute] * 4 + [self.release] * 3 + [self.promise] * 5
            + [self.keep] * 4 + [self.choose] * 3 + [self.call] * 3
        )  # fmt: skip
        for _ in range(times):
            fact = self.merge if self.chance.random() < 0.01 else self.chance.choice(kinds)
            with suppress(Refused):  # what can't be done isn't told to the model either
                fact(self.chance.choice(list(self.parties.values())))


DIGITS = str.maketrans({"w": ""})


def item_of(debt: Debt) -> int:
    from goodstanding.receivables.models import Item

    return int(Item.objects.values_list("pk", flat=True).get(customer__code=debt.code, number=debt.number))


class Tally:
    """What was counted, and what should not have been."""

    def __init__(self) -> None:
        self.days = self.received = self.between = self.back = 0
        self.decided: Counter[str] = Counter()  # reasons of the runs
        self.sent: Counter[str] = Counter()  # states, and reasons at sending
        self.wrong: list[str] = []

    def __str__(self) -> str:
        return (
            f"{connection.vendor}: {self.days} days, {self.received} messages received, clock set back {self.back} times\n"
            f"withheld by runs: {dict(self.decided)}\nat sending: {dict(self.sent)}"
        )


def send_due(world: World, inbox: Inbox, tally: Tally) -> None:
    """Everything that is due at this moment, each message judged as it came."""
    with post_office() as post:
        seen: list[int] = []
        while done := send_next(actor=SYSTEM, now=world.now, post=post, holder="sender", skip=seen):
            seen.append(done.number)
            tally.sent[done.state] += 1
            tally.sent.update({f"{done.state} {each.code}" for each in done.why})
            for message in inbox.taken:
                party = next(each for each in world.parties.values() if message.to in each.people)
                tally.received += 1
                tally.wrong += [
                    f"{world.local} {world.zone} {party.code} {each}\n{message.text}"
                    for each in wrongs(message, party, world.rules, world.local)
                ]
                party.contacts.append(world.now)
            inbox.taken.clear()


def live(world: World, days: int, inbox: Inbox, tally: Tally) -> None:
    """One day after the other: facts, a run, facts, sending at any moment, now and then by a clock set back."""
    chance = world.chance
    for n in range(days):
        day = world.first + timedelta(days=n)
        moments = [(chance.randrange(86_400), False) for _ in range(2)]
        for second, is_run in sorted([*moments, (chance.randrange(4 * 3600, 11 * 3600), True)]):
            at = datetime.combine(day, time(), world.zone) + timedelta(seconds=second)
            world.now = at.replace(fold=chance.randrange(2)).astimezone(UTC)
            world.happen(chance.randrange(3))
            today = world.day
            if is_run:
                judge_all(actor=NIGHTLY, now=world.now, as_of=today)
                done = run_collections(actor=NIGHTLY, now=world.now, as_of=today)
                no = [each for each in done.decisions if each.action == "withhold"]
                tally.decided.update(reason.code for each in no for reason in each.reasons)
                queue_reminders(actor=NIGHTLY, now=world.now, as_of=today)
                world.happen(chance.randrange(3))
            elif chance.random() < 0.1:
                world.now -= timedelta(minutes=chance.randrange(10, 20 * 60))
                tally.back += 1
            if not is_run or chance.random() < 0.5:
                send_due(world, inbox, tally)
        tally.days += 1


def live_window(number: int, days: int, inbox: Inbox, chance: random.Random, tally: Tally) -> None:
    """One window of days in a book of its own."""
    zone, first = WINDOWS[number]
    with timezone.override(ZoneInfo(zone)), transaction.atomic():
        live(World(f"w{number}", ZoneInfo(zone), first, chance), days, inbox, tally)
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.timeout(900)
def test_no_demand_that_should_not_be(inbox: Inbox, chance: random.Random) -> None:
    tally = Tally()
    for number in range(len(WINDOWS)):
        live_window(number, DAYS, inbox, chance, tally)
    print(tally)
    assert not tally.wrong, f"{len(tally.wrong)} demands:\n" + "\n\n".join(tally.wrong[:3])
    assert tally.days >= (100 if ON_POSTGRESQL else 400) and tally.received >= (50 if ON_POSTGRESQL else 200)
    assert tally.back
    missing = {*BY_RUNS} - {*tally.decided} | {*AT_SENDING} - {*tally.sent}
    assert not missing, f"never happened, so nothing was proved of it: {missing}"


@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_sending_without_asking_again_is_found(
    inbox: Inbox, chance: random.Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_correspondence, "recheck", lambda *_: rechecking.Verdict())
    tally = Tally()
    for number in range(len(WINDOWS)):
        live_window(number, 10, inbox, chance, tally)
        if len(tally.wrong) > 2:
            print(f"{tally.days} days, {tally.received} messages, {len(tally.wrong)} wrong")
            return
    pytest.fail(f"{tally}: nothing was found")
