"""What one letter says: everything past due, each item with its own level, credits taken off, nothing for pennies."""

from scenarios.story import Story


def test_one_letter_at_the_highest_level_lists_every_item_with_its_own(story: Story) -> None:
    story.customer("A").invoice("old", amount="1000.00", due="2026-06-01")
    story.on("2026-06-06").finishes("A")
    story.invoice("new", amount="200.00", due="2026-06-10").invoice("fresh", amount="30.00", due="2026-06-14")
    story.invoice("not due", amount="7.00", due="2026-07-14")
    story.on("2026-06-16").decides(
        "A", "remind", step="firm letter", items={"old": 2, "new": 1, "fresh": 0}, amount="1230.00"
    )


def test_the_letter_s_items_go_up_together_each_from_its_own_level(story: Story) -> None:
    story.customer("A").invoice("old", amount="1000.00", due="2026-06-01")
    story.on("2026-06-06").finishes("A")
    story.invoice("new", amount="200.00", due="2026-06-10")
    story.on("2026-06-16").finishes("A")
    story.on("2026-06-25").decides("A", "remind", step="firm letter", items={"old": 2, "new": 2})
    story.on("2026-06-26").decides("A", "call", items={"old": 3, "new": 2}, amount="1200.00")


def test_each_currency_has_a_letter_of_its_own(story: Story) -> None:
    story.customer("A").invoice("euro", amount="1000.00", due="2026-06-01")
    story.invoice("dollar", amount="500.00", due="2026-06-01", currency="USD")
    story.on("2026-06-08").decides("A", "remind", items={"euro": 1}, amount="1000.00")
    story.decides("A", "remind", items={"dollar": 1}, amount="500.00", currency="USD")


def test_credits_are_shown_and_taken_off(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.credit_note("back", amount="150.00", on="2026-06-02")
    story.on("2026-06-08").decides("A", "remind", items={"1": 1}, amount="850.00", credits="150.00")
    assert story.queues() == 1
    assert "850.00 EUR" in story.message("A").body and "150.00 EUR" in story.message("A").body


def test_money_not_matched_yet_that_would_cover_it_comes_first(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-07").pays("A", amount="1000.00", settling="none")
    story.on("2026-06-08").decides("A", "withhold", why="unapplied")


def test_below_the_tolerance_nobody_is_asked(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.customer("B").invoice("2", amount="1000.00", due="2026-06-01")
    story.on("2026-06-03").pays("A", amount="995.01").pays("B", amount="995.00")
    story.on("2026-06-08").decides("A", "withhold", why="small").decides("B", "remind", amount="5.00")


def test_what_was_paid_is_not_asked_for(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01").invoice("2", amount="50.00", due="2026-06-02")
    story.on("2026-06-08").pays("A", amount="1000.00")
    story.decides("A", "remind", items={"2": 1}, amount="50.00")
    story.pays("A", amount="50.00").leaves_alone("A")


def test_fees_and_interest_are_owed_until_paid_also_after_the_principal_is(story: Story) -> None:
    story.charges_for_lateness(fee="40.00", per_day_in_100000=50)
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    charged = {story.open_of("A", number): number for number in story.on("2026-06-11").bills_lateness()}
    interest, fee = charged["5.00"], charged["40.00"]  # 10 days at 0.05%, and the fee
    story.pays("A", amount="1000.00", on="2026-06-11")
    assert story.open_of("A", "1") == "0.00"
    story.on("2026-06-16").decides("A", "remind", items={interest: 1, fee: 1}, amount="45.00")
    story.pays("A", amount="45.00").leaves_alone("A")


def test_what_is_waived_is_not_asked_for(story: Story) -> None:
    story.charges_for_lateness(fee="40.00")
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    (fee,) = story.on("2026-06-11").bills_lateness()
    story.pays("A", amount="1000.00", on="2026-06-11")
    story.on("2026-06-16").decides("A", "remind", items={fee: 1}, amount="40.00")
    story.waives("A", fee).leaves_alone("A")
    assert story.bills_lateness() == [], "what was waived isn't charged again"
