"""What stands on each paper: a statement, a confirmation of a balance, an evidence pack; in the language in force."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext

from goodstanding.kernel.errors import N_
from goodstanding.outbound.paper.types import Ages, Block, Boxes, Column, Facts, Figure, Link, Sheet, Table, Text
from goodstanding.outbound.paper.writing import amount, day, money
from goodstanding.parties.types import Contact, Customer
from goodstanding.receivables.confirmations import Confirmation
from goodstanding.receivables.rules import LIMITS
from goodstanding.receivables.types import Item
from goodstanding.reports.customer import Line
from goodstanding.reports.statement import Statement

KINDS = {
    "invoice": N_("Invoice"),
    "debit_note": N_("Debit note"),
    "credit_note": N_("Credit note"),
    "payment": N_("Payment"),
    "refund": N_("Refund"),
    "write_off": N_("Write-off"),
    "recovery": N_("Recovery"),
    "late_fee": N_("Late fee"),
    "opening": N_("Opening balance"),
}


def firm() -> tuple[str, ...]:
    """Who writes: the lines of GOODSTANDING_FIRM, first the name."""
    return tuple(settings.FIRM)


def kind(item: Item) -> str:
    """What an item is, in words; an even entry is a reversal."""
    name = gettext(KINDS.get(item.kind, item.kind))
    return gettext("%(kind)s, reversed") % {"kind": name} if item.entry % 2 == 0 else name


def addressed(customer: Customer, contact: Contact | None = None) -> tuple[str, ...]:
    """To whom."""
    person = f"{contact.name}, {contact.role}" if contact and contact.role else contact.name if contact else ""
    return tuple(each for each in (customer.name, person, customer.code) if each)


def statement_sheet(  # noqa: PLR0917
    customer: Customer, contact: Contact | None, found: Sequence[Statement], first: date, last: date,
    limits: Sequence[int] = LIMITS,
) -> Sheet:  # fmt: skip
    """The statement of account, each currency with its movements, its aging and its open items."""
    blocks: list[Block] = []
    for each in found:
        blocks += _account(each, first, last)
        if each.items:
            blocks += _open_items(each, last, limits)
    if not blocks:
        blocks.append(Text((gettext("Nothing was posted in this period, and nothing is open."),)))
    else:
        blocks.append(Text((gettext("Please tell us if it does not agree with your books."),), tone="faint"))
        blocks.append(Boxes([(gettext("Agreed"), (gettext("Name"), gettext("Date"), gettext("Stamp and signature")))]))
    period = gettext("{first} to {last}").format(first=day(first), last=day(last))
    title = gettext("Statement of account")
    return Sheet(firm(), addressed(customer, contact), last, title, period, blocks, note=f"{title} · {customer.code}")


def _account(each: Statement, first: date, last: date) -> list[Block]:
    code = each.currency
    columns = (
        Column(gettext("Date")),
        Column(gettext("Document"), share=3),
        Column(gettext("Reference"), share=2),
        Column(gettext("Debit"), right=True),
        Column(gettext("Credit"), right=True),
        Column(gettext("Balance"), right=True),
    )
    rows = [(day(first), gettext("Opening balance"), "", "", "", amount(each.opening, code))]
    rows += [_movement(line, code) for line in each.lines]
    foot = (
        day(last),
        gettext("Closing balance"),
        "",
        amount(each.debits, code),
        amount(each.credits, code),
        amount(each.closing, code),
    )
    title = gettext("Account in {currency}").format(currency=code)
    return [Table(columns, rows, title, foot), Figure(gettext("Balance"), money(each.closing, code))]


def _movement(line: Line, code: str) -> tuple[str, ...]:
    item, size = line.item, amount(abs(line.amount), code)
    if line.other:
        words = gettext("paid by {code}") if line.amount < 0 else gettext("for {code}")
        words = words.format(code=line.other)
    else:
        words = kind(item)
    debit, credit = (size, "") if line.amount > 0 else ("", size)
    return day(line.date), f"{item.number}  {words}", item.reference, debit, credit, amount(line.balance, code)


def _open_items(each: Statement, last: date, limits: Sequence[int]) -> list[Block]:
    code, figures = each.currency, each.figures
    columns = (
        Column(gettext("Document"), share=3),
        Column(gettext("Date")),
        Column(gettext("Due")),
        Column(gettext("Days past due"), right=True),
        Column(gettext("Amount"), right=True),
        Column(gettext("Open"), right=True),
    )
    rows = [_open(item, last) for item in each.items]
    title = gettext("Open items as of {day}").format(day=day(last))
    foot = (gettext("Total"), "", "", "", "", money(each.closing, code))
    blocks: list[Block] = [Table(columns, rows, title, foot)]
    if figures and sum(figures.buckets) > 0:
        whole, last_shade = sum(figures.buckets), len(figures.buckets) - 1
        names = [gettext("Not due"), *_ranges(limits)]
        parts = [
            (name, amount(sum_, code), 1000 * sum_ // whole, 4 * at // last_shade)
            for at, (name, sum_) in enumerate(zip(names, figures.buckets, strict=True))
        ]
        if figures.unapplied:
            parts.append((gettext("Unapplied"), amount(figures.unapplied, code), 0, -1))
        blocks.append(Ages(parts))
    return blocks


def _ranges(limits: Sequence[int]) -> list[str]:
    starts = [1, *(limit + 1 for limit in limits)]
    between = [f"{start}–{end}" for start, end in zip(starts, limits, strict=False)]
    return [gettext("{days} days").format(days=each) for each in (*between, f"{limits[-1]}+")]


def _open(item: Item, last: date) -> tuple[str, ...]:
    debit = item.sign > 0
    late = max(item.days_past_due(last), 0)
    return (
        f"{item.number}  {kind(item)}",
        day(item.date),
        day(item.due) if debit else "",
        str(late or "–") if debit else gettext("unapplied"),
        amount(item.amount, item.currency),
        amount(item.sign * item.open, item.currency),
    )


def confirmation_sheet(  # noqa: PLR0917
    customer: Customer, contact: Contact | None, asked: Confirmation, items: Collection[Item], address: str, on: date
) -> Sheet:
    """The confirmation of a balance (对账函): the sum, its items, two answers to choose from, and the link."""
    what = {"day": day(asked.as_of), "firm": firm()[0] if firm() else gettext("our firm")}
    asking = gettext(
        "For the reconciliation of our accounts, please confirm the balance that your books show for {firm} at the end"
        " of {day}. This is no demand for payment."
    ).format(**what)
    label = (
        gettext("Owed to us at the end of {day}") if asked.amount >= 0 else gettext("Owed to you at the end of {day}")
    )
    columns = (
        Column(gettext("Document"), share=3),
        Column(gettext("Date")),
        Column(gettext("Due")),
        Column(gettext("Amount"), right=True),
        Column(gettext("Open"), right=True),
    )
    rows = [
        (
            f"{item.number}  {kind(item)}",
            day(item.date),
            day(item.due) if item.sign > 0 else "",
            amount(item.amount, item.currency),
            amount(item.sign * item.open, item.currency),
        )
        for item in items
    ]
    hand = (gettext("Name"), gettext("Date"), gettext("Stamp and signature"))
    blocks: list[Block] = [
        Text((asking,)),
        Figure(label.format(**what), money(abs(asked.amount), asked.currency)),
        Boxes(
            [
                (gettext("The balance agrees with our books."), hand),
                (gettext("It differs. Our books show, and why:"), (gettext("Amount"), gettext("Reason"))),
            ]
        ),
    ]
    if address:
        words = gettext("Or answer here, without signing in, until {day}:").format(day=day(asked.until))
        blocks.append(Link(words, address))
    # what was posted later about that day has no place on this paper: then the sum stands alone
    if rows and sum(item.sign * item.open for item in items) == asked.amount:
        title = gettext("What it is made of")
        blocks.append(Table(columns, rows, title, (gettext("Total"), "", "", "", money(asked.amount, asked.currency))))
    title = gettext("Confirmation of a balance")
    subtitle = gettext("As of {day}").format(**what)
    return Sheet(firm(), addressed(customer, contact), on, title, subtitle, blocks, note=f"{title} · {asked.key}")


def facts(*pairs: tuple[str, str]) -> Facts:
    """Names and values, those that have one."""
    return Facts([pair for pair in pairs if pair[1]])


def whole_month(last: date) -> date:
    """The first day of the last month that is over by the end of a day."""
    if (last + timedelta(days=1)).day == 1:
        return last.replace(day=1)
    return date(last.year - (last.month == 1), (last.month - 2) % 12 + 1, 1)
