"""Experiments as they are written: rates with bounds, differences in points, and "cannot tell" said plainly."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.translation import override

from desk import client_of, person, text
from goodstanding.access.types import SYSTEM
from goodstanding.actions.run_collections import run_collections
from goodstanding.actions.set_strategy import set_strategy
from goodstanding.collections.models import Assignment
from goodstanding.collections.rules.experiments import Finding, Subject, findings
from goodstanding.parties.models import Contact
from goodstanding.reports.experiments import counts, log, subjects
from goodstanding.web.pages.collections.experiments.figures import chart, row, sentence
from ledger import NOW, customer, day, give_up, pay, post, settle, undo

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


PLAN = """
name: plan
experiment: {name: tone, variants: [friendly, firm], holdout: 30}
segments:
  - name: all
    steps:
      - {name: word, days: 5, action: remind}
"""


@pytest.fixture
def drawn(db: None) -> None:
    today = day(6, 2)
    set_strategy(actor=SYSTEM, now=NOW, text=PLAN, start=today, today=today)
    for n in range(12):
        made = customer(f"C{n}", territory="north" if n == 0 else "")
        Contact.objects.create(customer=made, name="Ana", email="ana@example.com")
        post(f"C{n}", f"INV-{n}", 10_000, day(4, 1), due=day(5, 1))
    run_collections(actor=SYSTEM, now=NOW, as_of=today)


def became(of: str, hidden: Any = ()) -> Any:
    """The day that each customer had paid, by code."""
    rows = subjects("tone", day(6, 30), hidden)
    places = Assignment.objects.filter(experiment="tone").exclude(customer__territory__in=list(hidden)).order_by("pk")
    return dict(zip(places.values_list("customer__code", flat=True), rows, strict=True))[of]


def test_paid_is_who_settled_all_of_it_in_money(drawn: None) -> None:
    pay("C1", "RC-1", 10_000, day(6, 5), "oldest")
    pay("C2", "RC-2", 9_999, day(6, 5), "oldest")
    give_up("C3", "INV-3", day(6, 6), 10_000)
    pay("C4", "RC-4", 10_000, day(6, 7))
    undo(settle("C4", "RC-4", "INV-4", 10_000, day(6, 7)), day(6, 9))
    post("C1", "INV-LATER", 500, day(6, 10), due=day(6, 20))
    assert [became(f"C{n}").paid for n in range(1, 6)] == [day(6, 5), None, None, None, None]
    assert became("C1").assigned == day(6, 2)
    settle("C4", "RC-4", "INV-4", 10_000, day(6, 12))
    assert became("C4").paid == day(6, 12)


def test_amounts_paid_stand_beside_the_counts_a_currency_each(drawn: None) -> None:
    pay("C2", "RC-2", 9_999, day(6, 5), "oldest")
    pay("C3", "RC-3", 4_000, day(6, 20), "oldest")  # after the 14 days
    give_up("C5", "INV-5", day(6, 6), 10_000)
    pay("C6", "RC-6", 2_500, day(6, 7))
    undo(settle("C6", "RC-6", "INV-6", 2_500, day(6, 7)), day(6, 8))
    known = subjects("tone", day(6, 30))
    variants = sorted({each.variant for each in known})
    found = findings(known, variants, 14, day(6, 30))
    assert sum(one.paid for each in found for one in each.sums) == 9_999
    assert {one.currency for each in found for one in each.sums} == {"EUR"}
    assert [sum(one.asked for one in each.sums) for each in found] == [10_000 * each.counted for each in found]
    assert sum(each.paid for each in found) == 0
    later = findings(known, variants, 30, day(7, 2))
    assert sum(one.paid for each in later for one in each.sums) == 13_999
    assert all(each.sums == () for each in findings(known, variants, 60, day(6, 30)))
    told = text(client_of(person("ana", "collector")).get("/collections/experiments/?as_of=2026-06-30&days=14"))
    assert "Amount paid" in told and "€99.99 of €" in told


def test_what_was_paid_before_the_first_decision_was_not_asked_for(db: None) -> None:
    today = day(6, 2)
    set_strategy(actor=SYSTEM, now=NOW, text=PLAN, start=today, today=today)
    Contact.objects.create(customer=customer("C1"), name="Ana", email="ana@example.com")
    post("C1", "INV-1", 10_000, day(4, 1), due=day(5, 1))
    pay("C1", "RC-1", 3_000, day(5, 5), "oldest")
    run_collections(actor=SYSTEM, now=NOW, as_of=today)
    pay("C1", "RC-2", 7_000, day(6, 9), "oldest")
    (one,) = subjects("tone", day(6, 30))
    assert one.asked == {"EUR": 7_000} and one.settled == [(day(6, 9), "EUR", 7_000)]
    assert one.paid == day(6, 9)


def test_amounts_of_two_currencies_are_never_added() -> None:
    money = [(DAY, "EUR", 100), (DAY, "USD", 7), (DAY + timedelta(days=15), "EUR", 50)]
    (found,) = findings(
        [Subject("warm", DAY, None, {"EUR": 500, "USD": 70}, money)] * 2, ("warm",), 14, DAY + timedelta(days=20)
    )
    assert [(one.currency, one.asked, one.paid) for one in found.sums] == [("EUR", 1000, 200), ("USD", 140, 14)]
    told = strip_tags(page([found]))
    assert "€2.00 of €10.00" in told and "$0.14 of $1.40" in told


def test_the_page_tells_who_was_drawn_and_hides_another_team_s(drawn: None) -> None:
    client = client_of(person("ana", "collector"))
    told = text(client.get("/collections/experiments/?as_of=2026-06-30&days=14"))
    assert "tone" in told and "Left alone (holdout)" in told and "never stops itself" in told
    file = client.get("/collections/experiments/?format=csv").content.decode("utf-8-sig")
    assert len(file.strip().splitlines()) == 13
    assert sum(counts("tone").values()) == 12 and sum(counts("tone", {"north"}).values()) == 11
    assert len(subjects("tone", day(6, 30), {"north"})) == len(log("tone", {"north"})) == 11


def test_without_an_experiment_the_page_says_the_way_to_one(db: None) -> None:
    client = client_of(person("ana", "collector"))
    assert "No experiment yet" in text(client.get("/collections/experiments/?of=x&days=0&format=csv"))
