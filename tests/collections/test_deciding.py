"""What to do about open debts: each rule of asking, and over facts of any kind what must never happen."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodstanding.collections.rules.deciding import decide, may_send, segment_of
from goodstanding.collections.rules.saying import said
from goodstanding.collections.rules.writing import default_text, read
from goodstanding.collections.types import ACTIONS, Debt, Decision, Facts, Segment, Step, Strategy
from ledger import day

FRIENDLY = Step("friendly word", 5, 0, "remind", "email", "friendly", minutes=1)
FIRM = Step("firm letter", 15, 7, "remind", "email", "firm", minutes=2)
CALL = Step("call", 30, 7, "call", "phone", "firm", minutes=8)
HAND_OVER = Step("hand over", 60, 14, "hand_over", "post", "final", purpose="hand_over", minutes=45)
PLAN = Strategy("plan", (Segment("all", (FRIENDLY, FIRM, CALL, HAND_OVER)),), tolerance={"EUR": 500})
DUE = day(3, 31)


def debt(item: int = 1, open_: int = 10_000, due: date = DUE, **more) -> Debt:
    return Debt(item, f"INV-{item}", due, open_, **more)


def facts(*debts: Debt, **more) -> Facts:
    return Facts(1, "C1", "EUR", debts or (debt(),), **more)


def on(days: int, *debts: Debt, plan: Strategy = PLAN, **more) -> Decision | None:
    """What is decided so many days after the 31st of March."""
    return decide(facts(*debts, **more), plan, DUE + timedelta(days=days))


def no(found: Decision | None) -> list[str]:
    assert found is not None and found.action == "withhold", found
    return [each.code for each in found.reasons]


@pytest.mark.parametrize("days", [-10, 0, 1, 4])
def test_nothing_before_the_first_step_and_never_on_the_due_day(days: int) -> None:
    assert on(days) is None


def test_a_missed_day_catches_up_with_the_step_that_was_due_not_with_a_later_one() -> None:
    first = on(5)
    assert first is not None and (first.action, first.step, first.amount) == ("remind", "friendly word", 10_000)
    late = on(200)
    assert late is not None and late.step == "friendly word", "a level needs the one before delivered"


def test_the_next_level_waits_for_its_day_and_for_its_gap() -> None:
    done_late = debt(level=1, completed=DUE + timedelta(days=12))
    assert on(18, done_late) is None, "15 days have passed, but 7 after the first only on day 19"
    found = on(19, done_late)
    assert found is not None and (found.step, found.level) == ("firm letter", 2)
    assert on(14, debt(level=1, completed=DUE + timedelta(days=5))) is None


def test_a_failed_or_pending_message_completes_nothing_and_nothing_follows_it() -> None:
    assert no(on(40, debt(pending=True))) == ["pending"]


def test_after_the_last_step_nothing_more_is_asked() -> None:
    assert on(500, debt(level=4, completed=DUE + timedelta(days=70))) is None


def test_one_letter_at_its_highest_level_with_every_item_and_the_level_of_each() -> None:
    old = debt(1, 4_000, level=1, completed=DUE + timedelta(days=6))
    new = debt(2, 3_000, due=DUE + timedelta(days=20))  # ten days late on day 30: its first level
    young = debt(3, 2_000, due=DUE + timedelta(days=28))  # late, but no step reached
    coming = debt(4, 9_000, due=DUE + timedelta(days=30))  # due that very day
    found = on(30, old, new, young, coming)
    assert found is not None and (found.step, found.level, found.amount) == ("firm letter", 2, 9_000)
    assert [(each.number, each.level, each.days) for each in found.items] == [
        ("INV-1", 2, 30), ("INV-2", 1, 10), ("INV-3", 0, 2),
    ]  # fmt: skip


def test_credits_are_shown_and_taken_off_and_what_they_cover_is_not_asked() -> None:
    found = on(5, unapplied=3_000)
    assert found is not None and (found.amount, found.credits) == (7_000, 3_000)
    assert no(on(5, unapplied=10_000)) == ["unapplied"]


def test_nothing_is_not_asked_for_where_no_least_amount_is_set() -> None:
    early = replace(PLAN, tolerance={}, segments=(Segment("all", (replace(FRIENDLY, days=-3), FIRM)),))
    soon, past = debt(1, 4_000, due=DUE + timedelta(days=9)), debt(2, 5_000, level=1, completed=DUE)
    assert on(6, soon, past, plan=early).amount == 4_000
    assert no(on(6, soon, past, plan=early, unapplied=4_500)) == ["unapplied"], "it covers all that the word is about"
    assert no(on(6, soon, past, plan=early, unapplied=4_000)) == ["unapplied"]
    assert on(6, soon, past, plan=early, unapplied=3_999).amount == 1


def test_below_the_tolerance_or_the_step_s_minimum_nothing() -> None:
    assert no(on(5, debt(open_=499))) == ["small"]
    assert on(5, debt(open_=500)).action == "remind"
    dear = replace(PLAN, segments=(Segment("all", (replace(FRIENDLY, minimum={"EUR": 20_000}),)),))
    assert no(on(5, plan=dear)) == ["small"]


def test_only_the_disputed_amount_is_left_out() -> None:
    found = on(5, debt(open_=23_100, held=8_400, why=("dispute",)))
    assert found is not None and (found.action, found.amount) == ("remind", 14_700)
    assert no(on(5, debt(held=10_000, why=("dispute",)))) == ["dispute"]
    assert no(on(5, debt(held=10_000, why=("own_promise",)))) == ["own_promise"]
    assert no(on(5, debt(held=10_000, why=("insurance",)))) == ["held"]


def test_what_is_promised_is_not_asked_until_its_day_has_passed() -> None:
    assert no(on(5, debt(promised=4_000))) == ["promise"]
    assert "promise" in no(on(5, promised=2_000, promised_until=day(4, 20)))
    found = on(5, debt(1, promised=4_000), debt(2, 6_000))
    assert found is not None and [each.number for each in found.items] == ["INV-2"]


@pytest.mark.parametrize(
    ("why", "known"),
    [
        ("status", {"status": "on_hold"}),
        ("status", {"status": "closed"}),
        ("opted_out", {"opted_out": True}),
        ("no_address", {"reachable": False}),
        ("birthday", {"birthday": True}),
        ("day_off", {"day_off": "Qingming"}),
        ("ceiling", {"week": 7}),
        ("ceiling", {"day": 3}),
        ("holdout", {"holdout": True}),
    ],
)
def test_every_other_reason_not_to_ask(why: str, known: dict) -> None:
    assert no(on(5, **known)) == [why]
    assert all(said(each) for each in on(5, **known).reasons)


def test_a_hand_over_is_no_contact_and_waits_for_nobody_s_birthday() -> None:
    last = debt(level=3, completed=DUE + timedelta(days=40))
    found = on(60, last, birthday=True, day_off="rest", week=9, opted_out=True)
    assert found is not None and found.action == "hand_over"


def test_who_is_drawn_to_get_no_letter_is_still_called_and_handed_over() -> None:
    drawn = {"holdout": True, "drawn": DUE}
    assert no(on(5, **drawn)) == no(on(29, **drawn)) == ["holdout"]
    assert on(29, **drawn).step == "firm letter"
    called = on(30, **drawn)
    assert called is not None and (called.action, called.level, called.items[0].level) == ("call", 3, 3)
    done = debt(level=3, completed=DUE + timedelta(days=50))
    assert on(63, done, **drawn) is None and on(64, done, **drawn).action == "hand_over"


def test_the_call_comes_as_late_as_to_those_who_are_written_to() -> None:
    drawn = {"holdout": True, "drawn": DUE + timedelta(days=100)}
    assert no(on(100, **drawn)) == no(on(113, **drawn)) == ["holdout"]
    assert on(114, **drawn).action == "call", "7 days after each of two letters that did not go"
    assert no(on(100, holdout=True)) == ["holdout"], "drawn this very day"


def test_a_letter_that_is_spared_does_not_stand_before_another_item_s_call() -> None:
    ladder = replace(PLAN, segments=(Segment("all", (replace(CALL, days=5), FIRM, HAND_OVER)),))
    old = debt(1, level=1, completed=DUE + timedelta(days=6))
    young = debt(2, due=DUE + timedelta(days=20))
    found = on(30, old, young, plan=ladder, holdout=True, drawn=DUE)
    assert found is not None and (found.action, found.level) == ("call", 1)
    assert [(each.number, each.level) for each in found.items] == [("INV-1", 2), ("INV-2", 1)]
    assert on(30, old, young, plan=ladder).step == "firm letter"


def test_a_message_written_before_the_draw_does_not_go_to_who_is_spared() -> None:
    noon = datetime(2026, 4, 30, 12, tzinfo=UTC)
    who = facts(holdout=True, drawn=DUE)
    assert decide(who, PLAN, noon.date()).action == "call"
    assert [each.code for each in may_send(who, noon, PLAN)] == ["holdout"]


def test_segments_hold_in_their_order_and_nobody_is_asked_outside_them() -> None:
    plan = replace(
        PLAN,
        segments=(Segment("A", (CALL,), value=frozenset("A")), Segment("late", (FIRM,), behaviour=frozenset({"late"}))),
    )
    assert on(40, plan=plan, value="A", behaviour="late").step == "call"
    assert on(40, plan=plan, value="B", behaviour="late").step == "firm letter"
    assert on(40, plan=plan, value="B") is None


def test_a_word_before_the_due_day_speaks_of_nothing_else() -> None:
    early = replace(PLAN, segments=(Segment("all", (replace(FRIENDLY, days=-3), FIRM)),))
    found = on(-3, debt(1, 4_000), debt(2, 900, due=DUE + timedelta(days=9)), plan=early)
    assert found is not None and [each.number for each in found.items] == ["INV-1"]
    assert next(each.code for each in found.reasons) == "soon"
    assert on(0, debt(1, 4_000), plan=early) is None


def test_gain_is_the_amount_times_the_chance_in_whole_units() -> None:
    found = on(5, debt(open_=10_001), behaviour="slow")
    assert (found.gain.amount, found.gain.chance, found.gain.expected, found.gain.minutes) == (10_001, 120, 1_200, 1)


@pytest.mark.parametrize(("hour", "quiet"), [(7, True), (8, False), (20, False), (21, True), (0, True)])
def test_at_the_moment_of_sending_the_hour_counts_where_they_are(hour: int, quiet: bool) -> None:
    here = datetime(2026, 4, 9, hour, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert [each.code for each in may_send(facts(), here, PLAN)] == (["quiet"] if quiet else [])
    paid = replace(facts(), debts=())
    assert [each.code for each in may_send(paid, here, PLAN)] == ["nothing"]


debts = st.builds(
    Debt,
    item=st.integers(1, 10**6),
    number=st.just("INV"),
    due=st.integers(-80, 20).map(lambda n: day(6, 1) + timedelta(days=n)),
    open=st.integers(0, 50_000),
    held=st.integers(0, 50_000),
    why=st.sampled_from([(), ("dispute",), ("own_promise",), ("dispute", "other")]),
    promised=st.sampled_from([0, 0, 0, 100]),
    level=st.integers(0, 6),
    completed=st.none() | st.integers(-80, 0).map(lambda n: day(6, 1) + timedelta(days=n)),
    pending=st.booleans(),
)
anybody = st.builds(
    Facts,
    customer_id=st.just(1),
    customer=st.just("C1"),
    currency=st.sampled_from(["EUR", "CNY"]),
    debts=st.lists(debts, max_size=5, unique_by=lambda each: each.item).map(tuple),
    unapplied=st.sampled_from([0, 0, 100, 60_000]),
    promised=st.sampled_from([0, 0, 0, 500]),
    promised_until=st.just(day(6, 9)),
    value=st.sampled_from(["", "A", "C"]),
    behaviour=st.sampled_from(["", "prompt", "fair", "slow", "late", "unknown"]),
    status=st.sampled_from(["active", "active", "on_hold", "closed", "merged"]),
    week=st.integers(0, 8),
    day=st.integers(0, 4),
    reachable=st.booleans(),
    opted_out=st.booleans(),
    birthday=st.booleans(),
    day_off=st.sampled_from(["", "", "rest"]),
    holdout=st.booleans(),
    drawn=st.none() | st.integers(-60, 0).map(lambda n: day(6, 1) + timedelta(days=n)),
)
EARLY = replace(PLAN, tolerance={}, segments=(Segment("all", (replace(FRIENDLY, days=-5), CALL, FIRM, HAND_OVER)),))
DEFAULT = read(default_text())[0]


@settings(max_examples=600)
@given(anybody, st.sampled_from([PLAN, DEFAULT, EARLY]), st.integers(0, 23))
def test_over_any_facts_nothing_is_asked_that_should_not_be(who: Facts, plan: Strategy, hour: int) -> None:
    today = day(6, 1)
    found = decide(who, plan, today)
    assert found == decide(who, plan, today)
    if found is None:
        return
    assert found.action in ACTIONS and found.reasons and all(said(each) for each in found.reasons)
    if found.action == "withhold":
        assert found.gain.expected == 0
        return
    by_item = {each.item: each for each in who.debts}
    assert who.status == "active" and not who.promised
    assert found.amount > 0
    assert (
        sum(each.amount for each in found.items) - who.unapplied == found.amount >= plan.tolerance.get(who.currency, 0)
    )
    for each in found.items:
        mine = by_item[each.item]
        assert mine.due != today and not mine.promised
        assert 0 < each.amount <= mine.open - min(mine.held, mine.open)
        assert who.holdout or each.level in (mine.level, mine.level + 1), "no level is skipped"
        passed = segment_of(who, plan, today).steps[mine.level : each.level - 1]
        assert all(step.action in ("remind", "letter") for step in passed), "but a letter that is spared"
    if not who.holdout:
        assert found.level == max(each.level for each in found.items if each.level == by_item[each.item].level + 1)
    if found.action in ("remind", "call", "visit"):
        assert not who.opted_out
    if found.action != "hand_over":
        assert not who.birthday and not who.day_off and who.week < plan.per_week and who.day < plan.per_day
    if found.action in ("remind", "letter"):
        assert not who.holdout
    if found.action == "remind":
        assert who.reachable
    moment = datetime(2026, 6, 1, hour, tzinfo=UTC)
    assert bool(may_send(who, moment, plan)) == (hour >= 21 or hour < 8 or who.holdout)
