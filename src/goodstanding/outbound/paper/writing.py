"""Amounts and days as a paper writes them, in the language in force."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language

from goodstanding.kernel.money import exponent

TONGUES = ("en", "zh-hans")


def tongue(language: str) -> str:
    """Which of the two languages of papers a language is: Chinese or, for any other, English."""
    return "zh-hans" if language.lower().startswith("zh") else "en"


def _locale() -> str:
    return "zh_Hans_CN" if (get_language() or "en").startswith("zh") else "en_GB"


def amount(minor: int, currency: str) -> str:
    """Minor units with groups and decimals, without the currency: 1,234.50."""
    return _amount(minor, currency, _locale())


@lru_cache(maxsize=65536)
def _amount(minor: int, currency: str, locale: str) -> str:
    digits = exponent(currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    text = format_decimal(Decimal(abs(minor)).scaleb(-digits), format=pattern, locale=locale)
    return ("−" if minor < 0 else "") + text


def money(minor: int, currency: str) -> str:
    """An amount with its currency's code, which no reader takes for another's sign: EUR 1,234.50."""
    return f"{currency}\u00a0{amount(minor, currency)}"


def day(value: date) -> str:
    """A day as it is written: 5 Jan 2026, 2026年1月5日."""
    return _day(value, _locale())


@lru_cache(maxsize=4096)
def _day(value: date, locale: str) -> str:
    return format_date(value, "d MMM y" if locale.startswith("en") else "y年M月d日", locale=locale)
