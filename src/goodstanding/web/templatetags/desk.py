"""Tags and filters of the pages: amounts and days in the reader's locale, icons, links that keep the day."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal, get_currency_symbol
from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext

from goodstanding.inbound.types import ImportFacts
from goodstanding.kernel.money import exponent
from goodstanding.reports.customer import Class
from goodstanding.web import words
from goodstanding.web.frame import locale
from goodstanding.web.icons import ICONS
from goodstanding.web.words import DATE_ORDERS

register = template.Library()
_MINUS = "−"


@lru_cache(maxsize=65536)
def _parts(minor: int, currency: str, tongue: str) -> tuple[str, str]:
    """An amount's whole part with sign and groups, and its decimals with their mark ("" when there are none)."""
    digits = exponent(currency) if currency else 0  # an empty report has no currency
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    text = format_decimal(Decimal(abs(minor)).scaleb(-digits), format=pattern, locale=tongue)
    sign = _MINUS if minor < 0 else ""
    return (sign + text[: -digits - 1], text[-digits - 1 :]) if digits else (sign + text, "")


@register.filter
def amount(minor: int | None, currency: str) -> str:
    """Minor units as text in the reader's locale, without the currency: 1234500 EUR → 12,345.00."""
    return "" if minor is None else "".join(_parts(minor, currency, locale()))


@register.filter
def figure(minor: int | None, currency: str) -> SafeString | str:
    """An amount for a column: decimals stand back, nothing is a dash that is read as 0, credits are marked."""
    return "" if minor is None else _figure(minor, currency, locale())


@lru_cache(maxsize=65536)
def _figure(minor: int, currency: str, tongue: str) -> SafeString:
    if minor == 0:
        return mark_safe('<span class="faint" aria-hidden="true">–</span><span class="vh">0</span>')
    whole, rest = _parts(minor, currency, tongue)
    inner = format_html('{}<span class="minor">{}</span>', whole, rest)
    return format_html('<span class="negative">{}</span>', inner) if minor < 0 else inner


@register.simple_tag
def figure_cells(cells: Iterable[tuple[int, str]], currency: str, first: str = "") -> SafeString:
    """The cells of a row of figures, each (minor units, address of its items or ""); `first` classes the first.

    In one go: a page shows hundreds, and a template's loop over them took half of its time.
    """
    tongue, classes, written = locale(), f"r num {first}".strip(), []
    for minor, href in cells:
        text = _figure(minor, currency, tongue)
        inner = f'<a class="figure" href="{escape(href)}">{text}</a>' if href else text
        written.append(f'<td class="{classes}">{inner}</td>')
        classes = "r num"
    return mark_safe("".join(written))  # noqa: S308 - made of escaped addresses and of figures


@register.filter
def money(minor: int | None, currency: str) -> SafeString | str:
    """An amount with its currency for a tile or a sentence: ¥12,345.00."""
    if minor is None:
        return ""
    whole, rest = _parts(minor, currency, locale())
    sign, whole = (_MINUS, whole[1:]) if minor < 0 else ("", whole)
    symbol = get_currency_symbol(currency, locale=locale()) if currency else ""
    space = "\u00a0" if symbol.isalpha() else ""
    return format_html('{}{}{}{}<span class="minor">{}</span>', sign, symbol, space, whole, rest)


@register.filter
def symbol(currency: str) -> str:
    """The currency's sign in the reader's locale."""
    return str(get_currency_symbol(currency, locale=locale()))


@register.filter
def day(value: date | None) -> str:
    """A day in the reader's locale: 23 Nov 2026, 2026年11月23日."""
    if value is None:
        return ""
    tongue = locale()
    return str(format_date(value, "d MMM y" if tongue == "en" else "long", locale=tongue))


@register.filter
def short_day(value: date | None) -> str:
    """A day for narrow places: 23 Nov, 11月23日."""
    if value is None:
        return ""
    tongue = locale()
    return str(
        format_date(value, "d MMM", locale=tongue) if tongue == "en" else format_skeleton("MMMd", value, locale=tongue)
    )


@register.filter
def moment(value: datetime | None) -> str:
    """A moment in the reader's locale and the firm's time zone."""
    if value is None:
        return ""
    tongue = locale()
    pattern = "d MMM y, HH:mm" if tongue == "en" else "y年M月d日 HH:mm"
    return str(format_datetime(timezone.localtime(value), pattern, locale=tongue))


@register.filter
def count(value: int | None) -> str:
    """A whole number with groups."""
    return "" if value is None else str(format_decimal(value, locale=locale()))


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A line icon by name; decoration only, so hidden from readers."""
    shape = ICONS[name]
    return mark_safe(  # noqa: S308 - the shapes are constants of this program
        f'<svg class="icon {size}" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="{shape}"/></svg>'
    )


@register.simple_tag(takes_context=True)
def go(context: template.Context, name: str, *args: Any, **params: Any) -> str:
    """The address of a page, keeping the day looked at: {% go 'receivables' by='group' %}."""
    kept = context["as_of"].param if "as_of" in context else {}
    query = urlencode({**kept, **{key: value for key, value in params.items() if value not in (None, "")}})
    return reverse(name, args=args) + (f"?{query}" if query else "")


@register.filter
def bucket(label: tuple[int | None, int | None]) -> str:
    """A bucket's words from its first and last day past due: (None, 0) → not due, (1, 30) → 1–30, (91, None) → over 90."""
    first, last = label
    if first is None:
        return pgettext("bucket", "Not due")
    if last is None:
        return pgettext("bucket", "Over %(days)s") % {"days": first - 1}
    return f"{first}–{last}"


@register.filter
def kind(code: str, entry: int = 1) -> str:
    """An item's kind in words."""
    return words.kind(code, entry)


@register.filter
def reason(code: str) -> str:
    """A reason in words."""
    return words.reason(code)


@register.filter
def status(code: str) -> str:
    """A customer's status in words."""
    return str(words.STATUSES.get(code, code))


@register.filter
def file_kind(code: str) -> str:
    """What a file kept with a customer is, in words."""
    return str(words.FILE_KINDS.get(code, code))


@register.filter
def dimension(code: str) -> str:
    """What a class is about, in words."""
    return str(words.DIMENSIONS.get(code, code))


@register.filter
def label(code: str) -> str:
    """A class in words: prompt, slow; A, B, C stay as they are."""
    return str(words.LABELS.get(code, code))


@register.filter
def tone(code: str) -> str:
    """The colour of a class's chip."""
    return words.TONES.get(code, "")


@register.filter
def why(found: Class) -> str:
    """The sentence that says why a customer has a class."""
    return gettext(found.template).format(**found.params)


@register.filter
def chip_id(number: int, name: str) -> str:
    """An id of its own for a chip of a row."""
    return f"why-{number}-{name}"


@register.filter
def fact(name: str) -> str:
    """The name of something that is said about a customer or a contact."""
    return str(words.FACTS.get(name, name))


@register.filter
def did(action: str) -> str:
    """What an entry of the audit trail says was done."""
    return str(words.ACTIONS.get(action, action))


@register.filter
def table(name: str) -> str:
    """The name of one of the book's tables in words."""
    return str(words.TABLES.get(name, name))


@register.filter
def pairs(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Key and value of each entry; a template's `.items` would find the table of that name."""
    return list(counts.items())


@register.filter
def at(entries: Mapping[Any, Any], key: Any) -> Any:
    """The entry of that key; "" when there is none, or nothing to look it up in."""
    return entries.get(key, "") if entries else ""


@register.filter
def age(days: int) -> str:
    """How an item stands with its due day, in words."""
    if days > 0:
        return ngettext("{days} day past due", "{days} days past due", days).format(days=days)
    if days == 0:
        return gettext("due today")
    return ngettext("due in {days} day", "due in {days} days", -days).format(days=-days)


@register.filter
def age_on(due: date, as_of: date) -> str:
    """How an item that falls due on a day stands on another, in words."""
    return age((as_of - due).days)


STEPS = {
    "": gettext_lazy("Waiting for the worker"),
    "waiting": gettext_lazy("Waiting for other imports"),
    "reading": gettext_lazy("Reading the file"),
    "checking": gettext_lazy("Checking against the book"),
    "writing": gettext_lazy("Writing"),
    "committing": gettext_lazy("Finishing"),
    "packing": gettext_lazy("Packing"),
    "finishing": gettext_lazy("Finishing"),
}
DELIMITERS = {",": gettext_lazy("comma"), ";": gettext_lazy("semicolon"), "\t": gettext_lazy("tab")}


@register.filter
def step(name: str) -> str:
    """The step that a running import is at, in words."""
    return str(STEPS.get(name, STEPS["checking"]))


@register.filter
def export_step(name: str) -> str:
    """The step that a running export is at, in words."""
    return gettext("Reading the book") if name == "reading" else str(STEPS.get(name, STEPS[""]))


@register.filter
def form(code: str) -> str:
    """What an export is written as."""
    return {"csv": gettext("CSV files in a ZIP"), "parquet": gettext("Parquet files in a ZIP")}.get(code, code)


@register.filter
def delimiter(mark: str) -> str:
    """What columns end with, in words."""
    return str(DELIMITERS.get(mark, mark))


@register.filter
def written(style: str) -> str:
    """A number style as it is, a date order in words."""
    return str(DATE_ORDERS.get(style, style))


@register.filter
def person(signature: str) -> str:
    """A signature of the audit trail without its number: Lin Yue #3 → Lin Yue."""
    name, mark, number = signature.rpartition(" #")
    return name if mark and number.isdigit() else str(words.ACTORS.get(signature, signature))


@register.filter
def rows_created(found: ImportFacts) -> int | None:
    """How many rows an import has in the book; nothing while it has none."""
    return sum(found.counts.values()) if found.state in ("done", "undone") else None


@register.filter
def split(text: str) -> list[str]:
    """The words of a constant text, for going through them."""
    return text.split()


@register.filter
def owed(currency: str) -> str:
    """The name of what is owed in a currency."""
    return gettext("Owed in {currency}").format(currency=currency)


@register.filter
def since(oldest: date | None) -> str:
    """Since when something is due; "" for nothing."""
    return gettext("the oldest since {day}").format(day=day(oldest)) if oldest else ""


@register.filter
def filled(template: str, name: str) -> str:
    """A sentence with its {name} filled in."""
    return template.format(name=name)


@register.filter
def weekday(value: date) -> str:
    """A near day: Tue 24, 24日周二."""
    tongue = locale()
    pattern = "EEE d" if tongue == "en" else "d日EEE"
    return str(format_date(value, pattern, locale=tongue))


@register.filter
def long_weekday(value: date) -> str:
    """A day with its weekday and year: Tue, 24 Nov 2026; 2026年11月24日周二."""
    tongue = locale()
    return str(format_date(value, "EEE, d MMM y" if tongue == "en" else "y年M月d日EEE", locale=tongue))


@register.filter
def size(count: int) -> str:
    """Bytes for a person: 812 bytes, 3.4 MB."""
    if count < 1000:
        return ngettext("{count} byte", "{count} bytes", count).format(count=count)
    unit, divisor = next(
        ((name, 1000**power) for power, name in ((3, "GB"), (2, "MB"), (1, "kB")) if count >= 1000**power)
    )
    return f"{format_decimal(round(Decimal(count) / divisor, 1), locale=locale())} {unit}"


@register.filter
def rolled(name: str) -> str:
    """A bucket of the roll rates in words: not due, 1-30, over 90."""
    if name == "not due":
        return pgettext("bucket", "Not due")
    if name.startswith("over "):
        return pgettext("bucket", "Over %(days)s") % {"days": name.removeprefix("over ")}
    return name.replace("-", "–")
