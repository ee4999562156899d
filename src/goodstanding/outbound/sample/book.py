"""Writes the sample book's folder: CSV tables that `import` takes, and the truths beside them."""

import csv
import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from goodstanding.kernel.errors import N_, Refused
from goodstanding.outbound.sample import bonds, names
from goodstanding.outbound.sample.archetypes import ARCHETYPES
from goodstanding.outbound.sample.ledger import KINDS, PREFIXES, REASONS, Story
from goodstanding.outbound.sample.people import (
    CURRENCIES,
    EXPONENTS,
    MONTHS,
    NEVER,
    Ints,
    People,
    contacts,
    day_number,
    first_month,
    people,
)
from goodstanding.outbound.sample.settling import DISPUTE_REASONS
from goodstanding.outbound.sample.story import tell
from goodstanding.outbound.sample.trade import billed

THROUGH = date(2026, 6, 30)  # the last day of the book where none is asked for: the same arguments, the same bytes
SMALLEST, LARGEST = 20, 50_000
TRUTHS = "truths.csv"


def write_sample(folder: Path, customers: int = 240, seed: int = 1, through: date = THROUGH) -> dict[str, int]:
    """Write the book of `customers` customers over 15 months to `through`; returns rows per table.

    The same arguments give the same bytes. About 30 items a customer, 20 at 50,000 customers.
    The folder is made if need be; it must not hold another book.
    Raises `Refused` for a size out of range ("sample_size") or a folder in use ("folder_in_use").
    """
    if not SMALLEST <= customers <= LARGEST:
        raise Refused(
            "sample_size",
            N_("A sample book has {smallest} to {largest} customers, not {given}."),
            smallest=SMALLEST,
            largest=LARGEST,
            given=customers,
        )
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Refused("folder_in_use", N_("The folder {folder} is not empty."), folder=str(folder))
    streams = [np.random.Generator(np.random.PCG64(branch)) for branch in np.random.SeedSequence(seed).spawn(5)]
    book = people(streams[0], customers, through)
    first, last = day_number(first_month(through)), day_number(through)
    story = tell(streams[2], book, billed(streams[1], book, through), first, last)
    days = _day_texts(first - 4000, last + 200)
    rows = {
        "customers": _write(folder, "customers", CUSTOMER_HEADER, _customers(book, story, days, last)),
        "contacts": _write(folder, "contacts", CONTACT_HEADER, who := contacts(streams[3], book)),
        "holds": _write(folder, "holds", HOLD_HEADER, _holds(book, story, days, last)),
    }
    items, matches = story.ledger.columns()
    numbers = _numbers(book, items, days)
    rows["items"] = _write(folder, "items", ITEM_HEADER, _items(book, items, numbers, days))
    rows["matches"] = _write(folder, "matches", MATCH_HEADER, _matches(book, items, matches, numbers, days))
    people_spoken_with = {row[0]: row[1] for row in reversed(who)}
    words = bonds.Words(book.codes, days, CURRENCIES, people_spoken_with, book.territory, book.manager)
    bound = bonds.bind(streams[4], story, first)
    debits = [numbers[row] for row in story.rows.tolist()]
    rows["promises"] = _write(folder, "promises", bonds.PROMISE_HEADER, bonds.promise_rows(bound, words))
    rows["promise_items"] = _write(folder, "promise_items", bonds.ABOUT_HEADER, bonds.about_rows(bound, words, debits))
    rows["touches"] = _write(folder, "touches", bonds.TOUCH_HEADER, bonds.touch_rows(bound, words))
    rows["demands"] = _write(folder, "demands", bonds.DEMAND_HEADER, bonds.demand_rows(bound, words, debits))
    _write_truths(folder, book, days, {"customers": customers, "seed": seed, "through": through.isoformat()}, rows)
    return rows


CUSTOMER_HEADER = (
    "code", "name", "parent", "kind", "territory", "account_manager", "currency", "terms", "credit_limit", "since",
    "status", "merged_into", "merged_on",
)  # fmt: skip
CONTACT_HEADER = (
    "customer", "name", "role", "email", "phone", "birthday", "birthday_calendar", "language", "channel", "may_contact",
)  # fmt: skip
ITEM_HEADER = (
    "customer", "number", "entry", "kind", "date", "due", "amount", "tax", "currency", "reference", "order", "seller",
    "reason",
)  # fmt: skip
MATCH_HEADER = (
    "id", "date", "credit_customer", "credit_item", "credit_entry", "debit_customer", "debit_item", "debit_entry",
    "amount", "undoes",
)  # fmt: skip
HOLD_HEADER = (
    "id", "customer", "item", "entry", "amount", "reason", "source", "placed", "released", "release_reason",
)  # fmt: skip


def _write(folder: Path, table: str, header: tuple[str, ...], rows: Iterable[Iterable[object]]) -> int:
    """One CSV table; returns its rows."""
    count = 0
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _day_texts(first: int, last: int) -> dict[int, str]:
    """ISO dates by day number; NEVER is empty."""
    origin = date(1970, 1, 1)
    return {day: (origin + timedelta(days=day)).isoformat() for day in range(first, last)} | {NEVER: ""}


def _amount_texts(amounts: Ints, currency: Ints) -> list[str]:
    """Decimal text of minor units."""
    whole = EXPONENTS[currency] == 0
    return [
        str(amount) if no_cents else f"{amount // 100}.{amount % 100:02d}"
        for amount, no_cents in zip(amounts.tolist(), whole.tolist(), strict=True)
    ]


def _customers(book: People, story: Story, days: dict[int, str], last: int) -> Iterable[tuple[str, ...]]:
    """Rows of customers.csv. A limit is about two months of trade; one in ten has none, a few are cash only."""
    billed_sum = np.zeros(len(book.codes), dtype=np.int64)
    home = story.debits.currency == book.currency[story.debits.customer]
    np.add.at(billed_sum, story.debits.customer[home], story.debits.amount[home])
    step = np.where(EXPONENTS[book.currency] == 0, 10_000, 100_000)
    limits = _amount_texts((billed_sum * 2 // MONTHS // step + 1) * step, book.currency)
    discount = book.trait("discount")
    for place, code in enumerate(book.codes):
        merged = bool(book.merged_on[place] <= last)
        terms = f"net {book.terms[place]}"
        territory = names.TERRITORIES[int(book.territory[place])][0]
        limit = "" if place % 10 == 9 else "0" if place % 97 == 50 else limits[place]
        yield (
            code,
            book.names[place],
            book.codes[int(book.parent[place])] if book.parent[place] >= 0 else "",
            names.KINDS[int(book.kind[place])],
            territory,
            names.MANAGERS[int(book.territory[place])][int(book.manager[place])],
            CURRENCIES[int(book.currency[place])],
            f"2/10 {terms}" if discount[place] else terms,
            limit,
            days[int(book.since[place])],
            _status(book, place, last, merged),
            book.codes[int(book.merged_into[place])] if merged else "",
            days[int(book.merged_on[place])] if merged else "",
        )


def _status(book: People, place: int, last: int, merged: bool) -> str:
    if merged:
        return "merged"
    if book.default[place] + 60 <= last:
        return "on_hold"
    return "closed" if book.stop[place] <= last - 30 and book.merged_into[place] < 0 else "active"


def _numbers(book: People, items: dict[str, Ints], days: dict[int, str]) -> list[str]:
    """Document numbers: a prefix, the year, a running number; opening balances carry the customer's code."""
    return [
        f"OB-{book.codes[customer]}" if kind == 1 else f"{PREFIXES[kind]}{days[day][:4]}-{serial:06d}"
        for kind, day, serial, customer in zip(
            *(items[name].tolist() for name in ("kind", "numbered", "serial", "customer")), strict=True
        )
    ]


def _items(
    book: People, items: dict[str, Ints], numbers: list[str], days: dict[int, str]
) -> Iterable[tuple[object, ...]]:
    """Rows of items.csv by day; within a day in the order of posting."""
    order = np.argsort(items["day"], kind="stable").tolist()
    amounts = _amount_texts(items["amount"], items["currency"])
    taxes = _amount_texts(items["tax"], items["currency"])
    plain = {name: column.tolist() for name, column in items.items()}
    for row in order:
        kind, customer, serial = plain["kind"][row], plain["customer"][row], plain["serial"][row]
        seller = plain["seller"][row]
        yield (
            book.codes[customer],
            numbers[row],
            plain["entry"][row],
            KINDS[kind],
            days[plain["day"][row]],
            days[plain["due"][row]],
            amounts[row],
            taxes[row],
            CURRENCIES[plain["currency"][row]],
            f"TRF {serial * 7919 % 1_000_003:06d}"
            if kind == 4
            else f"PO-{serial * 31 % 9973:04d}"
            if serial % 3 == 0
            else "",
            f"SO-{serial:06d}" if kind == 0 else "",
            names.MANAGERS[int(book.territory[customer])][seller] if seller >= 0 else "",
            REASONS[plain["reason"][row]],
        )


def _matches(
    book: People, items: dict[str, Ints], matches: dict[str, Ints], numbers: list[str], days: dict[int, str]
) -> Iterable[tuple[object, ...]]:
    """Rows of matches.csv by day; an undo stands after what it undoes."""
    order = np.argsort(matches["day"], kind="stable")
    label = np.empty(len(order), dtype=np.int64)
    label[order] = np.arange(1, len(order) + 1)
    amounts = _amount_texts(matches["amount"], items["currency"][matches["debit"]])
    plain = {name: column.tolist() for name, column in matches.items()}
    customers, entries = items["customer"].tolist(), items["entry"].tolist()
    labels = label.tolist()
    for row in order.tolist():
        credit, debit, undoes = plain["credit"][row], plain["debit"][row], plain["undoes"][row]
        yield (
            f"M{labels[row]:07d}",
            days[plain["day"][row]],
            book.codes[customers[credit]],
            numbers[credit],
            entries[credit],
            book.codes[customers[debit]],
            numbers[debit],
            entries[debit],
            amounts[row],
            f"M{labels[undoes]:07d}" if undoes >= 0 else "",
        )


def _holds(book: People, story: Story, days: dict[int, str], last: int) -> Iterable[tuple[object, ...]]:
    """Rows of holds.csv: one per dispute, released when it was answered."""
    debits, fate = story.debits, story.fate
    items = {name: np.concatenate(blocks)[story.rows] for name, blocks in story.ledger.items.items()}
    numbers = _numbers(book, items, days)
    chosen = np.flatnonzero(fate.placed <= last)
    amounts = _amount_texts(fate.disputed, debits.currency)
    for place, row in enumerate(chosen[np.argsort(fate.placed[chosen], kind="stable")].tolist(), 1):
        released = int(fate.released[row])
        answered = released <= last
        yield (
            f"H{place:06d}",
            book.codes[int(debits.customer[row])],
            numbers[row],
            int(debits.entry[row]),
            amounts[row],
            "dispute",
            f"complaint:K{place:06d}:{DISPUTE_REASONS[int(fate.dispute_reason[row])]}",
            days[int(fate.placed[row])],
            days[released] if answered else "",
            ("justified" if fate.justified[row] else "not justified") if answered else "",
        )


def _write_truths(
    folder: Path, book: People, days: dict[int, str], asked: dict[str, object], rows: dict[str, int]
) -> None:
    """`truths.csv`: how each customer really pays. `truths.json`: what the archetypes mean. Import leaves both alone."""
    header = (
        "customer", "archetype", "delay", "spread", "drift_per_month", "winter", "disputed_share", "pays_centrally",
        "stops_paying_on", "same_as",
    )  # fmt: skip
    kinds = [ARCHETYPES[int(place)] for place in book.archetype]
    _write(
        folder,
        TRUTHS.removesuffix(".csv"),
        header,
        (
            (
                code, kind.name, kind.delay, kind.spread, kind.drift, kind.winter, kind.disputed, int(book.central[place]),
                days.get(int(book.default[place]), ""),
                book.codes[int(book.merged_into[place])] if book.merged_into[place] >= 0 else "",
            )
            for place, (code, kind) in enumerate(zip(book.codes, kinds, strict=True))
        ),
    )  # fmt: skip
    found = Counter(kind.name for kind in kinds)
    truths = {
        "book": "Third Place Roasters",
        "asked": asked,
        "rows": rows,
        "archetypes": {kind.name: {"customers": found[kind.name], "why": kind.why} for kind in ARCHETYPES},
    }
    (folder / "truths.json").write_text(json.dumps(truths, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
