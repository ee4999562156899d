"""What a letter says of a customer's account: to whom it goes, and the value of each variable of a template."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.utils.translation import gettext, override

from goodstanding.kernel.errors import N_
from goodstanding.outbound.paper.writing import amount, tongue
from goodstanding.outbound.paper.writing import day as written
from goodstanding.parties.models import Contact, Customer
from goodstanding.parties.types import Customer as Party
from goodstanding.receivables import queries as receivables
from goodstanding.receivables.models import Item
from goodstanding.reports.customer import members
from goodstanding.reports.promised import survivors_by_id

TIMES = (  # how often an item was asked for, this letter included
    N_("first reminder"),
    N_("second reminder"),
    N_("third reminder"),
    N_("fourth reminder"),
    N_("fifth reminder"),
)
OFTEN = N_("reminded several times")
OFFICES = ("finance", "account", "payable", "财务", "会计", "出纳")  # roles that are written to about money first


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is written to: a person of the customer, in their language ("en", "zh-hans")."""

    customer_id: int
    code: str
    customer: str
    contact: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Line:
    """An item that a letter asks for: `open` minor units of it, for the `level`-th time (0: not asked for yet)."""

    item: int
    number: str
    due: date
    open: int
    level: int


def recipients(customers: Collection[int], as_of: date) -> dict[int, list[Recipient]]:
    """Who may be contacted, by customer (ids): people of their accounts first, then by name. Merged ones' are carried on."""
    ends = survivors_by_id(as_of)
    wanted = {*customers, *(merged for merged, end in ends.items() if end in set(customers))}
    people = Customer.objects.in_bulk(list(customers))
    rows = Contact.objects.filter(customer__in=wanted, may_contact=True)
    found: dict[int, list[tuple[bool, Recipient]]] = {}
    for number, name, role, email, language in rows.order_by("name", "pk").values_list(
        "customer_id", "name", "role", "email", "language"
    ):
        end = ends.get(number, number)
        if end in people:
            who = Recipient(
                end, people[end].code, people[end].name, name, email, tongue(language or default_language())
            )
            found.setdefault(end, []).append((not any(each in role.lower() for each in OFFICES), who))
    return {number: [who for _last, who in sorted(some, key=lambda each: each[0])] for number, some in found.items()}


def lines(asked: Mapping[int, tuple[int, int]]) -> list[Line]:
    """Items (id → open minor units, level) as a letter lists them, the oldest due first."""
    rows = Item.objects.filter(pk__in=asked).order_by("due", "pk").values_list("pk", "number", "due", "date")
    return [Line(pk, number, due or on, *asked[pk]) for pk, number, due, on in rows]


def values(
    who: Recipient, items: Sequence[Line], currency: str, day: date, *, credits: int = 0, sender: str = "",  # noqa: A002
    promise: tuple[date, int] | None = None,
) -> dict[str, str]:  # fmt: skip
    """Each variable of a template as it is written in the recipient's language; "" where nothing is known.

    `credits` are minor units not matched yet: they are listed and taken off the amount.
    """
    with override(who.language):
        total = max(sum(each.open for each in items) - credits, 0)
        listed = [_listed(each, currency) for each in items]
        if credits:
            listed.append(gettext("taken off: your credits, {amount}").format(amount=_money(credits, currency)))
        firm = list(settings.FIRM)
        return {
            "customer_name": who.customer,
            "contact_name": who.contact or who.customer,
            "firm": firm[0] if firm else "",
            "sender": sender,
            "pay_to": "\n".join(firm[1:]),
            "amount": amount(total, currency) if currency else "",
            "currency": currency,
            "items": "\n".join(listed),
            "oldest_due": written(min(each.due for each in items)) if items else "",
            "days_late": str(max((day - each.due).days for each in items)) if items else "",
            "promise_day": written(promise[0]) if promise else "",
            "promised_amount": _money(promise[1], currency) if promise else "",
            "statement_day": written(day),
        }


def default_language() -> str:
    """The language of those who stated none: that of the desk."""
    return str(settings.LANGUAGE_CODE)


def _listed(each: Line, currency: str) -> str:
    said = gettext("{number}, due {day}: {amount}").format(
        number=each.number, day=written(each.due), amount=_money(each.open, currency)
    )
    if each.level < 1:
        return said
    times = TIMES[each.level - 1] if each.level <= len(TIMES) else OFTEN
    return gettext("{line} ({times})").format(line=said, times=gettext(times))


def _money(minor: int, currency: str) -> str:
    return f"{amount(minor, currency)} {currency}"


def account_of(
    customer: Party, day: date, language: str = "", contact: str = "", currency: str = ""
) -> tuple[Recipient, list[Line], str, int]:
    """Whom to write to, what is past due and may be asked for, its currency, and credits not matched yet.

    The currency is that in which most is past due, unless one is given; a person, unless one is named, is the first
    who may be contacted.
    """
    ids = members(customer, day)
    found = receivables.open_items(ids, day, currency)
    held = receivables.held([each for each in found if each.sign > 0], day)
    free = [(each, each.open - held.get(each.id, 0)) for each in found if each.sign > 0 and each.due < day]
    sums: dict[str, int] = {}
    for each, amount_ in free:
        sums[each.currency] = sums.get(each.currency, 0) + amount_
    chosen = currency or max(sums, key=lambda code: sums[code], default=customer.currency)
    items = [Line(e.id, e.number, e.due, left, 0) for e, left in free if e.currency == chosen and left > 0]
    unapplied = sum(each.open for each in found if each.sign < 0 and each.currency == chosen)
    people = recipients([customer.id], day).get(customer.id, [])
    plain = Recipient(customer.id, customer.code, customer.name, "", "", tongue(language or default_language()))
    who = next((each for each in people if contact in ("", each.contact)), plain)
    return replace(who, language=tongue(language)) if language else who, items, chosen, unapplied
