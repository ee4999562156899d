"""Settings, payment and export as they are done by hand, in Chromium under the strict policy."""

import re
import zipfile

import pytest
from playwright.sync_api import Browser, expect

from browsing import watched
from serving import Desk, served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("settings")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> "Desk":  # type: ignore[misc]
    """A sample desk of its own: this walk closes its books."""
    with served(tmp_path_factory.mktemp("settings"), sample=60, demo=True) as found:
        yield found


def test_a_tolerance_is_set_offered_and_foreseen(chromium: Browser, desk: Desk) -> None:
    with watched(chromium, desk.url) as seen:
        page = seen.page
        seen.go("/settings/aging/")
        page.fill("[name=most-CNY]", "5")
        page.select_option("#id_other", "KRW")
        page.fill("#id_other_most", "3")
        page.keyboard.press("Enter")
        expect(page.locator(".toast")).to_contain_text("Every page counts by it from now on.")
        seen.go("/customers/?sort=open")
        page.locator("tbody th a").first.click()
        page.locator("a[href$='/payment/']").first.click()
        expect(page.locator("[name=tolerance]")).to_have_value("5.00")
        page.select_option("[name=currency]", "KRW")
        expect(page.locator("[name=tolerance]")).to_have_value("3")
        page.select_option("[name=currency]", "CNY")
        expect(page.locator("[name=tolerance]")).to_have_value("5.00")
        row = page.locator("tr[data-currency=CNY]").first
        open_minor = int(row.get_attribute("data-open") or "0")
        assert open_minor > 1000
        page.fill("[name=amount]", f"{(open_minor - 130) / 100:.2f}")
        told = page.locator("output[hx-post]")
        expect(told).to_have_text(re.compile(r"1\.30 CNY would be written off from \S+\."))
        page.fill("[name=tolerance]", "")
        expect(told).to_have_text("Nothing would be written off.")
        page.click("[data-fill]")
        expect(told).to_have_text("Nothing would be written off.")
        page.fill("[name=tolerance]", "2")
        expect(told).to_have_text(re.compile("1.30 CNY would be written off"))
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.fill("[name=number]", "PAY-1")
        page.click("form.stack .actions button.primary")
        expect(page.locator(".toast")).to_contain_text("1.30 CNY was written off within the tolerance.")
        seen.check()


def test_the_books_are_closed_by_keys_alone(chromium: Browser, desk: Desk) -> None:
    with watched(chromium, desk.url) as seen:
        page = seen.page
        seen.go("/settings/")
        page.locator("a.tile", has_text="Closed books").focus()
        page.keyboard.press("Enter")
        page.locator("#id_through").fill("2025-12-31")
        page.locator("#id_reason").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#meaning")).to_have_text("Close the books through 31 Dec 2025")
        seen.axe("what closing means")
        page.locator("form.actions button").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".toast")).to_contain_text("The books are closed through 31 Dec 2025.")
        seen.axe("closed books")
        seen.check()


def test_the_calendar_is_set_and_a_day_forgotten(chromium: Browser, desk: Desk) -> None:
    with watched(chromium, desk.url) as seen:
        page = seen.page
        seen.go("/settings/calendar/")
        page.select_option("#id_country", "CN")
        page.click("form[action$='/calendar/'] button")
        page.fill("#id_day", "2026-12-24")
        page.fill("#id_name", "Stocktaking")
        page.click("form[action$='/day/'] button")
        expect(page.locator(".own-days li")).to_have_count(1)
        seen.axe("calendar")
        page.click(".own-days button")
        expect(page.locator(".own-days")).to_have_count(0)
        seen.check()


def test_an_export_is_left_come_back_to_and_fetched(chromium: Browser, desk: Desk) -> None:
    with watched(chromium, desk.url, accept_downloads=True) as seen:
        page = seen.page
        seen.go("/import/")
        seen.leave_by("#export button")
        seen.axe("export on its way")
        seen.go("/today/")
        seen.go("/import/")
        page.locator("#export tbody th a").first.click()
        expect(page.locator("#export .chip.jade")).to_be_visible(timeout=60_000)
        seen.axe("export ready")
        with page.expect_download() as fetched:
            page.click("#export a.primary")
        with zipfile.ZipFile(fetched.value.path()) as packed:
            assert "items.csv" in packed.namelist() and packed.testzip() is None
        seen.check()


def test_a_mapping_is_forgotten_after_a_question(chromium: Browser, desk: Desk) -> None:
    body = "Doc;Kunde;Tag;Summe\nX1;A;13/02/2026;7.00\n"
    with watched(chromium, desk.url) as seen:
        page = seen.page
        seen.go("/import/")
        page.set_input_files("#files", {"name": "odd.csv", "mimeType": "text/csv", "buffer": body.encode()})
        page.click("form[enctype] button.primary")
        for at, field in enumerate(("number", "customer", "date", "amount")):
            page.select_option(f"[name=column-{at}]", field)
        page.fill("#currency", "EUR")
        page.click("#how header button:not([formaction])")
        page.locator("button[formaction$='/start/']").wait_for()
        seen.go("/settings/mappings/")
        seen.leave_by("tbody th a")
        seen.axe("mapping")
        page.click("button.danger[data-confirm]")
        expect(page.locator("#confirm-said")).to_have_text("Forget how files like this are read?")
        page.click("#confirm [value=no]")
        expect(page.locator("h1")).to_have_text("odd.csv")
        page.click("button.danger[data-confirm]")
        page.click("#confirm [value=yes]")
        expect(page.locator(".toast")).to_contain_text("Forgotten")
        seen.check()
