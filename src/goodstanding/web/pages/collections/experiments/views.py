"""Experiments: who was drawn into which variant, what became of them, and whether that tells anything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from goodstanding.actions.base import require
from goodstanding.collections import queries
from goodstanding.collections.rules.experiments import HOLDOUT, findings
from goodstanding.reports import experiments as report
from goodstanding.web.downloads import answer
from goodstanding.web.frame import as_of
from goodstanding.web.pages.collections.experiments import figures

DAYS, CHOICES = 30, (14, 30, 60, 90)
SHOWN = 100


@require_safe
def experiments(request: HttpRequest) -> HttpResponse:
    """One experiment: the one asked for, else the one of the strategy in force, else the first."""
    require(request.actor, "view_book")
    day, hidden = as_of(request).day, request.actor.hidden
    names = queries.experiments()
    running = queries.strategy_on(day).strategy.experiment
    asked = request.GET.get("of", "")
    usual = running.name if running and running.name in names else next(iter(names), "")
    name = asked if asked in names else usual
    within = request.GET.get("days", "")
    days = int(within) if within in map(str, CHOICES) else DAYS
    if name and request.GET.get("format") in ("csv", "xlsx"):
        return _download(request.GET["format"], name, report.log(name, hidden))
    context = {"tab": "experiments", "names": names, "name": name, "running": running, "choices": CHOICES, "days": days}
    if name:
        variants = sorted(report.counts(name, hidden), key=lambda each: (each == HOLDOUT, each))
        found = findings(report.subjects(name, day, hidden), variants, days, day)
        drawn = report.log(name, hidden)
        context |= {
            "rows": [figures.row(each) for each in found],
            "sentence": figures.sentence(found),
            "chart": figures.chart(1, found, days),
            "tongue": get_language(),
            "id": "experiment-1",
            "drawn": [(*each, figures.name_of(each[3])) for each in drawn[:SHOWN]],
            "total": len(drawn),
        }
    return render(request, "pages/collections/experiments/page.html", context)


def _download(kind: str, name: str, drawn: list[report.Drawn]) -> HttpResponse:
    header = [gettext("Code"), gettext("Customer"), gettext("Variant"), gettext("Drawn on")]
    header.append(gettext("Version of the strategy"))
    rows = ([code, who, variant, on.isoformat(), str(version)] for _id, code, who, variant, on, version in drawn)
    return answer(kind, f"experiment-{name}", header, rows, frozenset({4}))
