"""A book small and plain enough to be obviously right: lists of facts and loops, to compare the engine with."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from goodstanding.engine.book import Book, enrich

START = date(2024, 1, 1)
SIGN = {
    "invoice": 1,
    "debit_note": 1,
    "refund": 1,
    "late_fee": 1,
    "opening": 1,
    "credit_note": -1,
    "payment": -1,
    "write_off": -1,
    "recovery": 0,
}


@dataclass
class Plain:
    """Items and matches as dicts in the form of the file tables."""

    items: list[dict[str, Any]] = field(default_factory=list)
    matches: list[dict[str, Any]] = field(default_factory=list)
    customers: list[dict[str, Any]] = field(default_factory=list)

    def item(self, customer: str, kind: str, day: date, amount: int, due: date | None = None, **more: Any) -> int:
        """Add an item; returns its id."""
        number = more.pop("number", None) or f"{kind}-{len(self.items) + 1}"
        self.items.append(
            {
                "id": len(self.items) + 1,
                "customer": customer,
                "number": number,
                "kind": kind,
                "date": day,
                "due": due or day,
            }
            | {"amount": amount, "currency": more.pop("currency", "USD"), "entry": more.pop("entry", 1)}
            | more
        )
        return len(self.items)

    def match(self, credit: int, debit: int, day: date, amount: int, undoes: str | None = None) -> str:
        """Add a match; returns its id."""
        key = f"m{len(self.matches) + 1}"
        self.matches.append(
            {"id": key, "credit_id": credit, "debit_id": debit, "date": day, "amount": amount, "undoes": undoes}
        )
        return key

    def pay(self, debit: int, day: date, amount: int | None = None, kind: str = "payment", **more: Any) -> str:
        """A credit of the debit's customer, matched with it the same day."""
        bill = self.items[debit - 1]
        amount = bill["amount"] if amount is None else amount
        credit = self.item(bill["customer"], kind, day, amount, currency=bill["currency"], **more)
        return self.match(credit, debit, day, amount)

    def undo(self, key: str, day: date) -> str:
        """Take a match back on a day."""
        old = next(match for match in self.matches if match["id"] == key)
        return self.match(old["credit_id"], old["debit_id"], day, old["amount"], undoes=key)

    def sign(self, item: dict[str, Any]) -> int:
        """The effective sign of an item."""
        return SIGN[item["kind"]] * (-1 if item["entry"] % 2 == 0 else 1)

    def open(self, as_of: date) -> dict[int, int]:
        """Item id → signed open amount at the end of a day, zeros left out."""
        amounts = {item["id"]: item["amount"] for item in self.items if item["date"] <= as_of and self.sign(item)}
        for match in self.matches:
            if match["date"] <= as_of:
                change = match["amount"] if match["undoes"] else -match["amount"]
                amounts[match["credit_id"]] += change
                amounts[match["debit_id"]] += change
        return {at: amount * self.sign(self.items[at - 1]) for at, amount in amounts.items() if amount}

    def tables(self, since: tuple[int, int] = (0, 0)) -> dict[str, pa.Table]:
        """The file tables, from the given counts of items and matches on."""
        tables = {
            "items": _table(self.items[since[0] :], "id", "customer", "number", "kind", "date", "due", "amount"),
            "matches": _table(self.matches[since[1] :], "id", "date", "credit_id", "debit_id", "amount"),
        }
        if self.customers:
            tables["customers"] = pa.Table.from_pylist(self.customers)
        return tables

    def book(self) -> Book:
        """The same book in the engine's hands."""
        return enrich(self.tables(), threads=1)


def _table(rows: list[dict[str, Any]], *always: str) -> pa.Table:
    names = list(dict.fromkeys([*always, *(name for row in rows for name in row)]))
    kinds = {"id": pa.int64() if "customer" in names else pa.utf8(), "amount": pa.int64(), "tax": pa.int64()}
    kinds |= {name: pa.int64() for name in ("credit_id", "debit_id")} | {"date": pa.date32(), "due": pa.date32()}
    kinds |= {"entry": pa.int32()}
    columns = {name: pa.array([row.get(name) for row in rows], kinds.get(name, pa.utf8())) for name in names}
    return pa.table(columns)


def days(most: int = 200) -> st.SearchStrategy[date]:
    """Days of the naive book's time."""
    return st.integers(0, most).map(lambda number: START + timedelta(days=number))


@st.composite
def books(draw: st.DrawFn, most: int = 12) -> Plain:
    """A lawful book: nothing is matched beyond what is open on any day from the match on."""
    plain = Plain()
    for _ in range(draw(st.integers(1, most))):
        customer, currency = draw(st.sampled_from("ABC")), draw(st.sampled_from(["USD", "JPY"]))
        kind, day = draw(st.sampled_from(sorted(SIGN))), draw(days())
        due = day + timedelta(days=draw(st.integers(0, 60)))
        plain.item(customer, kind, day, draw(st.integers(1, 1000)), due, currency=currency)
    for _ in range(draw(st.integers(0, most))):
        _draw_match(draw, plain)
    return plain


def _draw_match(draw: st.DrawFn, plain: Plain) -> None:
    live = [m for m in plain.matches if not m["undoes"] and not any(o["undoes"] == m["id"] for o in plain.matches)]
    if live and draw(st.integers(0, 4)) == 0:
        match = draw(st.sampled_from(live))
        plain.undo(match["id"], match["date"] + timedelta(days=draw(st.integers(0, 40))))
        return
    sides = {sign: [item for item in plain.items if plain.sign(item) == sign] for sign in (1, -1)}
    pairs = [
        (credit, debit)
        for credit in sides[-1]
        for debit in sides[1]
        if (credit["customer"], credit["currency"]) == (debit["customer"], debit["currency"])
    ]
    if not pairs:
        return
    credit, debit = draw(st.sampled_from(pairs))
    day = max(credit["date"], debit["date"]) + timedelta(days=draw(st.integers(0, 90)))
    later = sorted({day, *(m["date"] for m in plain.matches if m["date"] >= day)})
    room = min(abs(plain.open(at).get(side["id"], 0)) for at in later for side in (credit, debit))
    if room:
        plain.match(credit["id"], debit["id"], day, draw(st.integers(1, room)))
