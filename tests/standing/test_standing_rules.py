"""The figure is the sum of its reasons, lies in 0–100, and a better input never lowers it."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from goodstanding.standing.rules import Facts, figure, standing

DAY = date(2026, 6, 30)
COUNT = st.integers(0, 400)
DAYS = st.integers(-400, 4000)
MONEY = st.integers(0, 10**15)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    judged, ours = draw(COUNT), draw(COUNT)
    return Facts(
        1, judged, draw(st.integers(0, judged)), draw(st.none() | DAYS), draw(st.none() | DAYS), draw(MONEY), draw(MONEY),
        draw(st.integers(0, 4000)), draw(COUNT), ours, draw(st.integers(0, ours)),
    )  # fmt: skip


@given(facts(), st.integers(1, 10**6))
def test_points_add_up_and_better_is_never_less(one: Facts, step: int) -> None:
    now = standing(one, DAY)
    if now.figure is None:
        assert not one.judged and not one.overdue and len(now.reasons) == 1
        return
    assert now.figure == sum(each.points for each in now.reasons) and 0 <= now.figure <= 100
    assert all(each.template.format(**dict(each.params)) for each in now.reasons)
    better = [
        replace(one, kept=min(one.kept + step, one.judged)),
        replace(one, kept=one.kept + 1, judged=one.judged + 1),
        replace(one, overdue=max(one.overdue - step, 0)),
        replace(one, paid=one.paid + step),
        replace(one, oldest_days=max(one.oldest_days - step, 0)),
        replace(one, broken=max(one.broken - step, 0)),
        *([replace(one, late_days=one.late_days - step)] if one.late_days is not None else []),
        *([replace(one, change_days=one.change_days - step)] if one.change_days is not None else []),
    ]
    for each in better:
        then = standing(each, DAY).figure
        assert then is None or then >= now.figure, each
    assert figure(one) == now.figure
    assert standing(replace(one, currency="JPY"), DAY).figure == now.figure, "naming the currency earns nothing"
    assert standing(replace(one, our_judged=9, our_kept=0), DAY).figure == now.figure, "our keeping lowers nobody"


def test_worked_example() -> None:
    found = standing(Facts(7, 10, 8, 9, None, 2000, 8000, 45, 1, 4, 3), DAY, before=70)
    assert [each.points for each in found.reasons] == [32, 18, 16, 5, 4, 2]
    assert (found.figure, found.them, found.us, found.trend) == (77, 80, 75, 7)
    perfect = standing(Facts(7, 5, 5, -3, -30, 0, 100), DAY)
    assert perfect.figure == 100 and perfect.us is None and perfect.trend is None
    assert standing(Facts(7), DAY).figure is None
