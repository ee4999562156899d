"""What every story has: an empty book, a firm that writes letters, and a mail server on this machine."""

from collections.abc import Iterator
from typing import Any

import pytest

from scenarios.story import Server, Story, mail_server


@pytest.fixture(scope="session")
def server_running() -> Iterator[tuple[Server, str]]:
    with mail_server() as running:
        yield running


@pytest.fixture
def server(server_running: tuple[Server, str]) -> Server:
    """The mail server, which takes everything until a story says otherwise."""
    server_running[0].taken.clear()
    server_running[0].refuses = False
    return server_running[0]


@pytest.fixture
def story(db: None, settings: Any, server: Server, server_running: tuple[Server, str]) -> Story:
    settings.FIRM = ("Word & Co.", "12 Quay Street", "IBAN XX00 1234")
    settings.MAIL_FROM = "accounts@word.example"
    settings.MAIL_URL = server_running[1]
    return Story()
