"""What is decided must also arrive: only what was delivered counts, and nothing goes that is no longer right."""

from scenarios.story import Server, Story


def late(story: Story) -> Story:
    return story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")


def test_a_sent_letter_completes_its_step(story: Story, server: Server) -> None:
    assert late(story).on("2026-06-08").queues() == 1
    assert story.sends() == {"sent": 1} and server.taken == ["a@example.com"]
    story.on("2026-06-15").leaves_alone("A")
    story.on("2026-06-16").decides("A", "remind", step="firm letter", items={"1": 2})


def test_a_letter_that_waits_completes_nothing_and_no_second_one_follows(story: Story, server: Server) -> None:
    late(story).on("2026-06-08").queues()
    story.on("2026-06-20").decides("A", "withhold", step="friendly word", why="pending")
    assert story.queues() == 0 and server.taken == []


def test_a_letter_that_failed_completes_nothing_until_it_goes(story: Story, server: Server) -> None:
    late(story).on("2026-06-08").queues()
    server.refuses = True
    assert story.sends() == {"failed": 1}
    story.on("2026-06-20").decides("A", "withhold", step="friendly word", why="pending")
    server.refuses = False
    story.on("2026-06-20").sends_again("A")
    assert story.sends() == {"sent": 1}
    story.on("2026-06-26").leaves_alone("A")
    story.on("2026-06-27").decides("A", "remind", step="firm letter", items={"1": 2})


def test_a_letter_that_failed_and_is_dropped_is_written_anew(story: Story, server: Server) -> None:
    late(story).on("2026-06-08").queues()
    server.refuses = True
    assert story.sends() == {"failed": 1}
    story.on("2026-06-09").drops("A").decides("A", "remind", step="friendly word", items={"1": 1})


def test_a_letter_that_came_back_completes_nothing(story: Story) -> None:
    late(story).on("2026-06-08").queues()
    assert story.sends() == {"sent": 1}
    story.on("2026-06-09").comes_back("A").decides("A", "withhold", step="friendly word", why="pending")
    story.on("2026-06-20").decides("A", "withhold", step="friendly word", why="pending")
    story.drops("A").decides("A", "remind", step="friendly word", items={"1": 1})
    assert story.queues() == 1 and story.sends() == {"sent": 1}
    story.on("2026-06-26").leaves_alone("A")
    story.on("2026-06-27").decides("A", "remind", step="firm letter", items={"1": 2})


def test_a_letter_that_came_back_may_go_again(story: Story, server: Server) -> None:
    late(story).on("2026-06-08").queues()
    assert story.sends() == {"sent": 1}
    story.on("2026-06-09").comes_back("A").sends_again("A")
    assert story.sends() == {"sent": 1} and len(server.taken) == 2
    story.on("2026-06-16").decides("A", "remind", step="firm letter", items={"1": 2})


def test_nothing_is_sent_at_night(story: Story, server: Server) -> None:
    late(story).on("2026-06-08", at="20:00").queues()
    assert story.on("2026-06-08", at="21:00").sends() == {"waits": 1}
    assert story.on("2026-06-09", at="07:59").sends() == {} and server.taken == []
    assert story.on("2026-06-09", at="08:00").sends() == {"sent": 1}


def test_a_letter_does_not_go_once_it_was_paid(story: Story, server: Server) -> None:
    late(story).on("2026-06-08").queues()
    story.pays("A", amount="1000.00")
    assert story.sends() == {"withheld": 1} and server.taken == []


def test_a_letter_does_not_go_once_a_promise_was_made(story: Story, server: Server) -> None:
    late(story).on("2026-06-08").queues()
    story.promises("A", amount="1000.00", until="2026-06-20")
    assert story.sends() == {"withheld": 1} and server.taken == []


def test_a_letter_does_not_go_for_what_is_disputed_since(story: Story, server: Server) -> None:
    late(story).on("2026-06-08").queues()
    story.disputes("A", "1", amount="400.00")
    assert story.sends() == {"withheld": 1} and server.taken == []


def test_a_letter_waits_over_a_holiday(story: Story, server: Server) -> None:
    story.closes_for_a_holiday("2026-06-09", "Founder's day")
    late(story).on("2026-06-08").queues()
    assert story.on("2026-06-09").sends() == {"waits": 1} and server.taken == []
    assert story.on("2026-06-10").sends() == {"sent": 1}
