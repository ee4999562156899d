"""The style guide: all components in all their states. In development only; elsewhere there is no such page."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from goodstanding.reports.maps import Cell, Maps
from goodstanding.web import aging as shapes
from goodstanding.web.charts import Chart, Line
from goodstanding.web.columns import choosable
from goodstanding.web.forms import DeskForm, amount_field, day_field, line_field
from goodstanding.web.icons import ICONS
from goodstanding.web.pages.insight.maps import tables
from goodstanding.web.saved import menu
from goodstanding.web.standing import Ring

TONES = ("", "jade", "amber", "red", "indigo")
REASONS = (("Paid 61% of what fell due on time", 36), ("8 of 9 of our promises were kept", 22))
AMOUNTS = (120_000, 45_000, 30_000, 12_000, 8_000)


class Sample(DeskForm):
    """Fields as they are, with help, and with an error."""

    name = line_field("Name", 60, help_text="As it is printed on a letter.")
    amount = amount_field("Amount")
    day = day_field("Day")
    how = forms.ChoiceField(label="How", choices=(("oldest", "Oldest first"), ("hand", "By hand")))
    sure = forms.BooleanField(label="Sure", required=False)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """The page."""
    if not settings.DEBUG:
        raise Http404
    if "progress" in request.GET:  # the sample asks how far it is, and nothing has changed
        return HttpResponse(status=204)
    if "toast" in request.GET:
        messages.success(
            request, "Payment P-1042 is recorded.", extra_tags=request.path if "undo" in request.GET else ""
        )
    faulty = Sample({"name": "", "amount": "1.005", "day": "2026-02-31", "how": "oldest"})
    faulty.is_valid()
    faulty.add_error("amount", "EUR has two decimals: write 1.00 or 1.01.")
    context = {
        "tones": TONES,
        "icons": sorted(ICONS),
        "rings": [
            {"they": 61, "we": 97, "standing": 58, "label": "Standing 58: they kept 61%, we kept 97%"},
            {"they": 100, "we": 100, "standing": 100, "label": "Standing 100: both kept everything"},
            {"they": None, "we": 40, "standing": 12, "label": "Standing 12: nothing known of theirs, we kept 40%"},
            {"they": None, "we": None, "standing": None, "label": "No standing yet"},
        ],
        "standings": [
            Ring("s1", 61, 97, 58, "Standing 58 of 100", -4, "4 lower than 90 days ago", REASONS, "30 Jun 2026"),
            Ring("s2", None, None, None, "No standing yet", None, "", (("No night has assessed them yet.", 0),), ""),
        ],
        "meters": [(0, "Nothing used"), (420, "42% used"), (1000, "All used"), (1300, "30% above")],
        "bar": shapes.bar(AMOUNTS),
        "legend": _legend(),
        "kept": {},
        "saved": menu(request, "customers", {"kind": "shop"}),
        "choosable": choosable({"kind": "Kind", "terms": "Terms", "open": "Open"}, ("kind", "open")),
        "counts": {"customers": 12, "items": 1240, "matches": 0},
        "faults": [
            {"table": "items", "row": 3, "column": "date", "message": "“31.02.2026” is not a day.", "suggestion": ""},
            {"table": "items", "row": 9, "column": "currency", "message": "“EUX” is no currency.", "suggestion": "EUR"},
        ],
        "sample": Sample(initial={"name": "Harbour Light Cafés", "how": "hand"}),
        "faulty": faulty,
        "charts": _charts(),
        "maps": tables(Maps(None, "EUR", {("A", "prompt"): Cell(12, 450_000), ("B", "late"): Cell(3, 120_000)},
                            {("5", "5"): Cell(9), ("1", "2"): Cell(4)}, Cell(2))),
        "columns": [
            {"key": "a", "label": "Customer", "href": "#", "sorted": "ascending"},
            {"key": "b", "label": "Kind", "href": "", "sorted": "", "roomy": True},
            {"key": "c", "label": "Open", "href": "#", "sorted": "", "right": True, "help": "What is open."},
            {"key": "d", "label": "Past due", "href": "#", "sorted": "descending", "right": True},
        ],
        "rows": [("Harbour Light Cafés", "café", [(123_450, "#"), (4_500, "#")]), ("咖啡之家", "shop", [(-900, "#"), (0, "")])],
    }  # fmt: skip
    return render(request, "pages/styleguide/page.html", context)


def _legend() -> list[dict[str, Any]]:
    labels = ("Not due", "1–30", "31–60", "61–90", "Over 90")
    return [
        {
            "label": label,
            "amount": amount,
            "count": at,
            "shade": shapes.shade(at, len(labels)),
            "href": "#" if at else "",
        }
        for at, (label, amount) in enumerate(zip(labels, AMOUNTS, strict=True))
    ]


def _charts() -> list[Chart]:
    names = ("2026-03", "2026-04", "2026-05", "2026-06")
    first = Line("DSO", "indigo", (44, 47, None, 41), ("44.0", "47.0", "", "41.0"))
    second = Line("Best possible DSO", "jade", (30, 31, 30, 29), ("30.0", "31.0", "30.0", "29.0"), dashed=True)
    parts = (Line("In cash", "jade", (90, 80, 60, 20), ("90%", "80%", "60%", "20%")),
             Line("Open", "age1", (10, 20, 40, 80), ("10%", "20%", "40%", "80%")))  # fmt: skip
    return [
        Chart("guide-line", "line", "Lines", "A line chart with a gap.", "Month", names, (first, second)),
        Chart("guide-stack", "stack", "Stack", "Parts of a whole.", "Month", names, parts, unit="%", most=100),
        Chart("guide-bar", "bar", "Bars", "Amounts in euros.", "Month", names, (Line("Billed", "indigo", (1_250_000, 990_000, 1_430_000, 800_000), ("12,500.00", "9,900.00", "14,300.00", "8,000.00")),), digits=2),
    ]  # fmt: skip
