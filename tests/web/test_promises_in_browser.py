"""Two clicks record a call, the toast takes it back; a day of the month opens with the keyboard; steps are shown first."""

import pytest
from playwright.sync_api import Browser, expect

from browsing import watched
from serving import Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("width", [1440, 375])
def test_a_call_in_two_clicks_and_taken_back(width: int, chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url, width=width) as seen:
        seen.go("/customers/2/")
        seen.page.get_by_text("Record touch").click()
        seen.leave_by(seen.page.get_by_role("button", name="Called: no answer"))
        expect(seen.page.locator(".toast")).to_contain_text("Recorded: Call, no answer.")
        seen.leave_by(seen.page.locator(".toast").get_by_role("button", name="Undo"))
        expect(seen.page.locator(".toast")).to_contain_text("The touch is withdrawn.")
        seen.go("/customers/2/touches/#record")
        expect(seen.page.locator("#id_minutes")).to_be_visible()
        seen.check()


@pytest.mark.parametrize("width", [1440, 375])
def test_a_plan_is_shown_and_its_day_opens_from_the_month(width: int, chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url, width=width) as seen:
        seen.go("/customers/2/promises/theirs/")
        for field, value in (("amount", "100.00"), ("made", "2026-01-05"), ("due", "2026-01-15"), ("steps", "3")):
            seen.page.fill(f"#id_{field}", value)
        seen.leave_by("form.stack > .actions button")
        expect(seen.page.locator("#steps")).to_be_visible()
        seen.axe("the steps of a plan")
        seen.leave_by("section:has(#steps) button")
        expect(seen.page.locator(".plan").first).to_contain_text("Plan of 3 steps")
        seen.axe("promises")
        seen.go("/collections/promises/?month=2026-01")
        day = seen.page.locator(".month a").first
        day.focus()
        with seen.page.expect_navigation():
            seen.page.keyboard.press("Enter")
        expect(seen.page.locator("#all")).to_be_visible()
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        seen.check()
