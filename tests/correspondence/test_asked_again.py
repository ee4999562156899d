"""Asked again at the moment of going: what people did meanwhile, paper, other kinds than demands, addresses, Found."""

from datetime import UTC, datetime, timedelta

import pytest

from goodstanding.access.types import NIGHTLY, SYSTEM
from goodstanding.actions import work_decision
from goodstanding.actions.finish_contact import finish_contact
from goodstanding.actions.queue_reminders import queue_reminders
from goodstanding.actions.rechecking import Verdict, recheck
from goodstanding.actions.record_bounce import record_bounce
from goodstanding.actions.run_collections import run_collections
from goodstanding.actions.send_correspondence import went
from goodstanding.actions.set_strategy import set_strategy
from goodstanding.actions.settle_message import not_for_the_post, settle_message
from goodstanding.collections.models import Completion
from goodstanding.correspondence import operations, queries
from goodstanding.correspondence.rules.sincerity import Truth, check
from goodstanding.correspondence.types import NewMessage, Why
from goodstanding.parties.models import Contact
from goodstanding.relations.models import Touch, TouchWithdrawal
from ledger import customer, day, pay, post

NOON = datetime(2026, 6, 30, 4, tzinfo=UTC)  # a Tuesday, noon in Shanghai
TODAY = day(6, 30)
STRATEGY = """
name: plain
segments:
  - name: everybody
    steps:
      - {name: word, days: 3, gap: 0, action: ACTION, channel: CHANNEL, tone: TONE}
"""


@pytest.fixture(autouse=True)
def _firm(settings):
    settings.FIRM = ("Word & Co.", "12 Quay Street", "IBAN XX00 1234")
    settings.MAIL_FROM = "accounts@word.example"


def decided(action: str = "remind", channel: str = "email", tone: str = "friendly", *, address: str = "a@example.com"):
    """The message of the only decision of today's run."""
    text = STRATEGY.replace("ACTION", action).replace("CHANNEL", channel).replace("TONE", tone)
    set_strategy(actor=SYSTEM, now=NOON, text=text, start=day(1, 1), today=day(1, 1))
    Contact.objects.create(customer=customer("A", currency="EUR"), name="Mei", email=address, language="en")
    post("A", "INV-A", 123_450, on=day(5, 1), due=day(6, 1))
    run_collections(actor=NIGHTLY, now=NOON, as_of=TODAY)
    assert queue_reminders(actor=NIGHTLY, now=NOON, as_of=TODAY).queued == 1
    return queries.messages(SYSTEM)[0]


def decision_of(message) -> int:
    return int(message.source.removeprefix("decision "))


def asked(message, now: datetime = NOON) -> Verdict:
    return recheck(SYSTEM, queries.message(SYSTEM, message.id), now)


@pytest.mark.django_db
def test_what_was_put_off_waits_for_its_day_and_what_was_dealt_with_never_goes():
    message = decided()
    assert asked(message) == Verdict()
    given = {"actor": SYSTEM, "now": NOON, "decision": decision_of(message), "day": TODAY}
    work_decision.snooze(**given, until=day(7, 3), reason="they asked us to wait")
    verdict = asked(message)
    assert [each.code for each in verdict.why] == ["put_off"]
    assert "2026-07-03: they asked us to wait" in verdict.why[0].message
    assert verdict.until == datetime(2026, 7, 3, 0, tzinfo=UTC)  # 08:00 in Shanghai
    finish_contact(**given, outcome="reached", key="k")
    assert asked(message).why[0].code == "dealt_with" and asked(message).until is None


@pytest.mark.django_db
def test_a_letter_on_paper_is_asked_again_before_it_is_posted():
    message = decided("letter", "post", "final")
    tomorrow = NOON + timedelta(days=1)
    assert not_for_the_post(SYSTEM, queries.message(SYSTEM, message.id), tomorrow) == ()  # it bears its own day
    pay("A", "CASH", 123_450, day(7, 1), "oldest")
    done = settle_message(actor=SYSTEM, now=tomorrow, message=message.id, way="posted")
    assert done.state == "withheld" and "settled" in {each.code for each in done.why}
    assert not Completion.objects.exists() and not Touch.objects.exists()


@pytest.mark.django_db
def test_a_letter_that_is_still_true_is_posted_and_completes_its_step():
    message = decided("letter", "post", "final")
    done = settle_message(actor=SYSTEM, now=NOON + timedelta(days=1), message=message.id, way="posted")
    assert done.state == "sent" and Completion.objects.count() == 1 and Touch.objects.get().kind == "letter"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["info@bücher.de", "Info@Example.com"])
def test_an_address_is_compared_as_mail_carries_it(address):
    assert asked(decided(address=address)) == Verdict()


@pytest.mark.django_db
def test_each_sending_is_a_touch_and_one_that_came_back_counts_no_more():
    message = decided()
    lost = operations.claim(message.id, holder="s", now=NOON)
    assert lost is not None and operations.begin(lost, now=NOON)
    assert operations.unknown(lost, Why("unknown"), now=NOON)
    settle_message(actor=SYSTEM, now=NOON, message=message.id, way="went")
    record_bounce(actor=SYSTEM, now=NOON, message_id=message.message_id, reason="full")
    assert Touch.objects.count() == TouchWithdrawal.objects.count() == 1
    settle_message(actor=SYSTEM, now=NOON, message=message.id, way="again")
    claim = operations.claim(message.id, holder="s", now=NOON + timedelta(minutes=1))
    assert claim is not None
    went(claim.message, now=NOON + timedelta(minutes=1), by="somebody else")
    assert Touch.objects.count() == 2 and TouchWithdrawal.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "off"), [("answer", True), ("statement", True), ("other", True), ("greeting", False)])
def test_what_is_no_demand_waits_for_the_day_and_a_free_place_under_the_ceiling_too(kind, off):
    one = customer("A", currency="EUR")
    Contact.objects.create(customer=one, name="Mei", email="a@example.com")
    new = NewMessage(one.pk, "a@example.com", "en", "Good day", "Good day.", kind, key="k")
    message = queries.message(SYSTEM, operations.queue(new, by="t", now=NOON))
    assert asked(message) == Verdict()
    assert [each.code for each in asked(message, NOON.replace(hour=15)).why] == ["quiet"]
    saturday = NOON + timedelta(days=4)
    assert [each.code for each in asked(message, saturday).why] == (["day_off"] if off else [])
    for n in range(3):
        given = NewMessage(one.pk, "a@example.com", "en", "Good day", "Good day.", "answer", key=f"k{n}")
        other = queries.message(SYSTEM, operations.queue(given, by="t", now=NOON))
        went(other, now=NOON - timedelta(minutes=n), by="s")
    full = asked(message, NOON + timedelta(minutes=1))
    assert [each.code for each in full.why] == ["ceiling"] and full.until == datetime(2026, 7, 1, 0, tzinfo=UTC)


def test_however_long_a_text_is_it_is_read_once():
    """Half a million characters: a reading that goes back and forth would not end within the suite's limit."""
    truth = Truth("EUR")
    for text in ("-" * 500_000, "一" * 500_000, "a-" * 250_000, "1" * 500_000, "1," * 250_000, "you " * 120_000):
        found = check(text, "en", truth)
        assert {each.code for each in found} <= {"wrong_amount", "in_words", "unknown_item"}
    assert check("9" * 5_000, "en", truth)[0].code == "wrong_amount"
