"""FORMULAS 18: what lateness costs, day by day, to the minor unit."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodstanding.access.models import AuditEntry
from goodstanding.actions import charge_late_fees as charging
from goodstanding.actions.charge_late_fees import charge_late_fees, to_charge
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.set_late_interest import set_late_rule, set_reference_rate
from goodstanding.actions.waive_late_fee import waive_late_fee
from goodstanding.receivables.interest import Reference, Rule, half_year, owed, rounded
from goodstanding.receivables.models import Item
from goodstanding.reports.integrity import problems
from ledger import BY, customer, day, open_of, pay, post, refused, reverse, settle

DUE = date(2026, 5, 1)
CHINA = [Rule("CNY", date(2025, 6, 1), "daily", 50)]
EUROPE = [Rule("EUR", date(2020, 1, 1), "reference", 8_000, fee=4000)]


def after(days: int) -> date:
    return DUE + timedelta(days=days)


def test_china_100_000_for_30_days_at_half_a_tenth_of_a_percent_a_day() -> None:
    found = owed(DUE, [(DUE, 10_000_000)], CHINA, [], after(30))
    assert (found.interest, found.fee, found.days) == (150_000, 0, 30)


def test_europe_10_000_for_45_days_at_the_reference_rate_and_eight_points() -> None:
    found = owed(DUE, [(DUE, 1_000_000)], EUROPE, [Reference("EUR", date(2026, 1, 1), 2_150)], after(45))
    assert (found.interest, found.fee) == (12_514, 4_000)


def test_the_half_year_splits_and_only_its_first_day_counts() -> None:
    rates = [Reference("EUR", date(2026, 1, 1), 2_150), Reference("EUR", date(2026, 3, 1), 9_999)]
    rates.append(Reference("EUR", date(2026, 7, 1), 3_150))
    found = owed(DUE, [(DUE, 1_000_000)], EUROPE, rates, date(2026, 7, 20))
    assert [(each.first, each.last, each.rate) for each in found.spans] == [
        (date(2026, 5, 2), date(2026, 6, 30), 10_150),
        (date(2026, 7, 1), date(2026, 7, 20), 11_150),
    ]
    assert found.interest == rounded(Fraction(1_000_000, 100_000 * 365) * (60 * 10_150 + 20 * 11_150))


def test_nothing_is_made_up_without_a_reference_rate_and_before_the_rule() -> None:
    assert owed(DUE, [(DUE, 1_000_000)], EUROPE, [], after(45)).interest == 0
    assert owed(DUE, [(DUE, 1_000_000)], [], [], after(45)).interest == 0
    begun = owed(DUE, [(DUE, 10_000_000)], [Rule("CNY", after(21), "daily", 50)], [], after(30))
    assert (begun.interest, begun.days) == (50_000, 10)


def test_a_part_payment_lowers_the_principal_from_the_next_day_on() -> None:
    opened = [(DUE, 10_000_000), (after(10), 4_000_000), (after(30), 0)]
    assert owed(DUE, opened, CHINA, [], after(90)).interest == 50_000 + 20 * 2_000
    assert owed(DUE, [(DUE, 10_000_000), (DUE, 0)], CHINA, [], after(9)).interest == 0


def test_paid_within_the_grace_costs_nothing_and_after_it_every_day_counts() -> None:
    rules = [Rule("CNY", date(2025, 6, 1), "daily", 50, fee=500, grace=5)]
    assert owed(DUE, [(DUE, 10_000_000), (after(5), 0)], rules, [], after(60)).interest == 0
    assert owed(DUE, [(DUE, 10_000_000)], rules, [], after(5)).fee == 0
    late = owed(DUE, [(DUE, 10_000_000), (after(6), 0)], rules, [], after(60))
    assert (late.interest, late.fee) == (6 * 5_000, 500)


def test_switched_off_from_a_day_on_and_the_newest_of_one_day_holds() -> None:
    rules = [*CHINA, Rule("CNY", after(11), "daily", 99), Rule("CNY", after(11))]
    assert owed(DUE, [(DUE, 10_000_000)], rules, [], after(60)).interest == 50_000


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(1, 10**12),
    st.lists(st.tuples(st.integers(1, 200), st.integers(0, 10**12)), max_size=6),
    st.integers(0, 300),
    st.integers(0, 1000),
)
def test_spans_say_the_same_as_day_by_day(amount: int, turns: list[tuple[int, int]], days: int, rate: int) -> None:
    opened = sorted({DUE: amount, **{after(each): left for each, left in turns}}.items())
    rules = [Rule("EUR", date(2026, 1, 1), "annual", rate), Rule("EUR", date(2026, 8, 1), "daily", 7)]
    whole = Fraction()
    for number in range(1, days + 1):
        today = after(number)
        principal = [left for when, left in opened if when < today][-1]
        yearly = today < date(2026, 8, 1)
        whole += Fraction(principal * (rate if yearly else 7), 100_000 * (365 if yearly else 1))
    found = owed(DUE, opened, rules, [], after(days))
    assert found.interest == rounded(whole)
    assert all(a.last < b.first for a, b in zip(found.spans, found.spans[1:], strict=False))


@given(st.dates(date(1990, 1, 1), date(2190, 1, 1)))
def test_a_half_year_begins_in_january_or_july(any_day: date) -> None:
    start = half_year(any_day)
    assert start <= any_day and (start.month, start.day) in ((1, 1), (7, 1)) and (any_day - start).days < 184


@pytest.mark.django_db
class TestCharging:
    @pytest.fixture(autouse=True)
    def book(self, db: None) -> None:
        customer("C")
        post("C", "INV-1", 10_000_000, day(4, 1), due=day(5, 1), currency="CNY")

    def rule(self, **more: object) -> None:
        set_late_rule(**BY, rule=Rule(**{"currency": "CNY", "start": day(1, 1), "kind": "daily", "rate": 50, **more}))

    def charged(self, as_of: date) -> list[tuple[str, int]]:
        return [(each.number, each.amount) for each in charge_late_fees(**BY, as_of=as_of).items]

    def test_nothing_is_charged_before_somebody_decides(self) -> None:
        assert self.charged(day(6, 30)) == []

    def test_each_day_is_charged_once(self) -> None:
        self.rule(fee=4000)
        assert self.charged(day(5, 31)) == [("INV-1-INT-20260531", 150_000), ("INV-1-FEE-20260531", 4_000)]
        assert self.charged(day(5, 31)) == []
        assert self.charged(day(6, 10)) == [("INV-1-INT-20260610", 50_000)]
        assert to_charge(BY["actor"], day(6, 10)) == []

    def test_it_is_owed_also_when_the_principal_is_paid(self) -> None:
        self.rule()
        pay("C", "P", 10_000_000, day(5, 11), currency="CNY")
        settle("C", "P", "INV-1", 10_000_000, day(5, 11))
        assert self.charged(day(6, 10)) == [("INV-1-INT-20260610", 50_000)]
        assert open_of("C", "INV-1-INT-20260610") == 50_000

    def test_a_payment_written_down_late_lowers_what_comes_next(self) -> None:
        self.rule()
        self.charged(day(5, 31))
        pay("C", "P", 10_000_000, day(5, 11), currency="CNY")
        settle("C", "P", "INV-1", 10_000_000, day(5, 11))
        assert self.charged(day(6, 10)) == [], "twenty days too many were charged: that is to be waived, not added to"

    def test_waived_stays_waived_and_reversed_is_charged_again(self) -> None:
        self.rule()
        self.charged(day(5, 31))
        waived = waive_late_fee(**BY, item=("C", "INV-1-INT-20260531", 0), day=day(6, 1), reason="goodwill").item
        assert (waived.kind, waived.amount, open_of("C", "INV-1-INT-20260531")) == ("credit_note", 150_000, 0)
        assert self.charged(day(5, 31)) == []
        assert self.charged(day(6, 10)) == [("INV-1-INT-20260610", 50_000)]
        reverse("C", "INV-1-INT-20260610", day(6, 11))
        assert self.charged(day(6, 10)) == [("INV-1-INT-20260610-2", 50_000)]

    def test_what_is_refused(self) -> None:
        self.rule()
        with refused("no_late_fee", "INV-1"):
            waive_late_fee(**BY, item=("C", "INV-1", 0), day=day(6, 1), reason="goodwill")
        self.charged(day(5, 31))
        with refused("no_reason"):
            waive_late_fee(**BY, item=("C", "INV-1-INT-20260531", 0), day=day(6, 1), reason=" ")
        with refused("future_day"):
            charge_late_fees(**BY, as_of=day(7, 2))
        with refused("interest_rate", "1000"):
            self.rule(rate=1001)
        with refused("interest_rule"):
            self.rule(kind="weekly")
        with refused("interest_rate"):
            set_reference_rate(**BY, reference=Reference("EUR", day(1, 1), 100_001))

    def test_what_is_in_dispute_waits_and_is_charged_afterwards(self) -> None:
        self.rule()
        place_hold(**BY, item=("C", "INV-1", 0), amount=100, reason="dispute", day=day(5, 2))
        assert self.charged(day(5, 31)) == []
        assert [each.held for each in to_charge(BY["actor"], day(5, 31))] == [True]

    def test_no_interest_on_interest_and_none_on_what_was_reversed(self) -> None:
        self.rule()
        post("C", "INV-2", 10_000_000, day(4, 1), due=day(5, 1), currency="CNY")
        reverse("C", "INV-2", day(4, 20))
        post("C", "OLD", 10_000_000, day(4, 1), due=day(5, 1), kind="late_fee", currency="CNY")
        assert self.charged(day(5, 31)) == [("INV-1-INT-20260531", 150_000)]
        assert Item.objects.filter(reason="late_interest").count() == 1

    def test_the_whole_book_goes_in_pieces_and_what_was_charged_stays_where_it_stops(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.rule(fee=4_000)
        for number in range(2, 6):
            post("C", f"INV-{number}", 10_000_000, day(4, 1), due=day(5, 1), currency="CNY")
        monkeypatch.setattr(charging, "CHUNK", 2)
        told: list[tuple[str, int, int]] = []

        def stop(*step: Any) -> None:
            told.append(step)
            if step[1] == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            charge_late_fees(**BY, as_of=day(5, 31), progress=stop)
        assert told == [("charging", 0, 5), ("charging", 2, 5), ("charging", 4, 5)]
        assert Item.objects.filter(kind="late_fee").count() == 8
        assert AuditEntry.objects.filter(action="charge_late_fee").count() == 4
        assert self.charged(day(5, 31)) == [("INV-5-INT-20260531", 150_000), ("INV-5-FEE-20260531", 4_000)]
        assert self.charged(day(5, 31)) == [] and not problems()

    def test_a_number_that_is_taken_gives_way_to_the_next_also_where_it_is_cut(self) -> None:
        self.rule()
        post("C", "INV-1-INT-20260531", 1, day(5, 31), currency="CNY")
        long = "N" * 62
        for end in ("A", "B"):
            post("C", long + end, 10_000_000, day(4, 1), due=day(5, 1), currency="CNY")
        cut = "N" * (64 - len("-INT-20260531"))
        assert [number for number, _amount in self.charged(day(5, 31))] == [
            "INV-1-INT-20260531-2",
            f"{cut}-INT-20260531",
            f"{cut[:-2]}-INT-20260531-2",
        ]

    def test_a_piece_takes_the_same_few_questions_however_many_items_it_charges(self) -> None:
        self.rule()

        def asked(as_of: date) -> int:
            with CaptureQueriesContext(connection) as seen:
                assert self.charged(as_of)
            return len([each for each in seen if "access_auditentry" not in each["sql"]])

        few = asked(day(5, 20))
        for number in range(2, 30):
            post("C", f"INV-{number}", 10_000_000, day(4, 1), due=day(5, 1), currency="CNY")
        assert asked(day(5, 31)) == few
