"""Money is whole minor units and a currency: parsed strictly, split exactly, written without loss."""

import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from babel.numbers import format_currency
from rapidfuzz import process
from rapidfuzz.distance import OSA

from goodstanding.kernel.errors import N_, Refused

MAXIMUM = 10**15  # minor units; above it is a slip of the keyboard, and sums must stay far inside 64 bits
NOISE_PARTS = 10**6  # a spreadsheet's binary floating point may drift 1/1,000,000 off a whole minor unit

# ISO 4217, active codes (list one). CLDR's digits differ (0 for IQD, LAK, …), so Babel can't answer this.
_TWO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR
IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD
NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_EXPONENTS: dict[str, int] = (
    dict.fromkeys(_TWO.split(), 2)
    | dict.fromkeys(_NONE.split(), 0)
    | dict.fromkeys(_THREE.split(), 3)
    | dict.fromkeys(("CLF", "UYW"), 4)
)
CURRENCIES = frozenset(_EXPONENTS)


class NumberStyle(StrEnum):
    """How a file writes one thousand two hundred thirty-four and a half. PLAIN never groups."""

    PLAIN = "1234.50"
    POINT = "1,234.50"
    COMMA = "1.234,50"
    SPACE = "1 234,50"
    SWISS = "1'234.50"

    @property
    def decimal(self) -> str:
        """The decimal mark."""
        return self.value[-3]

    @property
    def group(self) -> str:
        """The thousands separator, "" when there is none."""
        return "" if self is NumberStyle.PLAIN else self.value[1]


def suggest(wrong: str, known: list[str] | frozenset[str], count: int = 3) -> list[str]:
    """The known words nearest to a wrong one, best first; none when nothing is near."""
    found = process.extract(
        wrong, sorted(known), scorer=OSA.normalized_similarity, processor=str.upper, limit=count, score_cutoff=0.6
    )
    return [word for word, _score, _index in found]


def exponent(currency: str) -> int:
    """Digits after the decimal mark in `currency` (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD.

    Raises Refused "unknown_currency" with the nearest codes.
    """
    try:
        return _EXPONENTS[currency]
    except KeyError:
        near = suggest(currency, CURRENCIES)
        if not near:
            raise Refused(
                "unknown_currency", N_("{currency} is not a currency code"), currency=repr(currency)
            ) from None
        raise Refused(
            "unknown_currency",
            N_("{currency} is not a currency code; did you mean {near}?"),
            currency=repr(currency),
            near=", ".join(near),
        ) from None


@lru_cache
def amount_pattern(style: NumberStyle) -> re.Pattern[str]:
    """What an amount looks like in a style: ASCII digits, groups of exactly three, one decimal mark."""
    mark, group = re.escape(style.decimal), re.escape(style.group)
    if style is NumberStyle.SPACE:
        group = "[ \u00a0\u202f]"
    whole = r"[0-9]+" if not group else rf"(?:[0-9]+|[0-9]{{1,3}}(?:{group}[0-9]{{3}})+)"
    return re.compile(rf"(?P<sign>-?)(?P<whole>{whole})(?:{mark}(?P<decimals>[0-9]+))?")


def parse_amount(text: str, currency: str, style: NumberStyle = NumberStyle.PLAIN) -> int:
    """Minor units of an amount written as text; see `read_amount`, which also tells noise apart."""
    return read_amount(text, currency, style)[0]


def read_amount(text: str, currency: str, style: NumberStyle = NumberStyle.PLAIN) -> tuple[int, bool]:
    """Minor units of an amount written as text, and whether spreadsheet noise was taken off.

    Noise: more than 6 decimals and within 0.000001 of a whole minor unit, what 0.1 + 0.2 leaves behind.
    Refused "amount" (no such number), "decimals" (finer than the currency), "maximum" (above 10**15 minor units).
    """
    digits = exponent(currency)
    found = amount_pattern(style).fullmatch(text)
    if found is None or len(text) > 60:
        raise Refused("amount", N_("{value} is not an amount"), value=repr(text[:60]))
    decimals = found["decimals"] or ""
    whole = re.sub(r"[^0-9]", "", found["whole"])
    # Whole numbers only: `unit` is one minor unit in the text's own last digit.
    unit = 10 ** max(len(decimals) - digits, 0)
    minor, rest = divmod(int(whole + decimals) * 10 ** max(digits - len(decimals), 0), unit)
    if 2 * rest > unit:
        minor, rest = minor + 1, unit - rest
    noisy = rest != 0
    is_noise = len(decimals) > 6 and rest * NOISE_PARTS <= 10 ** len(decimals)
    if (noisy and not is_noise) or _looks_grouped(whole, decimals, digits, style):
        raise Refused(
            "decimals",
            N_("{value} has more decimals than {currency} ({digits})"),
            value=repr(text),
            currency=currency,
            digits=digits,
        )
    if minor > MAXIMUM:
        raise Refused("maximum", N_("{value} is above the largest amount"), value=repr(text))
    return (-minor if found["sign"] else minor), noisy


def _looks_grouped(whole: str, decimals: str, digits: int, style: NumberStyle) -> bool:
    """1.500 EUR may as well be one thousand five hundred: three decimals are never waved through as zeros."""
    return style is NumberStyle.PLAIN and digits < 3 and len(decimals) == 3 and len(whole) <= 3


def split(amount: int, weights: list[int]) -> list[int]:
    """Divide minor units by weights so that the parts sum to the amount exactly (largest remainder).

    Ties go to the earlier part. Weights are non-negative; when all are zero the parts are equal.
    A negative amount splits like its absolute value. Raises ValueError for no or negative weights.
    """
    if not weights or min(weights) < 0:
        raise ValueError("weights must be given and not negative")
    if not any(weights):
        weights = [1] * len(weights)
    total, size = sum(weights), abs(amount)
    parts = [size * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-(size * weights[index] % total), index))
    for index in by_remainder[: size - sum(parts)]:
        parts[index] += 1
    return [-part for part in parts] if amount < 0 else parts


def decimal_text(minor: int, currency: str) -> str:
    """Minor units as plain decimal text, the way our files and JSON write them: 123450 EUR → "1234.50"."""
    digits = exponent(currency)
    sign, text = ("-" if minor < 0 else ""), str(abs(minor)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else sign + text


def format_amount(minor: int, currency: str, locale: str = "en") -> str:
    """Minor units for a person, in their locale's way, always with all the currency's decimals."""
    digits = exponent(currency)
    pattern = "¤#,##0" + ("." + "0" * digits if digits else "")
    value = Decimal(minor).scaleb(-digits)
    return str(format_currency(value, currency, format=pattern, locale=locale.replace("-", "_"), currency_digits=False))
