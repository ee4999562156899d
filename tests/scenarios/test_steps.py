"""When somebody is asked, and how often: the ladder's friendly word after 5 days, firm letter after 15, call after 25.

A step also waits 7 days after the one before was done.
"""

from scenarios.story import Story


def test_nobody_is_asked_before_the_first_step_nor_on_the_due_day(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-01").leaves_alone("A")
    story.on("2026-06-05").leaves_alone("A")
    story.on("2026-06-06").decides("A", "remind", step="friendly word", items={"1": 1}, amount="1000.00", why="late")


def test_a_step_before_the_due_day_speaks_before_it_but_not_on_it(db: None) -> None:
    early = """
name: early
segments:
  - name: everybody
    steps:
      - {name: it is due soon, days: -3, action: remind}
      - {name: friendly word, days: 5, action: remind}
"""
    story = Story(early).customer("A").invoice("1", amount="1000.00", due="2026-06-10")
    story.on("2026-06-06").leaves_alone("A")
    story.on("2026-06-07").decides("A", "remind", step="it is due soon", items={"1": 1}, why="soon")
    story.on("2026-06-10").leaves_alone("A")


def test_a_missed_day_catches_up(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-11").decides("A", "remind", step="friendly word", items={"1": 1})


def test_a_level_is_never_skipped_however_late_it_is(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-03-02")
    story.on("2026-06-11").decides("A", "remind", step="friendly word", items={"1": 1})


def test_the_next_step_waits_for_its_days_after_the_due_day(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-06").finishes("A")
    story.on("2026-06-15").leaves_alone("A")
    story.on("2026-06-16").decides("A", "remind", step="firm letter", items={"1": 2})


def test_the_next_step_waits_for_its_gap_when_the_one_before_was_late(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-14").finishes("A")
    story.on("2026-06-16").leaves_alone("A")
    story.on("2026-06-20").leaves_alone("A")
    story.on("2026-06-21").decides("A", "remind", step="firm letter", items={"1": 2})


def test_a_call_that_nobody_answered_completes_nothing(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-05-04")
    story.on("2026-05-10").finishes("A")
    story.on("2026-05-20").finishes("A")
    story.on("2026-06-01").decides("A", "call", items={"1": 3}).finishes("A", "no_answer")
    story.on("2026-06-02").decides("A", "call", items={"1": 3}).finishes("A", "reached")
    story.on("2026-06-03").leaves_alone("A")


def test_a_day_decided_twice_is_decided_once(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    first = story.on("2026-06-08").runs()
    again = story.on("2026-06-08", at="15:00").runs()
    assert again.unchanged and again.run == first.run
    story.pays("A", amount="400.00")
    third = story.runs()
    assert not third.unchanged and third.run != first.run
    assert [each.amount for each in third.decisions] == [60_000]


def test_what_was_queued_once_is_not_queued_again(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    assert story.on("2026-06-08").queues() == 1
    assert story.on("2026-06-08", at="15:00").queues() == 0


def test_a_later_day_that_was_decided_blocks_an_earlier_one(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-09").runs()
    with story.on("2026-06-08").refuses("later_run"):
        story.runs()
