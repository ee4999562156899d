"""The sincerity check: a message says nothing of amounts, days, items or promises that the ledger denies.

Everything with a digit in it must be accounted for. What is known by heart (an address, an
account) is set aside first, then items, then days; every number left is an amount or a count.
What can't be read with one meaning is a fault too: the reader couldn't be sure of it either.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from goodstanding.kernel.errors import N_
from goodstanding.kernel.money import CURRENCIES, exponent

WRONG_AMOUNT = N_("“{text}” is no amount or count that stands in the ledger now")
WRONG_DAY = N_("“{text}” is no due day, promised day or document day, nor today")
UNKNOWN_ITEM = N_("“{text}” is no open item of this customer")
CLOSED_ITEM = N_("“{text}” must not be asked for: it is {why}")
NO_PROMISE = N_("“{text}”: there is no such promise")
IN_WORDS = N_("“{text}”: write the amount in digits, so that it can be checked")


@dataclass(frozen=True, slots=True)
class Truth:
    """What the ledger says at the moment of writing or sending. Amounts are minor units of `currency`."""

    currency: str
    amounts: frozenset[int] = frozenset()  # open total, open and original amounts of items, promised amounts
    days: frozenset[date] = frozenset()  # due, promised and document days, and today
    counts: frozenset[int] = frozenset()  # days late, number of items
    items: frozenset[str] = frozenset()  # numbers that may be asked for
    closed: Mapping[str, str] = field(default_factory=dict)  # number → why it may not: settled, disputed, held
    promised: bool = False
    words: frozenset[str] = frozenset()  # texts of ours and names that hold digits: address, account, phone


@dataclass(frozen=True, slots=True)
class Fault:
    """A piece of a message that disagrees with the ledger: what it says and why that is wrong."""

    code: str
    text: str
    template: str
    why: str = ""


_MONTHS = {
    name: number
    for number, long in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
    for name in (long, long[:3], long[:4] if long == "september" else long)
}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAYS = re.compile(
    r"(?<![0-9])(?:"
    r"(?P<y1>\d{4})(?P<sep>[-/.])(?P<m1>\d{1,2})(?P=sep)(?P<d1>\d{1,2})"
    r"|(?:(?P<y2>\d{4})\s*年\s*)?(?P<m2>\d{1,2})\s*月\s*(?P<d2>\d{1,2})\s*[日号]"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m3>{_MONTH})(?:,?\s+(?P<y3>\d{{4}}))?"
    rf"|\b(?P<m4>{_MONTH})\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y4>\d{{4}}))?"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}"
    r")(?![0-9])",
    re.IGNORECASE,
)
_SIGNS = {"¥": "CNY JPY", "元": "CNY", "圆": "CNY", "RMB": "CNY", "人民币": "CNY", "€": "EUR", "欧元": "EUR"}
_SIGNS |= {"£": "GBP", "$": "USD CAD AUD SGD HKD", "US$": "USD", "HK$": "HKD", "美元": "USD"}
_SPOKEN = {"euro": "EUR", "euros": "EUR", "eur": "EUR", "usd": "USD", "cny": "CNY", "rmb": "CNY", "yuan": "CNY"}
_SPOKEN |= {"gbp": "GBP", "jpy": "JPY", "yen": "JPY", "pounds": "GBP", "dollars": "USD CAD AUD SGD HKD"}
_SAID = r"(?<![A-Za-z])(?i:" + "|".join(sorted(_SPOKEN, key=len, reverse=True)) + ")"
_SIGN = (
    "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True)) + rf"|{_SAID}|(?<![A-Za-z])[A-Z]{{3}}"
)
_AMOUNT = re.compile(
    rf"(?:(?P<before>{_SIGN})[ \xa0]?)?(?P<minus>(?<![A-Za-z0-9])[-−])?(?P<number>\d+(?:[.,]\d+)*)"
    rf"(?P<scale>[ ]?[十百千万亿]+)?(?:[ \xa0]?(?P<after>{_SIGN})(?![A-Za-z]))?"
)
_SCALES = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_LONGEST = 18  # digits of the longest number that can be an amount of a ledger
_READABLE = re.compile(r"(?P<whole>\d+|\d{1,3}(?:,\d{3})+)(?:\.(?P<part>\d+))?")
# Bounded and possessive: whatever is written, the time stays in proportion to its length.
_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z](?=[A-Za-z0-9/_-]{0,80}\d)[A-Za-z0-9]*+(?:[-/_]?[A-Za-z0-9]++)*+")
_PREFIXED = re.compile(r"(?:[A-Z]{3})\d+")
_NUMERAL = "[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟萬]"
_WORDS = re.compile(rf"(?<![0-9])(?<![0-9] )(?<!{_NUMERAL}){_NUMERAL}++\s*+(?:元|圆|块|欧元|美元)")
_PROMISED = {
    "en": re.compile(r"\byou(?:\s+\w+)?\s+promised|\byour\s+promise|\bpromised\s+by\s+you", re.IGNORECASE),
    "zh": re.compile(r"(?:您|你|贵司|贵公司|贵方)[^。！？\n，,]{0,8}(?:承诺|答应|允诺)"),
}


def check(text: str, language: str, truth: Truth) -> list[Fault]:  # noqa: ARG001 — people mix languages
    """The faults of a message, none when it is true. Every language's manner of writing is read in every text."""
    rest = unicodedata.normalize("NFKC", text)
    faults: list[Fault] = []

    def sweep(pattern: re.Pattern[str], judge: Callable[[re.Match[str]], Fault | None]) -> None:
        """Judge each piece found and set it aside."""
        nonlocal rest

        def seen(match: re.Match[str]) -> str:
            fault = judge(match)
            if fault is not None:
                faults.append(fault)
            return " \x00 "

        rest = pattern.sub(seen, rest)

    def closed(match: re.Match[str]) -> Fault:
        return Fault("closed_item", match[0], CLOSED_ITEM, truth.closed[names[match[0]]])

    names = {unicodedata.normalize("NFKC", number): number for number in truth.closed}
    sweep(_any_of(truth.words), lambda _: None)
    # a true day goes first where it stands alone: the 1 of "1 Jun" is not the invoice numbered 1
    rest = _DAYS.sub(
        lambda match: " \x00 " if match[0] not in names and _alone(match) and _true_day(match, truth) else match[0],
        rest,
    )
    sweep(_any_of(truth.closed), closed)
    sweep(_any_of(truth.items), lambda _: None)
    sweep(_DAYS, lambda match: None if _true_day(match, truth) else Fault("wrong_day", match[0], WRONG_DAY))
    sweep(_WORDS, lambda match: Fault("in_words", match[0], IN_WORDS))
    rest = _CODE.sub(
        lambda match: match[0] if _is_money(match[0]) else _note(match, faults),
        rest,
    )
    sweep(_AMOUNT, lambda match: None if _true_number(match, truth) else Fault("wrong_amount", match[0], WRONG_AMOUNT))
    if not truth.promised:
        for pattern in _PROMISED.values():
            faults += [Fault("no_promise", match[0], NO_PROMISE) for match in pattern.finditer(rest)]
    return faults


def _note(match: re.Match[str], faults: list[Fault]) -> str:
    faults.append(Fault("unknown_item", match[0], UNKNOWN_ITEM))
    return " \x00 "


def _is_money(code: str) -> bool:
    """EUR1234 is an amount, INV1234 a number of ours."""
    return _PREFIXED.fullmatch(code) is not None and (code[:3] in CURRENCIES or code[:3] in _SIGNS)


def _is_sign(sign: str, truth: Truth) -> bool:
    return truth.currency in (_SPOKEN.get(sign.lower()) or _SIGNS.get(sign, sign)).split()


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    """Any of the texts as a whole: not the head or tail of a longer number."""
    known = sorted({unicodedata.normalize("NFKC", text) for text in texts if text}, key=len, reverse=True)
    if not known:
        return re.compile(r"(?!)")
    inner = "|".join(re.escape(text) for text in known)
    return re.compile(rf"(?<![A-Za-z0-9_-])(?<![0-9][.,/])(?:{inner})(?![A-Za-z0-9_-]|[.,/][0-9])")


def _alone(match: re.Match[str]) -> bool:
    """Not part of a longer number, as the day in INV-2026-06-01 is."""
    around = match.string[max(match.start() - 1, 0) : match.start()] + match.string[match.end() : match.end() + 1]
    return not any(each in "-_/" or (each.isascii() and each.isalnum()) for each in around)


def _true_day(match: re.Match[str], truth: Truth) -> bool:
    for form in "1234":
        if match[f"d{form}"] is None:
            continue
        name, day, year = match[f"m{form}"], int(match[f"d{form}"]), match[f"y{form}"]
        month = int(name) if name.isdigit() else _MONTHS[name.lower().rstrip(".")]
        return any(
            (true.month, true.day) == (month, day) and (year is None or true.year == int(year)) for true in truth.days
        )
    return False  # 05/11/2026: May or November?


def _true_number(match: re.Match[str], truth: Truth) -> bool:
    signs = [sign for sign in (match["before"], match["after"]) if sign]
    read = _READABLE.fullmatch(match["number"])
    if read is None or match["minus"] or not all(_is_sign(sign, truth) for sign in signs):
        return False
    whole, part = read["whole"].replace(",", ""), read["part"] or ""
    if len(whole) > _LONGEST:
        return False
    bare = not (signs or part or match["scale"])
    if bare and int(whole) in truth.counts:
        return True
    digits = exponent(truth.currency) + sum(_SCALES[scale] for scale in (match["scale"] or "").strip())
    if part[digits:].strip("0"):
        return False
    return int(whole + part[:digits].ljust(digits, "0")) in truth.amounts
