"""The whole story in Chromium, in both languages: sign in, import, see a past day, open a figure, take it along."""

import pytest
from playwright.sync_api import Browser, expect

from browsing import Watched, sign_in, watched
from serving import PASSWORD, Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WORDS = {
    "en": {"title": "Receivables", "created": "Will be created", "done": "in the book", "day": "As of 5 Jun 2026"},
    "zh-hans": {"title": "应收账款", "created": "将要创建", "done": "已入账", "day": "截至 2026年6月5日"},
}


def register(mark: str) -> str:
    """A register as a Chinese or an English accounts program writes it; `mark` keeps the two stories apart."""
    header = (
        "number,customer,name,date,due,amount,currency,paid on"
        if mark == "E"
        else "单据号,客户编号,客户名称,日期,到期日,金额,币种,付款日期"
    )
    rows = [
        f"{mark}1,{mark}A,Harbour Light Cafés {mark},2026-03-01,2026-03-31,1234.50,EUR,",
        f"{mark}2,{mark}A,Harbour Light Cafés {mark},2026-05-02,2026-06-01,50.50,EUR,2026-06-10",
        f"{mark}3,{mark}B,咖啡之家 {mark},2026-06-01,2026-07-01,99.90,EUR,",
    ]
    return "\n".join([header, *rows]) + "\n"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_from_the_door_to_the_download(language: str, chromium: Browser, empty_desk: Desk) -> None:
    words, mark = WORDS[language], language[0].upper()
    with watched(chromium, empty_desk.url, language=language, accept_downloads=True) as seen:
        page = seen.page
        sign_in(seen, "wei", PASSWORD)
        expect(page.locator("h1")).to_have_text(words["title"])

        page.click("nav a[href^='/import/']")
        page.set_input_files(
            "#files", {"name": f"{mark}.csv", "mimeType": "text/csv", "buffer": register(mark).encode()}
        )
        page.click("form[enctype] button.primary")
        expect(page.locator("#import h2").first).to_have_text(words["created"])
        expect(page.locator("select.map").first).to_have_value("number")
        page.click("form[action$='/start/'] button")
        expect(page.locator("#import .chip.jade")).to_have_text(words["done"], timeout=60_000)

        page.click("#import a.primary")
        page.click(".top details summary")
        page.fill("#as-of", "2026-06-05")
        page.click(".top details button.primary")
        expect(page.locator(".top details summary")).to_contain_text(words["day"])
        row = page.locator("tbody tr", has_text=f"Harbour Light Cafés {mark}")
        expect(row).to_contain_text("1,285.00")
        expect(row).to_contain_text("50.50")

        page.fill("#search", f"harbour {mark}")
        expect(page.locator("tbody tr")).to_have_count(1)
        with page.expect_download() as download:
            page.click(".title details.end summary")
            page.click(".title details.end a[href*='format=csv']")
        assert download.value.suggested_filename == "aging-2026-06-05-EUR-by-customer.csv"
        file = download.value.path().read_text("utf-8-sig")
        assert f"{mark}A,Harbour Light Cafés {mark},EUR,1285.00" in file

        row.locator("a", has_text="1,234").first.click()
        expect(page.locator("tbody tr")).to_have_count(1)
        page.click("tbody tr a")
        expect(page.locator("h1")).to_contain_text(f"{mark}1")
        expect(page.locator(".top details summary")).to_contain_text(words["day"])
        seen.check()


def test_search_as_one_types_keeps_the_address_and_the_focus(chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url) as seen:
        page = seen.page
        seen.go("/receivables/?as_of=2026-06-30")
        rows = page.locator("tbody tr")
        expect(rows.first).to_be_visible()
        before = rows.count()
        page.keyboard.press("/")
        expect(page.locator("#search")).to_be_focused()
        page.keyboard.type("ka", delay=30)
        page.wait_for_url("**q=ka*")
        assert 0 < rows.count() < before
        expect(page.locator("#search")).to_be_focused()
        assert "as_of=2026-06-30" in page.url
        page.keyboard.press("Escape")
        page.keyboard.press("Control+k")
        expect(page.locator("#search")).to_be_focused()
        seen.check()


def test_columns_sort_and_tables_walk_by_keyboard(chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url) as seen:
        page = seen.page
        seen.go("/receivables/?as_of=2026-06-30")
        expect(page.locator("th[aria-sort=descending]")).to_have_count(1)
        page.click("thead th:nth-child(1) a")
        expect(page.locator("th[aria-sort=ascending] a")).to_have_text("Customer")
        page.click("thead th:nth-child(4) a")
        expect(page.locator("thead th:nth-child(4)")).to_have_attribute("aria-sort", "descending")
        page.locator("tbody tr:nth-child(1) th a").focus()
        page.keyboard.press("ArrowDown")
        expect(page.locator("tbody tr:nth-child(2) th a")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/receivables/items/**")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#content")).to_be_focused()
        seen.check()


def test_theme_and_language_hold(chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url) as seen:
        page = seen.page
        seen.go("/receivables/?as_of=2026-06-30")
        light = _paper(seen)
        page.click(".me summary")
        page.click("button[value=dark]")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        assert _paper(seen) != light
        page.click("button[value=zh-hans]")
        expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
        assert "as_of=2026-06-30" in page.url
        page.click("nav a[href^='/import/']")
        expect(page.locator("h1")).to_have_text("导入")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.click(".me summary")
        page.click("form[action='/sign-out/'] button")
        page.wait_for_url("**/sign-in/**")
        seen.check()


def _paper(seen: Watched) -> str:
    return str(seen.page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("width", [375, 768, 1440])
def test_nothing_sticks_out_at_any_width(width: int, chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url, width=width) as seen:
        for path in ("/receivables/?as_of=2026-06-30", "/receivables/items/?as_of=2026-06-30", "/items/5/", "/import/"):
            seen.go(path)
            wide = seen.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert wide[0] <= wide[1], f"{path} is {wide[0]} wide at {width}"
        seen.check()


def test_the_layout_stands_still(chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url) as seen:
        seen.page.add_init_script(
            "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) window.shift += e.value; })"
            ".observe({type: 'layout-shift', buffered: true});"
        )
        for path in ("/receivables/?as_of=2026-06-30", "/receivables/items/?as_of=2026-06-30", "/import/"):
            seen.go(path)
            seen.page.wait_for_timeout(300)
            assert seen.page.evaluate("window.shift") < 0.01, path


def test_the_first_load_is_small(chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url) as seen:
        sizes: list[int] = []
        seen.page.on("requestfinished", lambda r: sizes.append(r.sizes()["responseBodySize"]))
        seen.go("/receivables/?as_of=2026-06-30")
        seen.page.wait_for_timeout(200)
        print(f"{len(sizes)} requests, {sum(sizes)} bytes")
        assert sum(sizes) < 200_000
