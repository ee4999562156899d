"""A generated book of any size, as file tables: every kind of item, partial payments, undos, merges, currencies.

Believable enough to measure with, the same for the same seed. Not the sample book: that one tells a story.
"""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

FIRST, DAYS = date(2022, 1, 1), 1000
TERMS = np.array([0, 15, 30, 30, 30, 60])
CURRENCIES = ("USD", "CNY", "JPY")
TERRITORIES = ("north", "south", "east", "west", None)
KINDS = ("cafe", "shop", "kiosk", None)


def generate(items: int, customers: int, seed: int = 1) -> dict[str, pa.Table]:
    """customers, items (with `id`) and matches (with `credit_id`, `debit_id`): about `items` items."""
    random = np.random.default_rng(seed)
    parts = _Parts(random, customers)
    bills = int(items / 1.85)
    who = random.integers(0, customers, bills)
    day = random.integers(0, DAYS, bills)
    due = day + random.choice(TERMS, bills)
    amount = random.integers(100, 1_000_000, bills)
    kind = random.choice(["invoice", "debit_note", "opening"], bills, p=[0.96, 0.03, 0.01])
    bill = parts.add(kind, who, day, due, amount, sellers=True)
    fate = random.random(bills)
    paid_on = np.maximum(day, due + random.integers(-25, 60, bills))

    def settle(chosen: np.ndarray, kind: str, part: np.ndarray, on: np.ndarray) -> np.ndarray:
        credit = parts.add(np.full(chosen.sum(), kind), who[chosen], on[chosen], on[chosen], part[chosen])
        parts.match(credit, bill[chosen], on[chosen], part[chosen])
        return credit

    half = np.maximum(amount // 2, 1)
    settle(fate < 0.70, "payment", amount, paid_on)
    settle((fate >= 0.70) & (fate < 0.87), "payment", half, paid_on)
    settle((fate >= 0.77) & (fate < 0.87), "payment", amount - half, paid_on + random.integers(1, 90, bills))
    settle((fate >= 0.87) & (fate < 0.90), "credit_note", amount, day + 5)
    lost = (fate >= 0.90) & (fate < 0.92)
    settle(lost, "write_off", amount, due + 120)
    back = lost & (random.random(bills) < 0.2)
    parts.add(np.full(back.sum(), "recovery"), who[back], due[back] + 200, due[back] + 200, half[back])
    turned = (fate >= 0.92) & (fate < 0.94)
    reversal = parts.add(
        kind[turned], who[turned], day[turned] + 3, day[turned] + 3, amount[turned], reverses=bill[turned]
    )
    parts.match(reversal, bill[turned], day[turned] + 3, amount[turned])
    loose = random.random(bills) < 0.02
    parts.add(np.full(loose.sum(), "payment"), who[loose], paid_on[loose], paid_on[loose], half[loose])
    return {"customers": parts.customers(), "items": parts.items(), "matches": parts.matches(random)}


class _Parts:
    """Columns that grow by whole arrays."""

    def __init__(self, random: np.random.Generator, customers: int) -> None:
        self.random, self.count = random, customers
        self.currency = random.choice(len(CURRENCIES), customers, p=[0.8, 0.15, 0.05])
        self.columns: list[dict[str, np.ndarray]] = []
        self.matched: list[dict[str, np.ndarray]] = []
        self.next = 1

    def add(self, kind, who, day, due, amount, *, sellers=False, reverses=None) -> np.ndarray:
        ids = np.arange(self.next, self.next + len(who))
        self.next += len(who)
        seller = self.random.integers(0, 40, len(who)) if sellers else np.full(len(who), -1)
        number, entry = (ids, np.ones(len(who), int)) if reverses is None else (reverses, np.full(len(who), 2))
        self.columns.append(
            {"id": ids, "number": number, "entry": entry, "kind": kind, "who": who, "day": day, "due": due}
            | {"amount": amount, "seller": seller}
        )
        return ids

    def match(self, credit: np.ndarray, debit: np.ndarray, day: np.ndarray, amount: np.ndarray) -> None:
        self.matched.append({"credit_id": credit, "debit_id": debit, "day": day, "amount": amount})

    def customers(self) -> pa.Table:
        at = np.arange(self.count)
        heads = self.random.random(self.count) < 0.1
        parents = np.where(heads & (at > 0), self.random.integers(0, np.maximum(at, 1)), -1)
        merged = np.where(self.random.random(self.count) < 0.005, (at + 7) % self.count, -1)
        merged[merged == at] = -1
        days = self.random.integers(0, DAYS, self.count)
        return pa.table(
            {
                "code": _text("C", at),
                "name": _text("Customer ", at),
                "parent": _text("C", parents),
                "kind": pa.array(np.array(KINDS, object)[self.random.integers(0, len(KINDS), self.count)], pa.utf8()),
                "territory": pa.array(np.array(TERRITORIES, object)[at % len(TERRITORIES)], pa.utf8()),
                "account_manager": _text("Manager ", at % 23),
                "merged_into": _text("C", merged),
                "merged_on": pc.if_else(pa.array(merged >= 0), _day(days), pa.scalar(None, pa.date32())),
            }
        )

    def items(self) -> pa.Table:
        c = {name: np.concatenate([part[name] for part in self.columns]) for name in self.columns[0]}
        return pa.table(
            {
                "id": pa.array(c["id"], pa.int64()),
                "customer": _text("C", c["who"]),
                "number": _text("N", c["number"]),
                "entry": pa.array(c["entry"], pa.int32()),
                "kind": pa.array(c["kind"], pa.utf8()),
                "date": _day(c["day"]),
                "due": _day(c["due"]),
                "amount": pa.array(c["amount"], pa.int64()),
                "tax": pa.array(c["amount"] // 11, pa.int64()),
                "currency": pa.array(CURRENCIES).take(pa.array(self.currency[c["who"]])),
                "seller": _text("Seller ", c["seller"]),
            }
        )

    def matches(self, random: np.random.Generator) -> pa.Table:
        m = {name: np.concatenate([part[name] for part in self.matched]) for name in self.matched[0]}
        count = len(m["day"])
        undone = random.random(count) < 0.01
        day = np.concatenate([m["day"], m["day"][undone] + random.integers(0, 40, undone.sum())])
        both = {name: np.concatenate([m[name], m[name][undone]]) for name in ("credit_id", "debit_id", "amount")}
        return pa.table(
            {
                "id": _text("M", np.arange(len(day))),
                "date": _day(day),
                "credit_id": pa.array(both["credit_id"], pa.int64()),
                "debit_id": pa.array(both["debit_id"], pa.int64()),
                "amount": pa.array(both["amount"], pa.int64()),
                "undoes": _text("M", np.concatenate([np.full(count, -1), np.flatnonzero(undone)])),
            }
        )


def _text(prefix: str, numbers: np.ndarray) -> pa.Array:
    """Prefix + number; null for negative numbers."""
    column = pa.array(numbers, pa.int64(), mask=numbers < 0)
    return pc.binary_join_element_wise(prefix, column.cast(pa.utf8()), "")


def _day(numbers: np.ndarray) -> pa.Array:
    return pa.array(numbers + (FIRST - date(1970, 1, 1)).days, pa.int32()).cast(pa.date32())
