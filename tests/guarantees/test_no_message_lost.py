"""Guarantee 7: senders killed at any moment lose nothing, and repeat nothing that nobody asked to be repeated."""

import random
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from runner import Runner

KILLS = 64
STEPS = ("claimed", "checked", "began", "sent")
LEASE = 11  # minutes, more than a sender holds a message


class Inbox:
    """A real SMTP server's handler: keeps the Message-IDs that it said 250 to, and takes its time."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        import asyncio
        from email import message_from_bytes

        await asyncio.sleep(self.chance.uniform(0, 0.01))
        self.taken[message_from_bytes(envelope.content)["Message-ID"].strip("<>")] += 1
        await asyncio.sleep(self.chance.uniform(0, 0.02))
        return "250 OK"


@pytest.fixture
def chance() -> random.Random:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    return random.Random(seed)


@pytest.fixture
def inbox(chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    handler = Inbox(chance)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    monkeypatch.setenv("GOODSTANDING_MAIL_URL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setenv("GOODSTANDING_MAIL_FROM", "Credit desk <credit@example.com>")
    yield handler
    server.stop()


@pytest.fixture
def senders(inbox: Inbox, fresh_database: Any, tmp_path: Path) -> Iterator[list[Runner]]:
    database = fresh_database()
    pair = [Runner("outbox_process.py", database, tmp_path / "home") for _ in range(2)]  # one anchor, as on one machine
    pair[0].ask("prepare", count=0)
    yield pair
    for runner in pair:
        runner.close()


def round_of(senders: list[Runner], minutes: int, chance: random.Random | None) -> Counter[str]:
    """Both senders at once; with chance, each is killed somewhere. Gives the steps at which they died."""
    for sender in senders:
        aim = {"step": chance.choice(STEPS), "delay": chance.choice((0, chance.uniform(0, 0.04)))} if chance else {}
        sender.tell("send", minutes=minutes, **aim)
    done = [sender.hear() for sender in senders]
    assert all(each["killed"] or each["status"] == 0 for each in done), done
    return Counter(each["last"] for each in done if each["killed"])


def kill_and_see(
    senders: list[Runner], inbox: Inbox, chance: random.Random, kills: int
) -> tuple[Counter[str], Counter[str], int]:
    """Rounds of kills until there were enough; then all in peace. Gives where they died, how often a person said
    again by Message-ID, and the number of messages."""
    died: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    one, minutes, count = senders[0], 0, 0
    while sum(died.values()) < kills:
        for _ in range(4):
            one.ask("add", key=str(count))
            count += 1
        died += round_of(senders, minutes, chance)
        minutes += LEASE
        if not minutes % 3:
            asked.update(one.ask("again", minutes=minutes)["asked"])
    for _ in range(4):  # in peace, what is unknown is settled, until all have gone
        minutes += LEASE
        assert not round_of(senders, minutes, None)
        asked.update(one.ask("again", minutes=minutes)["asked"])
    time.sleep(0.05)
    return died, asked, count


@pytest.mark.kills
@pytest.mark.timeout(300)
def test_killed_senders_lose_and_repeat_nothing(senders, inbox, chance):
    died, asked, count = kill_and_see(senders, inbox, chance, KILLS)
    one = senders[0]
    print(f"{one.vendor}: {sum(died.values())} kills {dict(died)}, {count} messages, {sum(asked.values())} sent again")
    names, states = one.ask("names")["names"], one.ask("states")["states"]
    assert len(names) == count and len(set(names.values())) == count  # each queued once, though asked twice
    assert set(states.values()) == {"sent"}
    assert set(inbox.taken) == set(names.values())  # nothing lost, nothing under another Message-ID
    assert repeats(inbox, asked) == {}
    assert one.ask("touched")["keys"] == sorted(f"message:{number}" for number in names)
    assert one.ask("problems") == {"problems": []}


@pytest.mark.kills
@pytest.mark.timeout(120)
def test_a_sender_that_repeats_by_itself_is_found(senders, inbox, chance):
    for sender in senders:
        sender.ask("mutate")
    died: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for _ in range(6):
        more, again, _count = kill_and_see(senders, inbox, chance, 8)
        died, asked = died + more, asked + again
        if repeats(inbox, asked):
            return
    pytest.fail(f"{died}: no repeat was found")


def repeats(inbox: Inbox, asked: Counter[str]) -> dict[str, int]:
    """Messages that came more often than once and once more for each time that a person said so."""
    return {name: times for name, times in inbox.taken.items() if times > 1 + asked[name]}
