"""The shapes that aging takes on a page: bars, legends and columns."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.reports.aging_types import Figures, bucket_ends
from goodstanding.reports.chosen import MONTH
from goodstanding.web.frame import locale
from goodstanding.web.templatetags.desk import bucket

WIDTH = 1000
OLD = 30  # days past due from which an item is shown in red
PARTS = {
    "asking": _("Past due, to be asked for"),
    "soon": _("Due within seven days"),
    "past_due": _("Past due"),
    "unapplied": _("Unapplied"),
    "held": _("Disputed or held"),
}


def shade(at: int, buckets: int) -> str:
    """The shade of a bucket: 0 is not due, 4 is the oldest, the rest lie between."""
    if at == 0:
        return "a0"
    if at == buckets - 1:
        return "a4"
    return f"a{1 + (at - 1) * 3 // max(buckets - 2, 1)}"


def bar(amounts: Sequence[int]) -> list[dict[str, Any]]:
    """Parts of a bar in thousandths of its width. Negative parts and nothing have no width; rounding never adds up."""
    whole = sum(amount for amount in amounts if amount > 0)
    parts, done = [], 0
    for at, amount in enumerate(amounts):
        if amount > 0:
            before, after = WIDTH * done // whole, WIDTH * (done + amount) // whole
            parts.append({"x": str(before), "width": str(max(after - before, 1)), "shade": shade(at, len(amounts))})
            done += amount
    return parts


def bar_label(figures: Figures, limits: tuple[int, ...]) -> str:
    """The bar in words, for those who can't see it."""
    whole = figures.owed or 1
    shares = [
        f"{bucket(ends)} {round(100 * amount / whole)}%"
        for ends, amount in zip(bucket_ends(limits), figures.buckets, strict=True)
        if amount
    ]
    return gettext("By age: {shares}").format(shares=", ".join(shares) or "0")


def legend(figures: Figures, limits: tuple[int, ...], opens: Callable[[str], str]) -> list[dict[str, Any]]:
    """Each bucket with its words, amount, number of items, and the address of what it is made of."""
    buckets = [
        {
            "label": bucket(ends),
            "amount": amount,
            "count": count,
            "shade": shade(at, len(figures.buckets)),
            "href": opens(f"b{at}") if count else "",
        }
        for at, (ends, amount, count) in enumerate(
            zip(bucket_ends(limits), figures.buckets, figures.counts, strict=True)
        )
    ]
    if figures.unapplied_count:
        buckets.append(
            {
                "label": gettext("Unapplied"),
                "amount": figures.unapplied,
                "count": figures.unapplied_count,
                "shade": "au",
                "href": opens("unapplied"),
            }
        )
    return buckets


HELP = {
    "total": _("Open items less payments and credits not yet applied. The same total as on a statement."),
    "unapplied": _("Payments and credit notes that are not matched with an invoice yet; they lower the total."),
    "held": _(
        "Amounts that are not asked for now, because of a dispute or another hold. They stay in the buckets too."
    ),
    "past_due": _("Open items whose due day has gone by. Due on the day itself is not past due."),
    "oldest": _("The earliest due day among the open items."),
    "not_due": _("Open items whose due day has not gone by."),
}


def bucket_help(ends: tuple[int | None, int | None]) -> str:
    """What a bucket holds, as a sentence."""
    first, last = ends
    if first is None:
        return str(HELP["not_due"])
    if last is None:
        return gettext("Open items more than {days} days past due.").format(days=first - 1)
    return gettext("Open items from {first} to {last} days past due.").format(first=first, last=last)


def part_words(part: str, limits: tuple[int, ...]) -> str:
    """The words of a column: a bucket, past due, unapplied, held; "" for all."""
    ends = bucket_ends(limits)
    if part.startswith("b") and part[1:].isdigit() and int(part[1:]) < len(ends):
        return bucket(ends[int(part[1:])])
    if found := MONTH.fullmatch(part):
        return due_words(found[1] or "", int(found[2]), int(found[3]))
    return str(PARTS.get(part, ""))


def due_words(side: str, year: int, month: int) -> str:
    """The words of a column by month due: Mar 2026, before Mar 2026, after Mar 2026."""
    if not 1 <= month <= 12 or not year:
        return ""
    named = format_skeleton("yMMM", date(year, month, 1), locale=locale())
    before, after = gettext("before {month}"), gettext("after {month}")
    return {"before": before, "after": after}.get(side, "{month}").format(month=named)
