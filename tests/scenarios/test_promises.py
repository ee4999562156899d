"""Words given: theirs pause the demand until their time is over, ours when broken until we have kept them."""

from scenarios.story import Story


def test_a_promise_pauses_until_its_window_ends(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-08").promises("A", amount="1000.00", until="2026-06-12", tolerance=2)
    story.decides("A", "withhold", why="promise")
    story.on("2026-06-14").decides("A", "withhold", why="promise")
    story.on("2026-06-15").decides("A", "remind", items={"1": 1}, amount="1000.00")
    story.night()
    assert story.promise_of("A") == "broken"


def test_a_promise_about_one_invoice_leaves_the_others_to_be_asked_for(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01").invoice("2", amount="300.00", due="2026-06-01")
    story.on("2026-06-08").promises("A", amount="1000.00", until="2026-06-12", about="1")
    story.decides("A", "remind", items={"2": 1}, amount="300.00")


def test_a_kept_promise_leaves_only_the_rest_to_be_asked_for(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-08").promises("A", amount="600.00", until="2026-06-12")
    story.on("2026-06-10").pays("A", amount="600.00")
    assert story.promise_of("A") == "kept"
    story.decides("A", "remind", amount="400.00")


def test_a_promise_heard_on_a_call_ends_the_work_and_pauses(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-06").finishes("A")
    story.on("2026-06-16").finishes("A")
    story.on("2026-06-26").decides("A", "call").is_told_a_promise("A", amount="1000.00", until="2026-07-10")
    story.on("2026-07-05").leaves_alone("A")
    assert story.promise_of("A") == "open"


def test_a_post_dated_cheque_is_a_promise_and_not_cash(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-08").promises("A", amount="1000.00", until="2026-06-20", subject="cheque 4711")
    assert story.open_of("A", "1") == "1000.00", "the whole amount is still owed"
    story.decides("A", "withhold", why="promise")
    story.on("2026-06-21").decides("A", "remind", amount="1000.00"), "no money came on its day"


def test_money_counts_from_the_bank_s_day_and_not_before(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-08").promises("A", amount="1000.00", until="2026-06-20", subject="cheque 4711")
    story.pays("A", amount="1000.00", on="2026-06-20")
    assert (story.open_of("A", "1"), story.promise_of("A")) == ("1000.00", "open")
    story.on("2026-06-19").decides("A", "withhold", why="promise")
    story.on("2026-06-20").leaves_alone("A")
    assert (story.open_of("A", "1"), story.promise_of("A")) == ("0.00", "kept")


def test_our_broken_promise_pauses_what_it_is_about_until_it_is_kept(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01").invoice("2", amount="300.00", due="2026-06-01")
    story.on("2026-05-20").we_promise("A", kind="delivery", until="2026-06-03", about="1", subject="the missing box")
    story.on("2026-06-08").decides("A", "remind", items={"2": 1}, amount="300.00")
    story.night().decides("A", "remind", items={"2": 1}, amount="300.00")
    story.on("2026-06-10").we_keep_our_promise("A")
    story.decides("A", "remind", items={"1": 1, "2": 1}, amount="1300.00")


def test_our_broken_promise_about_no_invoice_pauses_everything(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-01").we_promise("A", kind="call_back", until="2026-06-03", subject="the price of June")
    story.on("2026-06-08").decides("A", "withhold", why="own_promise")
    story.we_keep_our_promise("A").decides("A", "remind", amount="1000.00")


def test_our_promise_that_is_not_due_yet_pauses_nothing(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-07").we_promise("A", kind="delivery", until="2026-06-08", about="1")
    story.on("2026-06-08").decides("A", "remind", amount="1000.00")
    story.on("2026-06-09").decides("A", "withhold", why="own_promise")


def test_a_dispute_holds_only_its_amount(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-08").disputes("A", "1", amount="400.00").decides("A", "remind", items={"1": 1}, amount="600.00")


def test_a_dispute_about_all_of_it_holds_all_until_it_is_settled(story: Story) -> None:
    story.customer("A").invoice("1", amount="1000.00", due="2026-06-01")
    story.on("2026-06-08").disputes("A", "1", amount="1000.00").decides("A", "withhold", why="dispute")
    story.on("2026-06-10").settles_the_dispute("1").decides("A", "remind", amount="1000.00")
