"""The facts of standing, counted by hand; held amounts are no input; tomorrow doesn't change yesterday."""

from datetime import date, timedelta

import pytest

from desk import small_book
from goodstanding.access.models import AuditEntry
from goodstanding.access.types import NIGHTLY
from goodstanding.actions.assess_standing import assess_standing
from goodstanding.actions.merge_customers import merge_customers
from goodstanding.actions.place_hold import place_hold
from goodstanding.parties.models import Customer
from goodstanding.promises.operations import add, judge
from goodstanding.promises.queries import find
from goodstanding.promises.types import NewPromise
from goodstanding.reports.trust import facts, standings
from goodstanding.standing import queries
from goodstanding.standing.rules import Facts, figure
from ledger import BY, NOW, customer, day, give_up, pay, post, reverse, settle

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 30)


def of(code: str, as_of: date = DAY) -> Facts:
    return facts(as_of)[Customer.objects.get(code=code).pk]


def test_the_small_book_by_hand() -> None:
    small_book()
    a, b, c, d, e = (of(code) for code in "ABCDE")
    assert (a.judged, a.kept, a.late_days, a.overdue, a.paid, a.oldest_days) == (1, 0, 0, 21000, 5000, 45)
    assert (b.judged, b.kept, b.late_days, b.overdue, b.oldest_days) == (1, 0, None, 7000, 1)
    assert (c.judged, c.overdue, c.paid, c.oldest_days) == (1, 50000, 0, 121)
    assert (d.judged, d.overdue) == (0, 0) and figure(d) is None
    assert (e.judged, e.kept, e.late_days, e.paid, e.overdue) == (1, 0, 15, 1000, 0), "the undone match counts once"


def test_due_days_kept() -> None:
    customer("A")
    for number, on in (("1", day(5, 1)), ("2", day(5, 2)), ("3", day(5, 3)), ("4", day(5, 4)), ("5", day(5, 5))):
        post("A", number, 1000, on, due=day(6, 1))
    pay("A", "P1", 1000, day(6, 1), "none")
    settle("A", "P1", "1", 1000, day(6, 20))  # matched late, received by the day
    post("A", "N2", 300, day(6, 10), "credit_note")
    settle("A", "N2", "2", 300, day(6, 10))  # a complaint was right: 700 were to be paid
    pay("A", "P2", 700, day(5, 30), "none")
    settle("A", "P2", "2", 700, day(5, 30))
    reverse("A", "3", day(6, 15))
    give_up("A", "4", day(6, 15))
    post("A", "N5", 1000, day(6, 10), "credit_note")
    settle("A", "N5", "5", 1000, day(6, 10))
    post("A", "6", 1000, day(5, 6), due=DAY)  # its day isn't over
    found = of("A")
    assert (found.judged, found.kept) == (3, 2), "1 and 2 kept, 4 given up; 3 and 5 asked for nothing in the end"


def test_a_hold_never_lowers_anything() -> None:
    customer("A")
    post("A", "0", 1000, day(1, 1) - timedelta(days=300), due=day(1, 1) - timedelta(days=290))
    pay("A", "P0", 1000, day(1, 1) - timedelta(days=200), "oldest")
    for number, due, amount in (("1", 10, 1000), ("2", 11, 2000), ("3", 12, 3000), ("4", 13, 500)):
        post("A", number, amount, day(5, 1), due=day(5, due))
    pay("A", "P1", 1000, day(5, 9), "none")
    settle("A", "P1", "1", 1000, day(5, 9))
    pay("A", "P2", 1500, day(5, 31), "none")
    settle("A", "P2", "2", 1500, day(5, 31))
    before = figure(of("A"))
    assert before is not None
    for number, amount in (("2", 500), ("3", 3000), ("4", 200)):
        place_hold(**BY, item=("A", number, 0), amount=amount, reason="dispute", day=day(6, 20), source="complaint")
        now = figure(of("A"))
        assert now is not None and now >= before
        before = now
    found = of("A")
    assert (found.judged, found.kept) == (3, 1), "the one wholly disputed isn't judged"
    assert (found.overdue, found.late_days) == (300, 0), "what was held counts as no day late"


def test_promises_of_both_sides_and_merged_customers() -> None:
    for code in "AB":
        customer(code)
    a, b = (Customer.objects.get(code=code).pk for code in "AB")
    post("B", "1", 1000, day(5, 1), due=day(6, 1))
    for key, who, by, state in (
        ("t1", a, "them", "kept"), ("t2", b, "them", "broken"), ("u1", b, "us", "broken"), ("u2", a, "us", "kept")
    ):  # fmt: skip
        new = NewPromise(
            by=by, kind="pay" if by == "them" else "visit", made=day(5, 1), due=day(5, 20),
            amount=100 if by == "them" else None, currency="EUR" if by == "them" else "",
        )  # fmt: skip
        add(who, new, key=key, now=NOW)
        made = find(key)
        assert made is not None
        judge(made, state, day(5, 21), now=NOW)
    assert (of("A").judged, of("A").kept, of("A").our_judged, of("A").our_kept) == (1, 1, 1, 1)
    assert (of("B").judged, of("B").broken, of("B").our_kept) == (2, 1, 0)
    merge_customers(
        **BY, merged="B", merged_version=1, survivor="A", survivor_version=1, on=day(6, 25), reason="one firm"
    )
    whole = of("A")
    assert (whole.judged, whole.kept, whole.broken, whole.our_judged, whole.our_kept) == (3, 1, 1, 2, 1)
    assert whole.overdue == 1000 and b not in facts(DAY)
    assert of("B", day(6, 24)).judged == 2, "before the merger they stood alone"


def test_currencies_are_never_summed_and_the_lowest_holds() -> None:
    customer("A")
    post("A", "1", 1000, day(5, 1), due=day(6, 1))
    pay("A", "P", 1000, day(5, 30), "oldest")
    assert of("A").currency == ""
    post("A", "2", 900, day(5, 1), due=day(6, 1), currency="JPY")
    found = of("A")
    assert (found.currency, found.overdue, found.paid, found.judged, found.kept) == ("JPY", 900, 0, 2, 1)


def test_tomorrow_does_not_change_yesterday_and_a_night_is_stored_once() -> None:
    small_book()
    night = {"actor": NIGHTLY, "now": NOW, "as_of": DAY}
    before = standings(DAY)
    assert assess_standing(**night) == len(before) == 5
    pay("C", "PC", 50000, day(7, 1), "oldest")
    post("B", "B9", 50000, day(7, 1), due=day(7, 2))
    assert standings(DAY) == before == queries.night(DAY)
    entries = AuditEntry.objects.count()
    assert assess_standing(**night) == 0 and AuditEntry.objects.count() == entries
    later = {each.customer_id: each for each in standings(day(7, 30))}
    c = Customer.objects.get(code="C").pk
    then = {each.customer_id: each for each in before}
    assert later[c].trend == (later[c].figure or 0) - (then[c].figure or 0) > 0, "told against thirty days before"


def test_old_nights_are_thinned() -> None:
    small_book()
    for each in (day(4, 29), day(4, 30), day(5, 30), DAY):
        assess_standing(actor=NIGHTLY, now=NOW, as_of=each)
    a = Customer.objects.get(code="A").pk
    assert [each.as_of for each in queries.history(a, DAY)] == [DAY, day(5, 30), day(4, 30)]
