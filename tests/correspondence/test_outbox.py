"""The outbox: what is refused at its door, and what a message about money must still be when it goes."""

from datetime import UTC, datetime

import pytest

from goodstanding.access.types import SYSTEM
from goodstanding.actions.rechecking import recheck
from goodstanding.correspondence import operations, queries
from goodstanding.correspondence.rules.posting import check_address
from goodstanding.correspondence.types import NewMessage
from goodstanding.kernel.errors import Refused
from goodstanding.parties.models import Contact
from goodstanding.receivables.queries import open_items
from ledger import customer, day, pay, post, refused

NOON = datetime(2026, 6, 30, 4, tzinfo=UTC)  # a Tuesday, noon in Shanghai


@pytest.mark.parametrize(
    "wrong", ["a@b.c, z@z.z", "a@b.c\r\nBcc: z@z.z", "a@b\0.c", "", "a", "@b.c", "a@b", "A <a@b.c>"]
)
def test_what_is_not_one_recipient_is_refused(wrong):
    with pytest.raises(Refused) as caught:
        check_address(wrong)
    assert caught.value.message.startswith("to: ")


def test_letters_before_the_at_have_their_own_word():
    with refused("recipient_letters", "before the @"):
        check_address("小李@example.com")
    assert check_address("li@例子.公司") == "li@xn--fsqu00a.xn--55qx5d"


@pytest.mark.parametrize("field", ["subject", "contact"])
def test_a_line_break_in_a_header_is_refused_at_the_door(field):
    new = {"subject": "Good day", "contact": "Mei"} | {field: "x\r\nBcc: z@z.z"}
    with refused("text", f"{field}: "):
        operations.queue(NewMessage(1, "a@b.cn", "en", body="x", **new), by="t", now=NOON)


@pytest.mark.django_db
def test_one_key_is_one_message_with_one_message_id():
    one = customer("C1")
    new = NewMessage(one.pk, "a@b.cn", "en", "Good day", "Good day.", "answer", key="k")
    first, second = (operations.queue(new, by="t", now=NOON, domain="firm.cn") for _ in range(2))
    assert first == second and queries.message(SYSTEM, first).message_id.endswith("@firm.cn")
    assert [each.kind for each in queries.events(first)] == ["queued"]


@pytest.mark.django_db
@pytest.mark.parametrize(("paid", "codes"), [(0, set()), (4000, {"other_amount"}), (10000, {"settled"})])
def test_what_it_asks_for_is_compared_with_the_ledger_of_the_moment(paid, codes):
    one = customer("C1", currency="EUR")
    Contact.objects.create(customer=one, name="Mei", email="a@b.cn")
    post("C1", "INV-1", 10000, day(4, 1), due=day(5, 1))
    item = open_items([one.pk], day(6, 30))[0]
    new = NewMessage(
        one.pk, "a@b.cn", "en", "INV-1", "INV-1 of EUR 100.00 was due on 2026-05-01.", "other", key="k",
        currency="EUR", items=((item.id, 10000),),
    )  # fmt: skip
    number = operations.queue(new, by="t", now=NOON)
    if paid:
        pay("C1", "P-1", paid, day(6, 29), "oldest")
    verdict = recheck(SYSTEM, queries.message(SYSTEM, number), NOON)
    assert codes <= {each.code for each in verdict.why} and bool(verdict.why) == bool(codes)


@pytest.mark.django_db
def test_a_reminder_waits_for_the_morning_and_is_withheld_once_paid():
    one = customer("C1", currency="EUR")
    Contact.objects.create(customer=one, name="Mei", email="a@b.cn")
    post("C1", "INV-1", 100000, day(4, 1), due=day(5, 1))
    item = open_items([one.pk], day(6, 30))[0]
    new = NewMessage(
        one.pk, "a@b.cn", "en", "INV-1", "INV-1 of EUR 1,000.00 was due on 2026-05-01.", "reminder", key="k",
        currency="EUR", items=((item.id, 100000),),
    )  # fmt: skip
    message = queries.message(SYSTEM, operations.queue(new, by="t", now=NOON))
    assert recheck(SYSTEM, message, NOON).why == ()
    night = recheck(SYSTEM, message, NOON.replace(hour=15))  # 23:00 in Shanghai
    assert [each.code for each in night.why] == ["quiet"]
    assert night.until == datetime(2026, 7, 1, 0, tzinfo=UTC)  # 08:00
    pay("C1", "P-1", 100000, day(6, 29), "oldest")
    paid = recheck(SYSTEM, message, NOON)
    assert paid.until is None and "settled" in {each.code for each in paid.why}
