"""Whose work it is: what somebody took or put off stays so over days on which nobody is asked."""

from scenarios.story import Story


def owes(story: Story) -> Story:
    return story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")


def test_what_was_put_off_stays_put_off_over_a_holiday(story: Story) -> None:
    owes(story).closes_for_a_holiday("2026-06-12", "Founders' day").closes_for_a_holiday("2026-06-13", "after it")
    story.on("2026-06-11").puts_off("A", until="2026-06-16")
    story.on("2026-06-12").decides("A", "withhold", why="day_off").runs()
    story.on("2026-06-13").runs()
    story.on("2026-06-14").stands("A", "snoozed")
    story.on("2026-06-15").stands("A", "snoozed")
    story.on("2026-06-16").stands("A", "taken")  # by whoever put it off


def test_what_was_taken_stays_taken_over_a_dispute(story: Story) -> None:
    owes(story).on("2026-06-11").takes("A")
    story.disputes("A", "1", amount="1000.00").on("2026-06-12").runs()
    story.on("2026-06-20").decides("A", "withhold", why="dispute").runs()
    story.settles_the_dispute("1").stands("A", "taken")


def test_what_was_taken_before_a_long_silence_is_nobody_s(story: Story) -> None:
    owes(story).on("2026-06-11").takes("A")
    story.on("2026-07-13").stands("A", "open")


def test_what_was_put_off_for_long_stays_put_off_after_a_long_silence(story: Story) -> None:
    owes(story).on("2026-06-11").puts_off("A", until="2026-09-01")
    story.on("2026-08-20").stands("A", "snoozed")


def test_a_finished_step_does_not_hide_the_same_step_for_another_invoice(story: Story) -> None:
    owes(story).invoice("2", amount="700.00", due="2026-06-10")
    story.on("2026-06-09").takes("A").finishes("A")
    story.on("2026-06-15").stands("A", "open").decides("A", "remind", items={"1": 1, "2": 1})


def test_a_step_that_was_put_off_does_not_hide_the_next_one(story: Story) -> None:
    owes(story).on("2026-06-08").puts_off("A", until="2026-06-30").finishes_what_was_put_off("A")
    story.on("2026-06-16").stands("A", "open").decides("A", "remind", step="firm letter")
