"""What a touch must be to be kept, what it costs, and whether it reached the right person."""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from goodstanding.kernel.errors import N_, Refused
from goodstanding.kernel.money import exponent
from goodstanding.relations.types import ANSWERED, IN_PERSON, KINDS, OUTCOMES, PURPOSES, NewTouch, Rate

REACHING = frozenset({"visit", "call", "letter", "message", "greeting"})  # kinds that come to a person's notice
LONGEST_LINE = 200
LONGEST_NOTE = 4_000
MOST_MINUTES = 24 * 60  # a touch lasts a day at most
MOST_MONEY = 10**15  # minor units: far above any touch, far below what a column holds
_UNSTORABLE = {"Cc", "Cs", "Zl", "Zp"}


def check_touch(touch: NewTouch, now: datetime) -> NewTouch:
    """The touch without outer blanks. Refused when something is unknown, negative, too much, or still to come."""
    for field, value, known in (
        ("kind", touch.kind, KINDS),
        ("purpose", touch.purpose, PURPOSES),
        ("outcome", touch.outcome, OUTCOMES),
    ):
        if value not in known:
            raise Refused("unknown_value", N_("{field}: {value} is not known."), field=field, value=repr(value[:40]))
    if touch.at > now:
        raise Refused("future_touch", N_("A touch is written down once it has happened, not before."))
    _check_range("minutes", touch.minutes, MOST_MINUTES)
    _check_range("cost", touch.cost, MOST_MONEY)
    if touch.cost is not None and not touch.currency:
        raise Refused("no_currency", N_("A cost needs its currency."))
    if touch.currency:
        exponent(touch.currency)
    by, contact, source = (check_text(name, getattr(touch, name)) for name in ("by", "contact", "source"))
    return replace(
        touch, by=by, contact=contact, source=source, note=check_text("note", touch.note, LONGEST_NOTE, breaks="\n\t")
    )


def check_rate(rate: Rate) -> Rate:
    """The rate as it is kept. Refused for an unknown kind or currency, or an amount that is negative or too much."""
    if rate.kind not in KINDS:
        raise Refused("unknown_value", N_("{field}: {value} is not known."), field="kind", value=repr(rate.kind[:40]))
    exponent(rate.currency)
    _check_range("minute_cost", rate.minute_cost, MOST_MONEY // MOST_MINUTES)
    _check_range("piece_cost", rate.piece_cost, MOST_MONEY)
    return rate


def check_text(field: str, text: str, longest: int = LONGEST_LINE, breaks: str = "") -> str:
    """The text without outer blanks. Refused when it is too long or holds a character that can't be kept."""
    clean = text.replace("\r\n", "\n").strip()
    if len(clean) > longest:
        raise Refused("text_too_long", N_("{field}: at most {longest} characters."), field=field, longest=longest)
    if any(unicodedata.category(each) in _UNSTORABLE and each not in breaks for each in clean):
        raise Refused(
            "text", N_("{field}: {value} holds a character that can't be kept."), field=field, value=repr(clean[:40])
        )
    return clean


def rate_on(rates: Iterable[Rate], kind: str, currency: str, day: date) -> Rate | None:
    """The rate of a kind that holds on a day: the newest start up to it, of those the one given last."""
    held = [each for each in rates if (each.kind, each.currency) == (kind, currency) and each.start <= day]
    return max(reversed(held), key=lambda each: each.start, default=None)


def cost(touch: NewTouch, rate: Rate | None) -> int:
    """What a touch cost: as given, else minutes × the minute's rate + the piece; nothing without a rate."""
    if touch.cost is not None:
        return touch.cost
    return 0 if rate is None else (touch.minutes or 0) * rate.minute_cost + rate.piece_cost


def right_party(kind: str, outcome: str) -> bool:
    """Whether the one who decides was spoken with or answered: a message that the server took is an attempt alone."""
    return outcome in ANSWERED or (outcome == "done" and kind in IN_PERSON)


def _check_range(field: str, value: int | None, most: int) -> None:
    if value is not None and not 0 <= value <= most:
        raise Refused(
            "out_of_range", N_("{field}: {value} is not between 0 and {most}."), field=field, value=value, most=most
        )
