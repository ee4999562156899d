"""The components as they are used: by mouse, by keys, in both themes; charts under the strict policy; nothing jumps."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browsing import Watched, watched
from pages import PAGES
from serving import Desk, served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) { window.shifted += entry.value; } })
  .observe({ type: "layout-shift", buffered: true });
"""
FIRST_LOAD = 200_000  # bytes, compressed, of a page without charts
MOST_SHIFT = 0.01


@pytest.fixture(scope="module")
def builders_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The sample book in development, where the style guide is."""
    with served(tmp_path_factory.mktemp("builders"), sample=60, demo=True, debug=True) as desk:
        yield desk


def overflow(seen: Watched) -> None:
    wide = seen.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], f"{seen.page.url} is {wide[0]} wide at {wide[1]}"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 375])
def test_the_style_guide(theme: str, width: int, chromium: Browser, builders_desk: Desk) -> None:
    with watched(chromium, builders_desk.url, theme=theme, width=width) as seen:
        seen.go("/styleguide/?toast=1&undo=1")
        expect(seen.page.locator(".plot svg")).to_have_count(3)
        seen.axe(f"style guide {theme} {width}")
        overflow(seen)
        seen.check()


@pytest.mark.parametrize(("language", "month"), [("en", "2026-05"), ("zh-hans", "2026-05")])
def test_charts_are_drawn_in_the_page_s_colours_and_told_as_tables(
    language: str, month: str, chromium: Browser, builders_desk: Desk
) -> None:
    drawn = {}
    for theme in ("light", "dark"):
        with watched(chromium, builders_desk.url, theme=theme, language=language) as seen:
            page = seen.page
            seen.go("/insight/?as_of=2026-06-30")
            expect(page.locator(".plot svg")).to_have_count(3)
            plot = page.locator(".plot").first
            expect(plot.locator("svg text").first).to_be_visible()
            drawn[theme] = plot.locator("svg path[stroke]").evaluate_all(
                "all => all.map(e => e.getAttribute('stroke'))"
            )
            box = plot.bounding_box()
            assert box
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.wait_for_timeout(300)
            figures = page.locator("details.figures").first
            figures.locator("summary").click()
            row = figures.locator("tr", has=page.locator("th", has_text=month))
            cell = page.locator("#figures tr", has=page.locator("th", has_text=month)).locator("td").nth(1)
            assert row.locator("td").first.text_content() == cell.text_content(), "the chart's DSO is the table's"
            seen.axe(f"charts {theme} {language}")
            seen.check()
    assert drawn["light"] and drawn["light"] != drawn["dark"]


def test_a_month_opens_in_the_drawer_and_the_keys_lead_back(chromium: Browser, builders_desk: Desk) -> None:
    with watched(chromium, builders_desk.url) as seen:
        page = seen.page
        seen.go("/insight/?as_of=2026-06-30")
        month = page.locator("#figures tbody th a").nth(1)
        month.focus()
        page.keyboard.press("Enter")
        drawer = page.locator("#drawer")
        expect(drawer).to_be_visible()
        expect(drawer).to_contain_text("receivables ÷ credit sales of the 90 days before × 90")
        seen.axe("drawer")
        page.keyboard.press("Escape")
        expect(drawer).to_be_hidden()
        expect(month).to_be_focused()
        assert "month=" not in page.url
        seen.check()


def test_help_tells_keys_and_figures_and_letters_lead_to_pages(chromium: Browser, builders_desk: Desk) -> None:
    with watched(chromium, builders_desk.url) as seen:
        page = seen.page
        seen.go("/receivables/?as_of=2026-06-30")
        page.keyboard.press("?")
        told = page.locator("#help")
        expect(told).to_be_visible()
        expect(told.locator("#sentences dt", has_text="Unapplied")).to_have_count(1)
        expect(told.locator("#sentences")).to_contain_text("they lower the total")
        seen.axe("help")
        page.keyboard.press("Escape")
        page.click("[data-help]")
        expect(told).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("g")
        page.keyboard.press("c")
        page.wait_for_url("**/customers/**")
        page.focus("#filter")
        page.keyboard.type("gt?")
        expect(page.locator("#filter")).to_have_value("gt?")
        expect(told).to_be_hidden()
        seen.check()


def test_a_reason_is_told_by_keys(chromium: Browser, builders_desk: Desk) -> None:
    with watched(chromium, builders_desk.url) as seen:
        page = seen.page
        seen.go("/today/")
        chip = page.locator("[aria-labelledby=attention] button.chip[popovertarget]").first
        chip.focus()
        page.keyboard.press("Enter")
        reason = page.locator("[popover]:popover-open")
        expect(reason).to_have_count(1)
        expect(reason).to_contain_text("12 months")
        seen.axe("reason")
        page.keyboard.press("Escape")
        expect(reason).to_have_count(0)
        seen.check()


def test_what_cannot_be_undone_is_asked_once_more_and_toasts_go(chromium: Browser, builders_desk: Desk) -> None:
    with watched(chromium, builders_desk.url) as seen:
        page = seen.page
        seen.go("/styleguide/?toast=1")
        toast = page.locator(".toast")
        expect(toast).to_be_visible()
        toast.locator("[data-close]").click()
        expect(toast).to_have_count(0)
        page.evaluate(
            "window.done = 0; document.querySelector('[data-confirm]').addEventListener('click', () => { window.done += 1; })"
        )
        asks = page.locator("[data-confirm]")
        asks.click()
        dialog = page.locator("#confirm")
        expect(dialog).to_contain_text("can't be undone")
        seen.axe("confirm")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        assert page.evaluate("window.done") == 0
        asks.click()
        expect(dialog.locator("[value=no]")).to_be_focused()
        dialog.locator("[value=yes]").click()
        expect(dialog).to_be_hidden()
        assert page.evaluate("window.done") == 1
        seen.check()


def test_nothing_jumps_and_first_loads_are_light(chromium: Browser, builders_desk: Desk) -> None:
    with watched(chromium, builders_desk.url) as seen:
        page = seen.page
        page.add_init_script(SHIFTS)
        for name, path in PAGES.items():
            seen.go(path)
            page.wait_for_timeout(200)  # late scripts and fonts have had their say
            assert page.evaluate("window.shifted") <= MOST_SHIFT, f"{name} jumps"
    for path in ("/today/", "/customers/", "/receivables/", "/customers/1/"):
        with watched(chromium, builders_desk.url) as seen:  # a fresh context has nothing in its cache
            seen.go(path)
            loaded = seen.page.evaluate(
                "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
                ".reduce((sum, each) => sum + each.encodedBodySize, 0)"
            )
            assert 5_000 < loaded <= FIRST_LOAD, f"{path} loads {loaded} bytes"
