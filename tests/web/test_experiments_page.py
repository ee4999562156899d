"""Experiments as they are written: rates with bounds, differences in points, and "cannot tell" said plainly."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from goodstanding.collections.rules.experiments import Finding, Subject, findings
from goodstanding.web.pages.collections.experiments.figures import chart, row, sentence

DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


def found(*told: tuple[str, int, int], after: int = 14) -> list[Finding]:
    """Findings of variants with so many that paid on the fifth day, of so many."""
    subjects = [
        Subject(variant, DAY, DAY + timedelta(days=5) if at < paid else None)
        for variant, paid, of in told
        for at in range(of)
    ]
    return findings(subjects, [variant for variant, *_rest in told], 14, DAY + timedelta(days=after))


def page(findings: list[Finding]) -> str:
    context = {"rows": [row(each) for each in findings], "sentence": sentence(findings), "days": 14,
               "chart": chart(1, findings, 14), "tongue": "en", "id": "experiment-1", "name": "Warm or plain"}  # fmt: skip
    return render_to_string("pages/collections/experiments/results.html", context)


def test_a_difference_is_written_with_its_interval_in_points() -> None:
    warm, holdout = map(row, found(("warm", 56, 70), ("holdout", 48, 80)))
    assert (warm.rate, warm.difference, warm.points) == ("80.0%", "+20.0", "+5.2 to +33.4")
    assert (warm.verdict, warm.tone) == ("pays more often", "jade")
    assert (holdout.name, holdout.rate, holdout.difference, holdout.verdict) == (
        "Left alone (holdout)",
        "60.0%",
        "",
        "",
    )


def test_worse_is_said_as_plainly_as_better() -> None:
    warm, _holdout = map(row, found(("warm", 48, 80), ("holdout", 56, 70)))
    assert (warm.difference, warm.points, warm.verdict, warm.tone) == (
        "−20.0",
        "−33.4 to −5.2",
        "pays less often",
        "red",
    )


def test_an_interval_that_holds_nought_cannot_tell_and_says_so() -> None:
    both = found(("warm", 3, 10), ("holdout", 2, 10))
    assert row(both[0]).verdict == "cannot tell"
    assert sentence(both).startswith("So far this cannot tell")
    assert "cannot tell" in page(both)
    assert "never stops itself" in page(both)


def test_before_the_days_have_passed_nothing_is_claimed() -> None:
    early = found(("warm", 5, 10), ("holdout", 5, 10), after=13)
    assert sentence(early).startswith("Nothing can be told yet")
    assert [row(each).rate for each in early] == ["", ""]
    assert chart(1, early, 14).names == ()
    assert page(early).count("nobody counts yet") == 2


def test_the_chart_has_the_figures_of_the_table() -> None:
    drawn = chart(1, found(("warm", 56, 70), ("holdout", 48, 80)), 14)
    assert drawn.names == ("warm", "Left alone (holdout)")
    assert [line.texts for line in drawn.lines][1] == ("80.0%", "60.0%")
    assert "Paid within 14 days" in drawn.title


def test_a_variants_name_is_text() -> None:
    assert "<b>" not in page(found(("<b>warm", 1, 2), ("holdout", 0, 2)))
