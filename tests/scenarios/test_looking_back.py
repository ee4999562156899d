"""What is asked about a past day gets the answer of that day, whenever it is asked."""

from datetime import UTC

from scenarios.story import Story


def owes(story: Story) -> Story:
    return story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")


def test_calls_of_the_days_after_do_not_count(story: Story) -> None:
    owes(story).on("2026-06-08", at="17:00").decides("A", "remind")
    for at in ("09:00", "10:00", "11:00"):
        story.on("2026-06-09", at=at).calls("A")
    story.on("2026-06-09", at="12:00").decides("A", "withhold", why="ceiling")
    story.about("2026-06-08").decides("A", "remind")


def test_calls_of_the_day_count_however_late_it_is_asked(story: Story) -> None:
    owes(story).on("2026-06-08", at="10:00").calls("A").on("2026-06-08", at="23:30").calls("A")
    story.decides("A", "remind")  # the second call is not over yet
    story.on("2026-06-08", at="23:45").decides("A", "withhold", why="ceiling")
    for day in ("2026-06-09", "2026-06-20", "2026-09-01"):
        story.on(day).about("2026-06-08").decides("A", "withhold", why="ceiling")


def test_a_day_is_the_firm_s_whatever_clock_the_moment_was_read_from(story: Story) -> None:
    owes(story).on("2026-06-09", at="06:00").calls("A").on("2026-06-09", at="06:30").calls("A")
    story.on("2026-06-09", at="07:00")
    story.now = story.now.astimezone(UTC)  # the evening before
    story.decides("A", "withhold", why="ceiling")


def test_a_message_that_was_on_its_way_is_so_whenever_it_is_asked(story: Story) -> None:
    owes(story).on("2026-06-08").queues()
    story.on("2026-06-08", at="20:00").decides("A", "withhold", why="pending")
    assert story.on("2026-06-09").sends() == {"sent": 1}
    story.about("2026-06-08").decides("A", "withhold", why="pending")
    story.on("2026-06-20").about("2026-06-07").decides("A", "remind", step="friendly word")


def test_a_message_that_failed_later_had_not_failed_yet(story: Story) -> None:
    owes(story).on("2026-06-08").queues()
    story.on("2026-06-08", at="13:00").drops("A").decides("A", "remind")
    story.on("2026-06-09").runs()
    story.on("2026-06-09").queues()
    story.on("2026-06-12").about("2026-06-08").decides("A", "remind")
    story.about("2026-06-09").decides("A", "withhold", why="pending")
