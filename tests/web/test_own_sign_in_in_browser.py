"""The second factor in Chromium, as one sets it up, uses it and ends a session; the sentences in both languages."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, expect

from browsing import sign_in, watched
from serving import PASSWORD, Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def code_of(secret: str) -> str:
    import time

    if time.time() % 30 > 22:  # its half minute is nearly over
        time.sleep(8.5)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.mark.parametrize(("language", "theme"), [("en", "dark"), ("zh-hans", "light")])
def test_set_up_used_and_taken_away(language: str, theme: str, chromium: Browser, empty_desk: Desk) -> None:
    name = f"mei-{language[:2]}"
    empty_desk.person(name, "credit_manager", "Mei")
    with (
        watched(chromium, empty_desk.url, language=language, theme=theme, width=375) as seen,
        watched(chromium, empty_desk.url, language=language) as other,
    ):
        page = seen.page
        seen.go("/sign-in/")
        page.fill("#id_password", "shown")
        page.click("[data-reveal]")
        expect(page.locator("#id_password")).to_have_attribute("type", "text")
        seen.axe("door")
        sign_in(seen, name, PASSWORD)
        seen.go("/account/")
        seen.axe("account")
        seen.leave_by("a[href='/account/second-factor/']")
        if "/again/" in page.url:
            page.fill("#id_password", PASSWORD)
            page.click("main form button.primary")
        secret = page.locator(".secret").text_content() or ""
        assert re.fullmatch(r"[A-Z2-7]{32}", secret)
        size = page.locator(".qr").evaluate("image => [image.complete, image.naturalWidth]")
        assert size[0] and size[1] > 0, "the picture is drawn under the strict policy"
        seen.axe("set up")
        page.fill("#id_code", code_of(secret))
        page.click("main form button.primary")
        expect(page.locator(".codes li")).to_have_count(10)
        recovery = page.locator(".codes li").first.text_content() or ""
        seen.axe("codes")
        other.go("/sign-in/")
        other.page.fill("#id_login", name)
        other.page.fill("#id_password", PASSWORD)
        other.leave_by("main button.primary")
        other.page.wait_for_url("**/sign-in/code/")
        other.axe("code")
        other.page.fill("#id_code", recovery)
        other.leave_by("main button.primary")
        other.page.wait_for_url("**/today/**")
        seen.go("/account/")
        expect(page.locator("tbody tr")).to_have_count(2)
        page.click("form[action$='/end/'] button")
        expect(page.locator("tbody tr")).to_have_count(1)
        other.go("/today/")
        assert "/sign-in/" in other.page.url
        page.click("form[action$='/take-away/'] button")
        page.click("#confirm [value=yes]")
        page.wait_for_load_state()
        if "/again/" in page.url:
            page.fill("#id_password", PASSWORD)
            page.click("main form button.primary")
        expect(page.locator("a[href='/account/second-factor/']")).to_be_visible()
        wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1]
        seen.check()
        other.check()
