"""The day's work by keyboard alone in Chromium: decide, open the list, mark the first row, finish it."""

import pytest
from playwright.sync_api import Browser, expect

from browsing import watched
from serving import Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_first_row_is_finished_with_two_keys(chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url) as seen:
        page = seen.page
        seen.go("/collections/runs/")
        page.focus("form[action$='/decide/'] button")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("Run of")
        seen.axe("a run")
        seen.go("/collections/?kind=remind")
        seen.axe("the list")
        first = page.locator("tbody th a").first
        name = first.inner_text()
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("j")
        expect(first).to_be_focused()
        page.keyboard.press("d")
        expect(page.locator(".toast")).to_contain_text("Finished")
        assert page.locator("tbody th a").first.inner_text() != name
        page.locator("tbody th a").first.press("Enter")
        expect(page.locator("h1")).to_be_visible()
        seen.axe("the call screen")
        seen.check()
