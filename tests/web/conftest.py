"""What the tests of the pages share: compiled words, one served desk, one browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from browsing import launch
from goodstanding.config.catalogue import compile_all
from serving import Desk, served


@pytest.fixture(scope="session", autouse=True)
def _compiled_words() -> None:
    compile_all()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The sample book as `make run` serves it."""
    with served(tmp_path_factory.mktemp("demo"), sample=60, demo=True) as desk:
        yield desk


@pytest.fixture(scope="module")
def empty_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with an empty book and a credit manager who signs in with a password."""
    with served(tmp_path_factory.mktemp("desk")) as desk:
        desk.person("wei", "credit_manager", "Wei Lin")
        yield desk
