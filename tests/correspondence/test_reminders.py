"""Reminders from a day's run into the outbox: once, in the recipient's language, true to the ledger when they go."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from goodstanding.access.types import NIGHTLY, SYSTEM
from goodstanding.actions.make_promise import make_promise
from goodstanding.actions.place_hold import place_hold
from goodstanding.actions.queue_reminders import queue_reminders
from goodstanding.actions.rechecking import recheck
from goodstanding.actions.record_bounce import record_bounce
from goodstanding.actions.run_collections import run_collections
from goodstanding.actions.send_correspondence import went
from goodstanding.actions.set_strategy import set_strategy
from goodstanding.actions.set_template import set_template
from goodstanding.actions.settle_message import settle_message
from goodstanding.collections import queries as collections
from goodstanding.collections.models import Completion
from goodstanding.correspondence import operations, queries, texts
from goodstanding.correspondence.models import Delivery, Message
from goodstanding.correspondence.rules.filling import VARIABLES, fill, variables
from goodstanding.correspondence.types import Why
from goodstanding.kernel.errors import Refused
from goodstanding.parties.models import Contact
from goodstanding.promises.types import About, NewPromise
from goodstanding.receivables.models import Item
from goodstanding.reports import letters
from ledger import customer, day, pay, post, refused

NOON = datetime(2026, 6, 30, 4, tzinfo=UTC)  # a Tuesday, noon in Shanghai
TODAY = day(6, 30)
STRATEGY = """
name: plain
tolerance: {EUR: 100}
segments:
  - name: everybody
    steps:
      - {name: word, days: 3, gap: 0, action: remind, channel: email, tone: friendly}
      - {name: letter, days: 40, gap: 5, action: letter, channel: post, tone: final}
"""
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _firm(settings):
    settings.FIRM = ("Word & Co.", "12 Quay Street", "IBAN XX00 1234")
    settings.MAIL_FROM = "accounts@word.example"
    set_strategy(actor=SYSTEM, now=NOON, text=STRATEGY, start=day(1, 1), today=day(1, 1))


def debtor(code: str, *, email: str = "", language: str = "en", amount: int = 123_450, due: object = None) -> None:
    one = customer(code)
    Contact.objects.create(customer=one, name=f"Mei of {code}", email=email, language=language)
    post(code, f"INV-{code}", amount, on=day(5, 1), due=due or day(6, 1))


def ran() -> None:
    run_collections(actor=NIGHTLY, now=NOON, as_of=TODAY)


def queued() -> list[Message]:
    return list(Message.objects.order_by("pk"))


def test_what_is_decided_is_queued_once_and_is_true_when_it_goes():
    debtor("A", email="a@example.com")
    debtor("B", email="b@example.com", language="zh-hans")
    pay("B", "CASH-B", 20_000, on=day(6, 20))
    ran()
    first = queue_reminders(actor=NIGHTLY, now=NOON, as_of=TODAY)
    again = queue_reminders(actor=NIGHTLY, now=NOON, as_of=TODAY)
    assert (first.queued, first.there, again.queued, again.there) == (2, 0, 0, 2)
    one, two = queued()
    assert (one.to, one.language, two.to, two.language) == ("a@example.com", "en", "b@example.com", "zh-hans")
    assert "INV-A, due 1 Jun 2026: 1,234.50 EUR (first reminder)" in one.body and "1,234.50 EUR" in one.body
    assert "1,034.50 EUR" in two.body and "2026年6月1日" in two.body
    assert not Completion.objects.exists()  # nothing went yet
    for each in (one, two):
        assert recheck(SYSTEM, queries.message(SYSTEM, each.pk), NOON).why == ()


def test_a_letter_by_post_waits_for_a_person_and_what_cannot_be_written_is_counted():
    debtor("A", due=day(5, 1))
    debtor("B", email="b@example.com")
    Contact.objects.filter(customer__code="A").update(may_contact=True)
    ran()
    done = queue_reminders(actor=NIGHTLY, now=NOON, as_of=TODAY)
    assert done.queued == 1  # A's first step is a mail and nobody there has an address: withheld by the run
    assert [each.customer.code for each in queued()] == ["B"]


def test_the_next_person_is_written_to_when_the_first_address_can_t_be():
    debtor("A", email="möwe@example.com")  # no mail goes there
    Contact.objects.create(customer_id=customer_of("A"), name="Zoe", email="zoe@example.com", language="en")
    debtor("B", email="möwe@example.com")
    ran()
    done = queue_reminders(actor=NIGHTLY, now=NOON, as_of=TODAY)
    assert [each.to for each in queued()] == ["zoe@example.com"]
    assert done.unwritten == {"recipient_letters": 1}, "it is told what is wrong with the only address there is"


def test_another_day_s_run_is_not_written(settings):
    debtor("A", email="a@example.com")
    ran()
    assert queue_reminders(actor=NIGHTLY, now=NOON, as_of=day(7, 1)).queued == 0
    settings.FIRM = ()
    with refused("no_firm", "GOODSTANDING_FIRM"):
        queue_reminders(actor=NIGHTLY, now=NOON, as_of=TODAY)


def test_the_firm_s_own_text_is_used_from_its_day_and_the_old_one_stays_readable():
    debtor("A", email="a@example.com")
    told = {"actor": SYSTEM, "now": NOON, "purpose": "reminder", "tone": "friendly", "language": "en", "today": TODAY}
    set_template(**told, subject="About {amount} {currency}", body="{contact_name}: {items}", start=TODAY, seen=0)
    set_template(**told, subject="Later", body="{items}", start=day(7, 1), seen=1)
    with refused("stale", "version 2"):
        set_template(**told, subject="Lost", body="{items}", start=TODAY, seen=1)
    with refused("unknown_variable", "Line 2"):
        set_template(**told, subject="x", body="x\n{price}", start=TODAY, seen=2)
    ran()
    queue_reminders(actor=NIGHTLY, now=NOON, as_of=TODAY)
    assert [each.subject for each in queued()] == ["About 1,234.50 EUR"]
    assert [each.version for each in texts.versions("reminder", "friendly", "en")] == [2, 1, 0]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_packaged_texts_use_known_variables_and_name_nobody(language):
    of_language = [each for each in texts.packaged().values() if each.language == language]
    assert {(each.purpose, each.tone) for each in of_language} >= {
        ("reminder", "friendly"), ("reminder", "firm"), ("reminder", "final"), ("hand_over", "final"), ("answer", "friendly"),
    }  # fmt: skip
    for each in of_language:
        assert variables(each.body) <= set(VARIABLES) and not any(c.isdigit() for c in each.subject + each.body)


def test_every_variable_has_its_value_in_the_recipient_s_language():
    debtor("A", email="a@example.com")
    one = customer_of("A")
    who = letters.recipients([one], TODAY)[one][0]
    items = letters.lines(dict.fromkeys(item_ids("A"), (100_000, 6)))
    with override("zh-hans"):  # the reader's language is the recipient's, whoever asks
        told = letters.values(who, items, "EUR", TODAY, sender="Lin Yue", promise=(day(7, 3), 50_000))
    assert set(told) == set(VARIABLES)
    assert told["items"] == "INV-A, due 1 Jun 2026: 1,000.00 EUR (reminded several times)"
    assert (told["days_late"], told["amount"], told["promised_amount"]) == ("29", "1,000.00", "500.00 EUR")
    assert fill("{promise_day} {oldest_due}", told) == "3 Jul 2026 1 Jun 2026"
    with pytest.raises(Refused):
        fill("{promise_day}", letters.values(who, items, "EUR", TODAY))


def customer_of(code: str) -> int:
    return int(Contact.objects.get(customer__code=code).customer_id)


def item_ids(code: str) -> list[int]:
    return list(Item.objects.filter(customer__code=code).values_list("pk", flat=True))


def test_a_message_that_came_back_completes_nothing_and_may_go_again():
    debtor("A", email="a@example.com")
    ran()
    queue_reminders(actor=NIGHTLY, now=NOON, as_of=TODAY)
    message = queries.message(SYSTEM, queued()[0].pk)
    decision = int(message.source.removeprefix("decision "))

    def went_out(minutes: int) -> None:
        now = NOON + timedelta(minutes=minutes)
        claim = operations.claim(message.id, holder="s", now=now)
        assert claim and operations.begin(claim, now=now) and operations.sent(claim, now=now)
        went(message, now=now, by="s")

    went_out(1)
    assert [each[0] for each in collections.completed(TODAY).values()] == [1]
    for _ in range(2):
        record_bounce(actor=SYSTEM, now=NOON + timedelta(minutes=5), message_id=message.message_id, reason="full")
    assert collections.completed(TODAY) == {} and Completion.objects.count() == 1
    assert collections.work(decision, TODAY).state == "open"
    settle_message(actor=SYSTEM, now=NOON + timedelta(minutes=6), message=message.id, way="again")
    went_out(7)
    assert [each[0] for each in collections.completed(TODAY).values()] == [1]


def decided(code: str = "A", **more) -> Message:
    debtor(code, email=f"{code.lower()}@example.com", **more)
    ran()
    queue_reminders(actor=NIGHTLY, now=NOON, as_of=TODAY)
    return Message.objects.get(customer__code=code)


def codes(message: Message) -> set[str]:
    return {each.code for each in recheck(SYSTEM, queries.message(SYSTEM, message.pk), NOON).why}


def test_money_that_came_since_and_is_not_matched_yet_stops_a_reminder_of_the_whole():
    message = decided()
    assert codes(message) == set()
    pay("A", "CASH", 20_000, on=TODAY)
    assert codes(message) == {"other_credits"}


def test_one_of_two_items_promised_since_stops_the_reminder_of_both():
    debtor("A", email="a@example.com")
    post("A", "INV-2", 5_000, on=day(5, 1), due=day(6, 2))
    ran()
    queue_reminders(actor=NIGHTLY, now=NOON, as_of=TODAY)
    message = queued()[0]
    assert len(message.items) == 2 and codes(message) == set()
    about = (About(Item.objects.get(number="INV-2").pk),)
    word = NewPromise("them", "pay", TODAY, day(7, 3), 5_000, "EUR", items=about)
    make_promise(actor=SYSTEM, now=NOON, customer="A", promise=word)
    assert "other_amount" in codes(message)


def test_a_clock_set_back_does_not_forget_what_was_written_down():
    message = decided()
    post("A", "NEXT", 100, on=day(7, 1))
    assert codes(message) == set()  # an invoice to come changes nothing
    place_hold(actor=SYSTEM, now=NOON, item=("A", "INV-A", 0), amount=123_450, reason="dispute", day=day(7, 1))
    verdict = recheck(SYSTEM, queries.message(SYSTEM, message.pk), NOON)
    assert [each.code for each in verdict.why] == ["clock"]
    assert verdict.until == datetime(2026, 7, 1, 0, tzinfo=UTC)  # asked again then, and withheld


def test_nothing_follows_a_reminder_that_came_back_until_a_person_says_so():
    message = decided()
    Delivery.objects.filter(pk=message.pk).update(state="sent")
    record_bounce(actor=SYSTEM, now=NOON, message_id=message.message_id)
    tried = run_collections(actor=NIGHTLY, now=NOON, as_of=TODAY, dry_run=True).decisions
    assert [(each.action, each.reasons[0].code) for each in tried] == [("withhold", "pending")]
    settle_message(actor=SYSTEM, now=NOON, message=message.pk, way="drop")
    tried = run_collections(actor=NIGHTLY, now=NOON, as_of=TODAY, dry_run=True).decisions
    assert [each.action for each in tried] == ["remind"]


def test_reminders_of_one_customer_are_sent_one_after_the_other_and_one_that_may_have_gone_counts():
    debtor("A", email="a@example.com")
    post("A", "USD-1", 9_000, on=day(5, 1), due=day(6, 1), currency="USD")
    debtor("B", email="b@example.com")
    ran()
    queue_reminders(actor=NIGHTLY, now=NOON, as_of=TODAY)
    one, two, other = queued()
    assert (one.customer_id, two.customer_id) == (two.customer_id, one.customer_id) != (other.customer_id,) * 2
    first = operations.claim(one.pk, holder="first", now=NOON)
    assert first is not None
    assert operations.claim(two.pk, holder="second", now=NOON) is None
    assert operations.claim(other.pk, holder="second", now=NOON) is not None
    operations.begin(first, now=NOON)
    operations.unknown(first, Why("unknown", "{reply}", {"reply": ""}), now=NOON)
    assert operations.claim(two.pk, holder="second", now=NOON) is not None
    set_strategy(
        actor=SYSTEM, now=NOON, text=STRATEGY.replace("tolerance", "per_day: 1\ntolerance"), start=TODAY, today=TODAY
    )
    assert codes(two) == {"ceiling"}


def test_a_reminder_that_waited_is_not_sent_on_the_day_an_item_of_it_falls_due():
    message = decided()
    post("A", "SOON", 7_000, on=day(6, 1), due=TODAY)
    soon = Item.objects.get(number="SOON").pk
    asked = replace(queries.message(SYSTEM, message.pk), items=((soon, 7_000),))
    assert "due_today" in {each.code for each in recheck(SYSTEM, asked, NOON).why}
