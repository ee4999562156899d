"""A story of some days: what was billed, paid, promised and said, and what the program decides to do about it.

Every sentence is an action on a real database; nothing here knows a rule. Days are ISO texts, amounts decimal texts.
The firm of these stories works every day unless told otherwise, and lives in Shanghai's time zone.
"""

import socket
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo

from aiosmtpd.controller import Controller

from goodstanding.access.types import SYSTEM
from goodstanding.actions import charge_late_fees as charging
from goodstanding.actions import work_decision
from goodstanding.actions.close_period import close_period
from goodstanding.actions.finish_contact import Finished, finish_contact
from goodstanding.actions.judge_promises import judge_all
from goodstanding.actions.keep_promise import keep_promise
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.queue_reminders import queue_reminders
from goodstanding.actions.record_bounce import record_bounce
from goodstanding.actions.record_item import record_item
from goodstanding.actions.record_payment import record_payment
from goodstanding.actions.record_touch import record_touch
from goodstanding.actions.release_hold import release_hold
from goodstanding.actions.run_collections import Outcome, run_collections
from goodstanding.actions.send_correspondence import Done, post_office, send_next
from goodstanding.actions.set_calendar import add_own_day, set_calendar
from goodstanding.actions.set_late_interest import set_late_rule
from goodstanding.actions.set_strategy import set_strategy
from goodstanding.actions.settle_message import settle_message
from goodstanding.actions.waive_late_fee import waive_late_fee
from goodstanding.collections import queries as collections
from goodstanding.collections.types import Decision, Wanted, Work
from goodstanding.correspondence import queries as correspondence
from goodstanding.correspondence.types import Message
from goodstanding.kernel.errors import Refused
from goodstanding.kernel.money import decimal_text, parse_amount
from goodstanding.parties.models import Contact, Customer
from goodstanding.promises import queries as promises
from goodstanding.promises.types import About, NewPromise
from goodstanding.receivables import queries as receivables
from goodstanding.receivables.interest import Rule
from goodstanding.receivables.types import NewItem
from goodstanding.relations.types import NewTouch

ZONE = ZoneInfo("Asia/Shanghai")
LADDER = """
name: the ladder of these stories
tolerance: {EUR: 500}
per_week: 3
per_day: 2
quiet_from: "21:00"
quiet_until: "08:00"
segments:
  - name: everybody
    steps:
      - {name: friendly word, days: 5, action: remind, channel: email, tone: friendly}
      - {name: firm letter, days: 15, gap: 7, action: remind, channel: email, tone: firm}
      - {name: call, days: 25, gap: 7, action: call, channel: phone, tone: firm}
"""


class Server:
    """A mail server on this machine: keeps what it took, or refuses everything."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.refuses = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refuses:
            return "550 no such mailbox"
        self.taken.extend(envelope.rcpt_tos)
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Server, str]]:
    """The server and its address, while the body runs."""
    handler = Server()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = Controller(handler, hostname="127.0.0.1", port=port)
    running.start()
    try:
        yield handler, f"smtp://127.0.0.1:{port}"
    finally:
        running.stop()


class Story:
    """Told a sentence at a time; `on` moves the clock."""

    def __init__(self, ladder: str = LADDER) -> None:
        self.on("2026-01-01")
        set_strategy(**self._by, text=ladder, start=self.day, today=self.day)
        set_calendar(**self._by, country="", rest=(), version=0)

    # the clock

    def on(self, day: str, at: str = "12:00") -> Self:
        self.day = date.fromisoformat(day)
        self.now = datetime.combine(self.day, time.fromisoformat(at), tzinfo=ZONE)
        return self

    def about(self, day: str) -> Self:
        """The clock stays; what follows is asked about an earlier day."""
        self.day = date.fromisoformat(day)
        return self

    @property
    def _by(self) -> dict[str, Any]:
        return {"actor": SYSTEM, "now": self.now}

    # what happened

    def customer(self, code: str, **facts: Any) -> Self:
        """A customer with somebody who may be written to; `facts` are about that person."""
        person = {"name": "Mei", "email": f"{code.lower()}@example.com", "language": "en"} | facts
        status = person.pop("status", "active")
        made = Customer.objects.create(code=code, name=f"Customer {code}", currency="EUR", status=status)
        Contact.objects.create(customer=made, **person)
        self.current = code
        return self

    def _item(self, kind: str, number: str, amount: str, on: str, currency: str, due: str | None = None) -> NewItem:
        last = date.fromisoformat(due) if due else None
        return NewItem(number, kind, date.fromisoformat(on), parse_amount(amount, currency), currency, due=last)

    def invoice(self, number: str, *, amount: str, due: str, on: str = "2026-05-04", currency: str = "EUR") -> Self:
        record_item(**self._by, customer=self.current, item=self._item("invoice", number, amount, on, currency, due))
        return self

    def credit_note(self, number: str, *, amount: str, on: str, currency: str = "EUR") -> Self:
        record_item(**self._by, customer=self.current, item=self._item("credit_note", number, amount, on, currency))
        return self

    def pays(
        self, code: str, *, amount: str, on: str = "", settling: str = "oldest", currency: str = "EUR"
    ) -> Self:  # fmt: skip
        """Money came; `settling` is how it is matched, "none" leaves it unapplied."""
        number = f"money {code} {amount} {on or self.day}"
        payment = self._item("payment", number, amount, on or self.day.isoformat(), currency)
        record_payment(**self._by, customer=code, payment=payment, allocation=settling)
        return self

    def disputes(self, code: str, number: str, *, amount: str) -> Self:
        place_hold(
            **self._by, item=(code, number, 0), amount=parse_amount(amount, "EUR"), reason="dispute", day=self.day,
            key=f"dispute {number}",
        )  # fmt: skip
        return self

    def settles_the_dispute(self, number: str) -> Self:
        release_hold(**self._by, key=f"dispute {number}", day=self.day, reason="settled")
        return self

    def promises(
        self, code: str, *, amount: str, until: str, tolerance: int = 0, about: str = "", subject: str = ""
    ) -> Self:
        """The customer promises to pay."""
        promise = NewPromise(
            "them", "pay", self.day, date.fromisoformat(until), parse_amount(amount, "EUR"), "EUR",
            tolerance=tolerance, subject=subject, items=self._about(code, about),
        )  # fmt: skip
        make_promise(**self._by, customer=code, promise=promise, key=f"theirs {code}")
        return self

    def we_promise(self, code: str, *, kind: str, until: str, about: str = "", subject: str = "") -> Self:
        """We promise the customer something."""
        promise = NewPromise(
            "us", kind, self.day, date.fromisoformat(until), subject=subject, items=self._about(code, about)
        )
        make_promise(**self._by, customer=code, promise=promise, key=f"ours {code}")
        return self

    def we_keep_our_promise(self, code: str) -> Self:
        keep_promise(**self._by, key=f"ours {code}", day=self.day)
        return self

    def _about(self, code: str, number: str) -> tuple[About, ...]:
        return (About(self._open_item(code, number).id),) if number else ()

    def _open_item(self, code: str, number: str) -> Any:
        return receivables.item(Customer.objects.get(code=code).pk, number, 0, self.day)

    def night(self) -> Self:
        """Promises are judged as of the end of the day."""
        judge_all(**self._by, as_of=self.day)
        return self

    def calls(self, code: str) -> Self:
        """Somebody of ours was on the phone with them, now."""
        touch = NewTouch("call", self.now, "care", minutes=5, currency="EUR")
        record_touch(**self._by, customer=code, touch=touch, key=f"call {code} {self.now}")
        return self

    def closes_for_a_holiday(self, day: str, name: str) -> Self:
        add_own_day(**self._by, day=date.fromisoformat(day), name=name, working=False)
        return self

    def closes_the_books(self) -> Self:
        close_period(**self._by, through=self.day)
        return self

    def charges_for_lateness(self, *, fee: str, per_day_in_100000: int = 0) -> Self:
        rule = Rule("EUR", date(2026, 1, 1), "daily", per_day_in_100000, fee=parse_amount(fee, "EUR"))
        set_late_rule(**self._by, rule=rule)
        return self

    def bills_lateness(self) -> list[str]:
        """Charge what lateness cost up to today; gives the numbers of what was posted."""
        return [each.number for each in charging.charge_late_fees(**self._by, as_of=self.day).items]

    def waives(self, code: str, number: str) -> Self:
        waive_late_fee(**self._by, item=(code, number, 0), day=self.day, reason="goodwill")
        return self

    # the work of the day

    def runs(self) -> Outcome:
        """The day is decided and written down."""
        return run_collections(**self._by, as_of=self.day)

    def finishes(self, code: str, outcome: str = "done", currency: str = "EUR") -> Self:
        """The day is decided, and somebody does what was decided about the customer."""
        self.runs()
        (number,) = [
            each.id
            for each in self._worklist()
            if each.decision.customer == code and each.decision.currency == currency
        ]
        work_decision.finish(**self._by, decision=number, day=self.day, outcome=outcome)
        return self

    def is_told_a_promise(self, code: str, *, amount: str, until: str) -> Self:
        """Whoever does the day's work about the customer hears a promise and writes it down."""
        self.runs()
        (number,) = [each.id for each in self._worklist() if each.decision.customer == code]
        promise = NewPromise("them", "pay", self.day, date.fromisoformat(until), parse_amount(amount, "EUR"), "EUR")
        finish_contact(
            **self._by,
            decision=number,
            day=self.day,
            outcome="promised",
            key=f"heard {code}",
            promise=promise,
            minutes=5,
        )
        return self

    def takes(self, code: str) -> Self:
        """The day is decided, and somebody takes what was decided about the customer."""
        self.runs()
        work_decision.take(**self._by, decision=self.work(code).id, day=self.day)
        return self

    def puts_off(self, code: str, *, until: str) -> Self:
        self.runs()
        last = date.fromisoformat(until)
        work_decision.snooze(
            **self._by, decision=self.work(code).id, day=self.day, until=last, reason="asked us to wait"
        )
        return self

    def finishes_what_was_put_off(self, code: str) -> Self:
        work_decision.finish(**self._by, decision=self.work(code).id, day=self.day, outcome="done")
        return self

    def work(self, code: str) -> Work:
        """What is to be done about the customer by the day's run, whoever has it."""
        found = collections.worklist(self.day, Wanted(states=("open", "taken", "snoozed", "done")), limit=None)
        (one,) = [each for each in found if each.decision.customer == code]
        return one

    def stands(self, code: str, state: str) -> Self:
        """The day is decided; its work about the customer is open, taken, snoozed or done."""
        self.runs()
        found = self.work(code)
        assert found.state == state, f"{code} on {self.day}: {found.state} by {found.owner!r} until {found.until}"
        return self

    def hears_a_dispute(self, code: str, *, note: str = "", key: str = "heard") -> Finished:
        """Whoever does the work that was decided about the customer hears that they dispute what is asked for."""
        return finish_contact(
            **self._by, decision=self.work(code).id, day=self.day, outcome="dispute", key=key, note=note, minutes=5
        )

    def holds(self, code: str, number: str) -> list[tuple[str, str, str]]:
        """The holds on an invoice: reason, amount, source."""
        found = receivables.holds([self._open_item(code, number).id], self.day)
        return [(each.reason, decimal_text(each.amount, each.currency), each.source) for each in found]

    def _worklist(self) -> Any:
        return collections.worklist(self.day, Wanted(states=("open", "taken")), limit=None)

    def queues(self) -> int:
        """The day is decided and its letters are put into the outbox; gives how many were queued."""
        self.runs()
        return queue_reminders(**self._by, as_of=self.day).queued

    def sends(self) -> Counter[str]:
        """What is due in the outbox is sent; gives what became of the messages."""
        return Counter(each.state for each in self._sent())

    def _sent(self) -> list[Done]:
        done: list[Done] = []
        with post_office() as post:
            while one := send_next(**self._by, post=post, holder="story", skip=[each.number for each in done]):
                done.append(one)
        return done

    def sends_again(self, code: str) -> Self:
        """A person says that the message that didn't go shall go again."""
        settle_message(**self._by, message=self.message(code).id, way="again")
        return self

    def drops(self, code: str) -> Self:
        """A person says that the message shall never go."""
        settle_message(**self._by, message=self.message(code).id, way="drop", reason="wrong address")
        return self

    def comes_back(self, code: str) -> Self:
        """The mail that was sent to the customer did not arrive."""
        record_bounce(**self._by, message_id=self.message(code).message_id, reason="mailbox full")
        return self

    def message(self, code: str) -> Message:
        """The newest message to the customer."""
        from goodstanding.correspondence.models import Message as Row

        newest = Row.objects.filter(customer__code=code).order_by("-pk").values_list("pk", flat=True)[0]
        return correspondence.message(SYSTEM, newest)

    # what is expected

    def decision(self, code: str, currency: str = "EUR") -> Decision | None:
        """What would be decided at this moment, without writing it down."""
        outcome = run_collections(**self._by, as_of=self.day, dry_run=True)
        found = [each for each in outcome.decisions if (each.customer, each.currency) == (code, currency)]
        assert len(found) <= 1, "one decision a customer and currency"
        return found[0] if found else None

    def decides(
        self, code: str, action: str, *, step: str | None = None, items: Mapping[str, int] | None = None,
        amount: str | None = None, credits: str | None = None, why: str | None = None, currency: str = "EUR",  # noqa: A002
    ) -> Self:  # fmt: skip
        """`items` are numbers with the level each has reached; `why` is the first reason's name."""
        each = self.decision(code, currency)
        where = f"{code} on {self.day}"
        assert each is not None, f"{where}: nothing was decided, {action} expected"
        told = f"{where}: {each.action} {each.step}, because {[reason.code for reason in each.reasons]}"
        assert each.action == action, told
        if step is not None:
            assert each.step == step, told
        if items is not None:
            found = {item.number: item.level for item in each.items}
            assert found == dict(items), f"{told}: {found}"
        if amount is not None:
            assert decimal_text(each.amount, currency) == amount, f"{told}: {each.amount}"
        if credits is not None:
            assert decimal_text(each.credits, currency) == credits, f"{told}: {each.credits}"
        if why is not None:
            assert each.reasons[0].code == why, told
        return self

    def leaves_alone(self, code: str, currency: str = "EUR") -> Self:
        """Nothing has been reached: there is nothing to do, and nothing to say no to."""
        each = self.decision(code, currency)
        assert each is None, f"{code} on {self.day}: {each}"
        return self

    def open_of(self, code: str, number: str) -> str:
        """What is open of an item at the end of the day."""
        item = self._open_item(code, number)
        return decimal_text(item.open, item.currency)

    def promise_of(self, code: str) -> str:
        """How the customer's promise stands at the end of the day."""
        (found,) = [each for each in promises.all_promises(self.day) if each.customer == code and each.by == "them"]
        return found.state

    @contextmanager
    def refuses(self, code: str) -> Iterator[None]:
        try:
            yield
        except Refused as refused:
            assert refused.code == code, refused.message
        else:
            raise AssertionError(f"nothing was refused, {code} expected")
