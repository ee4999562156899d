"""The whole story in Chromium, in both languages: sign in, import, see a past day, open a figure, take it along."""

import csv
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import Browser, expect

from browsing import Watched, sign_in, watched
from serving import PASSWORD, Desk, served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WORDS = {
    "en": {
        "title": "Receivables",
        "empty": "The book is empty",
        "no column": "there is no column for",
        "created": "Will be created",
        "changed": "You changed how the file is read.",
        "done": "in the book",
        "day": "As of 5 Jun 2026",
        "by": "By: Seller",
        "invoice": "Invoice",
        "settled": "settled",
        "undone": "undone",
        "nothing": "Nothing was open on this day",
        "download": ["Code", "Customer", "Currency", "Open"],
    },
    "zh-hans": {
        "title": "应收账款",
        "empty": "账簿是空的",
        "no column": "没有",
        "created": "将要创建",
        "changed": "您更改了读取方式。",
        "done": "已入账",
        "day": "截至 2026年6月5日",
        "by": "按销售员",
        "invoice": "发票",
        "settled": "已结清",
        "undone": "已撤销",
        "nothing": "这一天没有未清单据",
        "download": ["编号", "客户", "币种", "未清"],
    },
}
# As an accounts program writes it that nobody here knows: the headers "Wert" and "Tag" are found by no dictionary.
REGISTER = """number,customer,name,Tag,due,Wert,currency,paid on,seller
R1,A,Harbour Light Cafés,2026-03-01,2026-03-31,1234.50,EUR,,Wei
R2,A,Harbour Light Cafés,2026-05-02,2026-06-01,50.50,EUR,2026-06-10,Wei
R3,B,咖啡之家,2026-06-01,2026-07-01,99.90,EUR,,Ana
"""


def bring(seen: Watched, name: str, body: str) -> None:
    seen.page.set_input_files("#files", {"name": name, "mimeType": "text/csv", "buffer": body.encode()})
    seen.page.click("form[enctype] button.primary")


def show_day(seen: Watched, day: str) -> None:
    seen.page.click(".top details summary")
    seen.page.fill("#as-of", day)
    seen.leave_by(".top details button.primary")


def kept(seen: Watched, form: str, folder: Path) -> Path:
    """The file that the page's Download menu gives."""
    with seen.page.expect_download() as download:
        seen.page.click(".title details.end summary")
        seen.page.click(f".title details.end a[href*='format={form}']")
    seen.page.keyboard.press("Escape")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_from_the_door_to_the_undone_import(
    language: str, chromium: Browser, fresh_database: Callable[[], str], tmp_path: Path
) -> None:
    words = WORDS[language]
    with (
        served(tmp_path, database=fresh_database()) as desk,
        watched(chromium, desk.url, language=language, accept_downloads=True) as seen,
    ):
        desk.person("wei", "credit_manager", "Wei Lin")
        page = seen.page
        sign_in(seen, "wei", PASSWORD)
        seen.go("/receivables/")
        expect(page.locator("h1")).to_have_text(words["title"])
        expect(page.locator("main h2")).to_have_text(words["empty"])
        page.click("main .empty a.primary")

        # a file whose columns are not understood: faults, a mapping, the preview, the run
        bring(seen, "register.csv", REGISTER)
        expect(page.locator("td.words").first).to_contain_text(words["no column"])
        expect(page.locator("button[formaction$='/start/']")).to_have_count(0)
        page.locator("tr", has=page.locator("th", has_text="Tag")).locator("select").select_option("date")
        page.locator("tr", has=page.locator("th", has_text="Wert")).locator("select").select_option("amount")
        page.click("form#how header button:not([formaction])")
        expect(page.locator("#import h2").first).to_have_text(words["created"])
        page.locator("select.map").last.select_option("")
        page.click("button[formaction$='/start/']")
        expect(page.locator(".notice")).to_contain_text(words["changed"])
        page.locator("select.map").last.select_option("seller")
        page.click("form#how header button:not([formaction])")
        page.click("button[formaction$='/start/']")
        expect(page.locator("#import .chip.jade")).to_have_text(words["done"], timeout=60_000)
        imported = page.url

        # a past day: the payment of 10 June has not come yet
        seen.leave_by("#import a.primary")
        show_day(seen, "2026-06-05")
        expect(page.locator(".top details summary")).to_contain_text(words["day"])
        row = page.locator("tbody tr", has_text="Harbour Light")
        expect(row).to_contain_text("1,285.00")
        expect(row).to_contain_text("50.50")
        file = kept(seen, "csv", tmp_path)
        assert file.name == "aging-2026-06-05-EUR-by-customer.csv"
        header, *body = csv.reader(file.read_text("utf-8-sig").splitlines())
        assert header[:4] == words["download"] and body[0][:4] == ["A", "Harbour Light Cafés", "EUR", "1285.00"]

        # grouped, down to the items and to one item; the same figures on the way
        page.locator(".title details summary").first.click()
        page.click(".title a[href*='by=seller']")
        expect(page.locator(".title details summary").first).to_contain_text(words["by"])
        page.locator("tbody tr", has_text="Wei").locator("a", has_text="1,285").click()
        expect(page.locator("h1")).to_have_text("Wei")
        expect(page.locator("tbody tr")).to_have_count(2)
        book = openpyxl.load_workbook(kept(seen, "xlsx", tmp_path)).active
        assert {row[2] for row in book.iter_rows(min_row=2, values_only=True)} == {"R1", "R2"}
        page.click("tbody th a:has-text('R2')")
        expect(page.locator("h1")).to_have_text(f"{words['invoice']} R2")
        expect(page.locator(".kv")).to_contain_text("50.50")
        show_day(seen, "2026-06-10")
        expect(page.locator(".chip.jade")).to_have_text(words["settled"])
        page.click("tbody a:has-text('R2-PAID')")
        expect(page.locator("h1")).to_contain_text("R2-PAID")

        # the way back is the way that led here
        page.locator(".crumbs a").nth(1).click()
        expect(page.locator("h1")).to_have_text("Wei")
        page.locator(".crumbs a").first.click()
        expect(page.locator(".title details summary").first).to_contain_text(words["by"])
        assert "by=seller" in page.url and "as_of=2026-06-10" in page.url

        page.goto(imported)
        page.click("details.card summary")
        page.click("form[action$='/undo/'] button")
        expect(page.locator("#import .chip").first).to_have_text(words["undone"])
        page.click("nav a[href^='/receivables/']")
        expect(page.locator("main h2")).to_have_text(words["nothing"])
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
        seen.check()


def test_the_palette_finds_and_opens_by_keys_alone(chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url) as seen:
        page = seen.page
        seen.go("/receivables/?as_of=2026-06-30")
        page.keyboard.press("Control+k")
        expect(page.locator("#ask")).to_be_focused()
        expect(page.locator("#found h2")).to_have_text(["Commands"])
        page.keyboard.type("harbour", delay=30)
        expect(page.locator("#found h2").first).to_have_text("Customers")
        expect(page.locator("#found li").first).to_contain_text("Harbour")
        seen.axe("palette")
        page.keyboard.press("ArrowDown")
        expect(page.locator("#found .pick").first).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(page.locator("#ask")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_url("**/customers/*/?as_of=2026-06-30")
        expect(page.locator("h1")).to_contain_text("Harbour")
        number = page.locator(".tl article a").first.text_content() or ""
        page.keyboard.press("Control+k")
        page.keyboard.type(number, delay=10)
        expect(page.locator("#found li").first).to_contain_text(number)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text(number)
        page.keyboard.press("Control+k")
        page.keyboard.type("dark", delay=10)
        expect(page.locator("#found li")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        expect(page.locator("h1")).to_contain_text(number)
        page.keyboard.press("Control+k")
        page.keyboard.press("Escape")
        expect(page.locator("#palette")).to_be_hidden()
        seen.check()


def test_by_keyboard_alone_find_a_customer_read_why_record_and_match_a_payment(
    chromium: Browser, empty_desk: Desk, tmp_path: Path
) -> None:
    rows = ["K1,KB,Quay Coffee,2026-05-01,2026-05-31,120.00,EUR", "K2,KB,Quay Coffee,2026-06-01,2026-07-01,80.00,EUR"]
    (tmp_path / "quay.csv").write_text("\n".join(["number,customer,name,date,due,amount,currency", *rows]))
    empty_desk.run("import", str(tmp_path / "quay.csv"))
    with watched(chromium, empty_desk.url) as seen:
        page = seen.page
        sign_in(seen, "wei", PASSWORD)
        press = page.keyboard.press

        def tab_to(selector: str, most: int = 60) -> None:
            for _ in range(most):
                press("Tab")
                if page.locator(f"{selector}:focus").count():
                    return
            raise AssertionError(f"{selector} can't be reached by Tab on {page.url}")

        press("Control+k")
        page.keyboard.type("quay", delay=20)
        expect(page.locator("#found li").first).to_contain_text("Quay Coffee")
        press("Enter")
        page.wait_for_url("**/customers/*/")
        expect(page.locator(".tl .broken p").first).to_contain_text("days ago.")
        tab_to(".tools a.primary")
        press("Enter")
        page.wait_for_url("**/payment/")
        tab_to("#id_number")
        page.keyboard.type("RC-1")
        tab_to("#id_amount")
        page.keyboard.type("150")
        tab_to("[data-fill]")
        press("Enter")
        expect(page.locator(".part").first).to_have_value("120.00")
        expect(page.locator(".part").nth(1)).to_have_value("30.00")
        expect(page.locator("[data-left]")).to_have_text("0.00")
        tab_to(".part")
        press("Tab")
        press("Tab")
        press("Control+a")
        page.keyboard.type("20")
        expect(page.locator("[data-left]")).to_have_text("10.00")
        seen.axe("payment")
        press("Enter")
        page.wait_for_url("**/customers/*/")
        expect(page.locator(".notice").first).to_contain_text("RC-1 recorded: it settles 2 items. 10.00 EUR")
        seen.axe("recorded")
        page.click(".tl article.wait a >> nth=0")
        expect(page.locator("h1")).to_contain_text("RC-1")
        seen.axe("work on an item")
        tab_to("#other")
        tab_to("form[action$='/match/'] button.primary")
        press("Enter")
        expect(page.locator(".notice").first).to_contain_text("Matched with K2.")
        seen.check()


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh-hans", "dark")])
def test_the_forms_of_a_customer_are_whole(language: str, theme: str, chromium: Browser, demo_desk: Desk) -> None:
    for width in (1440, 375):
        with watched(chromium, demo_desk.url, language=language, theme=theme, width=width) as seen:
            for path in ("edit/", "people/edit/", "payment/", "document/"):
                seen.go(f"/customers/2/{path}")
                seen.axe(f"{path} {language} {theme}")
                with seen.page.expect_event("framenavigated") if path == "edit/" else nullcontext():
                    seen.page.click("main form.stack button.primary")
                seen.page.wait_for_load_state()
                wide = seen.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
                assert wide[0] <= wide[1], f"{path} is {wide[0]} wide"
            seen.check()


def test_the_list_of_customers_works_as_one_types(chromium: Browser, demo_desk: Desk, tmp_path: Path) -> None:
    with watched(chromium, demo_desk.url) as seen:
        page = seen.page
        seen.go("/customers/")
        page.fill("#filter", "hl")
        page.wait_for_url("**q=hl*")
        names = page.locator("tbody th .name > a")
        expect(names.first).to_contain_text("Harbour")
        page.click("#sort-open")
        expect(page.locator("th[aria-sort=descending]")).to_have_count(1)
        rows = list(csv.reader(kept(seen, "csv", tmp_path).read_text("utf-8-sig").splitlines()))[1:]
        assert [row[1] for row in rows] == names.all_text_contents()
        seen.leave_by("tbody td a.figure >> nth=0")
        page.click(".title a.link")
        page.wait_for_url("**/customers/*/*")
        for tab in ("account", "people", "facts"):
            seen.leave_by(f".tabs a[href*='/{tab}/']")
            expect(page.locator(".tabs [aria-current]")).to_be_visible()
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
        expect(page.locator("h1")).to_have_text("导入与导出")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.click(".me summary")
        page.click("form[action='/sign-out/'] button")
        page.wait_for_url("**/sign-in/**")
        seen.check()


def _paper(seen: Watched) -> str:
    return str(seen.page.evaluate("getComputedStyle(document.body).backgroundColor"))


MANY = "/receivables/?as_of=2026-06-30&by=account_manager&buckets=7,14,21,30,45,60,90,180&show=past_due&kind=restaurant"


@pytest.mark.parametrize("width", [375, 768, 1440])
def test_nothing_sticks_out_at_any_width(width: int, chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url, width=width) as seen:
        for path in (
            "/receivables/?as_of=2026-06-30",
            "/receivables/items/?as_of=2026-06-30",
            "/items/5/",
            "/import/",
            MANY,
        ):
            seen.go(path)
            wide = seen.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert wide[0] <= wide[1], f"{path} is {wide[0]} wide at {width}"
            for menu in seen.page.locator("details.menu > summary").all():
                menu.click()
                box = seen.page.locator("details.menu[open] > .sheet").bounding_box()
                seen.page.keyboard.press("Escape")
                assert box and box["x"] >= 0 and box["x"] + box["width"] <= width, (
                    f"{path}: a menu sticks out at {width}"
                )
        seen.check()


def test_the_layout_stands_still(chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url) as seen:
        seen.page.add_init_script(
            "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) window.shift += e.value; })"
            ".observe({type: 'layout-shift', buffered: true});"
        )
        slow = seen.page.context.new_cdp_session(seen.page)
        slow.send("Emulation.setCPUThrottlingRate", {"rate": 10})  # a slow machine paints while it still reads
        for path in ("/receivables/?as_of=2026-06-30", "/receivables/items/?as_of=2026-06-30", "/import/"):
            seen.go(path)
            seen.page.wait_for_timeout(1500)
            assert seen.page.evaluate("window.shift") < 0.001, path


def test_the_first_load_is_small(chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url) as seen:
        sizes: list[int] = []
        seen.page.on("requestfinished", lambda r: sizes.append(r.sizes()["responseBodySize"]))
        seen.go("/receivables/?as_of=2026-06-30")
        seen.page.wait_for_timeout(200)
        print(f"{len(sizes)} requests, {sum(sizes)} bytes")
        assert sum(sizes) < 200_000


def test_what_stands_around_the_table_follows_it(chromium: Browser, demo_desk: Desk, tmp_path: Path) -> None:
    """After a search, a sort or a turned page, files, menus and the language lead to what is seen now."""
    with watched(chromium, demo_desk.url, accept_downloads=True) as seen:
        page = seen.page
        seen.go("/receivables/?as_of=2026-06-30")
        page.locator("thead th:nth-child(1) a").focus()
        page.keyboard.press("Enter")
        expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
        expect(page.locator("thead th:nth-child(1) a")).to_be_focused()
        page.fill("#search", "harbour")
        page.wait_for_url("**q=harbour*")
        expect(page.locator("tbody tr").first).to_contain_text("Harbour")
        shown = page.locator("tbody th .name > a").all_text_contents()
        assert len(shown) > 1 and shown == sorted(shown)
        rows = list(csv.reader(kept(seen, "csv", tmp_path).read_text("utf-8-sig").splitlines()))[1:]
        assert [row[1] for row in rows] == shown
        show_day(seen, "2026-05-31")
        assert "q=harbour" in page.url and "sort=name" in page.url
        page.fill("#search", "light")
        page.wait_for_url("**q=light*")
        seen.leave_by("button[value=zh-hans]")
        assert "q=light" in page.url and "as_of=2026-05-31" in page.url
        expect(page.locator("html")).to_have_attribute("lang", "zh-hans")

        seen.go("/receivables/items/?as_of=2026-06-30")
        page.click("#sort-open")
        expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
        first = page.locator("tbody th a").first.text_content()
        rows = list(csv.reader(kept(seen, "csv", tmp_path).read_text("utf-8-sig").splitlines()))[1:]
        assert rows[0][2] == first
        seen.check()


def test_a_turned_page_begins_at_its_top_and_is_found_again(
    chromium: Browser, empty_desk: Desk, tmp_path: Path
) -> None:
    rows = [f"P{number:03},A,Harbour Light,2026-06-01,{number}.00,EUR" for number in range(1, 131)]
    (tmp_path / "many.csv").write_text("\n".join(["number,customer,name,date,amount,currency", *rows]))
    empty_desk.run("import", str(tmp_path / "many.csv"))
    with watched(chromium, empty_desk.url) as seen:
        page = seen.page
        sign_in(seen, "wei", PASSWORD)
        seen.go("/receivables/items/?as_of=2026-06-30")
        page.locator("#page-after").scroll_into_view_if_needed()
        page.click("#page-after")
        page.wait_for_url("**page=2*")
        expect(page.locator("#page-before")).to_have_count(1)
        expect(page.locator("#book > header")).to_be_in_viewport()
        page.locator("tbody th a").first.click()
        page.wait_for_url("**/items/*/?*page=2*")
        page.locator(".crumbs a").nth(1).click()
        page.wait_for_url("**/receivables/items/?*page=2*")
        seen.check()


def test_filters_and_sort_survive_the_way_down_and_back(chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url) as seen:
        page = seen.page
        seen.go("/receivables/?as_of=2026-06-30&by=kind&sort=b1&order=up")
        page.locator(".title details summary").nth(1).click()
        page.select_option("#show", "past_due")
        page.click(".title details[open] button.primary")
        expect(page.locator(".title details summary").nth(1)).to_contain_text("Past due")
        assert "sort=b1" in page.url and "by=kind" in page.url
        here = page.url
        seen.leave_by(page.locator("tbody tr").first.locator("a.figure").first)
        seen.leave_by("tbody th a")
        seen.leave_by(page.locator(".crumbs a").nth(1))
        seen.leave_by(".crumbs a")
        assert _asked(page.url) == _asked(here)
        seen.check()


def _asked(address: str) -> dict[str, list[str]]:
    return {name: given for name, given in parse_qs(urlsplit(address).query).items() if name != "currency"}


def test_rows_are_chosen_by_keys_and_assigned_and_taken_back(chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url) as seen:
        page = seen.page
        seen.go("/customers/?columns=account_manager")
        page.keyboard.press("j")
        expect(page.locator("tbody tr:nth-child(1) th a")).to_be_focused()
        page.keyboard.press("x")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator(".chosen")).to_be_visible()
        expect(page.locator("[data-chosen]")).to_have_text("2 customers chosen")
        page.locator("tbody tr:nth-child(2) [name=chosen]").click()
        page.locator("tbody tr:nth-child(2) [name=chosen]").click()
        page.locator("tbody tr:nth-child(5) [name=chosen]").click(modifiers=["Shift"])
        expect(page.locator("[data-chosen]")).to_have_text("5 customers chosen")
        seen.axe("rows chosen")
        was = page.locator("tbody tr:nth-child(1) td").first.text_content()
        page.click(".chosen button.primary")
        expect(page.locator("h1")).to_have_text("Assign to 5 customers")
        page.select_option("#id_field", "account_manager")
        page.fill("#id_value", "Li Na")
        page.click("main form button.primary")
        expect(page.locator(".toast")).to_contain_text("5 customers changed.")
        seen.leave_by(".toast form button")
        expect(page.locator(".toast")).to_contain_text("5 customers changed.")
        seen.go("/customers/?columns=account_manager")
        expect(page.locator("tbody tr:nth-child(1) td").first).to_have_text(was or "")
        seen.check()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_view_is_saved_opened_and_forgotten(language: str, chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url, language=language) as seen:
        page = seen.page
        seen.go("/customers/?sort=open&order=down&columns=open,terms")
        page.locator(".title details.menu summary").nth(1).click()
        page.fill("#view-name", "<b>大客户</b>")
        seen.axe(f"views {language}")
        page.click(".title form[action*='/views/'] button.primary")
        expect(page.locator(".toast")).to_be_visible()
        expect(page.locator(".title details.menu summary").nth(1)).to_contain_text("<b>大客户</b>")
        seen.go("/customers/")
        page.locator(".title details.menu summary").nth(1).click()
        page.click(".title a.pick:has-text('大客户')")
        expect(page.locator("thead th[aria-sort=descending]")).to_have_count(1)
        page.locator(".title details.menu summary").nth(1).click()
        page.click(".title form[action*='/delete/'] button")
        page.click("#confirm [value=yes]")
        expect(page.locator(".toast")).to_contain_text("大客户")
        seen.check()
