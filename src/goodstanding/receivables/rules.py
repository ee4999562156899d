"""The law of the subledger: signs, what may be posted, matched and held, and how a payment is spread."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from goodstanding.engine.contract import SIGNS
from goodstanding.kernel.days import FIRST_YEAR, LAST_YEAR
from goodstanding.kernel.errors import N_, Refused
from goodstanding.kernel.money import MAXIMUM, decimal_text, exponent
from goodstanding.receivables.types import Item, Match, NewItem

LONGEST = {
    "number": 64,
    "order": 64,
    "reason": 64,
    "reference": 200,
    "seller": 200,
    "source": 200,
    "key": 200,
    "close_reason": 200,
}
TOLERANCE = "tolerance"  # the reason of a write-off that nobody decided
LIMITS = (30, 60, 90)  # days past due at which a bucket of the aging ends, where nobody decided otherwise
MOST_LIMITS, LONGEST_LIMIT = 8, 3650
HIGHEST_TOLERANCE = 10  # whole units of the currency that a payment may fall short by without anybody's decision


def sign(kind: str, entry: int = 1) -> int:
    """The effect of an item on the receivable: +1, −1 or 0; an even entry is a reversal and turns it round."""
    return -SIGNS[kind] if entry % 2 == 0 else SIGNS[kind]


def money(minor: int, currency: str) -> str:
    """An amount inside a message: "1234.50 EUR"."""
    return f"{decimal_text(minor, currency)} {currency}"


def check_text(field: str, text: str) -> None:
    """Refuse a text that is too long or holds a control character or half a surrogate pair."""
    if len(text) > LONGEST[field]:
        raise Refused(
            "text_too_long", N_("{field}: at most {longest} characters."), field=field, longest=LONGEST[field]
        )
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text):
        raise Refused(
            "text", N_("{field}: {value} holds a character that can't be kept."), field=field, value=repr(text)
        )


def check_amount(amount: int, currency: str) -> None:
    """Refuse what isn't a positive number of minor units up to the maximum, or has no known currency."""
    exponent(currency)
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise Refused("amount", N_("{value} is not an amount"), value=repr(amount))
    if amount <= 0:
        raise Refused(
            "amount_not_positive", N_("The amount must be above zero, not {amount}."), amount=money(amount, currency)
        )
    if amount > MAXIMUM:
        raise Refused("maximum", N_("{value} is above the largest amount"), value=money(amount, currency))


def check_day(day: date) -> None:
    """Refuse a day outside 1900 … 2199: a slip of the keyboard."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused("year", N_("{value}: the year must lie between 1900 and 2199"), value=day.isoformat())


def check_open(day: date, closed_through: date | None) -> None:
    """Refuse a day in a closed period, naming it."""
    if closed_through is not None and day <= closed_through:
        raise Refused(
            "closed_period",
            N_("The books are closed through {through}: nothing can be dated {day}."),
            through=closed_through.isoformat(),
            day=day.isoformat(),
        )


def check_item(new: NewItem) -> None:
    """Refuse an item that no book could hold, whatever else is in the book."""
    if new.kind not in SIGNS:
        raise Refused("unknown_kind", N_("{kind} is not a kind of item."), kind=repr(new.kind))
    if not new.number.strip():
        raise Refused("no_number", N_("An item needs a number."))
    for field in ("number", "order", "reason", "reference", "seller"):
        check_text(field, getattr(new, field))
    check_day(new.date)
    check_day(new.due or new.date)
    check_amount(new.amount, new.currency)
    if isinstance(new.tax, bool) or not isinstance(new.tax, int) or not 0 <= new.tax <= new.amount:
        raise Refused("tax", N_("The tax must lie between zero and the amount."))
    if new.kind == "write_off" and not new.reason:
        raise Refused("no_reason", N_("A write-off needs a reason."))
    if new.kind == "recovery" and not new.reference:
        raise Refused("no_write_off", N_("A recovery needs the number of the write-off as its reference."))


def same_body(stored: Item, new: NewItem) -> bool:
    """Whether posting `new` again would say what is stored already."""
    return (
        (stored.kind, stored.date, stored.due, stored.amount, stored.tax, stored.currency)
        == (new.kind, new.date, new.due or new.date, new.amount, new.tax, new.currency)
    ) and (stored.reference, stored.order, stored.seller, stored.reason) == (
        new.reference,
        new.order,
        new.seller,
        new.reason,
    )


def check_match(credit: Item, debit: Item, amount: int, day: date, *, one_group: bool) -> None:
    """Refuse a match of two items that can't settle each other. The open amounts are `check_available`'s."""
    for item, wanted in ((credit, -1), (debit, 1)):
        if item.sign != wanted:
            template = (
                N_("{number} is no credit: it can't settle anything.")
                if wanted < 0
                else N_("{number} is no debit: there is nothing to settle.")
            )
            raise Refused("wrong_side", template, number=item.number)
    if credit.currency != debit.currency:
        raise Refused(
            "other_currency",
            N_("{credit} is in {credit_currency} and {debit} in {debit_currency}: they can't be matched."),
            credit=credit.number,
            credit_currency=credit.currency,
            debit=debit.number,
            debit_currency=debit.currency,
        )
    if not one_group:
        raise Refused(
            "other_customer",
            N_("{credit} belongs to {credit_customer} and {debit} to {debit_customer}, who share no parent group."),
            credit=credit.number,
            credit_customer=credit.customer,
            debit=debit.number,
            debit_customer=debit.customer,
        )
    check_amount(amount, debit.currency)
    check_day(day)
    for item in (credit, debit):
        if day < item.date:
            raise Refused(
                "before_item",
                N_("{number} is dated {date}: it can't be matched on {day} already."),
                number=item.number,
                date=item.date.isoformat(),
                day=day.isoformat(),
            )


def check_available(item: Item, available: int, asked: int) -> None:
    """Refuse to take more off an item than is open of it, naming both figures."""
    if asked > available:
        raise Refused(
            "over_allocation",
            N_("{asked} is more than the {open} open of {number}."),
            asked=money(asked, item.currency),
            open=money(available, item.currency),
            number=item.number,
        )


def check_hold(item: Item, amount: int, reason: str, source: str, day: date) -> None:
    """Refuse a hold that makes no sense, whatever is open: on a credit, without a reason, before the item."""
    if item.sign != 1:
        raise Refused("wrong_side", N_("{number} is no debit: nobody is asked for it."), number=item.number)
    check_amount(amount, item.currency)
    check_text("reason", reason)
    check_text("source", source)
    if not reason:
        raise Refused("no_reason", N_("A hold needs a reason."))
    check_day(day)
    if day < item.date:
        raise Refused(
            "before_item",
            N_("{number} is dated {date}: it can't be held on {day} already."),
            number=item.number,
            date=item.date.isoformat(),
            day=day.isoformat(),
        )


def check_close(through: date, reason: str, closed: date | None) -> None:
    """Refuse a closing without sense, and a reopening (an earlier day than now) without a reason."""
    check_day(through)
    check_text("close_reason", reason)
    if closed is not None and through < closed and not reason:
        raise Refused(
            "no_reason",
            N_("The books are closed through {through}: reopening them needs a reason."),
            through=closed.isoformat(),
        )


def lowest_open(open_now: int, later: Iterable[tuple[date, int]]) -> int:
    """The least open amount of an item on any day from a given one on.

    `open_now` counts every match there is; `later` are the (day, signed amount) of the matches dated after the
    given day, an undo negative. A match may take no more than this, else some day in between would go below zero.
    """
    by_day: dict[date, int] = {}
    for day, amount in later:
        by_day[day] = by_day.get(day, 0) + amount
    lowest = open_then = open_now
    for day in sorted(by_day, reverse=True):
        open_then += by_day[day]
        lowest = min(lowest, open_then)
    return lowest


def spread(amount: int, available: Sequence[int]) -> list[int]:
    """Give each in turn as much as it can take until the amount is used up: the parts, zeros included."""
    parts = []
    for most in available:
        part = min(amount, most)
        parts.append(part)
        amount -= part
    return parts


def oldest_first(item: Item) -> tuple[date, date, int]:
    """The order in which a payment without instructions settles debits: by due day, then date, then posting."""
    return item.due, item.date, item.id


def named_in(reference: str) -> list[str]:
    """The words of a payment's reference that may be item numbers, in their order, each once."""
    words = (
        reference.replace(",", " ").replace(";", " ").replace("，", " ").replace("；", " ").replace("、", " ").split()
    )
    return list(dict.fromkeys(words))


def check_tolerance(tolerance: int, currency: str) -> None:
    """Refuse a tolerance that would write off more than small change: that is what `write_off` is for."""
    most = HIGHEST_TOLERANCE * 10 ** exponent(currency)
    if isinstance(tolerance, bool) or not isinstance(tolerance, int) or not 0 <= tolerance <= most:
        raise Refused(
            "tolerance", N_("A tolerance lies between zero and {most}; write off the rest."), most=money(most, currency)
        )


def check_limits(limits: Sequence[int]) -> None:
    """Refuse bucket limits that aren't whole, rising days from 1 to 3650, at most 8."""
    rising = bool(limits) and all(a < b for a, b in zip((0, *limits), limits, strict=False))
    if not rising or len(limits) > MOST_LIMITS or limits[-1] > LONGEST_LIMIT:
        raise no_limits(", ".join(map(str, limits)))


def no_limits(text: str) -> Refused:
    """The refusal of what can't be bucket limits."""
    return Refused(
        "bucket_limits",
        N_("{value} can't be bucket limits: write up to {most} rising numbers of days, like 30, 60, 90."),
        value=repr(text[:40]),
        most=MOST_LIMITS,
    )


def in_turn(debits: Iterable[Item], way: str, reference: str) -> list[Item]:
    """The debits that a payment settles, in turn: all of them ("oldest"), those its reference names ("reference")."""
    if way != "reference":
        return list(debits) if way == "oldest" else []
    known = list(debits)
    return [each for number in named_in(reference) for each in known if each.number == number]


def let_go(paid: int, parts: Iterable[tuple[Item, int]], tolerance: int) -> list[tuple[Item, int]]:
    """Of the items a payment will settle (with how much), what the tolerance would write off of each."""
    known = [(item, part) for item, part in parts if part > 0]
    if sum(part for _item, part in known) < paid:
        return []  # as long as some of it is left, the customer did pay
    rests = [(item, item.open - part) for item, part in known]
    return [(item, rest) for item, rest in rests if within_tolerance(rest, tolerance)]


def within_tolerance(short: int, tolerance: int) -> bool:
    """Whether a rest is small enough to be written off (both in minor units; 0 tolerates nothing)."""
    return 0 < short <= tolerance


def why(match: Match) -> str:
    """How a match came about, as its key says it: "oldest~50" in "C001/PAY-7/1/oldest~50/1"; "" for a foreign key."""
    start = "/".join(map(str, match.credit)) + "/"
    return match.key.removeprefix(start).split("/")[0] if match.key.startswith(start) else ""


def by_payment(match: Match) -> bool:
    """Whether a match was made as its payment was recorded."""
    return why(match).split("~")[0] in ("list", "oldest", "reference")


def derived_number(number: str, suffix: str, taken: Iterable[str]) -> str:
    """A free number for an item that follows from another: INV-7 → INV-7-TOL, INV-7-TOL-2 …, at most 64 long."""
    used, count, end = set(taken), 1, f"-{suffix}"
    while (candidate := number[: LONGEST["number"] - len(end)] + end) in used:
        count += 1
        end = f"-{suffix}-{count}"
    return candidate


def one_edit_apart(one: str, other: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours makes two different numbers equal."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        unlike = [index for index, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(unlike) == 2 and unlike[1] == unlike[0] + 1:
            left, right = unlike
            return one[left] == other[right] and one[right] == other[left]
        return len(unlike) == 1
    shorter, longer = sorted((one, other), key=len)
    return any(longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer)))


def near_numbers(numbers: Iterable[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """Of (number, id), the pairs of ids whose numbers are one edit apart, each once, the earlier id first.

    Two such numbers share a text that one deletion (or none) makes of each, so only those are compared:
    linear in the numbers where comparing all pairs is not.
    """
    shelves: dict[str, list[tuple[str, int]]] = {}
    seen: set[tuple[int, int]] = set()
    for number, id_ in numbers:
        for text in {number} | {number[:index] + number[index + 1 :] for index in range(len(number))}:
            shelf = shelves.setdefault(text, [])
            for other, other_id in shelf:
                pair = (min(other_id, id_), max(other_id, id_))
                if pair not in seen and one_edit_apart(other, number):
                    seen.add(pair)
                    yield pair
            shelf.append((number, id_))


WITHIN = timedelta(days=7)  # doubtful duplicates: same customer and amount this near
