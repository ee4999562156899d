"""A customer's papers by keyboard and mouse in Chromium, in both languages: note, file, statement on paper, hold, merge."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browsing import Watched, watched
from serving import Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def an_open_debit(seen: Watched) -> str:
    """The address of an item that is past due, as the list links to it."""
    seen.go("/receivables/items/?part=asking")
    first = seen.page.locator("tbody th a").first
    assert first.is_visible(), seen.page.inner_text("body")[:2000]
    return first.get_attribute("href") or ""


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_note_and_a_file_by_keyboard(language: str, chromium: Browser, demo_desk: Desk, tmp_path: Path) -> None:
    with watched(chromium, demo_desk.url, language=language, accept_downloads=True) as seen:
        page = seen.page
        seen.go("/customers/3/notes/")
        page.focus("#id_text")
        page.keyboard.type(f"Call before ten, {language}")
        page.keyboard.press("Enter")
        page.keyboard.type("<b>not bold</b>")
        for key in ("Tab", "Enter"):
            page.keyboard.press(key)
        expect(page.locator(".notice.jade")).to_be_visible()
        expect(page.locator(".note .text").first).to_have_text(f"Call before ten, {language}\n<b>not bold</b>")
        seen.axe("a note just written")
        page.focus(".notice.jade button")
        page.keyboard.press("Enter")
        expect(page.locator(".note s").first).to_contain_text("not bold")

        summary = page.locator("aside details.part summary")
        if not page.locator("#files").is_visible():
            summary.press("Enter")
        content = f"%PDF {language}".encode()
        page.set_input_files("#files", {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": content})
        page.select_option("#id_kind", "contract")
        page.fill("#id_title", f"Contract {language}")
        page.locator("aside button.primary").press("Enter")
        link = page.locator("aside .note a", has_text=f"Contract {language}")
        with page.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == "合同.pdf"
        download.value.save_as(tmp_path / "kept")
        assert (tmp_path / "kept").read_bytes() == content
        page.locator("aside .more summary").first.press("Enter")
        expect(page.locator("aside .digest").first).to_contain_text(hashlib.sha256(content).hexdigest())
        seen.axe("a file and its digest")
        seen.check()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_statement_on_paper(language: str, chromium: Browser, demo_desk: Desk, tmp_path: Path) -> None:
    with watched(chromium, demo_desk.url, language="en", theme="dark") as seen:
        seen.go(f"/customers/1/statement/?from=2024-01-01&as_of=2026-06-30&lang={language}")
        seen.page.emulate_media(media="print")
        for hidden in (".rail", ".title", ".tiles", ".filters", ".tabs"):
            expect(seen.page.locator(hidden).first).to_be_hidden()
        expect(seen.page.locator(".statement h2")).to_have_text(
            "对账单" if language == "zh-hans" else "Statement of account"
        )
        expect(seen.page.locator(".statement")).to_have_css("page", "statement")
        expect(seen.page.locator(".statement thead").first).to_have_css("display", "table-header-group")
        expect(seen.page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
        paper = seen.page.pdf(prefer_css_page_size=True)
        assert b"/MediaBox [0 0 594.95" in paper or b"/MediaBox [0 0 595" in paper, "A4 upright"
        asked = seen.page.locator("[data-print]")
        seen.page.emulate_media(media="screen")
        seen.page.evaluate("window.print = () => { document.title = 'printed'; }")
        asked.press("Enter")
        expect(seen.page).to_have_title("printed")
        seen.check()


def test_a_hold_and_its_end_by_keyboard(chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url) as seen:
        page = seen.page
        seen.go(an_open_debit(seen))
        page.locator("#hold summary").press("Enter")
        whole = page.input_value("#id_hold_amount")
        page.fill("#id_hold_amount", "9" + whole)
        page.press("#id_hold_amount", "Enter")
        expect(page.locator("#id_hold_amount_error")).to_contain_text(whole.split(".")[-1])
        expect(page.locator("#id_hold_amount")).to_have_attribute("aria-invalid", "true")
        seen.axe("a hold that is refused")
        page.fill("#id_hold_amount", "1")
        page.select_option("#id_hold_reason", "own_promise")
        page.fill("#id_hold_source", "A sample was promised")
        page.press("#id_hold_source", "Enter")
        expect(page.locator("h1 + p .chip.amber")).to_be_visible()
        end = page.locator("details.end-hold", has_text="A sample was promised")
        end.locator("summary").press("Enter")
        seen.axe("a hold to end")
        end.get_by_role("button").press("Enter")
        expect(page.locator("tr", has_text="A sample was promised").locator(".chip.amber")).to_have_count(0)
        seen.check()


def test_two_customers_become_one_by_keyboard(chromium: Browser, demo_desk: Desk) -> None:
    with watched(chromium, demo_desk.url) as seen:
        page = seen.page
        seen.go("/customers/12/")
        code = page.locator(".title p .num").first.inner_text()
        page.locator("details.end summary", has_text="More").press("Enter")
        page.locator("a[href$='/merge/']").press("Enter")
        page.fill("main input[type=search].grow", "C00014")
        page.press("main input[type=search].grow", "Enter")
        page.locator(".row a[href='?into=14']").press("Enter")
        page.fill("#id_reason", "the same shop")
        page.fill("#id_confirm", "wrong")
        page.press("#id_confirm", "Enter")
        expect(page.locator("#id_confirm_error")).to_contain_text(code)
        seen.axe("a merge that is refused")
        page.fill("#id_confirm", code)
        page.press("#id_confirm", "Enter")
        expect(page).to_have_url(f"{demo_desk.url}/customers/14/")
        expect(page.locator(".notice.jade").first).to_contain_text(code)
        seen.check()
