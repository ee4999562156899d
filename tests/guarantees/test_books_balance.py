"""Guarantee 1: books balance, whatever is done to them in whatever order.

A state machine does to the product and to a small model of its own the same things, valid and not. After each
step the product's facts are read in raw SQL and compared with the model, and every invariant is recomputed.
"""

import os
import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from book_model import Book, Line, No
from goodstanding.actions.close_period import close_period
from goodstanding.actions.match_items import match_items
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.record_item import record_item
from goodstanding.actions.release_hold import release_hold
from goodstanding.actions.reverse_item import reverse_item
from goodstanding.kernel.errors import Refused
from goodstanding.parties.models import Customer
from goodstanding.receivables import queries
from goodstanding.receivables.types import Allocation
from goodstanding.reports.integrity import problems
from ledger import BY, customer, new, pay, post, undo

RUNS = int(os.environ.get("GOODSTANDING_MACHINE_RUNS", "200"))
STEPS = 50
MORE = 8  # batches of a quarter of the runs that may follow, until each rule was done often enough
GROUPS = {"G": "G", "A": "G", "B": "G", "Z": "Z"}
FIRST = date(2026, 1, 1)
CODES = st.sampled_from(sorted(GROUPS))
CURRENCY = st.sampled_from(("EUR", "EUR", "EUR", "JPY"))
AMOUNT = st.integers(1, 1000)
DAYS = st.integers(0, 20)
PICK = st.integers(0, 10**6)

successes: Counter[str] = Counter()
counts: Counter[str] = Counter()

FACTS = """SELECT c.code, i.number, i.entry, i.currency, i.date, i.amount, b.open,
        (SELECT COUNT(*) FROM receivables_match m WHERE m.credit_item_id = i.id OR m.debit_item_id = i.id)
    FROM receivables_item i JOIN parties_customer c ON c.id = i.customer_id
    JOIN receivables_balance b ON b.item_id = i.id"""


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        counts["runs"] += 1
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.model = Book(dict(GROUPS))
        self.keys: dict[int, str] = {}  # place of a link in the model → the match's key
        self.serial = 0

    @initialize(amounts=st.lists(AMOUNT, min_size=6, max_size=6))
    def begin(self, amounts: list[int]) -> None:
        """Something to match, and something to post again, from the first step on."""
        self.done = -1  # the invariants run once before the first step
        before = successes.copy()
        for code, amount in zip("AGB", amounts[:3], strict=True):
            self.bill(code, "invoice", amount, "EUR", 1, 14)
        for code, amount in zip("AGB", amounts[3:], strict=True):
            self.pay_in_advance(code, amount, "EUR", 1)
        self.bill("Z", "invoice", 100, "EUR", 1, 14)
        self.reverse(len(self.model.lines) - 1, 1)
        successes.clear()
        successes.update(before)  # only steps are counted

    def teardown(self) -> None:
        counts["full"] += self.done >= STEPS
        connection.check_constraints()  # what a commit would have checked
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    # -- how both are asked ---------------------------------------------------------------------------------

    def both(self, name: str, model: Any, product: Any) -> Any:
        """Do it to the model and to the product; they must agree on whether it can be done."""
        import copy

        before = copy.deepcopy(self.model)
        try:
            model()
            wanted = None
        except No as no:
            self.model, wanted = before, str(no)
        try:
            answer, got = product(), None
        except Refused as no:
            answer, got = None, no.code
        assert (wanted is None) == (got is None), f"{name}: the model says {wanted}, the product {got}"
        if got is None:
            successes[name] += 1
            self.name_links()
        return answer

    def name_links(self) -> None:
        """Learn the keys of matches that were just made: they are stored in the order of the model's links."""
        if len(self.keys) == len(self.model.links):
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT key FROM receivables_match WHERE undoes_id IS NULL ORDER BY id")
            self.keys = dict(enumerate(key for (key,) in cursor.fetchall()))
        assert len(self.keys) == len(self.model.links)

    def day(self, offset: int) -> date:
        floor = self.model.closed + timedelta(days=1) if self.model.closed else FIRST
        return floor + timedelta(days=offset - 1)  # once in a while in the closed period

    def number(self, start: str) -> str:
        self.serial += 1
        return f"{start}-{self.serial}"

    def lines(self, wanted: Any) -> list[Line]:
        return [line for line in self.model.lines.values() if wanted(line)]

    def pick(self, lines: list[Line], index: int) -> Line:
        return lines[index % len(lines)]

    # -- what can be done -----------------------------------------------------------------------------------

    @rule(code=CODES, kind=st.sampled_from(("invoice", "invoice", "invoice", "debit_note", "refund", "late_fee", "opening")),
          amount=AMOUNT, currency=CURRENCY, offset=DAYS, credit=st.integers(0, 30))  # fmt: skip
    def bill(self, code: str, kind: str, amount: int, currency: str, offset: int, credit: int) -> None:
        number, on = self.number("INV"), self.day(offset)
        due = on + timedelta(days=credit)
        self.both(
            "bill",
            lambda: self.model.post((code, number, 1), kind, on, amount, currency, due),
            lambda: post(code, number, amount, on, kind, currency=currency, due=due),
        )

    @rule(code=CODES, amount=AMOUNT, currency=CURRENCY, offset=DAYS)
    def credit_note(self, code: str, amount: int, currency: str, offset: int) -> None:
        number, on = self.number("CN"), self.day(offset)
        self.both(
            "credit_note",
            lambda: self.model.post((code, number, 1), "credit_note", on, amount, currency),
            lambda: post(code, number, amount, on, "credit_note", currency=currency),
        )

    @rule(code=CODES, amount=AMOUNT, currency=CURRENCY, offset=DAYS, tolerance=st.integers(0, 10), exact=st.booleans())
    def pay_oldest(self, code: str, amount: int, currency: str, offset: int, tolerance: int, exact: bool) -> None:
        number, on = self.number("PAY"), self.day(offset)
        debits = self.model.oldest(code, currency)
        if exact and debits:  # what is open of the first, a little less
            amount = max(1, self.model.open(debits[0].key) - amount % 12)
        self.both(
            "pay_oldest",
            lambda: self.model.pay_oldest((code, number, 1), on, amount, currency, tolerance),
            lambda: pay(code, number, amount, on, "oldest", tolerance, currency=currency),
        )

    @rule(code=CODES, amount=AMOUNT, currency=CURRENCY, offset=DAYS)
    def pay_in_advance(self, code: str, amount: int, currency: str, offset: int) -> None:
        number, on = self.number("ADV"), self.day(offset)
        self.both(
            "pay_in_advance",
            lambda: self.model.post((code, number, 1), "payment", on, amount, currency),
            lambda: pay(code, number, amount, on, currency=currency),
        )

    @precondition(lambda self: self.lines(lambda line: line.sign == 1))
    @rule(code=CODES, pick=PICK, share=st.integers(1, 120), offset=DAYS)
    def pay_listed(self, code: str, pick: int, share: int, offset: int) -> None:
        debit = self.pick(self.lines(lambda line: line.sign == 1), pick)
        number, on = self.number("LST"), self.day(offset)
        part = max(1, self.model.open(debit.key) * share // 100)
        when = max(on, debit.date)

        def model() -> None:
            self.model.post((code, number, 1), "payment", on, part + 5, debit.currency)
            self.model.match((code, number, 1), debit.key, part, when)

        listed = [Allocation(debit.key[1], part, debit.key[0], debit.key[2])]
        self.both("pay_listed", model, lambda: pay(code, number, part + 5, on, listed, currency=debit.currency))

    def pairs(self) -> list[tuple[Line, Line]]:
        """A credit and a debit that may be matched, both open."""
        return [
            (credit, debit)
            for credit in self.lines(lambda line: line.sign == -1 and self.model.open(line.key))
            for debit in self.lines(lambda line: line.sign == 1 and self.model.open(line.key))
            if GROUPS[credit.key[0]] == GROUPS[debit.key[0]] and credit.currency == debit.currency
        ]

    @precondition(lambda self: self.pairs())
    @rule(one=PICK, two=PICK, share=st.integers(1, 130), offset=DAYS, fitting=st.integers(0, 3))
    def match(self, one: int, two: int, share: int, offset: int, fitting: int) -> None:
        if fitting:
            pairs = self.pairs()
            credit, debit = pairs[one % len(pairs)]
        else:  # now and then two that don't fit
            credit = self.pick(self.lines(lambda line: line.sign <= 0), one)
            debit = self.pick(self.lines(lambda line: line.sign >= 0), two)
        on = self.day(offset) if share % 5 == 0 else max(self.day(offset), credit.date, debit.date)
        amount = max(1, min(self.model.open(credit.key), self.model.open(debit.key)) * share // 100)
        self.both(
            "match",
            lambda: self.model.match(credit.key, debit.key, amount, on),
            lambda: match_items(**BY, credit=credit.key, debit=debit.key, amount=amount, day=on),
        )

    @precondition(lambda self: self.model.links)
    @rule(pick=PICK, offset=DAYS)
    def undo(self, pick: int, offset: int) -> None:
        place = pick % len(self.model.links)
        link = self.model.links[place]
        on = self.day(offset) if offset % 4 == 0 else max(self.day(offset), link.date)
        key = self.keys[place]
        self.both(
            "undo", lambda: self.model.undo(self.model.links[place], on),
            lambda: undo(queries.match(key), on),
        )  # fmt: skip

    @precondition(lambda self: self.lines(lambda line: line.key[2] % 2 and not line.reversed))
    @rule(pick=PICK, offset=DAYS)
    def reverse(self, pick: int, offset: int) -> None:
        line = self.pick(self.lines(lambda line: line.key[2] % 2 and not line.reversed), pick)
        on = self.day(offset) if offset % 4 == 0 else max(self.day(offset), line.date)
        self.both(
            "reverse",
            lambda: self.model.reverse(line.key, on),
            lambda: reverse_item(**BY, item=line.key, day=on, reason="test", undo_matches=True),
        )

    def again(self) -> list[Line]:
        """Items reversed and not posted again yet, of the kinds that `record_item` posts."""
        return self.lines(
            lambda line: (
                line.reversed
                and line.kind in ("invoice", "debit_note", "credit_note", "refund", "late_fee", "opening")
                and (*line.key[:2], line.key[2] + 2) not in self.model.lines
            )
        )

    @precondition(lambda self: self.again())
    @rule(pick=PICK, amount=AMOUNT, offset=DAYS)
    def post_again(self, pick: int, amount: int, offset: int) -> None:
        line, on = self.pick(self.again(), pick), self.day(offset)
        code, number, entry = line.key
        self.both(
            "post_again",
            lambda: self.model.post((code, number, entry + 2), line.kind, on, amount, line.currency),
            lambda: post(code, number, amount, on, line.kind, currency=line.currency, entry=entry + 2),
        )

    @precondition(lambda self: self.lines(lambda line: line.sign == 1 and self.model.open(line.key)))
    @rule(pick=PICK, share=st.integers(1, 110), offset=DAYS)
    def write_off(self, pick: int, share: int, offset: int) -> None:
        line = self.pick(self.lines(lambda line: line.sign == 1 and self.model.open(line.key)), pick)
        on = max(self.day(offset), line.date)
        amount = max(1, self.model.open(line.key) * share // 100)
        number = self.number("WO")

        def model() -> None:
            self.model.post((line.key[0], number, 1), "write_off", on, amount, line.currency)
            self.model.match((line.key[0], number, 1), line.key, amount, on)

        from goodstanding.actions.write_off import write_off

        self.both(
            "write_off",
            model,
            lambda: write_off(**BY, item=line.key, day=on, reason="test", amount=amount, number=number),
        )

    @precondition(lambda self: self.lines(lambda line: line.kind == "write_off" and line.key[2] == 1))
    @rule(pick=PICK, share=st.integers(1, 120), offset=DAYS)
    def recover(self, pick: int, share: int, offset: int) -> None:
        gone = self.pick(self.lines(lambda line: line.kind == "write_off" and line.key[2] == 1), pick)
        on, number = max(self.day(offset), gone.date), self.number("REC")
        amount = max(1, gone.amount * share // 150)

        def model() -> None:
            if gone.reversed or amount > gone.amount - self.model.recovered(gone.key):
                raise No("over_recovery")
            self.model.post((gone.key[0], number, 1), "recovery", on, amount, gone.currency, reference=gone.key[1])

        self.both(
            "recover",
            model,
            lambda: post(gone.key[0], number, amount, on, "recovery", currency=gone.currency, reference=gone.key[1]),
        )

    @precondition(lambda self: self.lines(lambda line: line.sign == 1))
    @rule(pick=PICK, share=st.integers(1, 110), offset=DAYS)
    def hold(self, pick: int, share: int, offset: int) -> None:
        line = self.pick(self.lines(lambda line: line.sign == 1), pick)
        on = max(self.day(offset), line.date)
        amount = max(1, self.model.open(line.key, on) * share // 100)
        key = self.number("hold")
        self.both(
            "hold",
            lambda: self.model.hold(line.key, amount, on),
            lambda: place_hold(**BY, item=line.key, amount=amount, day=on, reason="dispute", key=key),
        )
        if self.model.holds and not hasattr(self.model.holds[-1], "name"):
            self.model.holds[-1].name = key

    @precondition(lambda self: any(not held.released for held in self.model.holds))
    @rule(pick=PICK, offset=DAYS)
    def release(self, pick: int, offset: int) -> None:
        place = next(place for place, held in enumerate(self.model.holds) if not held.released)  # the oldest
        held = self.model.holds[place]
        on = self.day(offset) if pick % 4 == 0 else max(self.day(offset), held.placed)

        def model() -> None:
            self.model.need_open_books(on)
            if on < held.placed:
                raise No("before_item")
            self.model.holds[place].released = on

        self.both("release", model, lambda: release_hold(**BY, key=held.name, day=on))

    @rule(ahead=st.integers(0, 4))
    def close(self, ahead: int) -> None:
        through = self.day(ahead + 1)

        def model() -> None:
            self.model.closed = through

        self.both("close", model, lambda: close_period(**BY, through=through))

    @precondition(lambda self: self.model.closed is not None)
    @rule(back=st.integers(1, 15), reason=st.sampled_from(("late papers", "late papers", "")))
    def reopen(self, back: int, reason: str) -> None:
        through = self.model.closed - timedelta(days=back)

        def model() -> None:
            if not reason:
                raise No("no_reason")
            self.model.closed = through

        self.both("reopen", model, lambda: close_period(**BY, through=through, reason=reason))

    @precondition(lambda self: self.lines(lambda line: line.kind in ("invoice", "credit_note") and line.key[2] == 1))
    @rule(pick=PICK)
    def repeat(self, pick: int) -> None:
        line = self.pick(self.lines(lambda line: line.kind in ("invoice", "credit_note") and line.key[2] == 1), pick)
        before = counted()
        body = new(line.key[1], line.amount, line.date, line.kind, line.currency, due=line.due)
        assert record_item(**BY, customer=line.key[0], item=body).repeated
        assert counted() == before
        successes["repeat"] += 1

    @precondition(lambda self: self.model.lines)
    @rule(pick=PICK)
    def reuse_a_number(self, pick: int) -> None:
        line = self.pick(self.lines(lambda line: line.key[2] == 1), pick)
        before = counted()
        try:
            post(line.key[0], line.key[1], line.amount + 1, self.day(5), "invoice", currency=line.currency)
        except Refused as no:
            assert no.code == "key_reused"
            assert counted() == before
            successes["reuse_a_number"] += 1
        else:
            raise AssertionError("another body under a used number was taken")

    @precondition(lambda self: self.model.lines)
    @rule(pick=PICK, offset=st.integers(-5, 60))
    def ask_the_past(self, pick: int, offset: int) -> None:
        """What was open on some day, asked now, is what the model's calendar says."""
        on = FIRST + timedelta(days=offset)
        owners = list(Customer.objects.values_list("pk", flat=True))
        found = queries.open_items(owners, on)
        wanted = {key: self.model.open(key, on) for key in self.model.lines if self.model.open(key, on)}
        assert {item.key: item.open for item in found} == wanted
        held = queries.held(found, on)
        for item in found:
            assert held.get(item.id, 0) == self.model.held(item.key, on)
        successes["ask_the_past"] += 1

    # -- what must hold after each ---------------------------------------------------------------------------

    @invariant()
    def the_facts_are_the_models(self) -> None:
        counts["steps"] += 1
        self.done += 1
        with connection.cursor() as cursor:
            cursor.execute(FACTS)
            rows = cursor.fetchall()
        stored = {tuple(row[:3]): (row[3], str(row[4]), row[5], row[6]) for row in rows}
        wanted = {
            key: (line.currency, line.date.isoformat(), line.amount, self.model.open(key))
            for key, line in self.model.lines.items()
        }
        assert stored == wanted

    @invariant()
    def every_invariant_holds(self) -> None:
        assert problems() == []


def counted() -> tuple[int, ...]:
    """How many facts of each kind there are."""
    with connection.cursor() as cursor:
        counts = []
        for table in ("item", "match", "balance", "hold", "holdrelease", "periodclose"):
            cursor.execute(f"SELECT COUNT(*) FROM receivables_{table}")
            counts.append(cursor.fetchone()[0])
    return tuple(counts)


@pytest.mark.django_db
@pytest.mark.timeout(1800)
def test_books_balance_whatever_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    group = customer("G")
    customer("A", parent=group), customer("B", parent=group), customer("Z")
    start = int(os.environ.get("GOODSTANDING_SEED", random.SystemRandom().randrange(2**32)))
    with capsys.disabled():
        print(f"\nbooks balance: {connection.vendor}, GOODSTANDING_SEED={start}")
    names = {name for name in vars(Machine) if hasattr(vars(Machine)[name], "hypothesis_stateful_rule")}
    often = 100 * RUNS // 200
    for batch in range(1 + MORE):  # Hypothesis favours some rules: go on until the rarest has had its share
        rules_of = settings(
            max_examples=RUNS if batch == 0 else max(1, RUNS // 4),
            stateful_step_count=STEPS + 1,  # the beginning counts as a step
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        )
        # A run that Hypothesis makes by changing another would often be cut short: each takes all its steps.
        run_state_machine_as_test(seed(start + batch)(Machine), settings=rules_of, _min_steps=STEPS)
        if all(successes[name] >= often for name in names):
            break
    with capsys.disabled():
        print(
            f"{counts['runs']} runs, {counts['full']} of them full, {counts['steps']} steps; "
            + ", ".join(f"{name} {n}" for name, n in sorted(successes.items()))
        )
    assert counts["full"] >= RUNS
    assert len(names) >= 12 and set(successes) == names
    assert min(successes.values()) >= often, successes
