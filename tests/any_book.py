"""Books of every kind of fact, drawn at random but always sound, as tables and as files that somebody else wrote."""

import csv
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from hypothesis import strategies as st

from book_model import Book, No
from goodstanding.engine.contract import FILE_TABLES

FIRST, TODAY = date(2025, 1, 1), date(2026, 6, 30)
DECIMALS = {"EUR": 2, "JPY": 0, "KWD": 3}
CURRENCIES = tuple(DECIMALS)
KINDS = ("invoice", "invoice", "debit_note", "refund", "late_fee", "opening", "payment", "payment", "credit_note")
NAMES = ("咖啡之家", 'Café "Nord"', "Harbour, Light & Co", "=SUM(A1)", "-1 Bar", "'quoted", "@home", "O'Neill", "00123")
AMOUNTS = {"customers": ("credit_limit",), "items": ("amount", "tax"), "matches": ("amount",), "holds": ("amount",)}
AMOUNTS |= {"promises": ("amount", "received"), "promise_items": ("amount",), "touches": ("cost",)}
LOOKS_ACTIVE = re.compile(r"'*[=+\-@|%\t\r\n]")  # such a text stands in a file with an apostrophe in front

Tables = dict[str, list[dict[str, Any]]]


class Drawn:
    """One book under construction: the model keeps it sound, the rows beside it say everything else."""

    def __init__(self, random: Any) -> None:
        self.random = random
        self.tables: Tables = {name: [] for name in FILE_TABLES}
        self._customers()
        self.model = Book(self._groups())
        self.undone: set[int] = set()
        self.renewed: set[str | None] = set()

    def pick(self, choices: Any) -> Any:
        """One of them; IndexError when there are none."""
        among = list(choices)
        return among[self.random.randint(0, len(among) - 1)] if among else among[0]

    def text(self, chance: float = 0.5) -> str | None:
        return self.pick(NAMES) if self.random.random() < chance else None

    def day(self, after: date = FIRST) -> date:
        return after + timedelta(days=self.random.randint(0, 60))

    def _customers(self) -> None:
        for n in range(self.random.randint(1, 5)):
            currency = self.pick([None, *CURRENCIES])
            before = [row["code"] for row in self.tables["customers"]]
            row: dict[str, Any] = {
                "code": self.pick(["{}", "00{}", "1E{}", "客{}", "={}"]).format(n),
                "name": self.pick(NAMES),
                "parent": self.pick([None, *before]),
                "kind": self.pick([None, "cafe"]),
                "territory": self.pick([None, "north", "华东"]),
                "account_manager": self.text(),
                "currency": currency,
                "terms": self.pick([None, "net 30", "月结30天"]),
                "credit_limit": self.random.randint(0, 10**9) if currency else None,
                "since": self.pick([None, self.day()]),
                "status": self.pick(["active", "on_hold", "closed"]),
            }
            if before and self.random.random() < 0.2:
                row |= {"status": "merged", "merged_into": self.pick(before), "merged_on": self.day()}
            self.tables["customers"].append(row)
            for m in range(self.random.randint(0, 2)):
                self.tables["contacts"].append(
                    {
                        "customer": row["code"],
                        "name": f"{self.pick(NAMES)} {m}",
                        "role": self.text(),
                        "email": self.pick([None, "a.b@example.org"]),
                        "phone": self.pick([None, "+49 30 1", "010-1"]),
                        "birthday": self.pick([None, "1980-02-29", "12-31"]),
                        "birthday_calendar": self.pick([None, "solar", "lunar"]),
                        "language": self.pick([None, "zh-hans"]),
                        "channel": self.pick([None, "phone"]),
                        "may_contact": self.random.random() < 0.5,
                    }
                )

    def _groups(self) -> dict[str, str]:
        up = {row["code"]: row.get("merged_into") or row["parent"] for row in self.tables["customers"]}
        groups = {}
        for code in up:
            root = code
            while up[root]:
                root = up[root]
            groups[code] = root
        return groups

    def post(self) -> None:
        number, kind = f"{self.pick('ABC=0')}{len(self.model.lines)}", self.pick(KINDS)
        on = self.day()
        key = (self.pick(self.model.groups), number, 1)
        line = self.model.post(
            key, kind, on, self.random.randint(1, 10**6), self.pick(CURRENCIES), due=self.pick([on, self.day(on)])
        )
        self.item(line, tax=self.random.randint(0, line.amount), reason=self.pick([None, "opening", "discount"]))

    def again(self) -> None:
        """Post a reversed number once more."""
        old = self.pick([line for line in self.model.lines.values() if line.reversed])
        key = (*old.key[:2], old.key[2] + 2)
        if key not in self.model.lines:
            self.item(self.model.post(key, self.pick(KINDS), self.day(), 700, old.currency))

    def item(self, line: Any, tax: int = 0, reason: str | None = None) -> None:
        customer, number, entry = line.key
        row = {"customer": customer, "number": number, "entry": entry, "kind": line.kind, "date": line.date}
        row |= {"due": line.due, "amount": line.amount, "tax": tax, "currency": line.currency, "reason": reason}
        self.tables["items"].append(
            row | {"reference": line.reference or self.text(), "order": self.text(), "seller": self.text()}
        )

    def match(self) -> None:
        debits = [line for line in self.model.lines.values() if line.sign > 0]
        debit = self.pick(debits)
        groups = self.model.groups
        credit = self.pick(
            line
            for line in self.model.lines.values()
            if line.sign < 0 and line.currency == debit.currency and groups[line.key[0]] == groups[debit.key[0]]
        )
        on = self.day(max(credit.date, debit.date))
        most = min(self.model.lowest(credit.key, on), self.model.lowest(debit.key, on))
        self.model.match(credit.key, debit.key, self.random.randint(1, max(most, 1)), on)

    def write_off(self) -> None:
        """Give an open debit up; sometimes some of it comes back later."""
        debit = self.pick(line for line in self.model.lines.values() if line.sign > 0)
        on = self.day(debit.date)
        rest = self.model.lowest(debit.key, on)
        if rest <= 0:
            return
        key = (debit.key[0], f"W{len(self.model.lines)}", 1)
        self.item(self.model.post(key, "write_off", on, rest, debit.currency), reason="insolvent")
        self.model.match(key, debit.key, rest, on)
        if self.random.random() < 0.8:
            back = (debit.key[0], f"R{len(self.model.lines)}", 1)
            self.item(self.model.post(back, "recovery", on, max(rest // 2, 1), debit.currency, reference=key[1]))

    def undo(self) -> None:
        link = self.pick(link for link in self.model.links if not link.fixed and link.undone is None)
        self.model.undo(link, self.day(link.date))

    def reverse(self) -> None:
        line = self.pick(line for line in self.model.lines.values() if line.key[2] % 2)
        self.model.reverse(line.key, self.day(line.date))
        tax = next(
            row["tax"] for row in self.tables["items"] if (row["customer"], row["number"], row["entry"]) == line.key
        )
        self.item(self.model.lines[*line.key[:2], line.key[2] + 1], tax, reason="typing error")

    def hold(self) -> None:
        line = self.pick(line for line in self.model.lines.values() if line.sign > 0)
        on = self.day(line.date)
        amount = self.random.randint(1, max(self.model.open(line.key, on), 1))
        self.model.hold(line.key, amount, on)
        released = self.pick([None, self.day(on)])
        row = {"id": f"H{len(self.tables['holds'])}", "customer": line.key[0], "item": line.key[1]}
        row |= {"entry": line.key[2], "amount": amount, "currency": line.currency, "placed": on, "source": self.text()}
        row |= {"reason": "dispute", "released": released, "release_reason": self.text() if released else None}
        self.tables["holds"].append(row)

    def promise(self) -> None:
        """One whose outcome is known: what is left open is judged by who brings it in."""
        made, theirs = self.day(), self.random.random() < 0.6
        amount = self.random.randint(2, 10**6) if theirs or self.random.random() < 0.3 else None
        outcome = self.pick(
            ["kept", "partly_kept", "broken", "withdrawn"] if theirs else [None, "open", "kept", "broken"]
        )
        received = {"kept": amount or 0, "partly_kept": 1}.get(str(outcome), 0) if theirs else 0
        before = [
            row for row in self.tables["promises"]
            if row["id"] not in self.renewed and row["by"] == ("them" if theirs else "us") and row["made"] <= made
        ]  # fmt: skip
        old = self.pick(before) if before and self.random.random() < 0.3 else None
        row: dict[str, Any] = {
            "id": self.pick(["P{}", "={}", "承诺{}"]).format(len(self.tables["promises"])),
            "customer": old["customer"] if old else self.pick(self.model.groups),
            "by": "them" if theirs else "us",
            "kind": "pay" if theirs else self.pick(["delivery", "call_back", "answer", "credit_note", "other"]),
            "made": made,
            "due": self.day(made),
            "tolerance": self.random.randint(0, 60),
            "amount": amount,
            "currency": self.pick(CURRENCIES) if amount else None,
            "subject": self.text(),
            "contact": self.text(),
            "owner": self.text(),
            "plan": self.pick([None, "plan 1"]),
            "step": self.random.randint(0, 3),
            "level": self.random.randint(old["level"] if old else 1, 3),
            "renews": old["id"] if old else None,
            "outcome": outcome,
            "judged": self.day(made) if outcome else None,
            "received": received if amount else None,
            "reason": self.text() if outcome else None,
        }
        self.renewed |= {row["renews"]}
        self.tables["promises"].append(row)
        group = self.model.groups[row["customer"]]
        for line in self.model.lines.values():
            fits = self.model.groups[line.key[0]] == group and row["currency"] in (None, line.currency)
            if fits and self.random.random() < 0.5:
                about = dict(zip(("customer", "item", "entry"), line.key, strict=True)) | {"promise": row["id"]}
                about |= {"amount": self.pick([None, line.amount]), "currency": line.currency}
                self.tables["promise_items"].append(about)

    def moment(self) -> str:
        return (
            f"{self.day()}T{self.random.randint(0, 23):02}:{self.random.randint(0, 59):02}:07{self.pick(['', '.25'])}Z"
        )

    def touch(self) -> None:
        currency = self.pick([None, *CURRENCIES])
        gone = self.random.random() < 0.2
        row: dict[str, Any] = {
            "id": self.pick(["T{}", "+{}", "拜访{}"]).format(len(self.tables["touches"])),
            "customer": self.pick(self.model.groups),
            "kind": self.pick(["visit", "call", "letter", "message", "delivery", "gift", "greeting", "forum"]),
            "at": self.moment().replace(".25Z", ".250000Z"),
            "by": self.text(),
            "purpose": self.pick(["collect", "care", "sell", "serve"]),
            "minutes": self.random.randint(0, 1440),
            "cost": self.random.randint(0, 10**6) if currency else None,
            "currency": currency,
            "outcome": self.pick(["done", "reached", "no_answer", "promised", "bounced"]),
            "contact": self.text(),
            "note": self.pick([None, "two\nlines, 雷", "=1"]),
            "source": self.text(),
            "withdrawn": self.moment().replace(".25Z", ".250000Z") if gone else None,
            "withdrawn_by": "who" if gone else None,
            "withdrawn_reason": self.text() if gone else None,
        }
        self.tables["touches"].append(row)

    def demand(self) -> None:
        line = self.pick(line for line in self.model.lines.values() if line.sign > 0 and line.date <= TODAY)
        level = 1 + sum(row["item"] == line.key[1] for row in self.tables["demands"])
        row = dict(zip(("customer", "item", "entry"), line.key, strict=True)) | {"level": level, "how": self.text()}
        self.tables["demands"].append(row | {"made": min(self.day(line.date), TODAY)})

    def finish(self) -> None:
        for n, link in enumerate(self.model.links):
            row: dict[str, Any] = {"id": f"={n}" if n % 7 == 3 else f"M{n}", "date": link.date, "undoes": None}
            for side, key in (("credit", link.credit), ("debit", link.debit)):
                row |= dict(zip((f"{side}_customer", f"{side}_item", f"{side}_entry"), key, strict=True))
            row |= {"amount": link.amount, "currency": self.model.lines[link.debit].currency}
            self.tables["matches"].append(row)
            if link.undone:
                self.tables["matches"].append(row | {"id": f"U{n}", "date": link.undone, "undoes": row["id"]})
        closings = sorted(self.day() for _ in range(self.random.randint(0, 2)))
        self.tables["periods"] = [{"through": through, "reason": self.text()} for through in closings]


@st.composite
def books(draw: Any) -> Drawn:
    """A sound book of up to forty steps."""
    random = draw(st.randoms(use_true_random=False))
    book = Drawn(random)
    steps = (
        *((book.post,) * 5 + (book.match,) * 4 + (book.write_off,) * 3),
        *(book.undo, book.reverse, book.again, book.hold, book.promise, book.promise, book.touch, book.demand),
    )
    for _ in range(draw(st.integers(0, 40))):
        with suppress(No, IndexError):  # what the model refuses, or has nothing to be done to, is left out
            random.choice(steps)()
    book.finish()
    return book


def as_tables(tables: Tables) -> dict[str, pa.Table]:
    """The rows by contract; holds carry the currency of their item too."""
    whole = {}
    for name, schema in FILE_TABLES.items():
        more = [pa.field("currency", pa.string())] if name in ("holds", "promise_items") else []
        whole[name] = pa.Table.from_pylist(tables[name], schema=pa.schema([*schema, *more]))
    return whole


def _decimal(minor: int, currency: str) -> str:
    digits = DECIMALS[currency]
    text = f"{abs(minor):0{digits + 1}}"
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text


def _cells(name: str, row: Mapping[str, Any], columns: list[str]) -> list[str]:
    cells = []
    for column in columns:
        value = row.get(column)
        if value is None:
            cells.append("")
        elif column in AMOUNTS.get(name, ()):
            cells.append(_decimal(value, row["currency"]))
        elif isinstance(value, str):
            cells.append("'" + value if LOOKS_ACTIVE.match(value) else value)
        else:
            cells.append(str(value).lower() if isinstance(value, bool) else str(value))
    return cells


def _filled(tables: Tables) -> Tables:
    """A file with a header and no rows is refused: there is none of a table without rows."""
    return {name: rows for name, rows in tables.items() if rows}


def _columns(name: str) -> list[str]:
    return [*FILE_TABLES[name].names, *(["currency"] if name in ("holds", "promise_items") else [])]


def write_csv(tables: Tables, where: Path) -> Path:
    where.mkdir()
    for name, rows in _filled(tables).items():
        with (where / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_columns(name))
            writer.writerows(_cells(name, row, _columns(name)) for row in rows)
    return where


def write_workbook(tables: Tables, where: Path) -> Path:
    path = where.with_suffix(".xlsx")
    with xlsxwriter.Workbook(path) as book:
        for name, rows in _filled(tables).items():
            sheet = book.add_worksheet(name)
            for at, cells in enumerate([_columns(name), *(_cells(name, row, _columns(name)) for row in rows)]):
                for place, cell in enumerate(cells):
                    sheet.write_string(at, place, cell)
    return path


def write_parquet(tables: Tables, where: Path) -> Path:
    where.mkdir()
    for name, table in as_tables(tables).items():
        if table.num_rows:
            columns = {column: _marked(table[column]) for column in table.column_names}
            pq.write_table(pa.table(columns), where / f"{name}.parquet")
    return where


def _marked(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    if not pa.types.is_string(column.type):
        return column
    return pa.array([f"'{t}" if t and LOOKS_ACTIVE.match(t) else t for t in column.to_pylist()], pa.string())


FORMS: dict[str, Callable[[Tables, Path], Path]] = {
    "csv": write_csv,
    "workbook": write_workbook,
    "parquet": write_parquet,
}
