"""A small book kept by other means: lists and loops over days. It imports nothing from the product."""

from dataclasses import dataclass, field
from datetime import date

DEBITS = ("invoice", "debit_note", "refund", "late_fee", "opening")


class No(Exception):
    """The model says this must be refused."""


@dataclass
class Line:
    """An item: `key` is (customer, number, entry)."""

    key: tuple[str, str, int]
    kind: str
    date: date
    due: date
    amount: int
    currency: str
    place: int  # the order of posting
    reference: str = ""
    reversed: bool = False

    @property
    def sign(self) -> int:
        if self.kind == "recovery":
            return 0
        return (1 if self.kind in DEBITS else -1) * (-1 if self.key[2] % 2 == 0 else 1)


@dataclass
class Link:
    """A match: takes `amount` off both its items from `date` on, and gives it back from `undone` on."""

    credit: tuple[str, str, int]
    debit: tuple[str, str, int]
    amount: int
    date: date
    undone: date | None = None
    fixed: bool = False  # settles a reversal


@dataclass
class Held:
    key: tuple[str, str, int]
    amount: int
    placed: date
    released: date | None = None


@dataclass
class Book:
    groups: dict[str, str]  # customer → group
    lines: dict[tuple[str, str, int], Line] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    holds: list[Held] = field(default_factory=list)
    closed: date | None = None

    def open(self, key: tuple[str, str, int], day: date = date.max) -> int:
        """Open at the end of a day; nothing is open of an item before its day."""
        line = self.lines[key]
        if line.sign == 0 or line.date > day:
            return 0
        left = line.amount
        for link in self.links:
            if key in (link.credit, link.debit) and link.date <= day:
                left -= link.amount
                if link.undone is not None and link.undone <= day:
                    left += link.amount
        return left

    def lowest(self, key: tuple[str, str, int], day: date) -> int:
        """The least open on any day from this one on: asked day by day where anything changes."""
        days = {day} | {each for link in self.links for each in (link.date, link.undone) if each and each > day}
        return min(self.open(key, each) for each in days)

    def need_open_books(self, day: date) -> None:
        if self.closed is not None and day <= self.closed:
            raise No("closed_period")

    def post(self, key, kind, day, amount, currency, due=None, reference="") -> Line:
        self.need_open_books(day)
        if amount <= 0:
            raise No("amount_not_positive")
        line = Line(key, kind, day, due or day, amount, currency, len(self.lines), reference)
        self.lines[key] = line
        return line

    def match(self, credit, debit, amount, day, *, fixed=False) -> Link:
        one, two = self.lines[credit], self.lines[debit]
        self.need_open_books(day)
        if one.sign != -1 or two.sign != 1:
            raise No("wrong_side")
        if one.currency != two.currency:
            raise No("other_currency")
        if self.groups[credit[0]] != self.groups[debit[0]]:
            raise No("other_customer")
        if amount <= 0:
            raise No("amount_not_positive")
        if day < one.date or day < two.date:
            raise No("before_item")
        if amount > min(self.lowest(credit, day), self.lowest(debit, day)):
            raise No("over_allocation")
        link = Link(credit, debit, amount, day, fixed=fixed)
        self.links.append(link)
        return link

    def undo(self, link: Link, day: date) -> None:
        if link.fixed:
            raise No("settles_reversal")
        if link.undone is not None:
            if link.undone != day:
                raise No("already_undone")
            return
        if day < link.date:
            raise No("before_item")
        self.need_open_books(day)
        link.undone = day

    def live(self, key) -> list[Link]:
        return [link for link in self.links if key in (link.credit, link.debit) and link.undone is None]

    def reverse(self, key, day: date) -> None:
        line = self.lines[key]
        if line.reversed or key[2] % 2 == 0:
            raise No("already_reversed")
        if day < line.date:
            raise No("before_item")
        if line.kind == "write_off" and self.recovered(key):
            raise No("recovered")
        self.need_open_books(day)
        for link in self.live(key):
            self.undo(link, max(day, link.date))
        again = (key[0], key[1], key[2] + 1)
        if line.sign and self.lowest(key, day) < line.amount:
            raise No("over_allocation")
        self.post(again, line.kind, day, line.amount, line.currency, reference=line.reference)
        line.reversed = True
        if line.sign:
            credit, debit = (again, key) if line.sign > 0 else (key, again)
            self.match(credit, debit, line.amount, day, fixed=True)

    def recovered(self, key) -> int:
        return sum(
            line.amount
            for line in self.lines.values()
            if line.kind == "recovery"
            and line.reference == key[1]
            and line.key[0] == key[0]
            and line.key[2] % 2 == 1
            and not line.reversed
        )

    def oldest(self, customer: str, currency: str) -> list[Line]:
        """Open debits of one customer, oldest due first."""
        found = [
            line
            for line in self.lines.values()
            if line.key[0] == customer and line.currency == currency and line.sign == 1 and self.open(line.key) > 0
        ]
        return sorted(found, key=lambda line: (line.due, line.date, line.place))

    def pay_oldest(self, key, day: date, amount: int, currency: str, tolerance: int) -> None:
        """Post a payment, settle the oldest, write off small change when it is used up."""
        debits = self.oldest(key[0], currency)
        self.post(key, "payment", day, amount, currency)
        left, settled = amount, []
        for line in debits:
            when = max(day, line.date)
            part = min(left, self.lowest(line.key, when))
            if part > 0:
                self.match(key, line.key, part, when)
                settled.append((line, when))
                left -= part
        for line, when in settled if left == 0 else []:
            rest = self.open(line.key)
            if 0 < rest <= tolerance and self.lowest(line.key, when) == rest:
                number = self.free(line.key[0], line.key[1] + "-TOL")
                self.post((line.key[0], number, 1), "write_off", when, rest, currency, reference=key[1])
                self.match((line.key[0], number, 1), line.key, rest, when)

    def free(self, customer: str, start: str) -> str:
        """The first of start, start-2, start-3 … that the customer has not used."""
        number, count = start, 1
        while any(key[:2] == (customer, number) for key in self.lines):
            count += 1
            number = f"{start}-{count}"
        return number

    def hold(self, key, amount: int, day: date) -> None:
        if self.lines[key].sign != 1:
            raise No("wrong_side")
        if day < self.lines[key].date:
            raise No("before_item")
        self.need_open_books(day)
        if amount > self.open(key, day):
            raise No("over_open")
        self.holds.append(Held(key, amount, day))

    def held(self, key, day: date) -> int:
        active = [h for h in self.holds if h.key == key and h.placed <= day and not (h.released and h.released <= day)]
        return min(self.open(key, day), sum(h.amount for h in active))
