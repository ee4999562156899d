"""No accessibility violation on any page, light and dark, in both languages, menus open and shut, at 375 px too."""

import pytest
from playwright.sync_api import Browser, expect

from browsing import Watched, sign_in, watched
from serving import PASSWORD, Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = {
    "receivables": "/receivables/?as_of=2026-06-30",
    "grouped": "/receivables/?as_of=2026-06-30&by=kind&buckets=7,14,30,60,90",
    "nothing found": "/receivables/?as_of=2026-06-30&q=zzzzz",
    "wrong": "/receivables/?as_of=2026-02-31&buckets=9,1",
    "no items": "/receivables/?as_of=2001-01-01",
    "items": "/receivables/items/?as_of=2026-06-30",
    "unapplied": "/receivables/items/?as_of=2026-06-30&part=unapplied",
    "today": "/today/?as_of=2026-06-30",
    "a day with nothing": "/today/?as_of=2001-01-01",
    "customers": "/customers/",
    "customers of a kind": "/customers/?behaviour=late&sort=open",
    "nobody": "/customers/?q=zzzzz",
    "customer": "/customers/1/?as_of=2026-06-30",
    "account": "/customers/1/account/?as_of=2026-06-30",
    "people": "/customers/1/people/",
    "facts": "/customers/1/facts/",
    "search": "/search/?q=har",
    "found nothing": "/search/?q=zzzzz",
    "insight": "/insight/?as_of=2026-06-30",
    "insight, a month": "/insight/?as_of=2026-06-30&month=2026-05&add_back=1",
    "nothing to measure": "/insight/?as_of=2001-01-01",
    "audit": "/audit/",
    "no such entry": "/audit/?q=zzzzz",
    "settings": "/settings/",
    "item": "/items/5/?as_of=2026-06-30",
    "import": "/import/",
    "imported": "/import/1/",
    "nothing here": "/nothing/",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page(theme: str, language: str, chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url, theme=theme, language=language) as seen:
        for name, path in PAGES.items():
            seen.go(path)
            seen.axe(f"{name} {theme} {language}")
            assert [c for c in seen.complaints if "404" not in c] == []
        seen.go("/receivables/?as_of=2026-06-30")
        menus = seen.page.locator("details.menu > summary")
        assert menus.count() >= 5
        for at in range(menus.count()):
            menus.nth(at).click()
            expect(seen.page.locator("details.menu[open]")).to_have_count(1)
            seen.axe(f"menu {at} {theme} {language}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_narrow_pages(theme: str, chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url, theme=theme, width=375) as seen:
        for name, path in PAGES.items():
            seen.go(path)
            seen.axe(f"narrow {name} {theme}")


FAULTY = "number,customer,date,amount,currency\nR1,A,31.02.2026,1_000,EUR\nR2,B,2026-06-01,1.005,EUR\n"
GOOD = "number,customer,date,amount,currency\nG1,A,2026-06-01,10.00,EUR\n"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_door_and_the_previews(theme: str, chromium: Browser, empty_desk: Desk) -> None:
    with watched(chromium, empty_desk.url, theme=theme) as seen:
        seen.go("/sign-in/")
        seen.axe("door")
        seen.page.fill("#id_username", "wei")
        seen.page.fill("#id_password", "wrong")
        seen.page.click("main button.primary")
        seen.axe("door, wrong password")
        sign_in(seen, "wei", PASSWORD)
        seen.axe("empty book")
        for name, body in (("faulty", FAULTY), ("good", GOOD)):
            _upload(seen, body)
            seen.axe(f"preview {name} {theme}")
        seen.page.click("form[action$='/discard/'] button")
        seen.axe("history")
        seen.check()


def _upload(seen: Watched, body: str) -> None:
    seen.go("/import/")
    seen.page.set_input_files("#files", {"name": "r.csv", "mimeType": "text/csv", "buffer": body.encode()})
    seen.page.click("form[enctype] button.primary")
    expect(seen.page.locator("form[action$='/discard/'] button")).to_be_visible()
