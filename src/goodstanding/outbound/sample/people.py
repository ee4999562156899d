"""Who buys in the sample book: customers, groups, doubles that were merged, and their contacts."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from goodstanding.outbound.sample import names
from goodstanding.outbound.sample.archetypes import ARCHETYPES, NAMES

CURRENCIES = ("CNY", "EUR", "USD", "JPY")
EXPONENTS = np.array([2, 2, 2, 0])
# Minor units of each currency for one fen, as numerator and denominator.
RATES = np.array([[1, 1], [1, 8], [1, 7], [1, 5]])
MONTHS = 15
NEVER = 1 << 30
KIND_WEIGHTS = (0.34, 0.26, 0.2, 0.08, 0.12)
ORDERS_A_MONTH = np.array([1.35, 1.05, 0.8, 1.3, 0.6])
TERMS = ((7, 0.08), (15, 0.17), (30, 0.5), (45, 0.15), (60, 0.1))

Ints = np.ndarray


@dataclass(slots=True)
class People:
    """The customers as columns. Days count from 1970-01-01; -1 as an index means none, NEVER as a day too."""

    codes: list[str]
    names: list[str]
    kind: Ints
    territory: Ints
    manager: Ints  # 0 or 1: which of the territory's two
    currency: Ints
    archetype: Ints
    parent: Ints
    central: Ints  # 1: the parent's head office pays
    terms: Ints  # days net
    orders: Ints  # invoices a month
    size: Ints  # factor of an invoice's weight
    since: Ints
    start: Ints
    stop: Ints
    default: Ints  # the day from which nothing is paid
    merged_into: Ints
    merged_on: Ints

    def trait(self, name: str) -> Ints:
        """One archetype parameter, a value per customer."""
        return np.array([getattr(kind, name) for kind in ARCHETYPES])[self.archetype]


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def first_month(through: date) -> date:
    """The first day of the book: MONTHS months, the one of `through` included."""
    months = through.year * 12 + through.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def people(rng: np.random.Generator, count: int, through: date) -> People:
    """Draw `count` customers. Large books hold more small, rare buyers, as large roasteries do."""
    first, last = day_number(first_month(through)), day_number(through)
    kind = rng.choice(len(names.KINDS), count, p=KIND_WEIGHTS)
    territory = rng.choice(len(names.TERRITORIES), count, p=[share for _, _, share in names.TERRITORIES])
    joined_late = rng.random(count) < 0.12
    known = min(count, len(names.KNOWN))
    kind[:known] = [names.KINDS.index(sort) for _, sort in names.KNOWN[:known]]
    territory[:known] = np.arange(known) % 3
    abroad = [names.TERRITORIES[place][1] for place in territory.tolist()]
    archetype = rng.choice(len(ARCHETYPES), count, p=[sort.weight for sort in ARCHETYPES])
    days, shares = zip(*TERMS, strict=True)
    archetype[[1, known - 1]] = NAMES.index("failing")  # Summit Vending and North Pier Kiosks
    archetype[4] = NAMES.index("on_account")  # Qinghe Road Store 14
    joined_late[:known] = False
    terms = np.where(archetype == NAMES.index("discount_taker"), 30, rng.choice(days, count, p=shares))
    crowd = 1.0 - 0.33 * min(1.0, max(0.0, np.log10(count / 1000) / np.log10(50)))
    start = np.where(joined_late, rng.integers(first, last - 60, count), first)
    stop = np.where(rng.random(count) < 0.05, rng.integers(first + 150, last, count), NEVER)
    book = People(
        codes=[f"C{number:05d}" for number in range(1, count + 1)],
        names=names.customer_names(rng, [names.KINDS[sort] for sort in kind.tolist()], abroad),
        kind=kind,
        territory=territory,
        manager=rng.integers(0, 2, count),
        currency=np.array([CURRENCIES.index(code or "CNY") for code in abroad]),
        archetype=archetype,
        parent=np.full(count, -1),
        central=np.zeros(count, dtype=np.int64),
        terms=terms,
        orders=ORDERS_A_MONTH[kind] * rng.lognormal(-0.12, 0.5, count) * crowd,
        size=rng.lognormal(0, 0.6, count) * np.array([1.0, 0.9, 0.35, 2.4, 1.3])[kind],
        since=np.where(joined_late, start - rng.integers(0, 20, count), first - rng.integers(30, 3000, count)),
        start=start,
        stop=stop,
        default=np.full(count, NEVER),
        merged_into=np.full(count, -1),
        merged_on=np.full(count, NEVER),
    )
    book.orders[:known] = np.maximum(book.orders[:known], 1.5)
    _make_groups(rng, book)
    _make_doubles(rng, book, first, last)
    failing = book.trait("defaults") & (book.merged_into < 0)
    book.default = np.where(failing, rng.integers(first + 40, last - 60, count), NEVER)
    book.default[1], book.default[known - 1] = last - 150, first + 80  # one failing now, one long lost
    book.stop = np.where(failing, book.default + 25, book.stop)
    return book


def _make_groups(rng: np.random.Generator, book: People) -> None:
    """Every thirtieth customer or so heads a group of 2 to 8 members of its territory; half of them pay centrally."""
    count = len(book.codes)
    for head in range(0, count - 12, 30):
        members = np.arange(head + 7, min(count, head + 7 + int(rng.integers(2, 9))))
        members = members[members < head + 30]
        book.parent[members] = head
        book.territory[members] = book.territory[head]
        book.currency[members] = book.currency[head]
        stem = book.names[head].removesuffix(" Cafés")
        for place, member in enumerate(members.tolist(), 1):
            book.names[member] = f"{stem} · {place} 号店" if book.currency[head] == 0 else f"{stem} · {place}"
        if rng.random() < 0.5 or head == 0:
            book.archetype[members] = book.archetype[head] = NAMES.index("month_end" if head % 60 == 0 else "relaxed")
            book.central[members] = 1
            book.terms[members] = book.terms[head]


def _make_doubles(rng: np.random.Generator, book: People, first: int, last: int) -> None:
    """About one customer in 120 was entered twice and merged later; its own trade was settled by then."""
    count = len(book.codes)
    candidates = np.arange(18, count - 1, 120)
    for double in candidates[(candidates + 1 < count)].tolist():
        survivor = double + 1
        if book.parent[double] >= 0 or book.parent[survivor] >= 0 or double % 30 == 0 or survivor % 30 == 0:
            continue
        for column in (book.kind, book.territory, book.currency, book.manager):
            column[double] = column[survivor]
        book.archetype[double] = book.archetype[survivor] = NAMES.index("prompt")
        book.names[double] = (
            f"{book.names[survivor]} 有限公司" if book.currency[double] == 0 else f"{book.names[survivor]} Ltd"
        )
        book.terms[double] = 15
        book.merged_into[double] = survivor
        book.merged_on[double] = int(rng.integers(first + 200, last - 20))
        book.start[double] = first
        book.stop[double] = book.merged_on[double] - 75


def contacts(rng: np.random.Generator, book: People) -> list[tuple[str, ...]]:
    """Rows of contacts.csv: one or two people per customer, birthdays by the sun or by the moon."""
    count = len(book.codes)
    how_many = rng.integers(1, 3, count).tolist()
    draws = rng.integers(0, 1 << 30, size=(count, 2, 8)).tolist()
    rows = []
    for customer in range(count):
        currency = names.TERRITORIES[int(book.territory[customer])][1]
        taken = set()
        for place in range(how_many[customer]):
            row = _contact(book.codes[customer], currency, draws[customer][place], place)
            if row[1] not in taken:
                taken.add(row[1])
                rows.append(row)
    return rows


def _contact(code: str, currency: str, draw: list[int], place: int) -> tuple[str, ...]:
    """One contact; a lunar day 30 is avoided, since not every lunar month has one."""
    name = names.person_name(draw, currency)
    chinese, english = names.ROLES[draw[2] % 2 if place == 0 else 2 + draw[2] % 2]
    birthday = calendar = ""
    if draw[3] % 10 < 7:
        lunar = not currency and draw[3] % 10 < 3
        calendar = "lunar" if lunar else "solar"
        birthday = f"{1955 + draw[4] % 48}-{1 + draw[5] % 12:02d}-{1 + draw[6] % 28:02d}"
        birthday = birthday[5:] if draw[4] % 5 == 0 else birthday
    channel = ("email", "phone") if currency else ("wechat", "phone", "sms", "email")
    return (
        code,
        name,
        english if currency else chinese,
        f"{english}{place or ''}@{code.lower()}.example",
        "" if draw[7] % 6 == 0 else f"+86 199 {draw[7] // 10000 % 10000:04d} {draw[7] % 10000:04d}",
        birthday,
        calendar,
        {"EUR": "en", "USD": "en", "JPY": "ja"}.get(currency, "zh-hans"),
        channel[draw[2] % len(channel)],
        "false" if draw[7] % 25 == 0 else "true",
    )
