"""The day and the people: holidays, birthdays, those who want no contact, and not too often."""

from scenarios.story import Story


def test_nobody_is_asked_on_a_holiday_and_the_day_after_catches_up(story: Story) -> None:
    story.closes_for_a_holiday("2026-06-19", "Dragon Boat")
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-14")
    story.on("2026-06-19").decides("A", "withhold", why="day_off")
    story.on("2026-06-20").decides("A", "remind", items={"1": 1})


def test_on_a_birthday_one_greets_and_asks_another_day(story: Story) -> None:
    story.customer("A", birthday="1980-06-08", birthday_calendar="solar").invoice(
        "1", amount="1000.00", due="2026-06-01"
    )
    story.on("2026-06-08").decides("A", "withhold", why="birthday")
    story.on("2026-06-09").decides("A", "remind")


def test_whoever_wants_no_contact_gets_none(story: Story) -> None:
    story.customer("A", may_contact=False).invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-08").decides("A", "withhold", why="opted_out")


def test_without_an_address_nobody_is_written_to(story: Story) -> None:
    story.customer("A", email="").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-08").decides("A", "withhold", why="no_address")


def test_a_customer_on_hold_is_left_to_a_person(story: Story) -> None:
    story.customer("A", status="on_hold").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-08").decides("A", "withhold", why="status")


def test_not_more_than_twice_a_day(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-08", at="09:00").calls("A").decides("A", "remind")
    story.on("2026-06-08", at="10:00").calls("A")
    story.on("2026-06-08", at="11:00").decides("A", "withhold", why="ceiling")
    story.on("2026-06-09", at="11:00").decides("A", "remind")


def test_not_more_than_three_times_in_seven_days_whoever_of_us_it_was(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    for day in ("2026-06-06", "2026-06-07", "2026-06-08"):
        story.on(day, at="09:00").calls("A")
    story.on("2026-06-10").decides("A", "withhold", why="ceiling")
    story.on("2026-06-13").decides("A", "remind")
