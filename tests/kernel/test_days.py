"""Days are read strictly; working days know China's decrees and say when they are guesses."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.kernel.days import BusinessCalendar, DateOrder, month_end, month_ends, parse_day, proven_order
from goodstanding.kernel.errors import Refused

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-02", "2026/3/2", "2026.03.02", "2026.3.2", "20260302", "2026年3月2日", "2026年03月02日"),
        *("2026-03-02 00:00:00", "2026-03-02T13:45", "2026/3/2 0:00"),
    ],
)
def test_year_first_needs_no_order(text: str) -> None:
    for order in (None, *DateOrder):
        assert parse_day(text, order) == date(2026, 3, 2)


def test_a_chosen_order_decides_and_proof_decides_alone() -> None:
    assert parse_day("02/03/2026", DateOrder.DMY) == date(2026, 3, 2)
    assert parse_day("02/03/2026", DateOrder.MDY) == date(2026, 2, 3)
    assert parse_day("13/03/2026") == date(2026, 3, 13)
    assert parse_day("3/13/2026") == date(2026, 3, 13)
    assert parse_day("3.3.2026") == date(2026, 3, 3)
    assert [proven_order(text) for text in ("13/3/2026", "3/13/2026", "3/4/2026", "13/13/2026", "2026-03-04")] == [
        *(DateOrder.DMY, DateOrder.MDY, None, None, None)
    ]


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("02/03/2026", None, "date_order"),
        ("02/03/2026", DateOrder.YMD, "date_order"),
        ("31.02.2026", None, "date"),
        ("31.02.2026", DateOrder.DMY, "date"),
        ("02/13/2026", DateOrder.DMY, "date"),
        ("2026-02-29", None, "date"),
        ("2026-13-01", None, "date"),
        ("0202-03-02", None, "year"),
        ("13/03/0202", None, "year"),
        ("9999-01-01", None, "year"),
        *((text, None, "date") for text in ("", "NaT", "26-03-02", "2/3/26", "2026-3", "2026/03-02", "２０２６-03-02")),
        *(
            (text, None, "date")
            for text in ("2026-03-02Z", "2026-03-02T00:00+01:00", " 2026-03-02", "45000", "0", "1e5")
        ),
    ],
)
def test_what_is_no_day_is_refused(text: str, order: DateOrder | None, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_day(text, order)
    assert refused.value.code == code
    assert repr(text) in refused.value.message


@given(DAYS)
def test_written_days_come_back(day: date) -> None:
    assert parse_day(day.isoformat()) == day
    assert parse_day(f"{day.day}/{day.month}/{day.year}", DateOrder.DMY) == day
    assert parse_day(f"{day.month:02}-{day.day:02}-{day.year}", DateOrder.MDY) == day


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    for order in (None, *DateOrder):
        try:
            assert isinstance(parse_day(text, order), date)
        except Refused as refused:
            assert refused.message


@given(DAYS, DAYS)
def test_month_ends_are_every_month_once(one: date, two: date) -> None:
    first, last = sorted((one, two))
    ends = month_ends(first, last)
    assert len(ends) == (last.year - first.year) * 12 + last.month - first.month + 1
    assert all((end + timedelta(days=1)).day == 1 for end in ends)
    assert ends[0] == month_end(first)
    assert ends == sorted(set(ends))


def test_month_ends_of_a_leap_year() -> None:
    assert month_end(date(2024, 2, 1)) == date(2024, 2, 29)
    assert month_ends(date(2023, 12, 31), date(2024, 2, 1)) == [
        date(2023, 12, 31),
        date(2024, 1, 31),
        date(2024, 2, 29),
    ]


def test_china_works_on_decreed_saturdays_and_rests_on_decreed_mondays() -> None:
    china = BusinessCalendar("CN")
    assert china.is_working(date(2025, 1, 26))  # Sunday, made up for the Spring Festival
    assert china.is_working(date(2024, 9, 14))  # Saturday, made up for Mid-Autumn
    assert not china.is_working(date(2025, 1, 28))  # Tuesday, the eve
    assert not china.is_working(date(2025, 10, 1))
    assert not china.is_working(date(2025, 11, 1))  # a plain Saturday
    assert china.next_working(date(2025, 10, 1)) == date(2025, 10, 9)


def test_unpublished_years_are_said() -> None:
    china = BusinessCalendar("CN")
    assert china.is_published(2025)
    assert china.unpublished(date(2024, 1, 1), date(2098, 1, 1))[-1] == 2098
    assert china.unpublished(date(2020, 1, 1), date(2025, 12, 31)) == []
    assert BusinessCalendar("DE").unpublished(date(2020, 1, 1), date(2098, 1, 1)) == []


def test_working_days_are_counted_forth_and_back() -> None:
    germany = BusinessCalendar("DE")
    assert germany.add_working_days(date(2026, 4, 2), 1) == date(2026, 4, 7)  # over Good Friday and Easter Monday
    assert germany.add_working_days(date(2026, 4, 7), -1) == date(2026, 4, 2)
    assert germany.add_working_days(date(2026, 4, 4), 0) == date(2026, 4, 7)
    assert germany.working_days(date(2026, 4, 2), date(2026, 4, 7)) == 1


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(Refused, match="There is no calendar for 'XX'"):
        BusinessCalendar("XX")
