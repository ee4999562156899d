"""What a customer disputes on the phone is not asked for the next day; what it owes beside that is."""

import pytest

from goodstanding.access.rules import PERMISSIONS, permits
from goodstanding.access.types import Actor
from goodstanding.actions.finish_contact import finish_contact
from goodstanding.kernel.errors import NotAllowed
from goodstanding.relations.models import Touch
from scenarios.story import Story


def called(story: Story) -> Story:
    """Two invoices, a part of the first in dispute before; the day of the call."""
    story.customer("A").invoice("1", amount="1000.00", due="2026-05-04").invoice("2", amount="300.00", due="2026-06-01")
    story.on("2026-05-09").disputes("A", "1", amount="200.00").finishes("A")
    story.on("2026-05-19").finishes("A")
    story.on("2026-06-02").runs()
    return story


def test_a_dispute_holds_what_was_asked_for_and_no_more(story: Story) -> None:
    called(story).decides("A", "call", amount="1100.00").hears_a_dispute("A", note="half of it was broken")
    (before, heard) = story.holds("A", "1")
    assert before[:2] == ("dispute", "200.00") and heard[:2] == ("dispute", "800.00")
    assert heard[2] == f"decision {story.work('A').id}: half of it was broken"
    assert [each[1] for each in story.holds("A", "2")] == ["300.00"]
    assert story.work("A").outcome == "dispute" and Touch.objects.get().outcome == "dispute"
    story.on("2026-06-03").decides("A", "withhold", why="dispute")
    story.invoice("3", amount="50.00", due="2026-06-05").on("2026-06-10").decides("A", "remind", amount="50.00")


def test_what_was_paid_since_the_morning_is_not_held(story: Story) -> None:
    called(story).pays("A", amount="900.00").hears_a_dispute("A")
    assert [each[1] for each in story.holds("A", "1")] == ["200.00"]  # 100 of it is open, and 200 was held before
    assert [each[1] for each in story.holds("A", "2")] == ["300.00"]


def test_the_same_form_twice_holds_once_and_settled_it_is_asked_for_again(story: Story) -> None:
    called(story).hears_a_dispute("A")
    assert story.hears_a_dispute("A").repeated
    assert len(story.holds("A", "1")) == 2 and len(story.holds("A", "2")) == 1
    story.on("2026-06-04").settles_the_dispute("1").decides("A", "call", amount="200.00")


def test_nothing_is_kept_when_the_hold_is_refused(story: Story) -> None:
    called(story)
    stranger = Actor(7, "Ana", frozenset({"cashier"}))
    number = story.work("A").id
    with pytest.raises(NotAllowed):
        finish_contact(actor=stranger, now=story.now, decision=number, day=story.day, outcome="dispute", key="k")
    story.closes_the_books()
    with story.refuses("closed_period"):
        story.hears_a_dispute("A")
    assert story.work("A").state == "open" and not Touch.objects.exists()


def test_whoever_works_the_list_may_hold_what_is_disputed() -> None:
    working = {role for role in PERMISSIONS if permits({role}, "work_decision")}
    assert working and all(permits({role}, "place_hold") for role in working)
