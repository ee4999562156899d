"""The evidence pack for a lawyer or an agency: what is owed, what was demanded, promised and answered, and the clocks."""

from collections.abc import Collection, Sequence
from datetime import date

from django.utils.timezone import localtime
from django.utils.translation import gettext

from goodstanding.kernel.errors import N_
from goodstanding.outbound.paper.types import Block, Column, Sheet, Table, Text
from goodstanding.outbound.paper.writing import amount, day, money
from goodstanding.parties.types import Contact, Customer
from goodstanding.promises.models import Judgement, Promise
from goodstanding.receivables import queries
from goodstanding.receivables.confirmations import Confirmation, confirmations
from goodstanding.receivables.limitation import Proof
from goodstanding.receivables.types import Item
from goodstanding.relations.queries import touches
from goodstanding.relations.types import Touch
from goodstanding.reports.limitation import Timed, clocks, proofs
from goodstanding.reports.papers import addressed, facts, firm, kind

PROOFS = {
    "message": N_("Message, sent"),
    "letter": N_("Letter, sent"),
    "promise": N_("Promise to pay"),
    "confirmation": N_("Balance confirmed"),
}
STATES = {
    "open": N_("open"),
    "kept": N_("kept"),
    "partly_kept": N_("partly kept"),
    "broken": N_("broken"),
    "withdrawn": N_("withdrawn"),
    "renewed": N_("renewed"),
}
TOUCHES = {
    "visit": N_("Visit"),
    "call": N_("Call"),
    "letter": N_("Letter"),
    "message": N_("Message"),
    "delivery": N_("Delivery"),
    "gift": N_("Gift"),
    "greeting": N_("Greeting"),
    "forum": N_("Forum"),
}
OUTCOMES = {
    "done": N_("done"),
    "reached": N_("reached"),
    "no_answer": N_("no answer"),
    "wrong_person": N_("wrong person"),
    "left_message": N_("left a message"),
    "promised": N_("promised"),
    "paid": N_("paid"),
    "dispute": N_("in dispute"),
    "refused": N_("refused"),
    "bounced": N_("came back"),
    "other": N_("other"),
}


def evidence_sheet(customer: Customer, contacts: Sequence[Contact], ids: Collection[int], as_of: date) -> Sheet:
    """The pack as of the end of a day. `ids` are the codes whose items are the customer's (`customer.members`)."""
    opened = queries.open_items(ids, as_of)
    lives = {each.item.id: each for each in clocks(opened, as_of)}
    held = queries.held(opened, as_of)
    blocks: list[Block] = [
        facts(
            (gettext("Customer"), customer.name),
            (gettext("Code"), customer.code),
            (gettext("With us since"), day(customer.since) if customer.since else ""),
            (gettext("Terms"), customer.terms),
            (gettext("People"), "; ".join(each.name + (f" ({each.role})" if each.role else "") for each in contacts)),
        )
    ]
    currencies = sorted({each.currency for each in opened})
    blocks += [_items([each for each in opened if each.currency == code], lives, held, code) for code in currencies]
    blocks += [
        _demands([one.proof for whose in proofs(ids, as_of).values() for one in whose], as_of),
        _promises(ids, as_of),
        _touches([each for each in touches(ids, as_of, limit=None) if each.purpose == "collect"]),
        _confirmations(confirmations(ids, as_of)),
    ]
    title = gettext("Evidence pack")
    told = gettext("What the books and the file hold at the end of {day}").format(day=day(as_of))
    return Sheet(firm(), addressed(customer), as_of, title, told, blocks, note=f"{title} · {customer.code}")


def _items(opened: Sequence[Item], lives: dict[int, Timed], held: dict[int, int], currency: str) -> Table:
    """What is asked for, less what they paid or were credited and nobody applied: the sum is what is truly owed."""
    columns = (
        Column(gettext("Document"), share=3),
        Column(gettext("Date")),
        Column(gettext("Due")),
        Column(gettext("Amount"), right=True),
        Column(gettext("Open"), right=True),
        Column(gettext("Enforceable until"), right=True),
    )
    rows = [
        (
            _document(each, held.get(each.id, 0)),
            day(each.date),
            day(each.due) if each.sign > 0 else "",
            amount(each.amount, currency),
            amount(each.sign * each.open, currency),
            _until(lives[each.id]) if each.id in lives else gettext("unapplied"),
        )
        for each in opened
    ]
    total = money(sum(each.sign * each.open for each in opened), currency)
    title = gettext("Claims in {currency}").format(currency=currency)
    return Table(columns, rows, title, (gettext("Total"), "", "", "", total, ""))


def _document(item: Item, held: int) -> str:
    words = f"{item.number}  {kind(item)}"
    if not held:
        return words
    return gettext("{document}, {amount} in dispute").format(document=words, amount=amount(held, item.currency))


def _until(each: Timed) -> str:
    return gettext("{day}, run out").format(day=day(each.clock.until)) if each.clock.expired else day(each.clock.until)


def _demands(found: Sequence[Proof], as_of: date) -> Block:
    title = gettext("Demands and acknowledgements that can be proved")
    known = sorted((each for each in found if each.day <= as_of), key=lambda each: each.day)
    if not known:
        return Text((gettext("None is on file."),), title)
    rows = [(day(each.day), gettext(PROOFS[each.kind]), each.what) for each in known]
    return Table(
        (Column(gettext("Date")), Column(gettext("Kind"), share=1), Column(gettext("What"), share=3)), rows, title
    )


def _promises(ids: Collection[int], as_of: date) -> Block:
    title = gettext("What they promised, and what became of it")
    found = list(Promise.objects.filter(customer_id__in=list(ids), by="them", made__lte=as_of).order_by("made", "pk"))
    if not found:
        return Text((gettext("No promise is on file."),), title)
    judged = Judgement.objects.filter(promise__in=found, on__lte=as_of).order_by("on", "pk")
    states = {row.promise_id: row for row in judged}
    columns = (
        Column(gettext("Made")),
        Column(gettext("For")),
        Column(gettext("Promise"), share=2),
        Column(gettext("Amount"), right=True),
        Column(gettext("What became of it"), right=True),
    )
    rows = []
    for each in found:
        now = states.get(each.pk)
        sum_ = money(each.amount, each.currency) if each.amount is not None and each.currency else ""
        what = each.subject or each.contact
        rows.append((day(each.made), day(each.due), what, sum_, gettext(STATES[now.state if now else "open"])))
    return Table(columns, rows, title)


def _touches(found: Sequence[Touch]) -> Block:
    title = gettext("How they were asked")
    live = [each for each in reversed(found) if not each.withdrawn_by]
    if not live:
        return Text((gettext("Nothing was written down."),), title)
    columns = (
        Column(gettext("Date")),
        Column(gettext("Kind")),
        Column(gettext("Outcome")),
        Column(gettext("With"), share=1),
    )
    columns += (Column(gettext("Note"), share=2),)
    rows = [
        (
            day(localtime(each.at).date()),
            gettext(TOUCHES.get(each.kind, each.kind)),
            gettext(OUTCOMES.get(each.outcome, each.outcome)),
            each.contact,
            each.note,
        )
        for each in live
    ]
    return Table(columns, rows, title)


def _confirmations(found: Sequence[Confirmation]) -> Block:
    title = gettext("Balances they were asked to confirm")
    if not found:
        return Text((gettext("None was asked for."),), title)
    columns = (
        Column(gettext("As of")),
        Column(gettext("Ours"), right=True),
        Column(gettext("Theirs"), right=True),
        Column(gettext("Answered by"), share=1),
        Column(gettext("Why"), share=2),
    )
    rows = [
        (
            day(each.as_of),
            money(each.amount, each.currency),
            "–" if each.theirs is None else amount(each.theirs, each.currency),
            each.answered_by or "",
            each.why or "",
        )
        for each in reversed(found)
    ]
    return Table(columns, rows, title)
