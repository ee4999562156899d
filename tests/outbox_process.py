"""Sender processes on one outbox, each to be killed at any moment, or not."""

import os
from datetime import UTC, datetime, timedelta

from killing import answer, killed_in, problems

NOW = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)  # noon in Shanghai, a Wednesday


AWAKE = """
name: awake
quiet_from: "00:00"
quiet_until: "00:00"
segments: [{name: everybody, steps: [{name: word, days: 3, action: remind}]}]
"""


def prepare(count: int) -> dict[str, object]:
    """Messages that ask for nothing, and no quiet hours: the kills may go on into the night."""
    from django.core.management import call_command

    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.set_strategy import set_strategy

    call_command("migrate", verbosity=0, interactive=False)
    today = NOW.date()
    set_strategy(actor=SYSTEM, now=NOW, text=AWAKE, start=today, today=today)
    return {"keys": [add(str(number))["message"] for number in range(count)]}


def add(key: str) -> dict[str, object]:
    """A message to a customer of its own: nobody is written to more often than the ceilings allow."""
    from django.db import transaction

    from goodstanding.correspondence.operations import queue
    from goodstanding.correspondence.types import NewMessage
    from goodstanding.parties.models import Contact, Customer

    one, _ = Customer.objects.get_or_create(code=f"C{key}", defaults={"name": "Harbour Light", "currency": "EUR"})
    Contact.objects.get_or_create(customer=one, name="Mei", email="mei@example.com")
    message = NewMessage(one.pk, "mei@example.com", "en", "Good day", "Good day to you.", "answer", key=f"k{key}")
    with transaction.atomic():
        numbers = {queue(message, by="test", now=NOW) for _ in range(2)}
    assert len(numbers) == 1
    return {"message": numbers.pop()}


def send(minutes: int, step: str = "", delay: float = 0.0) -> dict[str, object]:
    """A sender that takes all that is due, at NOW + minutes; killed `delay` seconds after it begins the step."""
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.send_correspondence import give_up_lost, post_office, send_next

    now = NOW + timedelta(minutes=minutes)

    def work(tell: object) -> None:
        give_up_lost(actor=SYSTEM, now=now)
        with post_office() as post:
            skip: list[int] = []
            while True:
                done = send_next(
                    actor=SYSTEM, now=now, post=post, holder=f"sender {os.getpid()}", skip=skip,
                    step=lambda name: tell(name, 0, 0),  # type: ignore[operator]
                )  # fmt: skip
                if done is None:
                    return
                skip.append(done.number)

    return killed_in(step, delay, work)


def mutate() -> dict[str, object]:
    """The fault that the test must find: what ran out on the wire goes back into the queue by itself."""
    from goodstanding.correspondence import models, operations

    def requeue(number: int, *, now: datetime) -> bool:
        rows = models.Delivery.objects.filter(pk=number, state="sending", lease_until__lt=now)
        return bool(rows.update(state="queued", holder="", lease_until=None))

    operations.give_up = requeue
    return {}


def again(minutes: int) -> dict[str, object]:
    """A person says of every unknown message that it goes again."""
    from goodstanding.access.types import SYSTEM
    from goodstanding.actions.settle_message import settle_message

    unknown = [number for number, state in states()["states"].items() if state == "unknown"]
    for number in unknown:
        settle_message(actor=SYSTEM, now=NOW + timedelta(minutes=minutes), message=int(number), way="again")
    return {"asked": [names()["names"][number] for number in unknown]}


def states() -> dict[str, object]:
    from goodstanding.correspondence.models import Delivery

    return {"states": {str(number): state for number, state in Delivery.objects.values_list("pk", "state")}}


def names() -> dict[str, object]:
    from goodstanding.correspondence.models import Message

    return {"names": {str(number): name for number, name in Message.objects.values_list("pk", "message_id")}}


def touched() -> dict[str, object]:
    from goodstanding.relations.models import Touch

    return {"keys": sorted(Touch.objects.values_list("key", flat=True))}


def main() -> None:
    import django

    django.setup()
    import goodstanding.actions.send_correspondence
    import goodstanding.actions.settle_message  # noqa: F401  loaded before the forks

    answer(prepare, add, send, mutate, again, states, names, touched, problems)


if __name__ == "__main__":
    main()
