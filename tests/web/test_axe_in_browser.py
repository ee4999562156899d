"""No accessibility violation on any page, light and dark, in both languages, menus open and shut, at 375 px too."""

import pytest
from playwright.sync_api import Browser, expect

from browsing import Watched, sign_in, watched
from pages import PAGES
from serving import PASSWORD, Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


# every page in both themes, both languages and at both widths, in four walks
LOOKS = [("light", "en", 1440), ("dark", "zh-hans", 1440), ("light", "zh-hans", 375), ("dark", "en", 375)]


@pytest.mark.parametrize(("theme", "language", "width"), LOOKS)
def test_every_page(theme: str, language: str, width: int, chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url, theme=theme, language=language, width=width) as seen:
        for name, path in PAGES.items():
            seen.go(path)
            seen.axe(f"{name} {theme} {language} {width}")
            assert [c for c in seen.complaints if "404" not in c] == []
        seen.go("/receivables/?as_of=2026-06-30")
        menus = seen.page.locator("details.menu > summary")
        assert menus.count() >= 5
        for at in range(menus.count()):
            menus.nth(at).click()
            expect(seen.page.locator("details.menu[open]")).to_have_count(1)
            seen.axe(f"menu {at} {theme} {language} {width}")
            seen.page.keyboard.press("Escape")  # on a narrow screen it lies over the next


FAULTY = "number,customer,date,amount,currency\nR1,A,31.02.2026,1_000,EUR\nR2,B,2026-06-01,1.005,EUR\n"
GOOD = "number,customer,date,amount,currency\nG1,A,2026-06-01,10.00,EUR\n"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_door_and_the_previews(theme: str, chromium: Browser, empty_desk: Desk) -> None:
    with watched(chromium, empty_desk.url, theme=theme) as seen:
        seen.go("/sign-in/")
        seen.axe("door")
        seen.page.fill("#id_login", "wei")
        seen.page.fill("#id_password", "wrong")
        seen.leave_by("main button.primary")
        seen.axe("door, wrong password")
        sign_in(seen, "wei", PASSWORD)
        seen.axe("empty book")
        for name, body in (("faulty", FAULTY), ("good", GOOD)):
            _upload(seen, body)
            seen.axe(f"preview {name} {theme}")
        seen.leave_by("form[action$='/discard/'] button")
        seen.axe("history")
        seen.check()


def _upload(seen: Watched, body: str) -> None:
    seen.go("/import/")
    seen.page.set_input_files("#files", {"name": "r.csv", "mimeType": "text/csv", "buffer": body.encode()})
    seen.leave_by("form[enctype] button.primary")
    expect(seen.page.locator("form[action$='/discard/'] button")).to_be_visible()
