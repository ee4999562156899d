"""A balance is asked about on the desk and answered on a phone by the link, without signing in, under the strict policy."""

import re

import pytest
from playwright.sync_api import Browser, expect

from browsing import watched
from serving import Desk, served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("confirmation")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> "Desk":  # type: ignore[misc]
    """A sample desk of its own: this walk writes."""
    with served(tmp_path_factory.mktemp("confirmation"), sample=60, demo=True) as found:
        yield found


def test_asked_on_the_desk_answered_on_a_phone_once(chromium: Browser, desk: Desk) -> None:
    with watched(chromium, desk.url) as seen:
        seen.go("/customers/1/papers/")
        seen.axe("papers")
        seen.page.select_option("#id_language", "zh-hans")
        seen.leave_by("form:has(#id_language) button.primary")
        expect(seen.page.locator(".toast")).to_contain_text("The confirmation is ready")
        link = seen.page.locator("a[href*='/c/']").get_attribute("href") or ""
        seen.check()
    where = re.sub(r"^https?://[^/]+", "", link)
    with watched(chromium, desk.url, width=375, theme="dark") as phone:
        phone.go(where)
        expect(phone.page.locator("html")).to_have_attribute("lang", "zh-hans")
        phone.axe("confirmation")
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 375
        phone.page.check("[value=differs]")
        phone.page.fill("[name=amount]", "1.50")
        phone.page.fill("[name=why]", "少一张发票")
        phone.page.fill("[name=name]", "王芳")
        phone.leave_by("button.primary")
        expect(phone.page.get_by_role("status")).to_contain_text("王芳")
        phone.axe("answered")
        phone.go(where)
        assert phone.page.locator("form").count() == 0, "once"
        phone.check()
    with watched(chromium, desk.url) as seen:
        seen.go("/customers/1/papers/")
        expect(seen.page.locator("table .chip.red").first).to_contain_text("differs by")
        seen.check()
